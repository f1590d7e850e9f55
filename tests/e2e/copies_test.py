#!/usr/bin/env python3
"""The same mail twice is one ticket and one answer; so is processing it again (I3)."""

from case import DeskCase, main
from letters import letter, unique


class Copies(DeskCase):
    def assert_one_ticket_one_answer(self, desk, person, rows):
        ticket = self.one_ticket(desk)
        desk.received(person, 1)
        ledger = desk.ledger()
        self.assertEqual(len(ledger), rows)
        outcomes = sorted(row["outcome"] for row in ledger)
        self.assertEqual(outcomes.count("created"), 1, ledger)
        for row in ledger:
            if row["outcome"] == "ignored":
                self.assertTrue(row["reason"])
        return ticket

    def test_same_mail_twice_in_a_mailbox(self):
        desk = self.desk()
        person = self.person()
        mail = letter(person, desk.address)
        desk.put(mail, mail)
        desk.cycle()
        self.assert_one_ticket_one_answer(desk, person, 2)

    def test_second_copy_later(self):
        """I3: a message processed again changes nothing."""
        desk = self.desk()
        person = self.person()
        mail = letter(person, desk.address)
        desk.put(mail)
        desk.cycle()
        before = desk.show(1)
        desk.put(mail)
        desk.cycle()
        self.assert_one_ticket_one_answer(desk, person, 2)
        self.assertEqual(desk.show(1), before)

    def test_same_mail_by_two_mailboxes(self):
        other = unique("helpdesk")
        desk = self.desk(more_mailboxes=[{"name": "helpdesk", "user": other}],
                         desk={"aliases": [f"{other}@desk.example"]})
        person = self.person()
        mail = letter(person, f"{desk.address}, {other}@desk.example")
        desk.put(mail)
        desk.put(mail, to=f"{other}@desk.example")
        desk.cycle()
        self.assert_one_ticket_one_answer(desk, person, 2)

    def test_same_message_id_other_content(self):
        desk = self.desk()
        one, two = self.person(), self.person()
        desk.put(letter(one, desk.address, "one", Message_ID="<always@finance.example>"),
                 letter(two, desk.address, "two", Message_ID="<always@finance.example>"))
        desk.cycle()
        self.assertEqual([ticket["subject"] for ticket in desk.tickets()], ["one", "two"])

    def test_direct_and_by_a_list(self):
        """The list's copy has a mark in its subject and a footer: other content, but one matter."""
        for list_first in (False, True):
            desk, person = self.desk(), self.person()
            written = {"Message_ID": "<once@finance.example>", "date": 1717380000}
            direct = letter(person, desk.address, "printer", "It is broken.\n", **written)
            listed = letter(person, f"{desk.address}, it@list.example", "[it] printer",
                            "It is broken.\n____\nit mailing list\n", List_Id="<it.list.example>",
                            Precedence="list", **written)
            for mail in (listed, direct) if list_first else (direct, listed):
                desk.put(mail)
                desk.cycle()
            self.one_ticket(desk)
            messages = [event["data"] for event in desk.json("show", 1)["events"]
                        if "origin" in event["data"]]
            self.assertEqual([one["origin"]["via"] for one in messages],
                             ["list", "direct"] if list_first else ["direct", "list"])
            self.assertEqual(len(desk.received(person, 1)), 1)
            self.assertEqual([row for row in desk.outbox() if row["state"] == "queued"], [])

    def test_one_message_id_for_all_mails_of_a_program(self):
        desk, device = self.desk(), self.person("device")
        for hour, words in enumerate(("one", "two")):
            desk.put(letter(device, desk.address, words, Message_ID="<always@finance.example>",
                            date=1717380000 + 3600 * hour))
        desk.cycle()
        self.assertEqual([ticket["subject"] for ticket in desk.tickets()], ["one", "two"])

    def test_all_roles_again(self):
        """I3: every role run again, over what is done, changes nothing."""
        desk = self.desk()
        person = self.person()
        self.report(desk, person)
        before = (desk.tickets(), desk.ledger(), desk.outbox(), desk.flags())
        desk.cycle()
        desk.cycle()
        self.assertEqual((desk.tickets(), desk.ledger(), desk.outbox(), desk.flags()), before)
        desk.received(person, 1)


if __name__ == "__main__":
    main()
