#!/usr/bin/env python3
"""Past mail through other rules: what would come out otherwise, and nothing is changed."""

import shutil

from case import DeskCase, main

MAILS = (("teapot one", "It is broken."), ("teapot two", "It is broken."), ("kettle", "It leaks."))

OLD = """\
rules:
  - id: replay/teapot
    when: {subject: 'teapot'}
    then: {category: other, queue: servicedesk, impact: high, urgency: high, stop: true}
"""

NEW = """\
rules:
  - id: replay/named
    when: {subject: '(?<what>teapot|kettle)'}
    then: {merge_key: 'what=${what}', fields: {what: '${what}'}, tags: [named], queue: kitchen}
"""


class Replay(DeskCase):
    def desk_with_mail(self):
        """A desk with three tickets, and a copy of its rules to change."""
        desk = self.desk()
        rules = desk.own_rules()
        (rules / "00-a-teapot.yaml").write_text(OLD, encoding="utf-8")
        for subject, text in MAILS:
            desk.do("new", "--caller", self.person(), "--subject", subject, "--text", text)
        copy = rules.parent / "other-rules"
        shutil.copytree(rules, copy)
        return desk, copy

    def change(self, copy, old, new):
        path = copy / "00-a-teapot.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")

    def test_the_same_rules_change_nothing(self):
        desk, copy = self.desk_with_mail()
        told = desk.json("rules", "replay", "--rules", copy)
        self.assertEqual((told["messages"], told["asked"], told["unreadable"], told["rows"]), (3, 3, 0, []))

    def test_a_change_is_a_row_with_its_tickets(self):
        desk, copy = self.desk_with_mail()
        before = [desk.json("show", ticket["number"]) for ticket in desk.tickets()]
        self.change(copy, "servicedesk", "kitchen")
        row, = desk.json("rules", "replay", "--rules", copy)["rows"]
        self.assertEqual((row["field"], row["from"], row["to"], row["messages"]),
                         ("queue", "servicedesk", "kitchen", 2))
        named = {one["ticket"] for one in row["which"]}
        subjects = {ticket["number"]: ticket["subject"] for ticket in desk.tickets()}
        self.assertEqual({subjects[number] for number in named}, {"teapot one", "teapot two"})
        self.assertEqual([desk.json("show", ticket["number"]) for ticket in desk.tickets()], before)

    def assert_same_anew(self, desk, copy, most):
        """Asking every rule again finds the same; most: mails that come out otherwise."""
        quick = desk.json("rules", "replay", "--rules", copy)
        self.assertEqual(desk.json("rules", "replay", "--rules", copy, "--anew"), quick)
        self.assertEqual(quick["guards"]["any change"]["messages"], most)

    def test_rules_that_answered_already_say_the_same_when_asked_again(self):
        desk, copy = self.desk_with_mail()
        self.assert_same_anew(desk, copy, 0)
        (copy / "00-b-new.yaml").write_text(NEW, encoding="utf-8")
        self.assert_same_anew(desk, copy, 1)
        self.change(copy, ", stop: true", "")
        self.assert_same_anew(desk, copy, 3)
        (desk.folder / "rules" / "00-a-teapot.yaml").write_text(OLD.replace("high", "low"), encoding="utf-8")
        self.assert_same_anew(desk, copy, 3)  # what is stored was decided by rules that are gone

    def test_a_forbidden_change_is_told_by_the_exit_code(self):
        desk, copy = self.desk_with_mail()
        self.change(copy, "urgency: high", "urgency: low")
        replay = ("rules", "replay", "--rules", copy)
        self.assertEqual(desk.run(*replay).returncode, 0)
        self.assertEqual(desk.run(*replay, "--forbid", "queue changes").returncode, 0)
        done = desk.run(*replay, "--forbid", "queue changes", "--forbid", "priority drops")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(desk.run(*replay, "--forbid", "no such guard").returncode, 2)

    def test_rules_with_errors_are_told_and_not_replayed(self):
        desk, copy = self.desk_with_mail()
        self.change(copy, "subject:", "subjct:")
        done = desk.run("rules", "replay", "--rules", copy)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"subject", done.stderr + done.stdout)


if __name__ == "__main__":
    main()
