#!/usr/bin/env python3
"""Roles that die by faults of their own, and what each of them may not see or do."""

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from case import DeskCase, main
from letters import letter, text_of
from roles import role, roles

HEAVY = ("word " * 15 + "\n") * 600000  # in work for many slices
SLICE = 0.004  # seconds for which a role runs between two looks at what it does


def all_are_up(desk):
    """All roles have read their files: that is done before they enter the sandbox."""
    states = [Path(f"/proc/{pid}/status").read_text() for pid in roles(desk)]
    return len(states) == 4 and all("Seccomp:\t2" in state for state in states)


class FaultCase(DeskCase):
    def started(self, **options):
        desk = self.desk(**options)
        desk.start()
        desk.wait_for(lambda: all_are_up(desk), "the roles")
        return desk

    def answered(self, desk):
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.received(person, 1)

    def heavy(self, desk):
        person = self.person()
        desk.put(letter(person, desk.address, "heavy", HEAVY))
        return person

    @staticmethod
    def faults(desk):
        with sqlite3.connect(f"file:{desk.state}/postdesk.db?mode=ro", uri=True) as database:
            return sum(row[0] for row in database.execute("SELECT faults FROM inbox"))

    def hit(self, desk, number, counted):
        """The role, once a message is in work whose faults were counted so far."""
        def strike(pid):
            os.kill(pid, number)
            os.kill(pid, signal.SIGCONT)
        self.in_work(desk, strike, counted)

    def in_work(self, desk, action, counted=0):
        """Does something to the role once a message is in work whose faults were counted so far.
        The role runs in slices meanwhile, so that it is not done with the message between two
        looks, and stands still when it is done something to."""
        cell = desk.state / "lock/process.0.work"

        def strike():
            pid = role(desk, "process")
            if pid is None:
                return False
            try:
                os.kill(pid, signal.SIGSTOP)  # a new one must not be through before it is looked at
                is_next = self.faults(desk) == counted
                os.kill(pid, signal.SIGCONT)
                if not is_next:
                    return False
                time.sleep(SLICE)
                os.kill(pid, signal.SIGSTOP)
                if not any(cell.read_bytes()):
                    return False
            except ProcessLookupError:  # it just ended
                return False
            action(pid)
            return True

        desk.wait_for(strike, "a message in work", 40, pause=SLICE)


class Poison(FaultCase):
    def crashed_twice(self, number):
        desk = self.started()
        self.answered(desk)
        self.heavy(desk)
        self.hit(desk, number, 0)
        self.hit(desk, number, 1)
        desk.wait_for(lambda: len(desk.quarantine()) == 1, "the quarantine", 30)
        alarms = desk.wait_for(lambda: desk.received(desk.admin), "the alarm", 30)
        self.assertTrue(any("quarantine" in text_of(mail) for mail in alarms))
        self.answered(desk)
        self.assertEqual(desk.stop(), 0)

    def test_message_that_goes_well_the_second_time_is_answered(self):
        """At once, and not when the next mail wakes the delivery."""
        desk = self.started()
        person = self.heavy(desk)
        self.hit(desk, signal.SIGSEGV, 0)
        desk.received(person, 1)
        self.assertEqual(desk.stop(), 0)

    def test_message_that_crashes_its_role_twice_is_quarantined(self):
        """I2: the line does not stop for it."""
        self.crashed_twice(signal.SIGSEGV)

    def test_message_that_is_refused_memory_twice_is_quarantined(self):
        """I2: GLib ends a process that gets no memory by SIGTRAP."""
        self.crashed_twice(signal.SIGTRAP)

    def crashed_worker(self, before=lambda desk: None):
        """A desk of two workers, one of which a message ended; and that one's cell."""
        desk = self.desk(limits={"process_workers": 2}).start()
        desk.wait_for(lambda: len(list(desk.state.glob("lock/process.?.work"))) == 2, "the workers")
        self.answered(desk)
        self.heavy(desk)
        first = desk.wait_for(lambda: self.who_has_it(desk), "a message in work", 40, pause=0.001)
        number = first[0].name.split(".")[1]
        lock = desk.state / f"lock/process.{number}"
        before(desk)
        os.kill(int(lock.read_text()), signal.SIGSEGV)
        return desk, first

    def test_message_that_crashes_a_worker_is_left_to_it(self):
        """It would end the others as well."""
        desk, first = self.crashed_worker()
        seen = set()

        def is_done():
            seen.update(self.who_has_it(desk))
            return all(row["outcome"] != "inbox" for row in desk.ledger())

        desk.wait_for(is_done, "its end", 40, pause=0.001)
        self.assertEqual(seen, set(first))
        self.assertEqual(desk.stop(), 0)

    def test_mail_behind_a_message_that_crashed_a_worker_does_not_wait(self):
        """There is no successor yet, for who would start it stands still."""
        desk, _ = self.crashed_worker(lambda desk: os.kill(desk.process.pid, signal.SIGSTOP))
        try:
            desk.do("inject", input=bytes(letter(self.person(), desk.address, "behind it")))
            desk.wait_for(lambda: desk.ledger()[-1]["outcome"] == "created", "its ticket")
            self.assertEqual(desk.ledger()[-2]["outcome"], "inbox")
        finally:
            os.kill(desk.process.pid, signal.SIGCONT)
        desk.wait_for(lambda: desk.ledger()[-2]["outcome"] == "created", "the other ticket", 40)
        self.assertEqual(desk.stop(), 0)

    @staticmethod
    def who_has_it(desk):
        return [cell for cell in desk.state.glob("lock/process.?.work") if any(cell.read_bytes())]

    def test_stops_from_outside_do_not_count(self):
        desk = self.started()
        self.heavy(desk)
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGKILL):
            self.hit(desk, number, 0)
        desk.wait_for(lambda: desk.ledger()[0]["outcome"] == "created", "the ticket", 40)
        self.assertEqual(self.faults(desk), 0)
        self.assertEqual(desk.stop(), 0)

    def test_kills_of_the_whole_desk_do_not_count(self):
        """Power that fails, a machine that is switched off: nobody saw how the role ended."""
        desk = self.started()
        self.heavy(desk)
        for _ in range(2):
            self.in_work(desk, lambda pid: desk.kill())
            desk.start()
        desk.wait_for(lambda: desk.ledger()[0]["outcome"] == "created", "the ticket", 40)
        self.assertEqual(self.faults(desk), 0)
        self.assertEqual(desk.stop(), 0)

    def test_message_that_takes_too_much_processor_time(self):
        """I2: the kernel ends its role, and that counts."""
        self.crashed_twice(signal.SIGXCPU)


class Alarm(FaultCase):
    def test_alarm_of_a_mail_goes_out_at_once(self):
        """And not when the next mail wakes the delivery."""
        desk = self.desk()
        (desk.own_rules() / "zz-odd.yaml").write_text(
            "rules:\n- {id: odd, when: {body: 'the flurble'}, then: {quarantine: odd}}\n")
        desk.start()
        desk.wait_for(lambda: all_are_up(desk), "the roles")
        self.answered(desk)
        desk.put(letter(self.person(), desk.address, "odd", "It is the flurble."))
        desk.wait_for(lambda: desk.received(desk.admin), "the alarm")
        self.assertEqual(desk.stop(), 0)


class Restart(FaultCase):
    def with_own_rules(self):
        """A desk whose tickets of machines bear the tag of the rules that were in force."""
        desk = self.desk()
        self.rules = desk.own_rules()
        self.tag("old")
        desk.start()
        desk.wait_for(lambda: all_are_up(desk), "the roles")
        return desk

    def tag(self, word):
        (self.rules / "zz-tag.yaml").write_text(
            f"rules:\n- {{id: tag, when: {{body: 'the flurble'}}, then: {{tags: [{word}]}}}}\n")

    def spoil(self):
        (self.rules / "zz-broken.yaml").write_text("rules:\n  - id: broken\n    when: [unclosed\n")

    def mend(self):
        (self.rules / "zz-broken.yaml").unlink()

    @staticmethod
    def refuse(desk):
        """A reload that leaves the old files live."""
        desk.reload()
        desk.wait_for(lambda: "supervise reload-refused" in desk.log_text(), "the refusal")

    @staticmethod
    def take(desk):
        """A reload that brings new files into force."""
        desk.reload()
        desk.wait_for(lambda: "process reloaded" in desk.log_text(), "the new files")

    @staticmethod
    def killed(desk):
        """Every role dies, and is back."""
        before = set(roles(desk))
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        desk.wait_for(lambda: not before & set(roles(desk)) and all_are_up(desk), "the roles", 30)

    def tagged(self, desk, word, config=None):
        """A mail is answered by the rules with this tag."""
        person = self.person()
        subject = f"Machine of {person}"
        desk.put(letter(person, desk.address, subject, "It is the flurble again."))
        desk.received(person, 1)
        tickets = desk.json("list", config=config)["tickets"]
        number = next(ticket["number"] for ticket in tickets if ticket["subject"] == subject)
        self.assertIn(word, desk.json("show", number, config=config)["tags"])

    def test_roles_that_die_go_on_with_the_old_rules(self):
        desk = self.with_own_rules()
        self.tag("new")
        self.spoil()
        self.refuse(desk)
        desk.wait_for(lambda: b"the last reload was refused" in desk.do("status", codes=(1,)), "the trouble")
        alarm = desk.wait_for(lambda: desk.received(desk.admin), "the alarm")
        self.assertIn("起生效的文件", text_of(alarm[0]))
        self.killed(desk)
        self.assertRegex(desk.log_text(), r"warning process files-refused: .* since 20.*Z: .*zz-broken.yaml:4:1:")
        self.assertIn("warning clock files-refused", desk.log_text())
        self.tagged(desk, "old")
        self.assertEqual(len(desk.received(desk.admin)), 1)  # it is the same trouble
        self.killed(desk)
        self.mend()
        self.take(desk)
        desk.wait_for(lambda: b"the last reload was refused" not in desk.do("status"), "the end of the trouble")
        self.tagged(desk, "new")
        self.spoil()  # and now these are in force
        self.tag("newest")
        self.killed(desk)
        self.tagged(desk, "new")
        self.assertEqual(desk.stop(), 0)

    def test_roles_that_die_go_on_with_the_old_configuration(self):
        desk = self.with_own_rules()
        right = desk.folder / "right.yaml"
        shutil.copy(desk.config, right)
        for wrong in ("desk: [\n", right.read_text().replace('"state"', '"elsewhere"')):
            desk.config.write_text(wrong)
            self.refuse(desk)
            self.killed(desk)
            for name in ("collect", "process", "deliver", "clock"):
                self.assertIn(f"warning {name} files-refused", desk.log_text())
            self.tagged(desk, "old", config=right)
            desk.log.write_text("")
        self.assertFalse((desk.folder / "elsewhere").exists())
        self.tag("new")
        desk.configure()
        self.take(desk)
        self.tagged(desk, "new")
        self.assertEqual(desk.stop(), 0)

    def test_a_right_configuration_beside_wrong_rules_is_not_taken(self):
        """They were refused together; else what is sent would wait for a relay that nobody serves."""
        desk = self.with_own_rules()
        desk.config.write_text(desk.config.read_text().replace('name: "main"', 'name: "other"'))
        self.spoil()
        self.refuse(desk)
        self.killed(desk)
        self.tagged(desk, "old")
        self.assertIn("warning deliver files-refused", desk.log_text())
        self.assertEqual(desk.stop(), 0)

    def test_mail_is_collected_where_no_rules_are_right(self):
        """A role that needs no rules starts by postdesk.yaml alone, where that is right."""
        desk = self.with_own_rules()
        shutil.rmtree(desk.state / "in-force")
        self.spoil()
        before = role(desk, "collect")
        os.kill(before, signal.SIGKILL)
        desk.put(letter(self.person(), desk.address))
        desk.wait_for(lambda: role(desk, "collect") not in (None, before), "the role")
        desk.wait_for(lambda: desk.tickets(), "the ticket")
        self.assertEqual(desk.stop(), 0)

    def test_a_role_with_a_connection_reads_no_token_key(self):
        """It would complain of this one."""
        desk = self.with_own_rules()
        (desk.state / "token.key").write_text("none\n")
        self.spoil()
        os.kill(role(desk, "collect"), signal.SIGKILL)
        desk.wait_for(lambda: "warning collect alarm" in desk.log_text(), "the alarm")
        self.assertNotIn("token keys", desk.log_text())
        self.assertEqual(desk.stop(), 0)

    def test_admin_is_told_that_a_role_cannot_start_anew(self):
        """Where the copy of the old files is damaged, a role that dies has none to start with."""
        desk = self.with_own_rules()
        for copied in desk.state.glob("in-force/*/rules/zz-tag.yaml"):
            copied.write_text("rules: []\n")
        self.spoil()
        self.refuse(desk)
        alarm = desk.wait_for(lambda: desk.received(desk.admin), "the alarm of the reload")
        self.assertIn("没有可用的副本", text_of(alarm[0]))
        os.kill(role(desk, "process"), signal.SIGKILL)
        desk.wait_for(lambda: len(desk.received(desk.admin)) == 2, "the alarm of the role", 30)
        person = self.person()
        desk.put(letter(person, desk.address))
        self.mend()
        desk.reload()
        desk.received(person, 1)
        self.assertEqual(desk.stop(), 0)

    def test_a_desk_starts_with_right_files_only(self):
        desk = self.with_own_rules()
        self.assertEqual(desk.stop(), 0)
        self.spoil()
        self.assertEqual(desk.run("run").returncode, 78)
        self.assertEqual(desk.run("process", "--once").returncode, 78)


class Held(FaultCase):
    def test_secret_of_the_environment_is_not_handed_down(self):
        desk = self.started(mailbox={"password": "env:PD_TEST_SECRET"},
                            relay={"password": "env:PD_TEST_SECRET"},
                            environment={"PD_TEST_SECRET": "secret"})
        self.answered(desk)
        for pid, words in roles(desk).items():
            self.assertNotIn(b"PD_TEST_SECRET", Path(f"/proc/{pid}/environ").read_bytes(), words)
            self.assertNotIn("secret", words)
        self.assertEqual(desk.stop(), 0)

    def test_every_role_is_in_its_sandbox(self):
        desk = self.started()
        self.answered(desk)
        self.assertEqual(len(roles(desk)), 4)
        for pid, words in roles(desk).items():
            status = Path(f"/proc/{pid}/status").read_text()
            self.assertRegex(status, r"Seccomp:\s+2", words)
            self.assertRegex(status, r"NoNewPrivs:\s+1", words)
            limits = Path(f"/proc/{pid}/limits").read_text()
            self.assertRegex(limits, r"Max core file size\s+0\s+0", words)
            if "process" in words:
                self.assertRegex(limits, r"Max cpu time\s+\d+", words)
        self.assertEqual(desk.stop(), 0)


class Output(DeskCase):
    def test_output_that_cannot_be_written_is_told(self):
        desk = self.desk()
        desk.do("inject", input=bytes(letter(self.person(), desk.address, body="long line\n" * 9000)))
        desk.process_inbox()
        with open("/dev/full", "w") as full:
            done = subprocess.run([desk.binary, "-c", desk.config, "show", "1", "--json"],
                                  stdout=full, stderr=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 74)


if __name__ == "__main__":
    main()
