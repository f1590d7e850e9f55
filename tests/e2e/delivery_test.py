#!/usr/bin/env python3
"""Mails leave once, later, or visibly not at all."""

from collections import Counter

from case import DeskCase, main
from letters import letter, text_of


class Refusals(DeskCase):
    def queued(self, count=1):
        """A desk with answers to deliver, and to whom."""
        desk = self.desk()
        people = [self.person() for _ in range(count)]
        desk.put(*(letter(person, desk.address, f"Problem of {person}") for person in people))
        desk.collect()
        desk.process_inbox()
        self.assertEqual(len(desk.outbox("queued")), count)
        return desk, people

    def mail_to(self, desk, person):
        (mail,) = [mail for mail in desk.outbox() if mail["recipient"] == person]
        return mail

    def test_temporary_refusal_is_tried_again(self):
        desk, (busy, other) = self.queued(2)
        local = busy.split("@")[0]
        self.servers.exim.defer(local)
        desk.deliver()
        mail = self.mail_to(desk, busy)
        self.assertEqual((mail["state"], mail["attempts"]), ("retry", 1))
        self.assertIn("451", mail["last_reply"])
        desk.received(other, 1)
        self.servers.exim.accept(local)
        desk.do("outbox", "retry", mail["id"])
        desk.deliver()
        (answer,) = desk.received(busy, 1)
        self.assertEqual(self.mail_to(desk, busy)["state"], "sent")
        self.assertEqual(answer["Message-ID"].strip("<>"), mail["message_id"].strip("<>"))

    def test_a_retry_waits_for_its_time(self):
        desk, (busy,) = self.queued()
        self.servers.exim.defer(busy.split("@")[0])
        desk.deliver()
        desk.deliver()
        self.assertEqual(self.mail_to(desk, busy)["attempts"], 1)

    def test_final_refusal_is_shown(self):
        desk, (gone, other) = self.queued(2)
        self.servers.exim.refuse(gone.split("@")[0])
        desk.deliver()
        mail = self.mail_to(desk, gone)
        self.assertEqual(mail["state"], "failed")
        self.assertIn("550", mail["last_reply"])
        self.assertIn(gone.encode(), desk.do("outbox"))
        desk.received(other, 1)
        self.assertIn(gone, text_of(desk.alarms()[0]), "the admin was not told")

    def test_answer_to_an_address_that_is_no_address(self):
        desk = self.desk()
        desk.servers.place(desk.user, b"From: <a@@b..c>\r\nSubject: odd\r\n\r\nx\r\n")
        other = self.person()
        desk.put(letter(other, desk.address))
        desk.cycle()
        desk.received(other, 1)

    def test_one_connection_for_many(self):
        desk, people = self.queued(30)
        before = self.servers.exim.log_file.parent.joinpath("exim-mainlog").read_text()
        desk.deliver()
        for person in people:
            desk.received(person, 1)
        after = self.servers.exim.log_file.parent.joinpath("exim-mainlog").read_text()
        self.assertGreaterEqual(after[len(before):].count("<="), 30)
        self.assertEqual({mail["state"] for mail in desk.outbox()}, {"sent"})

    def test_every_mail_was_accepted_once(self):
        """I5: the relay accepts each row once, however often delivering runs."""
        desk, people = self.queued(5)
        for _ in range(3):
            desk.deliver()
        seen = Counter(str(mail["Message-ID"]) for person in people
                       for mail in desk.received(person))
        self.assertEqual(set(seen.values()), {1})
        self.assertEqual(len(seen), 5)

    def test_nothing_leaves_before_the_ticket(self):
        """I4: without a processed ticket there is nothing to deliver."""
        desk = self.desk()
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.collect()
        desk.deliver()
        self.assert_silent(desk, person)
        self.assertEqual(desk.tickets(), [])
        desk.process_inbox()
        desk.deliver()
        (answer,) = desk.received(person, 1)
        self.assertIn(f"[#{self.one_ticket(desk)['number']}]", answer["Subject"])


class Relay(DeskCase):
    def test_down_then_back(self):
        desk = self.desk().start()
        person = self.person()
        self.servers.exim.stop()
        try:
            desk.put(letter(person, desk.address))
            desk.wait_for(lambda: desk.outbox(), "a queued answer")
            self.assertNotIn("failed", {mail["state"] for mail in desk.outbox()})
        finally:
            self.servers.exim.start()
        desk.wait_for(lambda: desk.received(person, 1), "the answer", 40)
        self.assertEqual(desk.stop(), 0)


if __name__ == "__main__":
    main()
