#!/usr/bin/env python3
"""The running desk: start, reload, stop, and who may run it."""

import json
import os
import pty
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from case import DeskCase, main
from desk import program, session_members, signal_process
from letters import letter


class Running(DeskCase):
    def answered(self, desk, subject="Cannot log in"):
        person = self.person()
        desk.put(letter(person, desk.address, subject))
        desk.received(person, 1)
        return person

    def test_clean_stop(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            desk = self.desk().start()
            self.answered(desk)
            leader = desk.process.pid
            begin = time.monotonic()
            desk.process.send_signal(number)
            self.assertEqual(desk.process.wait(10), 0)
            self.assertLess(time.monotonic() - begin, 5)
            self.assertEqual(session_members(leader), [])
            desk.process = None

    def test_clean_stop_right_after_the_start(self):
        """Every role hears of it, in whatever moment of its start."""
        desk = self.desk()
        for _ in range(5):
            desk.start()
            desk.wait_for(lambda: "supervise started" in desk.log_text(), "the start", pause=0.002)
            self.assertEqual(desk.stop(), 0)
            self.assertNotIn("signal 9", desk.log_text())
            desk.log.write_text("")

    def test_clean_stop_while_a_server_is_silent(self):
        """A server that is waited for must not keep the desk until its roles are killed."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            desk = self.desk(mailbox={"port": silent.getsockname()[1], "timeout": "10m"}).start()
            silent.settimeout(15)
            connection, _ = silent.accept()
            connection.recv(1)  # now it waits for our part of the handshake
            self.assertEqual(desk.stop(), 0)
            connection.close()
        self.assertNotIn("ended: collect", desk.log_text())
        self.assertNotIn("mailbox-failed", desk.log_text())

    def test_clean_stop_while_a_relay_is_silent(self):
        """Before a mail may have gone out nothing is waited for, and the mail waits as it did."""
        with socket.create_server(("127.0.0.1", 0)) as silent:
            desk = self.desk(relay={"port": silent.getsockname()[1], "timeout": "10m"}).start()
            desk.put(letter(self.person(), desk.address))
            silent.settimeout(15)
            connection, _ = silent.accept()  # it is waited for with a greeting
            self.assertEqual(desk.stop(), 0)
            connection.close()
        self.assertNotIn("signal 9", desk.log_text())
        self.assertNotIn("relay-failed", desk.log_text())
        self.assertEqual([mail["state"] for mail in desk.outbox()], ["queued"])

    def test_a_deleted_state_takes_no_mail(self):
        """What is written into a deleted file is lost; the mail stays unread on the server."""
        desk = self.desk().start()
        self.answered(desk)
        shutil.rmtree(desk.state, ignore_errors=True)  # the desk is at work in it
        desk.put(letter(self.person(), desk.address, "Still there"))
        desk.wait_for(lambda: "the state folder was deleted" in desk.log_text(), "the refusal")
        flags = desk.flags()
        self.assertEqual(flags[max(flags)], set())
        desk.kill()

    def test_second_daemon_refuses(self):
        desk = self.desk().start()
        self.answered(desk)
        done = desk.run("run")
        self.assertEqual(done.returncode, 75)
        self.assertTrue(done.stderr)
        self.answered(desk)
        self.assertEqual(desk.stop(), 0)

    def test_role_of_a_running_desk_refuses(self):
        desk = self.desk().start()
        self.answered(desk)
        for role in ("collect", "process", "deliver", "clock"):
            self.assertEqual(desk.run(role, "--once").returncode, 75, role)
        self.assertEqual(desk.stop(), 0)

    def test_killed_roles_come_back(self):
        desk = self.desk().start()
        self.answered(desk)
        for member in session_members(desk.process.pid):
            if member != desk.process.pid:
                signal_process(member, signal.SIGKILL)
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.wait_for(lambda: desk.received(person, 1), "the answer", 30)
        self.assertEqual(desk.quarantine(), [])
        self.assertEqual(desk.stop(), 0)

    def test_roles_end_with_their_supervisor(self):
        """Workers too, of which another process was the parent before."""
        desk = self.desk(limits={"process_workers": 2}).start()
        self.answered(desk)
        leader = desk.process.pid
        desk.process.kill()
        desk.process.wait()
        desk.wait_for(lambda: not session_members(leader), "the roles' end", 5)
        desk.start()
        self.answered(desk)
        self.assertEqual(desk.stop(), 0)

    def test_status(self):
        desk = self.desk().start()
        self.answered(desk)
        self.assertEqual(desk.json("status")["schema_version"], 1)
        self.assertTrue(desk.do("status"))
        self.assertEqual(desk.stop(), 0)

    def test_status_names_a_role_that_is_down(self):
        desk = self.desk().start()
        self.answered(desk)
        lock = desk.state / "lock" / "clock"
        self.assertTrue(all(role["running"] for role in desk.json("status")["roles"]))
        lock.rename(lock.with_name("clock.held"))  # as if nobody held it
        done = desk.run("status")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertRegex(done.stdout.decode(), r"Down\s+clock")
        lock.with_name("clock.held").rename(lock)
        desk.do("status")
        self.assertEqual(desk.stop(), 0)

    def test_status_tells_of_what_waits_for_long(self):
        """Nobody takes it on: a role hangs, or nothing runs."""
        desk = self.desk()
        desk.do("inject", input=bytes(letter(self.person(), desk.address)))
        desk.do("status")
        desk.environment = {**desk.environment, "LD_PRELOAD": desk.library("ahead"),
                            "POSTDESK_AHEAD": str(11 * 60)}
        said = desk.run("status")
        self.assertEqual(said.returncode, 1, said)
        self.assertRegex(said.stdout.decode(), r"Waiting +a message waits to be processed for 1\d minutes")
        desk.process_inbox()
        desk.do("status")
        desk.environment["POSTDESK_AHEAD"] = str(22 * 60)
        said = desk.run("status")
        self.assertEqual(said.returncode, 1, said)
        self.assertRegex(said.stdout.decode(), r"Waiting +a mail waits to be sent for 1\d minutes")

    def test_a_mail_that_was_dropped_needs_nobody(self):
        desk = self.desk()
        desk.do("inject", input=bytes(letter(self.person(), desk.address)))
        desk.process_inbox()
        desk.do("outbox", "drop", "1")
        desk.do("status")
        self.assertEqual([mail["state"] for mail in desk.outbox()], ["dropped"])

    def test_inject_wakes_a_running_desk(self):
        desk = self.desk().start()
        self.answered(desk)
        person = self.person()
        desk.do("inject", input=bytes(letter(person, desk.address)))
        desk.received(person, 1)
        self.assertEqual(desk.stop(), 0)


class Log(DeskCase):
    def logged(self, stream):
        """The log of collecting once, where the journal's file is said to be this one."""
        desk = self.desk()
        with open(desk.log, "w") as log:
            own = os.fstat(log.fileno())
            named = f"{own.st_dev}:{own.st_ino}" if stream == "own" else stream
            subprocess.run([desk.binary, "-c", desk.config, "collect", "--once"], check=True,
                           stderr=log, env={**os.environ, "JOURNAL_STREAM": named})
        return desk.log_text().splitlines()

    def test_journal_gets_priorities_and_everybody_else_the_time(self):
        for line in self.logged("own"):
            self.assertRegex(line, r"^<6>collect [a-z-]+ mailbox=support/INBOX: ")
        for line in self.logged("1:1"):  # of a shell that was started from a service
            self.assertRegex(line, r"^20\d\d-\d\d-\d\dT[\d:]{8}Z info collect [a-z-]+ mailbox=")


    def test_an_alarm_names_its_mailbox_in_the_field(self):
        desk = self.desk(mailbox={"folders": ["Nowhere"]}).start()
        desk.wait_for(lambda: " alarm " in desk.log_text(), "the alarm")
        self.assertRegex(desk.log_text(), r"warning collect alarm mailbox=support/Nowhere: .*Nowhere")
        self.assertEqual(desk.stop(), 0)


class Idle(DeskCase):
    QUIET_SECONDS = 3

    def wake_ups(self, desk):
        """How often each process of the desk was given the processor so far."""
        found = {}
        for member in session_members(desk.process.pid):
            status = Path(f"/proc/{member}/status").read_text()
            found[member] = sum(map(int, re.findall(r"ctxt_switches:\s+(\d+)", status)))
        return found

    def test_nothing_wakes_an_idle_desk(self):
        """Not one process of it runs: mail is waited for by IDLE, and nothing is polled."""
        desk = self.desk(limits={"process_workers": 2}, mailbox={"timeout": "60s"})
        desk.start()
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.received(person, 1)

        def quiet():
            before = self.wake_ups(desk)
            time.sleep(self.QUIET_SECONDS)
            return len(before) >= 6 and self.wake_ups(desk) == before

        desk.wait_for(quiet, "a desk that sleeps", 60)
        self.assertEqual(desk.stop(), 0)


class Memory(DeskCase):
    MOST_MIB = int(os.environ.get("POSTDESK_TEST_PEAK_MIB", "64"))

    def peaks(self, desk):
        """The most memory that each process of the desk held so far, in MiB."""
        found = {}
        for member in session_members(desk.process.pid):
            status = Path(f"/proc/{member}/status").read_text()
            words = Path(f"/proc/{member}/cmdline").read_bytes().decode().replace("\0", " ")
            found[words] = int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024
        return found

    def test_hundred_megabytes(self):
        """No role holds a message as a whole, be it a text or a file."""
        desk = self.desk(mailbox={"size_limit": "200M", "timeout": "60s"})
        head = f"From: {{}}\r\nTo: {desk.address}\r\nSubject: {{}}\r\nMIME-Version: 1.0\r\n"
        file = ("Content-Type: application/zip; name=a.zip\r\n"
                "Content-Transfer-Encoding: base64\r\n\r\n" + ("QUJD" * 19 + "\r\n") * 1_300_000)
        text = "\r\n" + "The login page stays empty.\r\n" * 3_600_000
        people = [self.person(), self.person()]
        for person, rest in zip(people, (file, text)):
            mail = head.format(person, f"large mail of {person}") + rest
            self.assertGreater(len(mail), 100_000_000)
            desk.servers.place(desk.user, mail.encode())
        desk.start()
        desk.wait_for(lambda: len(desk.tickets()) == 2, "the tickets", 120)
        for person in people:
            desk.received(person, 1)
        for name, peak in self.peaks(desk).items():
            self.assertLess(peak, self.MOST_MIB, name)
        self.assertEqual(desk.stop(), 0)


class Reload(DeskCase):
    def spoilt(self):
        """A running desk, and its rules, which have a mistake since."""
        desk = self.desk()
        rules = desk.own_rules()
        desk.start()
        Running.answered(self, desk)
        (rules / "zz-broken.yaml").write_text("rules:\n  - id: broken\n    when: [unclosed\n")
        return desk, rules

    def test_broken_rules_keep_the_old_ones(self):
        desk, _ = self.spoilt()
        desk.reload()
        desk.wait_for(lambda: "zz-broken.yaml:" in desk.log_text(), "the place of the mistake")
        Running.answered(self, desk)
        self.assertEqual(len(desk.tickets()), 2)
        self.assertIsNone(desk.process.poll())
        self.assertEqual(desk.stop(), 0)

    def test_the_command_tells_at_once_and_lists_what_is_wrong(self):
        desk, rules = self.spoilt()
        done = desk.run("reload")
        self.assertEqual(done.returncode, 78)
        self.assertIn(b"told process", done.stdout)
        self.assertIn(b"zz-broken.yaml:", done.stderr)
        Running.answered(self, desk)
        (rules / "zz-broken.yaml").unlink()
        self.assertIn(b"told process", desk.do("reload"))
        desk.wait_for(lambda: " process reloaded: " in desk.log_text(), "the rules that are mended")
        self.assertEqual(desk.stop(), 0)

    def test_many_new_rules_serve_at_once_and_are_compiled_meanwhile(self):
        desk = self.desk()
        rules = desk.own_rules()
        desk.start()
        Running.answered(self, desk)
        (rules / "00-many.yaml").write_text("rules:\n" + "".join(
            f"- {{id: many-{number}, when: {{body: 'machine m{number:04d}[a-f]\\b'}}, then: {{tags: [many]}}}}\n"
            for number in range(2100)))
        desk.do("reload")
        desk.wait_for(lambda: desk.log_text().count(" process reloaded: ") >= 1, "the new rules")
        self.told(desk, "m0650c before")
        if b"libhs" in subprocess.run(["ldd", str(program())], capture_output=True).stdout:
            desk.wait_for(lambda: desk.log_text().count(" process reloaded: ") >= 2, "the compiled rules", 60)
        self.told(desk, "m0650c after")
        self.assertEqual(desk.stop(), 0)

    def told(self, desk, subject):
        person = self.person()
        desk.put(letter(person, desk.address, subject, "look at machine m0650c, please"))
        desk.received(person, 1)
        self.assertIn("many", desk.show(str(desk.ticket(subject)["number"]))["tags"])

    def test_broken_configuration_keeps_the_old_one(self):
        desk = self.desk().start()
        Running.answered(self, desk)
        desk.config.write_text("desk: [\n")
        desk.reload()
        desk.wait_for(lambda: "postdesk.yaml:" in desk.log_text(), "the place of the mistake")
        desk.configure()
        Running.answered(self, desk)
        self.assertEqual(desk.stop(), 0)

    def test_the_admin_is_told_what_is_wrong(self):
        desk, _ = self.spoilt()
        desk.reload()
        desk.wait_for(lambda: self.alarm_of_files(desk), "the alarm")
        self.assertIn("zz-broken.yaml:", self.alarm_of_files(desk))
        self.assertIn("postdesk check", self.alarm_of_files(desk))
        self.assertEqual(desk.stop(), 0)

    def test_the_admin_is_told_that_another_state_folder_needs_a_restart(self):
        """Of which check knows nothing: as files they are right."""
        desk = self.desk().start()
        Running.answered(self, desk)
        before = desk.settings["state"]
        desk.configure(state=f"{before}-new")
        desk.reload()
        desk.wait_for(lambda: "reload-refused" in desk.log_text(), "the refusal")
        desk.configure(state=before)
        desk.wait_for(lambda: self.alarm_of_files(desk), "the alarm")
        self.assertIn("restart", self.alarm_of_files(desk))
        self.assertNotIn("postdesk check", self.alarm_of_files(desk))
        self.assertEqual(desk.stop(), 0)

    def alarm_of_files(self, desk):
        return next((alarm["text"] for alarm in desk.json("status", codes=(0, 1))["alarms"]
                     if alarm["kind"] == "reload"), "")

    def test_new_settings_take_effect(self):
        desk = self.desk().start()
        Running.answered(self, desk)
        desk.configure(answers={"acknowledge": False})
        desk.do("reload")
        time.sleep(1)
        person = self.person("quiet")
        desk.put(letter(person, desk.address, "quiet"))
        desk.wait_for(lambda: desk.ticket("quiet"), "the ticket")
        self.assert_silent(desk, person)
        self.assertEqual(desk.stop(), 0)


class Terminal(DeskCase):
    EVIL = "\x1b]0;owned\x07 \x1b[31mred \u202egnp.exe\u202c \x9b31m"

    def test_escapes_and_bidi_do_nothing(self):
        desk = self.desk()
        raw = (f"From: {self.EVIL} <{self.person()}>\r\nTo: {desk.address}\r\n"
               f"Subject: evil {self.EVIL}\r\nMessage-ID: <{self.EVIL}@x>\r\n"
               f"Content-Type: text/plain; charset=utf-8\r\n\r\n{self.EVIL}\r\n").encode()
        desk.servers.place(desk.user, raw)
        output = b""
        for role in ("collect", "process", "deliver"):
            done = desk.run(role, "--once")
            output += done.stdout + done.stderr
        for command in (("list",), ("show", 1), ("ledger",), ("outbox",), ("explain", "1"),
                        ("quarantine",), ("status",)):
            done = desk.run(*command)
            output += done.stdout + done.stderr
        text = output.decode(errors="surrogateescape")
        for sign in ("\x1b", "\x07", "\u202e", "\u202c", "\x9b"):
            self.assertNotIn(sign, text)

    def test_documents_on_a_terminal_are_escaped(self):
        desk = self.desk()
        desk.do("inject", input=(f"From: {self.person()}\r\nSubject: evil \u202egnp \x7f 中文\r\n"
                                 "Content-Type: text/plain; charset=utf-8\r\n\r\n"
                                 "\u202ex\u009b31m\r\n").encode())
        desk.process_inbox()
        mine, theirs = pty.openpty()
        process = subprocess.Popen([desk.binary, "-c", desk.config, "show", "1", "--json"],
                                   stdout=theirs)
        os.close(theirs)
        output = b""
        try:
            while piece := os.read(mine, 65536):
                output += piece
        except OSError:
            pass  # the end, on Linux
        os.close(mine)
        self.assertEqual(process.wait(), 0)
        for sign in ("\u202e", "\u009b", "\x7f"):
            self.assertNotIn(sign, output.decode())
        plain = desk.show(1)
        self.assertEqual(json.loads(output), plain)


if __name__ == "__main__":
    main()
