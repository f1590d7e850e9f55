#!/usr/bin/env python3
"""What a person sees: at a terminal, narrow or wide, and in a pipe."""

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from pathlib import Path

from case import DeskCase, main
from letters import letter

sys.path.append(str(Path(__file__).resolve().parent.parent / "demo"))
from screen import columns_of  # noqa: E402

SUBJECT = "紧急:财务系统登录不上,影响今天发工资,全科十二个人都是这样"


class Terminal(DeskCase):
    def setUp(self):
        self.at = self.desk()
        self.at.do("inject", input=bytes(letter(self.person(), self.at.address, SUBJECT)))
        self.at.process_inbox()

    def seen(self, *arguments, columns=80):
        """The command's screen, without colours, line by line."""
        here, there = pty.openpty()
        fcntl.ioctl(there, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        child = subprocess.Popen([self.at.binary, "-c", self.at.config, *arguments], stdout=there,
                                 stderr=there, stdin=subprocess.DEVNULL,
                                 env=self.at._environment())
        os.close(there)
        parts = []
        try:
            while part := os.read(here, 65536):
                parts.append(part)
        except OSError:  # the other end is closed
            pass
        os.close(here)
        self.assertEqual(child.wait(), 0)
        return re.sub(r"\x1b\[[0-9;]*[mK]|\r", "", b"".join(parts).decode()).splitlines()

    def test_list_fits_the_terminal(self):
        for columns in (60, 80, 100, 200):
            head, row = self.seen("list", columns=columns)
            self.assertLessEqual(max(columns_of(head), columns_of(row)), columns)
            self.assertTrue(head.startswith("#"), head)
            self.assertIn(SUBJECT[:6], row)
        self.assertIn(SUBJECT, row)

    def test_pipe_gets_everything(self):
        (row,) = self.at.do("list").decode().splitlines()
        self.assertEqual(len(row.split("\t")), 9)
        self.assertIn(SUBJECT, row)

    def test_mail_is_shown_as_its_reader_sees_it(self):
        person_sees = "\n".join(self.seen("outbox", "show", "1"))
        self.assertIn(f"[#1] Received: {SUBJECT}", person_sees)
        self.assertIn("Hello,", person_sees)
        raw = "\n".join(self.seen("outbox", "show", "1", "--raw"))
        self.assertIn("Content-Transfer-Encoding", raw)
        self.assertIn(b"Content-Transfer-Encoding", self.at.do("outbox", "show", "1"))

    def test_a_change_is_told_once(self):
        self.assertEqual(self.seen("set", "1", "status=open"), ["ticket #1 changed"])
        self.assertIn("status=open", "\n".join(self.seen("show", "1")))

    def test_what_was_found_is_escaped(self):
        evil = "owned\u202egnp.exe\u200f"
        self.at.do("inject", input=bytes(letter(self.person(), self.at.address, evil)))
        self.at.process_inbox()
        screen = "\n".join(self.seen("search", evil))
        self.assertIn("gnp.exe", screen)
        screen += "\n".join(self.seen("template", "preview", "acknowledge", "-t", "2"))
        self.assertNotRegex(screen, "[\u202e\u200f]")

    def test_help_is_aligned_and_names_the_command(self):
        lines = [line for line in self.seen("help") if line.startswith("  ")]
        self.assertEqual({columns_of(line[:41]) for line in lines if len(line) > 41}, {41})
        self.assertTrue(all(line[40] == " " and line[41] != " " for line in lines), lines)
        self.assertIn("postdesk set", "\n".join(self.seen("set", "--help")))

    def test_a_mistake_points_to_the_commands_help(self):
        done = self.at.run("set", "1")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"postdesk set --help", done.stderr)


class Documents(DeskCase):
    """--json: one document, whatever the command has to say."""

    COMMANDS = ("note 1 seen", "tag 1 vip", "reply 1 understood", "undo 1", "due 1 tomorrow",
                "set 1 priority=P2", "show 1", "explain 1", "list", "search log", "outbox",
                "outbox show 1", "outbox drop 1", "outbox retry 1", "quarantine",
                "quarantine show 1", "ledger", "status", "form", "form problem 1",
                "template list", "template preview acknowledge", "calendar", "who",
                "target explain 1", "people", "rules check", "rules lint", "rules stats",
                "rules suggest", "rules replay --rules rules", "check", "doctor", "verify",
                "backup copy", "reconcile", "parse mail.eml", "explain mail.eml",
                "new --caller wang@finance.example --subject Printer --text broken",
                "inject mail.eml", "redecode 1 --charset GB18030", "resolve 1 done")

    def test_every_command_prints_one(self):
        desk = self.desk()
        desk.own_rules()
        raw = bytes(letter(self.person(), desk.address))
        (desk.folder / "mail.eml").write_bytes(raw)
        desk.do("inject", input=raw)
        desk.process_inbox()
        for command in self.COMMANDS:
            with self.subTest(command):
                done = desk.run(*command.split(), "--json")
                self.assertIn(done.returncode, (0, 1), done.stderr)
                self.assertEqual(json.loads(done.stdout)["schema_version"], 1)

    def test_what_a_change_says(self):
        desk = self.desk()
        desk.do("inject", input=bytes(letter(self.person(), desk.address)))
        desk.process_inbox()
        self.assertEqual(desk.json("outbox", "drop", "1")["said"], ["1 given up"])
        self.assertIn("Subject: Cannot log in", desk.json("quarantine", "show", "1")["mail"])


if __name__ == "__main__":
    main()
