#!/usr/bin/env python3
"""Why a mail was handled as it was: told in full, and still told when the rules are others."""

import shutil

from case import DeskCase, main

RULES = """\
rules:
  - id: why/asset
    when: {subject: 'teapot (?<asset>[A-Z]+-[0-9]+)', department: Kitchen, not: {body: 'only a test'}}
    then: {queue: kitchen, tags: [tea], fields: {asset: '${asset}'}}
  - id: why/other
    when: {subject: 'kettle'}
    then: {queue: never}
  - id: why/vote
    when: {subject: 'teapot'}
    then: {votes: {network/vpn: 90}}
  - id: why/stop
    when: {subject: 'teapot'}
    then: {stop: true}
  - id: why/late
    when: {subject: 'teapot'}
    then: {queue: late}
"""
PEOPLE = "people:\n  - {{name: Li, addresses: ['{0}'], department: Kitchen}}\n"


class Explain(DeskCase):
    def desk_with_ticket(self):
        desk = self.desk()
        rules = desk.own_rules()
        caller = self.person()
        (rules / "00-a-why.yaml").write_text(RULES, encoding="utf-8")
        (rules / "people.yaml").write_text(PEOPLE.format(caller), encoding="utf-8")
        number = desk.json("new", "--caller", caller, "--subject", "teapot TP-7 leaks", "--text", "Badly.")["ticket"]
        return desk, rules, str(number)

    def rules_of(self, decision):
        return {rule["id"]: rule for rule in decision["rules"]}

    def outcomes(self, decision):
        return [(rule["id"], rule["outcome"]) for rule in decision["rules"]]

    def test_every_rule_is_told_with_its_conditions(self):
        desk, _, number = self.desk_with_ticket()
        decision = desk.json("explain", number)["decision"]
        rules = self.rules_of(decision)
        outcomes = {name[4:]: rule["outcome"] for name, rule in rules.items() if name.startswith("why/")}
        self.assertEqual(outcomes, {"asset": "applied", "other": "no", "vote": "applied", "stop": "applied",
                                    "late": "skipped"})
        self.assertEqual(rules["why/late"]["skipped_by"], "why/stop")
        subject, department, not_test = rules["why/asset"]["when"]["of"]
        match, = subject["matched"]
        self.assertEqual((match["start"], match["end"], match["text"], match["after"], match["captures"]),
                         (0, 11, "teapot TP-7", " leaks", {"asset": "TP-7"}))
        self.assertEqual((department["result"], department["one_of"]), ("yes", ["Kitchen"]))
        self.assertEqual((not_test["result"], not_test["of"][0]["result"]), ("yes", "no"))
        self.assertEqual(rules["why/other"]["when"]["result"], "no")
        self.assertEqual(rules["why/asset"]["then"]["tags"], ["tea"])
        self.assertEqual(decision["facts"], {"department": "Kitchen"})
        self.assertEqual(decision["votes"], {"network/vpn": 90})
        self.assertEqual(decision["fields"]["category"], {"value": "network/vpn", "by": "votes"})
        self.assertEqual(decision["fields"]["priority"]["by"], "matrix")
        text = desk.do("explain", number).decode()
        for told in ("[teapot TP-7] leaks…  (bytes 0 to 11)", "asset = TP-7", "'why/stop' stops before it",
                     "by votes", "fields.asset  TP-7", "tea", "department    Kitchen"):
            self.assertIn(told, text)
        self.assertNotIn("why/other", text)
        self.assertRegex(desk.do("explain", "--all", number).decode(), r"why/other.*\n +subject: no  kettle")

    def test_it_is_told_when_rules_and_people_are_others(self):
        desk, rules, number = self.desk_with_ticket()
        whole = desk.json("explain", number)["decision"]
        then = rules.parent / "then"
        shutil.copytree(rules, then)
        (rules / "people.yaml").write_text("people: []\n", encoding="utf-8")
        self.assertEqual(desk.json("explain", number)["decision"], whole)  # asked as it was asked then
        (rules / "00-a-why.yaml").write_text("rules: []\n", encoding="utf-8")
        why = desk.json("explain", number)
        self.assertNotIn("decision", why)
        self.assertIn("rules have changed", why["incomplete"])
        stored = self.rules_of(why["rules"])
        self.assertEqual(stored["why/asset"]["hits"],
                         [["subject", "teapot (?<asset>[A-Z]+-[0-9]+)", 0, 11, "teapot TP-7", {"asset": "TP-7"}]])
        self.assertEqual(why["rules"]["fields"], whole["fields"])
        text = desk.do("explain", number).decode()
        self.assertIn("asset = TP-7", text)
        self.assertIn("rules after 'why/stop' were not asked", text)
        (then / "people.yaml").write_text("people: []\n", encoding="utf-8")
        again = desk.json("explain", number, "--rules", then)["decision"]
        self.assertEqual((again["rule_set"], self.outcomes(again)), (whole["rule_set"], self.outcomes(whole)))

    def test_tickets_given_to_nobody_of_the_desk_are_told(self):
        desk, rules, _ = self.desk_with_ticket()
        (rules / "people.yaml").write_text(
            "people:\n  - {name: Wang Wu, addresses: [wang@desk.example], role: engineer}\n", encoding="utf-8")
        (rules / "00-b-given.yaml").write_text(
            "rules:\n"
            "  - {id: given/known, when: {subject: one}, then: {assign: Wang Wu}}\n"
            "  - {id: given/duty, when: {subject: two}, then: {assign: on-duty}}\n"
            "  - {id: given/typo, when: {subject: three}, then: {assign: Wang Wi}}\n"
            "  - {id: given/nobody, when: {subject: four}, then: {assign: li@elsewhere.example}}\n", encoding="utf-8")
        told = [entry for entry in desk.json("rules", "lint")["diagnostics"] if "nobody" in entry["text"]]
        self.assertEqual([entry["line"] for entry in told], [4, 5])
        self.assertIn("did you mean 'Wang Wu'?", told[0]["text"])

    def test_a_pattern_without_an_answer_is_told_and_holds_nothing_back(self):
        desk = self.desk()
        rules = desk.own_rules()
        (rules / "00-a-dear.yaml").write_text(
            "rules:\n"
            "  - {id: dear/yes, when: {body: '^(?:(?:a|aa)+)+b$'}, then: {tags: [dear]}}\n"
            "  - {id: dear/not, when: {not: {body: '^(?:(?:a|aa)+)+b$'}}, then: {tags: [dear]}}\n", encoding="utf-8")
        ticket = desk.json("new", "--caller", self.person(), "--subject", "Printer jam",
                           "--text", "a" * 900 + "c\n\nb")["ticket"]
        shown = desk.json("show", ticket)
        self.assertEqual((shown["queue"], shown["tags"]), ("hardware", []))
        told = "body: unknown, for it took too many steps"
        self.assertEqual(desk.do("explain", ticket).decode().count(told), 2)
        (rules / "00-a-dear.yaml").write_text("rules: []\n", encoding="utf-8")
        self.assertEqual(desk.do("explain", ticket).decode().count(told), 2)
        self.assertTrue(any("dear/not" in alarm["subject"] for alarm in desk.json("status")["alarms"]))

    def test_any_message_can_be_explained(self):
        desk, _, number = self.desk_with_ticket()
        self.assertEqual(desk.json("explain", "message:1"), desk.json("explain", number))
        self.assertEqual(desk.run("explain", "message:99").returncode, 2)

    def test_a_file_is_judged_at_the_time_that_it_or_the_option_names(self):
        desk = self.desk()
        (desk.own_rules() / "00-a-night.yaml").write_text(
            "rules:\n  - {id: night, when: {time: {outside: default}}, then: {tags: [night]}}\n", encoding="utf-8")
        mail = ("From: li@example.org\nTo: desk@example.org\nSubject: Printer jam\n"
                "Date: Tue, 01 Dec 2026 10:00:00 +0800\n\nAgain.\n").encode()

        def applies(*options):
            rules = desk.json("explain", *options, "-", input=mail)["decision"]["rules"]
            return self.rules_of({"rules": rules})["night"]["outcome"] == "applied"

        self.assertFalse(applies())
        self.assertTrue(applies("--at", "2026-12-01 23:00"))
        self.assertFalse(applies("--at", "2026-12-01T02:00:00Z"))
        self.assertEqual(desk.run("explain", "--at", "noon", "-", input=mail).returncode, 2)


if __name__ == "__main__":
    main()
