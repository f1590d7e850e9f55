#!/usr/bin/env python3
"""Kills the program at every durable step, resumes, and compares with an undisturbed run.

Needs the program with kill points, which `make check` builds ($POSTDESK_KILL_BUILD, else
build/tests/e2e/postdesk-kill). It appends the name of each step that it passes to
$POSTDESK_KILL_LOG and kills itself at the count-th passing of $POSTDESK_KILL="name:count".
"""

import os
import time
import unittest
from collections import Counter
from pathlib import Path

from case import DeskCase, main, shared_servers
from desk import SOURCE, Failed
from dozen import Run
from letters import letter, rewrapped

ROLES = ("collect", "process", "deliver")
KILLED = -9
DOT_NOTED = "deliver.dot-noted"
ANSWERED = "deliver.answered"
RUN_SECONDS = 30
FILE = bytes(range(256)) * 400


def kill_build():
    named = os.environ.get("POSTDESK_KILL_BUILD")
    path = Path(named) if named else SOURCE / "build/tests/e2e/postdesk-kill"
    return path.absolute() if path.is_file() else None


class Killed(DeskCase):
    @classmethod
    def setUpClass(cls):
        cls.binary = kill_build()
        if cls.binary is None:
            raise unittest.SkipTest("there is no program with kill points: make check builds it")
        cls.servers = shared_servers()

    def new_run(self):
        run = Run(self.desk(binary=self.binary))
        run.put()
        return run

    def role(self, run, role, step=None, log=None, codes=(0,)):
        environment = {}
        if step:
            environment["POSTDESK_KILL"] = "%s:%d" % step
        if log:
            environment["POSTDESK_KILL_LOG"] = str(log)
        done = run.desk.run(role, "--once", env=environment)
        if done.returncode not in codes:
            raise Failed(f"{role} with {step}: exit {done.returncode}\n{done.stderr.decode()}")
        return done.returncode

    def undisturbed(self):
        """A run that nothing disturbs: its facts, and each role's steps with how often."""
        run = self.new_run()
        steps = {}
        for role in ROLES:
            log = run.desk.folder / f"{role}.steps"
            self.role(run, role, log=log)
            steps[role] = Counter(log.read_text().split("\n")[:-1]) if log.exists() else Counter()
        self.assertEqual(len(run.ledger()), run.COUNT)
        facts = run.facts()
        self.assertEqual({state for *_, state in facts["outbox"]}, {"sent"})
        run.desk.do("verify")
        run.desk.remove()
        return facts, steps

    @staticmethod
    def passings(count):
        """First, second and last."""
        return sorted({1, min(2, count), count})

    def test_every_step_of_every_role(self):
        """I1 to I6: whatever step the program dies at, the end is the same."""
        facts, steps = self.undisturbed()
        for role in ROLES:
            self.assertTrue(steps[role], f"{role} passes no durable step")
        cases = [(role, name, count) for role in ROLES for name, often in steps[role].items()
                 for count in self.passings(often)]
        for role, name, count in cases:
            with self.subTest(role=role, step=name, passing=count):
                self.die_and_resume(facts, role, (name, count))

    @staticmethod
    def unanswered(log):
        """How many mails may be unknown: those whose final dot was noted, but whose answer
        was not (a kill at "answered" comes before the note)."""
        steps = log.read_text().split("\n")[:-1] if log.exists() else []
        passed = Counter(steps)
        answered = passed[ANSWERED] - (steps[-1:] == [ANSWERED])
        return max(0, passed[DOT_NOTED] - answered)

    def die_and_resume(self, facts, dying, step):
        run = self.new_run()
        log = run.desk.folder / "killed.steps"
        for role in ROLES[:ROLES.index(dying)]:
            self.role(run, role)
        self.assertEqual(self.role(run, dying, step, log, codes=(0, KILLED)), KILLED,
                         "it was not killed there")
        self.check_after_the_kill(run)
        for role in ROLES[ROLES.index(dying):]:
            self.role(run, role)
        self.assertEqual(run.difference(facts, self.unanswered(log)), "")
        run.desk.do("verify")
        run.desk.remove()

    def check_after_the_kill(self, run):
        """Right after the kill, before anything is resumed."""
        flags = run.flags()
        known = {row["uid"] for row in run.desk.ledger()}
        touched = {uid for uid, names in flags.items() if names}
        self.assertLessEqual(touched, known, "I1: touched before it was committed")
        tickets = {ticket["number"] for ticket in run.desk.tickets()}
        told = {mail["ticket"] for mail in run.desk.outbox() if mail["ticket"]}
        self.assertLessEqual(told, tickets, "I4: a mail about a ticket that is not there")

    def test_twice_at_the_same_step(self):
        """I5: dying again while resuming does not send again."""
        facts, steps = self.undisturbed()
        for name in steps["deliver"]:
            with self.subTest(step=name):
                run = self.new_run()
                self.role(run, "collect")
                self.role(run, "process")
                for _ in range(2):
                    self.role(run, "deliver", (name, 1), codes=(0, KILLED))
                self.role(run, "deliver")
                self.assertEqual(run.difference(facts, run.COUNT), "")
                run.desk.remove()

    def role_steps(self, run, role):
        """What the role passes when it is run: each step, and how often."""
        log = run.desk.folder / f"{role}.steps"
        self.role(run, role, log=log)
        return Counter(log.read_text().split("\n")[:-1]) if log.exists() else Counter()

    def alarmed_run(self):
        """One in which the clock has something to do: alarms to mail, words to index."""
        run = self.new_run()
        for role in ROLES:
            self.role(run, role)
        run.desk.do("set", "1", "urgency=high")
        return run

    def after_the_clock(self, run):
        self.role(run, "clock")
        self.role(run, "deliver")
        run.desk.do("verify")
        subjects = sorted(str(mail["Subject"]) for mail in run.desk.received(run.desk.admin))
        timers = [run._plain(event["kind"]) for event in run.desk.events(1)]
        return subjects, timers, len(run.desk.json("search", "VPN")["tickets"])

    def test_every_step_of_the_clock(self):
        """I4 to I6: alarms are mailed once, timers run once, words are indexed."""
        run = self.alarmed_run()
        steps = self.role_steps(run, "clock")
        expected = self.after_the_clock(run)
        self.assertTrue(steps and expected[0] and expected[2], (steps, expected))
        run.desk.remove()
        for name, often in steps.items():
            for count in self.passings(often):
                with self.subTest(step=name, passing=count):
                    run = self.alarmed_run()
                    self.assertEqual(self.role(run, "clock", (name, count), codes=(0, KILLED)), KILLED)
                    self.assertEqual(self.after_the_clock(run), expected)
                    run.desk.remove()

    def thrice_the_same_file(self):
        """Once in other lines."""
        desk = self.desk(binary=self.binary)
        for width in (76, 76, 64):
            mail = letter(self.person(), desk.address)
            mail.add_attachment(FILE, maintype="application", subtype="pdf", filename="a.pdf")
            desk.do("inject", input=rewrapped(mail, width))
        desk.process_inbox()
        return desk

    def assert_all_whole(self, desk):
        for number in (1, 2, 3):
            folder = desk.folder / f"out-{number}"
            desk.do("show", number, "--attachments", folder)
            self.assertEqual([path.read_bytes() for path in folder.iterdir()], [FILE])
        return desk.json("verify")["shared_bytes"]

    def test_every_step_of_sharing(self):
        """A mail whose bytes are given back is whole at each moment."""
        desk = self.thrice_the_same_file()
        log = desk.folder / "steps"
        desk.do("clock", "--once", env={"POSTDESK_KILL_LOG": str(log)})
        steps = Counter(log.read_text().split("\n")[:-1])
        self.assertIn("sharing.hole", steps)
        shared = self.assert_all_whole(desk)
        self.assertGreater(shared, 2 * len(FILE))
        for name, often in steps.items():
            for count in self.passings(often):
                with self.subTest(step=name, passing=count):
                    desk = self.thrice_the_same_file()
                    done = desk.run("clock", "--once", env={"POSTDESK_KILL": f"{name}:{count}"})
                    self.assertEqual(done.returncode, KILLED)
                    self.assert_all_whole(desk)
                    desk.do("clock", "--once")
                    self.assertEqual(self.assert_all_whole(desk), shared)
                    desk.remove()

    def injected(self, desk, mail, **environment):
        return desk.run("inject", input=mail, env=environment).returncode

    def test_every_step_of_inject(self):
        """I2, I3: an MTA whose pipe died tries again: the mail is taken in, and once."""
        desk = self.desk(binary=self.binary)
        log = desk.folder / "steps"
        mail = bytes(letter(self.person(), desk.address))
        self.assertEqual(self.injected(desk, mail, POSTDESK_KILL_LOG=str(log)), 0)
        steps = Counter(log.read_text().split("\n")[:-1])
        self.assertTrue(steps)
        for name, often in steps.items():
            for count in self.passings(often):
                with self.subTest(step=name, passing=count):
                    desk = self.desk(binary=self.binary)
                    self.assertEqual(self.injected(desk, mail, POSTDESK_KILL=f"{name}:{count}"), KILLED)
                    self.assertEqual(self.injected(desk, mail), 0)
                    desk.process_inbox()
                    self.one_ticket(desk)
                    desk.do("verify")
                    desk.remove()

    def test_under_run(self):
        """I1 to I6 with all roles at once: the desk dies at each step's first passing."""
        facts, log = self.undisturbed_desk()
        for name in sorted(set(log)):
            with self.subTest(step=name):
                run = self.new_run()
                steps = run.desk.folder / "steps"
                run.desk.start({"POSTDESK_KILL": f"{name}:1", "POSTDESK_KILL_LOG": str(steps)})
                self.await_step(run, steps, name)
                run.desk.kill()
                self.check_after_the_kill(run)
                self.finish(run)
                self.assertEqual(run.difference(facts, run.COUNT), "")
                run.desk.do("verify")
                run.desk.remove()

    def test_nobody_waits_for_a_knock_that_died(self):
        """A role is cut off between a commit and the knock that tells the next one of it: its
        successor knocks, or the mail would lie until the next one comes."""
        for step in ("collect.committed", "process.committed"):
            with self.subTest(step=step):
                desk = self.desk(binary=self.binary)
                desk.start({"POSTDESK_KILL": f"{step}:1"})
                person = self.person()
                desk.put(letter(person, desk.address))
                desk.received(person, 1)
                desk.wait_for(lambda: desk.stop() == 0, "a clean stop")

    def undisturbed_desk(self):
        run = self.new_run()
        steps = run.desk.folder / "steps"
        self.finish(run, {"POSTDESK_KILL_LOG": str(steps)})
        facts = run.facts()
        log = steps.read_text().split("\n")[:-1]
        run.desk.remove()
        return facts, log

    def finish(self, run, environment=None):
        run.desk.start(environment)
        run.desk.wait_for(lambda: run.desk.settled(run.COUNT), "the end of the work", RUN_SECONDS)
        run.desk.wait_for(lambda: run.desk.stop() == 0, "a clean stop")

    def await_step(self, run, steps, name):
        """The step was passed (and the role that passed it is dead), or never will be."""
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if steps.exists() and name in steps.read_text().split("\n"):
                return
            time.sleep(0.005)


if __name__ == "__main__":
    main()
