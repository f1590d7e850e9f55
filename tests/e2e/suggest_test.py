#!/usr/bin/env python3
"""What people correct becomes a rule: proposed, tested, and shown by a replay before it goes in."""

import shutil

from case import DeskCase, main

# The rules that ship know nothing of this machine.
WRONG = [("量子盒登录不了", "屏幕上总是提示错误。"), ("今天进不了量子盒", "影响运维。"),
         ("运维", "打开量子盒以后是空白的页面。"), ("紧急", "我们的量子盒没有响应。")]
OTHERS = [("打印机卡纸", "办公室的打印机卡纸了。"), ("VPN连不上", "在家里VPN连不上。"),
          ("Printer offline", "The printer on floor 3 is offline."), ("登录不了", "密码忘记了。"),
          ("网络很慢", "三楼的网络很慢，影响运维。"), ("紧急", "电脑开机以后是空白的页面。")]


class Suggest(DeskCase):
    def take_in(self, desk, mails, senders=()):
        """The tickets' numbers, in order."""
        files = []
        for number, (subject, text) in enumerate(mails):
            sender = senders[number] if senders else self.person()
            path = desk.folder / f"mail-{number}.eml"
            path.write_text(f"From: {sender}\nTo: {desk.address}\nMIME-Version: 1.0\n"
                            f"Content-Type: text/plain; charset=utf-8\nSubject: {subject}\n"
                            f"Message-ID: <{number}@{desk.user}>\n\n{text}\n", encoding="utf-8")
            files.append(path)
        desk.do("inject", *files)
        desk.process_inbox()
        return sorted(ticket["number"] for ticket in desk.tickets())

    def desk_with_corrections(self, left_alone=0):
        """Mails of which people put some right, all but so many."""
        desk = self.desk()
        rules = desk.own_rules()
        wrong = self.take_in(desk, WRONG + OTHERS)[:len(WRONG)]
        for number in wrong[left_alone:]:
            desk.do("set", str(number), "category=data/extract", "queue=data")
        return desk, rules, wrong

    def test_a_proposal_passes_its_tests_and_does_as_people_did(self):
        desk, rules, wrong = self.desk_with_corrections()
        told = desk.json("rules", "suggest")
        rule, = told["rules"]
        self.assertEqual(rule["set"], {"category": "data/extract", "queue": "data"})
        self.assertEqual(rule["when"], ["text: '量子盒'"])
        self.assertEqual(sorted(rule["tickets"]), wrong)
        self.assertEqual([(field["precision"], field["recall"]) for field in rule["fields"]],
                         [(100, 100), (100, 100)])
        with_it = rules.parent / "with-it"
        shutil.copytree(rules, with_it)
        file = with_it / told["file"]
        desk.do("rules", "suggest", "--output", file)
        self.assertEqual(file.read_text(encoding="utf-8"), told["yaml"])
        self.assertTrue(desk.json("rules", "test", with_it)["ok"])
        rows = desk.json("rules", "replay", "--rules", with_it)["rows"]
        moved = {one["ticket"] for row in rows if row["to"] == "data/extract" for one in row["which"]}
        self.assertEqual(sorted(moved), wrong)

    def test_what_rules_of_today_do_is_no_correction_any_more(self):
        desk, rules, _ = self.desk_with_corrections()
        told = desk.json("rules", "suggest")
        senders = {ticket["reporter"]["address"] for ticket in desk.tickets()}
        self.assertFalse([sender for sender in senders if sender in told["yaml"]])
        (rules / told["file"]).write_text(told["yaml"], encoding="utf-8")
        again = desk.json("rules", "suggest")
        self.assertEqual((again["corrections"], again["obsolete"], again["rules"]), (8, 8, []))

    def test_what_falls_short_is_told_with_the_tickets_to_look_at(self):
        desk, _, wrong = self.desk_with_corrections(left_alone=1)
        told = desk.json("rules", "suggest")
        self.assertEqual(told["rules"], [])
        refused = told["refused"][0]
        self.assertEqual(refused["when"], ["text: '量子盒'"])
        self.assertIn(f"75% (3 of 4); people left #{wrong[0]} otherwise", refused["reason"])
        rule, = desk.json("rules", "suggest", "--min-precision", "75", "--field", "queue")["rules"]
        self.assertEqual(rule["set"], {"queue": "data"})

    def test_two_words_are_asked_for_where_one_does_not_tell(self):
        desk = self.desk()
        rules = desk.own_rules()
        mails = [(f"About the flumbix {number}", "It is not as it was.") for number in range(8)]
        mails += [(f"Greetings {number}", "It is not as it was.") for number in range(4)]
        halls, other = "hall.example.org", "yard.example.org"
        senders = [f"p{number}@{halls if number in (0, 1, 2, 3, 8, 9) else other}" for number in range(12)]
        numbers = self.take_in(desk, mails, senders)
        for number in numbers[:4]:
            desk.do("set", str(number), "queue=halls")
        told = desk.json("rules", "suggest")
        rule, = told["rules"]
        self.assertEqual(sorted(rule["when"]), [f"domain: '{halls}'", r"text: '\bflumbix\b'"])
        self.assertEqual(sorted(rule["tickets"]), numbers[:4])
        (rules / told["file"]).write_text(told["yaml"], encoding="utf-8")
        self.assertTrue(desk.json("rules", "test")["ok"])

    def test_a_rule_that_breaks_a_test_is_refused(self):
        desk, rules, _ = self.desk_with_corrections()
        (rules / "95-held.yaml").write_text(
            "tests:\n  - {subject: 量子盒, expect: {category: other}}\n", encoding="utf-8")
        told = desk.json("rules", "suggest")
        self.assertEqual(told["rules"], [])
        self.assertIn("95-held.yaml:2", told["refused"][0]["reason"])

    def test_a_proposal_comes_before_the_rule_that_decides_today(self):
        desk, rules, _ = self.desk_with_corrections()
        (rules / "03-own.yaml").write_text(
            "rules:\n  - id: own/quantum\n    when: {text: '量子'}\n    then: {category: other, stop: true}\n",
            encoding="utf-8")
        told = desk.json("rules", "suggest")
        self.assertEqual(told["before"], "03-own.yaml")
        self.assertLess(told["file"], "03-own.yaml")
        (rules / told["file"]).write_text(told["yaml"], encoding="utf-8")
        self.assertTrue(desk.json("rules", "test")["ok"])

    def test_a_test_is_made_of_each_correction(self):
        desk, rules, wrong = self.desk_with_corrections()
        told = desk.json("rules", "suggest", "--tests")
        self.assertEqual(sorted(test["ticket"] for test in told["tests"]), wrong)
        (rules / "95-wanted.yaml").write_text(told["yaml"], encoding="utf-8")
        self.assertEqual(desk.run("rules", "test").returncode, 1)  # no rule does as people did
        (rules / "05-rule.yaml").write_text(
            "rules:\n  - id: quantum\n    when: {text: '量子盒'}\n"
            "    then: {category: data/extract, queue: data}\n", encoding="utf-8")
        self.assertTrue(desk.json("rules", "test")["ok"])

    def test_wrong_options_are_refused(self):
        desk = self.desk()
        for options in (["--field", "subject"], ["--min-precision", "0"], ["--since", "soon"], ["more"]):
            self.assertEqual(desk.run("rules", "suggest", *options).returncode, 2, options)


if __name__ == "__main__":
    main()
