#!/usr/bin/env python3
"""Tickets for those who called: through the same door as mail."""

from case import DeskCase, main


class Call(DeskCase):
    def test_a_caller_with_an_address_is_answered(self):
        desk = self.desk()
        person = self.person()
        desk.do("new", "--caller", person, "--name", "张三", "--subject", "打印机 3 楼 无法打印",
                "--text", "红灯一直亮", "--priority", "P2")
        ticket = self.one_ticket(desk)
        self.assertEqual((ticket["subject"], ticket["priority"]), ("打印机 3 楼 无法打印", "P2"))
        self.assertEqual(ticket["reporter"]["address"], person)
        desk.deliver()
        desk.received(person, 1)

    def test_a_caller_without_an_address_is_a_ticket_and_no_mail(self):
        desk = self.desk()
        desk.do("new", "--caller", "老王", "--subject", "no network in room 12", "--phone", "8123")
        ticket = self.one_ticket(desk)
        self.assertEqual(ticket["reporter"]["name"], "老王")
        self.assertEqual(desk.outbox(), [])

    def test_what_is_typed_makes_no_header(self):
        desk = self.desk()
        done = desk.run("new", "--caller", "a", "--subject", "x\r\nBcc: b@example.org")
        self.assertEqual(done.returncode, 2)
        self.assertEqual(desk.tickets(), [])

    def test_nothing_is_asked_without_a_terminal(self):
        done = self.desk().run("new", input=b"")
        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    main()
