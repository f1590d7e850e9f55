#!/usr/bin/env python3
"""Mail from an MTA's pipe and from files; reading it without storing it."""

import fcntl
import json
import resource
import subprocess

from case import DeskCase, main
from letters import letter


class Inject(DeskCase):
    def test_standard_input(self):
        desk = self.desk()
        person = self.person()
        desk.do("inject", input=bytes(letter(person, desk.address)))
        desk.process_inbox()
        desk.deliver()
        self.one_ticket(desk)
        desk.received(person, 1)
        (row,) = desk.ledger()
        self.assertEqual((row["mailbox"], row["outcome"]), ("inject", "created"))

    def test_files(self):
        desk = self.desk()
        names = []
        for number in range(3):
            path = desk.folder / f"{number}.eml"
            path.write_bytes(bytes(letter(self.person(), desk.address, f"file {number}")))
            names.append(path)
        desk.do("inject", *names)
        desk.process_inbox()
        self.assertEqual(len(desk.tickets()), 3)

    def test_a_list_says_that_there_are_more(self):
        desk = self.desk()
        for number in range(3):
            desk.do("inject", input=bytes(letter(self.person(), desk.address, f"matter {number}")))
        desk.process_inbox()
        self.assertTrue(desk.json("list", "--most", "2")["more"])
        self.assertFalse(desk.json("list", "--most", "3")["more"])
        done = desk.run("list", "--most", "2")
        self.assertEqual((done.returncode, done.stdout.count(b"matter")), (0, 2))
        self.assertIn(b"--most", done.stderr)
        self.assertEqual(desk.run("list", "resolved").returncode, 2)

    def test_the_same_again_is_one_ticket(self):
        """I3: a pipe that is fed twice makes one ticket."""
        desk = self.desk()
        raw = bytes(letter(self.person(), desk.address))
        for _ in range(2):
            desk.do("inject", input=raw)
            desk.process_inbox()
        self.one_ticket(desk)

    def test_75_where_files_may_not_grow(self):
        """As under a mail server that limits their size: it may be tried again."""
        desk = self.desk()
        desk.do("inject", input=bytes(letter(self.person(), desk.address)))
        raw = bytes(letter(self.person(), desk.address, "large", "a line of some words\n" * 40000))
        for blocks in (20, 400):  # the database, the raw mail
            limit = (blocks * 1024, blocks * 1024)
            done = desk.run("inject", input=raw,
                            before=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
            self.assertEqual(done.returncode, 75, done.stderr)
            self.assertIn(b"ulimit -f", done.stderr)
        desk.do("inject", input=raw)
        self.assertEqual(len(desk.ledger()), 2)

    def test_75_when_it_cannot_be_stored(self):
        desk = self.desk()
        (desk.folder / "occupied").write_text("no folder")
        desk.configure(state="occupied/state")
        done = desk.run("inject", input=bytes(letter(self.person(), desk.address)))
        self.assertEqual(done.returncode, 75)

    def test_75_when_an_option_is_mistyped(self):
        """In the MTA's configuration: the mail waits there until it is mended."""
        desk = self.desk()
        raw = bytes(letter(self.person(), desk.address))
        for words, named in ((["--wiat", "90s"], b"--wiat"), (["--wait", "soon"], b"--wait takes")):
            done = desk.run("inject", *words, input=raw)
            self.assertEqual(done.returncode, 75, done.stderr)
            self.assertIn(named, done.stderr)
        self.assertEqual(desk.ledger(), [])

    def test_75_when_the_disk_is_full(self):
        desk = self.desk(limits={"min_free_space": "100000G"})
        done = desk.run("inject", input=bytes(letter(self.person(), desk.address)))
        self.assertEqual(done.returncode, 75)
        self.assertEqual(desk.ledger(), [])

    def test_75_when_the_store_is_held_for_long(self):
        """Whoever holds it, a stopped process or an upgrade: the MTA's pipe ends in time."""
        desk = self.desk()
        raw = bytes(letter(self.person(), desk.address))
        desk.do("inject", input=raw)
        with open(desk.state / "lock" / "writer") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = desk.run("inject", "--wait", "1s", input=raw)
        self.assertEqual(done.returncode, 75)
        self.assertIn(b"not stored in time", done.stderr)
        self.assertEqual(len(desk.ledger()), 1)
        desk.do("inject", input=raw)
        self.assertEqual(len(desk.ledger()), 2)

    def test_75_when_the_pipe_cannot_be_read(self):
        desk = self.desk()
        done = subprocess.run(["sh", "-c", '"$@" <&-', "-", desk.binary, "-c", desk.config, "inject"],
                              capture_output=True)
        self.assertEqual(done.returncode, 75, done.stderr)

    def test_what_is_stored_is_no_failure_where_it_cannot_be_told(self):
        """An MTA would return a mail that has become a ticket."""
        desk = self.desk()
        with open("/dev/full", "w") as full:
            done = subprocess.run([desk.binary, "-c", desk.config, "inject"], stdout=full,
                                  input=bytes(letter(self.person(), desk.address)))
        self.assertEqual(done.returncode, 0)
        self.assertEqual(len(desk.ledger()), 1)

    def test_75_when_the_disk_fails_behind_the_commit(self):
        """The MTA delivers it once more; what the first time left of it is answered once."""
        desk = self.desk()
        desk.do("process", "--once")
        person = self.person()
        raw = bytes(letter(person, desk.address))
        done = desk.run("inject", input=raw, env={"LD_PRELOAD": desk.library("nosync")})
        self.assertEqual(done.returncode, 75, done.stderr)
        self.assertIn(b"Input/output error", done.stderr)
        desk.do("inject", input=raw)
        desk.process_inbox()
        desk.deliver()
        self.one_ticket(desk)
        desk.received(person, 1)

    def test_missing_file(self):
        desk = self.desk()
        self.assertNotEqual(desk.run("inject", desk.folder / "none.eml").returncode, 0)


class Look(DeskCase):
    def test_parse(self):
        desk = self.desk()
        mail = letter("王芳 <wang@finance.example>", desk.address, "打印机坏了", "三楼打印机卡纸。\n")
        mail.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="清单.csv")
        path = desk.folder / "mail.eml"
        path.write_bytes(bytes(mail))
        seen = json.loads(desk.do("parse", path, "--json"))
        self.assertEqual(seen["subject"], "打印机坏了")
        self.assertIn("卡纸", seen["text"])
        self.assertEqual(seen["from"], {"name": "王芳", "address": "wang@finance.example"})
        self.assertEqual([part["name"] for part in seen["attachments"]], ["清单.csv"])
        self.assertEqual(seen["origin"]["kind"], "person")
        self.assertEqual(desk.run("parse", path).returncode, 0)

    def test_explain_a_file_changes_nothing(self):
        desk = self.desk()
        path = desk.folder / "mail.eml"
        path.write_bytes(bytes(letter(self.person(), desk.address)))
        self.assertTrue(desk.do("explain", path))
        desk.json("explain", path)
        self.assertEqual(desk.tickets(), [])

    def test_explain_a_ticket(self):
        desk = self.desk()
        self.report(desk, self.person(), "VPN 连不上", "今天在家 VPN 一直连不上,提示认证失败。\n")
        self.assertTrue(desk.do("explain", 1))
        self.assertTrue(desk.json("explain", 1))
        self.assertTrue(desk.do("show", 1))
        self.assertNotEqual(desk.run("show", 99).returncode, 0)


if __name__ == "__main__":
    main()
