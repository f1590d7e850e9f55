#!/usr/bin/env python3
"""How often and when people are mailed, over real servers: one mail for several changes, told by
the desk itself when its time has come, once, whatever it dies at in between."""

import time
import unittest
from collections import Counter

from case import DeskCase, main, shared_servers
from kill_test import KILLED, kill_build
from letters import reply

PEOPLE = """\
people:
  - {{name: Dora, address: {dora}, role: dispatcher, language: en, mail: digest}}
"""


def text_of(mail):
    return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")


class Pace(DeskCase):
    def gathering(self, **options):
        """A desk with a ticket whose changes wait to be told; its reporter."""
        desk, wang = self.desk(answers={"gather": "1s"}, **options), self.person()
        self.report(desk, wang)
        desk.do("set", 1, "status=open")
        desk.do("set", 1, "status=waiting")
        return desk, wang

    def await_due(self, desk):
        self.assertEqual(len(desk.json("outbox")["gathered"]), 2)
        time.sleep(1.1)

    def test_changes_are_gathered_and_told_in_one_mail(self):
        desk, wang = self.gathering()
        shown = desk.show(1)["gathered"]
        self.assertEqual([row["recipient"] for row in shown], [wang, wang])
        self.assertIn("gathered", shown[0]["why"])
        self.assertEqual(desk.json("status", codes=(0, 1))["gathered"]["count"], 2)
        self.await_due(desk)
        desk.do("clock", "--once")
        desk.do("clock", "--once")
        desk.deliver()
        told = desk.received(wang, 2)[-1]
        self.assertIn('from "registered" to "waiting', text_of(told))
        mailed = [event for event in desk.events(1) if event["kind"] == "mailed"][-1]
        self.assertEqual(len(mailed["data"]["gathered"]), 2)
        self.assertEqual(desk.json("outbox", "--state", "gathered")["gathered"], [])
        desk.put(reply(told, wang, "It is version 5.\n"), to=desk.address)
        desk.cycle()
        self.assertEqual(self.one_ticket(desk)["status"], "open")
        desk.do("verify")

    def test_the_desk_tells_it_by_itself(self):
        desk, wang = self.desk(answers={"gather": "1s"}), self.person()
        self.report(desk, wang)
        desk.start()
        desk.do("set", 1, "status=open")
        self.assertIn("in progress", text_of(desk.received(wang, 2)[-1]))
        desk.do("set", 1, "status=waiting")
        desk.do("undo", 1)
        desk.wait_for(lambda: desk.events(1)[-1]["kind"] == "untold", "the end of the second")
        desk.received(wang, 2)

    def test_a_digest_waits(self):
        dora = self.person("dora", "desk.example")
        desk, wang = self.desk(), self.person()
        rules = desk.own_rules()
        (rules / "people.yaml").write_text(PEOPLE.format(dora=dora), encoding="utf-8")
        self.report(desk, wang)
        desk.do("watch", 1, dora)
        desk.do("reply", 1, "We are at it.")
        desk.deliver()
        desk.received(wang, 2)
        desk.received(dora, 0)
        row = desk.show(1)["gathered"][0]
        self.assertTrue(row["digest"])
        self.assertIn("in the digest of", row["why"])


class Killed(Pace):
    """I4, I5: at whichever step the clock dies, what was gathered is told once."""

    @classmethod
    def setUpClass(cls):
        cls.binary = kill_build()
        if cls.binary is None:
            raise unittest.SkipTest("there is no build with kill points")
        cls.servers = shared_servers()

    test_changes_are_gathered_and_told_in_one_mail = None
    test_the_desk_tells_it_by_itself = None
    test_a_digest_waits = None

    def clock(self, desk, step=None, log=None):
        environment = {"POSTDESK_KILL_LOG": str(log)} if log else {}
        if step:
            environment["POSTDESK_KILL"] = "%s:%d" % step
        return desk.run("clock", "--once", env=environment).returncode

    def test_each_step_of_the_clock(self):
        desk, _ = self.gathering(binary=self.binary)
        self.await_due(desk)
        log = desk.folder / "clock.steps"
        self.assertEqual(self.clock(desk, log=log), 0)
        steps = Counter(log.read_text().split("\n")[:-1])
        self.assertIn("clock.gathered", steps)
        for name, count in steps.items():
            for passing in sorted({1, count}):
                with self.subTest(step=name, passing=passing):
                    self.die_and_resume((name, passing))

    def die_and_resume(self, step):
        desk, wang = self.gathering(binary=self.binary)
        self.await_due(desk)
        self.assertEqual(self.clock(desk, step), KILLED, "it was not killed there")
        self.assertEqual(self.clock(desk), 0)
        desk.deliver()
        desk.received(wang, 2)
        kinds = Counter(event["kind"] for event in desk.events(1))
        self.assertEqual(kinds["mailed"], 2)
        desk.do("verify")
        desk.remove()


if __name__ == "__main__":
    main()
