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
