#!/usr/bin/env python3
"""I7: nothing answers automatically to a bounce, an auto-reply, a machine, a list's
address, the desk itself, a sender whose DMARC failed, or beyond the reply budget."""

import json

from case import DeskCase, main
from letters import bounce, letter, reply, unique

OUTCOMES = {"created", "appended", "ignored", "quarantined"}


class Silence(DeskCase):
    def take_in(self, desk, mail, to=None):
        desk.put(mail, to=to)
        desk.cycle()
        row = desk.ledger()[-1]
        self.assertIn(row["outcome"], OUTCOMES)
        return row

    def assert_reason(self, desk, row):
        """Why there was no answer can be read: in the ledger, or at the ticket."""
        if row.get("reason"):
            return
        self.assertIsNotNone(row["ticket"], row)
        shown = json.dumps(desk.show(row["ticket"]))
        self.assertRegex(shown, r"auto|bounce|list|machine|self|dmarc|budget|report", shown)

    def assert_unanswered(self, mail, *addresses, **options):
        """I7: the mail is accounted for, nobody gets an answer, the reason is kept."""
        desk = self.desk(**options)
        row = self.take_in(desk, mail(desk) if callable(mail) else mail)
        self.assert_silent(desk, *addresses)
        self.assert_reason(desk, row)

    def machine_mail(self, **headers):
        person = self.person("machine")
        self.assert_unanswered(lambda desk: letter(person, desk.address, **headers), person)

    def test_auto_submitted(self):
        """I7: an auto-reply by RFC 3834."""
        self.machine_mail(Subject="Out of office", Auto_Submitted="auto-replied")

    def test_out_of_office_of_old_programs(self):
        """I7: an auto-reply by the headers of older programs."""
        self.machine_mail(Subject="Automatic reply: away", X_Auto_Response_Suppress="All",
                          X_Autoreply="yes", Precedence="auto_reply")

    def test_bulk(self):
        """I7: a machine's mail."""
        self.machine_mail(Precedence="bulk", Auto_Submitted="auto-generated")

    def test_chinese_auto_reply(self):
        """I7: an auto-reply in Chinese."""
        self.machine_mail(subject="自动回复: 休假中", body="我正在休假。\n",
                          Auto_Submitted="auto-replied")

    def test_no_reply_sender(self):
        """I7: a sender that says it reads no answers."""
        sender = self.person("noreply", "shop.example")
        self.assert_unanswered(lambda desk: letter(sender, desk.address), sender)

    def test_null_sender_bounce(self):
        """I7: a bounce of something unknown."""
        to = self.person("gone")
        self.assert_unanswered(
            lambda desk: bounce("Subject: something\n", desk.address, to), "MAILER-DAEMON@x", to)

    def test_bounce_of_an_acknowledgement(self):
        """I7: a bounce finds its ticket by the envelope's token and is not answered."""
        bounces = unique("bounces")
        desk = self.desk(more_mailboxes=[{"name": "bounces", "user": bounces}],
                         answers={"bounce_address": f"{bounces}@desk.example"})
        person = self.person()
        answer = self.report(desk, person)
        number = self.one_ticket(desk)["number"]
        back = answer["Return-Path"].strip("<>")
        desk.servers.deliver(bounce(answer.as_string(), back, person), back, "")
        desk.cycle()
        (row,) = [row for row in desk.ledger() if row["mailbox"].startswith("bounces")]
        self.assertEqual(row["ticket"], number)
        self.one_ticket(desk)
        desk.received(person, 1)
        self.assert_silent(desk, "MAILER-DAEMON@mx.example.org")

    def test_list_author_is_answered_not_the_list(self):
        """I7: a list's address is not answered, its author is."""
        desk = self.desk()
        author = self.person("author")
        members = f"{unique('members')}@lists.example"
        mail = letter(author, members, "Printer broken", Sender=f"owner-{members}",
                      Reply_To=members, List_Id=f"<{members.replace('@', '.')}>",
                      List_Post=f"<mailto:{members}>", Precedence="list")
        self.take_in(desk, mail)
        self.assert_silent(desk, members, f"owner-{members}")
        desk.received(author, 1)

    def test_own_mail(self):
        """I7: mail of the desk itself, come back."""
        self.assert_unanswered(lambda desk: letter(desk.address, desk.address))

    def test_own_answer_come_back(self):
        """I7: an answer of ours that a forwarding brings back."""
        desk = self.desk()
        person = self.person()
        answer = self.report(desk, person)
        row = self.take_in(desk, answer.as_bytes(), to=desk.address)
        self.one_ticket(desk)
        self.assert_reason(desk, row)
        desk.received(person, 1)

    def test_auto_reply_to_our_answer(self):
        """I7: two machines do not write to each other."""
        desk = self.desk()
        person = self.person()
        answer = self.report(desk, person)
        self.take_in(desk, reply(answer, person, "I am away.\n", Auto_Submitted="auto-replied"),
                     to=desk.address)
        self.one_ticket(desk)
        desk.received(person, 1)

    def test_dmarc_failed(self):
        """I7: a sender whose DMARC failed, by a server that is believed."""
        person = self.person("forged")
        self.assert_unanswered(
            lambda desk: letter(
                person, desk.address,
                Authentication_Results="mx.example.org; dmarc=fail header.from=finance.example"),
            person, mailbox={"authserv_ids": ["mx.example.org"]})

    def test_dmarc_of_a_server_that_is_not_believed(self):
        desk = self.desk(mailbox={"authserv_ids": ["mx.example.org"]})
        person = self.person()
        self.take_in(desk, letter(person, desk.address, 
                                   Authentication_Results="evil.example; dmarc=fail"))
        desk.received(person, 1)

    def test_reply_budget_of_a_recipient(self):
        """I7: beyond the reply budget nobody is answered; the admin is told once."""
        desk = self.desk(answers={"per_recipient_per_hour": 3})
        person = self.person()
        desk.put(*(letter(person, desk.address, f"Problem {number}") for number in range(8)))
        desk.cycle()
        self.assertEqual(len(desk.tickets()), 8)
        desk.received(person, 3)
        self.assertEqual(len(desk.alarms()), 1)
        other = self.person()
        self.take_in(desk, letter(other, desk.address, "Another person"))
        desk.received(other, 1)

    def test_reply_budget_counts_the_details_of_an_address_together(self):
        """I7: name+1@, name+2@ … are one mailbox."""
        desk = self.desk(answers={"per_recipient_per_hour": 2})
        local, domain = self.person().split("@")
        desk.put(*(letter(f"{local}+{n}@{domain}", desk.address, f"P {n}") for n in range(5)))
        desk.cycle()
        answers = [mail for mail in desk.outbox() if mail["recipient"].startswith(local)]
        self.assertEqual(len(answers), 2)

    def test_addresses_that_no_relay_takes(self):
        """Nothing is queued for them, and so no relay counts errors of ours."""
        desk = self.desk()
        odd = ("a,b@finance.example", "a@b@finance.example", "a@[127.0.0.1]",
               'a> RCPT TO:<b"@finance.example')
        for address in odd:
            desk.servers.place(desk.user, f"From: <{address}>\r\nTo: {desk.address}\r\n"
                               f"Subject: {unique('odd')}\r\n\r\nx\r\n".encode())
        desk.cycle()
        self.assertEqual(len(desk.tickets()), len(odd))
        self.assertEqual(desk.outbox(), [])

    def test_reply_budget_of_the_desk(self):
        """I7: the budget of the whole desk holds for everybody."""
        desk = self.desk(answers={"per_hour": 4})
        people = [self.person() for _ in range(7)]
        desk.put(*(letter(person, desk.address, f"Problem of {person}") for person in people))
        desk.cycle()
        self.assertEqual(len(desk.tickets()), 7)
        self.assertEqual(sum(len(desk.received(person)) for person in people), 4)


if __name__ == "__main__":
    main()
