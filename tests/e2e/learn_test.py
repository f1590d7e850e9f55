#!/usr/bin/env python3
"""What rules did, what a shadow would have done, and what people made of it."""

from case import DeskCase, main

RULES = """\
rules:
  - id: learn/nearly
    when: {text: 'teapot', domain: nowhere.example, origin: person}
    then: {queue: servicedesk}
  - id: learn/two-off
    when: {text: 'teapot', body: 'kettle', domain: nowhere.example}
    then: {queue: servicedesk}
  - id: learn/no-words
    when: {text: 'no such words anywhere', origin: person}
    then: {queue: servicedesk}
  - id: learn/never
    when: {text: 'no such words anywhere'}
    then: {queue: servicedesk}
  - id: learn/printer
    when: {text: 'teapot'}
    then: {category: other, queue: servicedesk, stop: true}
"""

VOTES = """\
rules:
  - id: learn/voter
    when: {text: 'teapot'}
    then: {votes: {network/vpn: 90}, stop: true}
"""

SHADOW = """\
rules:
  - id: learn/ghost
    shadow: true
    when: {text: 'teapot'}
    then: {queue: ghosts, drop: not wanted}
"""


class Learn(DeskCase):
    def stats(self, desk, *more):
        told = desk.json("rules", "stats", *more)
        rows = {row["id"]: row for row in told["rules"]}
        return rows, {row["id"]: row for row in told["gone"]}

    def desk_with_rules(self):
        desk = self.desk()
        folder = desk.own_rules()
        (folder / "00-a-ghost.yaml").write_text(SHADOW, encoding="utf-8")
        (folder / "00-learn.yaml").write_text(RULES, encoding="utf-8")
        return desk, folder

    def call(self, desk, subject):
        desk.do("new", "--caller", self.person(), "--subject", subject, "--text", "It is broken.")

    def test_hits_corrections_and_shadows_are_counted(self):
        desk, _ = self.desk_with_rules()
        for number in range(3):
            self.call(desk, f"teapot {number}")
        tickets = sorted(ticket["number"] for ticket in desk.tickets())
        self.assertEqual(len(tickets), 3)  # the shadow drops nothing
        for number in tickets[:2]:
            desk.do("set", str(number), "queue=network")
        rows, gone = self.stats(desk)
        hit = rows["learn/printer"]
        self.assertEqual((hit["hits"], hit["changed"], hit["failed"]), (3, 2, 0))
        self.assertEqual(hit["commonest"],
                         {"change": "queue servicedesk -> network", "times": 2})
        self.assertIsNotNone(hit["last_hit"])
        ghost = rows["learn/ghost"]
        self.assertEqual((ghost["hits"], ghost["shadow_hits"], ghost["differed"]), (0, 3, 3))
        self.assertEqual((rows["learn/never"]["hits"], rows["learn/never"]["last_hit"]), (0, None))
        near = {name: rows[name]["near"] for name in rows if name.startswith("learn/")}
        self.assertEqual(near, {"learn/nearly": 3, "learn/two-off": 0, "learn/no-words": 0, "learn/never": 0,
                                "learn/printer": 0, "learn/ghost": 0})
        self.assertRegex(desk.do("explain", str(tickets[0])).decode(),
                         r"learn/nearly.*\n.*\n +text: yes\n.*\n +domain: no  nowhere.example")
        self.assertEqual(gone, {})
        self.assertIn("would set queue to ghosts",
                      desk.do("explain", str(tickets[0])).decode())
        table = desk.do("rules", "stats").decode()
        self.assertRegex(table, r"learn/never\t0\tnever")

    def test_those_who_voted_answer_for_the_category(self):
        desk, folder = self.desk_with_rules()
        (folder / "00-learn.yaml").write_text(VOTES, encoding="utf-8")
        self.call(desk, "teapot")
        ticket = desk.tickets()[0]
        self.assertEqual(ticket["category"], "network/vpn")
        desk.do("set", str(ticket["number"]), "category=other")
        voter = self.stats(desk)[0]["learn/voter"]
        self.assertEqual(voter["commonest"],
                         {"change": "category network/vpn -> other", "times": 1})

    def test_a_change_taken_back_is_none(self):
        desk, _ = self.desk_with_rules()
        self.call(desk, "teapot")
        number = str(desk.tickets()[0]["number"])
        desk.do("set", number, "queue=network")
        desk.do("set", number, "queue=servicedesk")
        self.assertEqual(self.stats(desk)[0]["learn/printer"]["changed"], 0)

    def test_rules_that_were_deleted_stand_apart(self):
        desk, folder = self.desk_with_rules()
        self.call(desk, "teapot")
        (folder / "00-learn.yaml").unlink()
        rows, gone = self.stats(desk, "--since", "1d")
        self.assertNotIn("learn/printer", rows)
        self.assertEqual(gone["learn/printer"]["hits"], 1)


if __name__ == "__main__":
    main()
