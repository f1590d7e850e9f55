#!/usr/bin/env python3
"""Tickets for those who called: through the same door as mail."""

import os
import subprocess

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
        answer = desk.received(person, 1)[0].get_body(("plain",)).get_content()
        self.assertIn("P2", answer)

    def test_the_record_says_who_entered_it(self):
        desk = self.desk()
        person = self.person()
        desk.do("new", "--caller", person, "--name", "张三", "--subject", "打印机 3 楼 无法打印", "--priority", "1")
        opened = desk.events(1)[0]
        self.assertEqual(opened["channel"], "cli")
        self.assertNotEqual(opened["actor"], person)
        self.assertEqual(opened["data"]["taken_by"], opened["actor"])
        self.assertEqual(opened["data"]["set"]["priority"], "P1")
        message = desk.show(1)["messages"][0]
        self.assertEqual(message["from"], {"name": "张三", "address": person})
        stored = b"".join(path.read_bytes() for path in (desk.state / "raw").rglob("*") if path.is_file())
        self.assertNotIn(f"<{person}>".encode(), stored)  # nobody wrote in his name
        self.assertIn(person.encode(), stored)
        desk.do("verify")

    def test_at_a_terminal_it_asks(self):
        desk = self.desk()
        master, terminal = os.openpty()
        process = subprocess.Popen([str(desk.binary), "-c", str(desk.config), "new"], stdin=terminal,
                                   stdout=terminal, stderr=terminal)
        os.close(terminal)
        os.write(master, "nobody@\n老王\n8123\nno network\nsince nine\n\n9\n2\n".encode())
        self.assertEqual(process.wait(timeout=30), 0)
        os.close(master)
        ticket = self.one_ticket(desk)
        self.assertEqual((ticket["subject"], ticket["priority"]), ("no network", "P2"))
        self.assertIn("8123", desk.show(1)["messages"][0]["text"])

    def test_a_caller_without_an_address_is_a_ticket_and_no_mail(self):
        desk = self.desk()
        desk.do("new", "--caller", "老王", "--subject", "no network in room 12", "--phone", "8123")
        ticket = self.one_ticket(desk)
        self.assertEqual(ticket["reporter"]["name"], "老王")
        self.assertEqual(desk.outbox(), [])

    def test_an_address_that_no_relay_takes_is_refused_with_what_to_write(self):
        desk = self.desk()
        for caller, advice in [("wang@例子.中国", "write it as 'wang@xn--fsqu00a.xn--fiqs8s'"),
                               ("王芳@例子.中国", "write one of ASCII letters"),
                               ("a b@example.org", "write it as name@example.org")]:
            done = desk.run("new", "--caller", caller, "--subject", "printer")
            self.assertEqual(done.returncode, 2)
            self.assertIn(advice, done.stderr.decode())
        self.assertEqual(desk.tickets(), [])

    def test_so_is_one_that_people_yaml_has(self):
        desk = self.desk()
        (desk.own_rules() / "people.yaml").write_text(
            "people:\n  - {name: 赵六, address: zhao@例子.中国}\n", encoding="utf-8")
        done = desk.run("new", "--caller", "赵六", "--subject", "printer")
        self.assertEqual(done.returncode, 2)
        self.assertIn("in people.yaml 'zhao@例子.中国' is", done.stderr.decode())
        self.assertIn("write it as 'zhao@xn--fsqu00a.xn--fiqs8s'", done.stderr.decode())
        self.assertEqual(desk.tickets(), [])

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
