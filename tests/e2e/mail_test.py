#!/usr/bin/env python3
"""What the mail floor finds, as the people of the desk meet it."""

import os

from case import DeskCase, main
from letters import bounce, letter, reply


def mail_with(desk, person, *files, subject="Files for you"):
    mail = letter(person, desk.address, subject)
    for name, content in files:
        mail.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return bytes(mail)


class Attachments(DeskCase):
    def ticket_with(self, *files):
        desk = self.desk()
        desk.do("inject", input=mail_with(desk, self.person(), *files))
        desk.process_inbox()
        self.one_ticket(desk)
        return desk

    def saved(self, folder):
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    def test_are_written_byte_for_byte(self):
        content = bytes(range(256)) * 300
        desk = self.ticket_with(("清单.xlsx", content), ("log.txt", b"one\n"))
        folder = desk.folder / "out" / "deep"
        desk.do("show", 1, "--attachments", folder)
        self.assertEqual(self.saved(folder), {"清单.xlsx": content, "log.txt": b"one\n"})

    def test_names_lead_nowhere(self):
        desk = self.ticket_with(("../../escape.txt", b"1"), ("/etc/passwd", b"2"), ("-rf", b"3"),
                                (".bashrc", b"4"), ("..", b"5"))
        folder = desk.folder / "out" / "deep"
        desk.do("show", 1, "--attachments", folder)
        names = set(self.saved(folder))
        self.assertEqual(len(names), 5)
        self.assertFalse([name for name in names if name[0] in ".-" or "/" in name])
        self.assertEqual(os.listdir(desk.folder / "out"), ["deep"])

    def test_nothing_is_overwritten(self):
        desk = self.ticket_with(("a.txt", b"theirs"), ("b.txt", b"theirs"))
        folder = desk.folder / "out"
        folder.mkdir()
        outside = desk.folder / "outside"
        outside.write_bytes(b"safe")
        (folder / "a.txt").write_bytes(b"mine")
        (folder / "b.txt").symlink_to(outside)
        desk.do("show", 1, "--attachments", folder)
        self.assertEqual(outside.read_bytes(), b"safe")
        self.assertEqual((folder / "a.txt").read_bytes(), b"mine")
        self.assertEqual((folder / "a-2.txt").read_bytes(), b"theirs")
        self.assertEqual((folder / "b-2.txt").read_bytes(), b"theirs")

    def test_a_second_run_adds_nothing(self):
        desk = self.ticket_with(("a.txt", b"same"), ("a.txt", b"other"))
        folder = desk.folder / "out"
        desk.do("show", 1, "--attachments", folder)
        first = self.saved(folder)
        self.assertEqual(first, {"a.txt": b"same", "a-2.txt": b"other"})
        again = desk.json("show", 1, "--attachments", folder)
        self.assertEqual(self.saved(folder), first)
        self.assertFalse([file for file in again["files"] if file["new"]])

    def test_a_logo_is_listed_once(self):
        desk = self.desk()
        person = self.person()
        logo = b"\x89PNG\r\n\x1a\n" + bytes(500)
        for number, words in enumerate(("the first", "the second")):
            mail = letter(person, desk.address, words)
            mail.add_attachment(logo, maintype="image", subtype="png", filename="logo.png",
                                disposition="inline", cid="<logo@1>")
            mail.add_attachment(b"%d" % number, maintype="text", subtype="plain", filename="a.log")
            desk.do("inject", input=bytes(mail))
            desk.process_inbox()
        self.assertIn("logo.png", desk.do("show", 1).decode())
        second = desk.do("show", 2).decode()
        self.assertNotIn("logo.png", second)
        self.assertIn("a.log", second)
        self.assertEqual([one["repeated"] for one in
                          desk.json("show", 2)["messages"][0]["attachments"]], [True, False])

    def test_a_program_that_passes_for_a_document_is_marked(self):
        desk = self.ticket_with(("invoice.pdf", b"MZ" + bytes(100)))
        self.assertIn("but is application/x-dosexec", desk.do("show", 1).decode())


class HandedOn(DeskCase):
    """What an engineer attaches to his answer."""

    PEOPLE = "people:\n  - {name: Zhang, addresses: [%s], role: engineer, language: en}\n"

    def assigned(self):
        self.engineer, self.reporter = self.person("zhang", "desk.example"), self.person()
        desk = self.desk()
        (desk.own_rules() / "people.yaml").write_text(self.PEOPLE % self.engineer)
        self.report(desk, self.reporter)
        desk.do("assign", 1, self.engineer)
        desk.deliver()
        self.mail = desk.received(self.engineer, 1)[0]
        return desk

    def answer(self, desk, text, *files):
        answer = reply(self.mail, self.engineer, text)
        for name, content in files:
            answer.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        desk.put(answer, to=desk.address)
        desk.cycle()

    @staticmethod
    def files(mail):
        return [(part.get_filename(), part.get_content()) for part in mail.iter_attachments()]

    def test_goes_on_with_his_words(self):
        desk = self.assigned()
        manual = ("安装说明 (2026).pdf", bytes(range(256)) * 50)
        self.answer(desk, "/resolve\nPlease install it like this.\n", manual)
        told = desk.received(self.reporter, 2)[-1]
        self.assertIn("like this", told.as_string())
        self.assertEqual(self.files(told), [manual])

    def test_may_be_all_there_is_but_for_a_command(self):
        desk = self.assigned()
        self.answer(desk, "/priority P2\n", ("log.pdf", b"for the desk"))
        desk.received(self.reporter, 1)
        self.answer(desk, "\n", ("manual.pdf", b"for her"))
        self.assertEqual(self.files(desk.received(self.reporter, 2)[-1]),
                         [("manual.pdf", b"for her")])
        self.assertEqual(desk.show(1)["status"], "open")

    def test_goes_to_who_is_asked_outside_alone(self):
        desk, vendor = self.assigned(), self.person("vendor", "vendor.example")
        self.answer(desk, f"/external {vendor} What does the log mean?\n", ("log.pdf", b"E5"))
        self.assertEqual(self.files(desk.received(vendor, 1)[0]), [("log.pdf", b"E5")])
        desk.received(self.reporter, 1)

    def test_stays_inside_with_a_note(self):
        desk = self.assigned()
        self.answer(desk, "/note look at this\n", ("secret.pdf", b"1"))
        desk.received(self.reporter, 1)
        self.answer(desk, "We are at it.\nnote: her password is in it\n", ("secret.pdf", b"1"))
        self.assertEqual(self.files(desk.received(self.reporter, 2)[-1]), [])

    def test_what_is_too_large_is_told_and_not_left_out(self):
        desk = self.assigned()
        self.answer(desk, "/resolve\nHere it is.\n", ("disk.pdf", bytes(11 << 20)))
        self.assertIn("10 MB", desk.received(self.engineer, 2)[-1].as_string())
        desk.received(self.reporter, 1)
        self.assertEqual(desk.show(1)["status"], "new")


class Split(DeskCase):
    def test_what_is_split_off_is_given_to_who_is_on_duty(self):
        desk, person = self.desk(), self.person()
        engineer = self.person("li", "desk.example")
        rules = desk.own_rules()
        (rules / "people.yaml").write_text(HandedOn.PEOPLE % engineer)
        (rules / "roster.yaml").write_text(
            "groups:\n  network: {assign: least-load, hand_over: false,"
            " shifts: [{name: all day, people: [Zhang]}]}\n")
        answer = self.report(desk, person, "VPN does not connect", "It does not connect.\n")
        desk.received(engineer, 1)
        desk.put(reply(answer, person, "My other VPN account fails, too.\n"), to=desk.address)
        desk.cycle()
        desk.received(engineer, 2)
        desk.do("split", 1, "The other account")
        desk.deliver()
        self.assertEqual(desk.show(2)["assignee"], engineer)
        self.assertIn("The other account", str(desk.received(engineer, 3)[-1]["Subject"]))


class Redecode(DeskCase):
    def garbled(self, desk):
        """Big5, declared as Latin."""
        raw = (b"From: person@example.org\r\nTo: " + desk.address.encode() +
               b"\r\nSubject: " + "\u5370\u8868\u6a5f\u6545\u969c".encode("big5") +
               b"\r\nMessage-ID: <garbled@example.org>\r\n"
               b"Content-Type: text/plain; charset=iso-8859-1\r\n\r\n" +
               "\u5370\u8868\u6a5f\u5361\u7d19".encode("big5") + b"\r\n")
        desk.do("inject", input=raw)
        desk.process_inbox()

    def test_mends_the_stored_message(self):
        desk = self.desk()
        self.garbled(desk)
        message = desk.json("show", 1)["messages"][0]
        self.assertNotIn("\u5361\u7d19", message["text"])
        desk.do("redecode", message["message"], "--charset", "big5")
        ticket = desk.json("show", 1)
        self.assertIn("\u5370\u8868\u6a5f\u5361\u7d19", ticket["messages"][0]["text"])
        self.assertEqual(ticket["subject"], "\u5370\u8868\u6a5f\u6545\u969c")
        self.assertIn("big5", ticket["events"][-1]["data"]["note"])
        desk.do("verify")

    def test_says_what_is_wrong(self):
        desk = self.desk()
        self.garbled(desk)
        self.assertEqual(desk.run("redecode", 1, "--charset", "klingon").returncode, 2)
        self.assertEqual(desk.run("redecode", 1).returncode, 2)
        self.assertEqual(desk.run("redecode", 99, "--charset", "big5").returncode, 2)


class Replies(DeskCase):
    def test_thanks_reopen_nothing(self):
        desk = self.desk()
        person = self.person()
        answer = self.report(desk, person)
        desk.do("set", 1, "status=resolved")
        desk.do("inject", input=bytes(reply(answer, person, "Many thanks, it works now!\n")))
        desk.process_inbox()
        ticket = desk.json("show", 1)
        self.assertEqual(ticket["status"], "resolved")
        self.assertEqual(len(ticket["messages"]), 2)
        desk.do("inject", input=bytes(reply(answer, person, "Thanks, but it fails again.\n")))
        desk.process_inbox()
        self.assertEqual(desk.json("show", 1)["status"], "open")

    def test_a_reply_to_a_closed_ticket_opens_a_linked_one(self):
        desk = self.desk()
        person = self.person()
        answer = self.report(desk, person)
        desk.do("close", 1)
        desk.do("inject", input=bytes(reply(answer, person, "It broke again, the same error.\n")))
        desk.process_inbox()
        self.assertEqual(desk.show(2)["links"], [{"kind": "relates", "ticket": 1}])
        self.assertEqual(desk.show(1)["links"], [{"kind": "relates", "ticket": 2}])
        self.assertEqual(desk.show(1)["status"], "closed")
        desk.do("verify")

    def test_a_bounce_marks_its_address(self):
        desk = self.desk()
        person = self.person()
        answer = self.report(desk, person)
        desk.do("inject", input=bounce(answer, desk.address, person))
        desk.process_inbox()
        failing = desk.json("show", 1)["undeliverable"]
        self.assertEqual([one["weight"] for one in failing.values()], ["hard"])

    def test_a_bounce_to_the_plain_address_that_tells_but_the_number_marks_its_address(self):
        desk = self.desk()
        person = self.person()
        answer = self.report(desk, person)
        body = ("传递到以下收件人或组失败:\n\n"
                f"{person}\n未找到您输入的电子邮件地址。请检查收件人的电子邮件地址。\n\n"
                f"管理员的诊断信息:\n\n{person}\n#550 5.1.1 RESOLVER.ADR.RecipNotFound ##\n")
        desk.do("inject", input=bytes(letter("postmaster@ex.example", desk.address,
                                             f"无法传递: {answer['Subject']}", body)))
        desk.process_inbox()
        failing = desk.json("show", 1)["undeliverable"]
        self.assertEqual([one["weight"] for one in failing.values()], ["hard"])

    def test_a_delay_is_told_on_its_ticket(self):
        desk = self.desk()
        person = self.person()
        answer = self.report(desk, person)
        late = bounce(answer, desk.address, person, status="4.4.1")
        late = late.replace(b"Action: failed", b"Action: delayed").replace(b" 550 ", b" 450 ")
        desk.do("inject", input=late)
        desk.process_inbox()
        ticket = desk.json("show", 1)
        self.assertEqual([one["weight"] for one in ticket["undeliverable"].values()], ["soft"])
        self.assertEqual(ticket["status"], "new")


if __name__ == "__main__":
    main()
