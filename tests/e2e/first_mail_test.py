#!/usr/bin/env python3
"""A first mail becomes a ticket and is acknowledged, in the language it is written in."""

import time

from case import DeskCase, main
from letters import letter, text_of

CHINESE = ("各位老师好:\n今天上午九点以后财务系统一直登录不上,提示数据库连接失败,"
           "我们科室五个人都是这样,请尽快处理。\n财务科 王芳\n")
ENGLISH = ("Hello,\nsince nine this morning nobody in our office can log in to the finance "
           "system, it says that the database connection failed.\nRegards, Jane\n")


class Acknowledgement(DeskCase):
    def acknowledged(self, subject, body, language):
        desk = self.desk()
        person = self.person()
        first = letter(f"Reporter <{person}>", desk.address, subject, body)
        desk.put(first)
        desk.cycle()
        ticket = self.one_ticket(desk)
        (answer,) = desk.received(person, 1)
        self.assertEqual(ticket["subject"], subject)
        self.assertEqual(ticket["status"], "new")
        self.assertEqual(ticket["reporter"]["address"], person)
        self.assertEqual(ticket["language"], language)
        self.assertRegex(ticket["priority"], r"^P[1-4]$")
        self.assertTrue(ticket["category"])
        self.assertIn(f"[#{ticket['number']}]", answer["Subject"])
        return desk, first, answer, ticket

    def test_chinese(self):
        _, _, answer, ticket = self.acknowledged("财务系统登录不上", CHINESE, "zh_CN")
        self.assertRegex(text_of(answer), r"[\u4e00-\u9fff]{4}")
        self.assertIn(ticket["priority"], text_of(answer))

    def test_english(self):
        _, _, answer, ticket = self.acknowledged("Finance system down", ENGLISH, "en")
        self.assertNotRegex(text_of(answer), r"[\u4e00-\u9fff]{8}")
        self.assertIn(ticket["priority"], text_of(answer))

    def test_gb18030(self):
        desk = self.desk()
        person = self.person()
        mail = letter(person, desk.address, "打印机无法打印", "")
        mail.set_content(CHINESE, charset="gb18030", cte="base64")
        desk.put(mail)
        desk.cycle()
        self.assertEqual(self.one_ticket(desk)["language"], "zh_CN")
        desk.received(person, 1)

    def test_headers_of_the_answer(self):
        desk, first, answer, _ = self.acknowledged("Finance system down", ENGLISH, "en")
        self.assertIn(answer["Auto-Submitted"], ("auto-replied", "auto-generated"))
        self.assertEqual(answer["In-Reply-To"], first["Message-ID"])
        self.assertIn(first["Message-ID"], answer["References"])
        self.assertEqual(answer["Message-ID"].strip("<>"),
                         desk.outbox()[0]["message_id"].strip("<>"))
        self.assertRegex(answer["Return-Path"], rf"^<{desk.user}-bounces\+[^@]+@desk.example>$")
        types = {part.get_content_type() for part in answer.walk()}
        self.assertLessEqual({"text/plain", "text/html"}, types)

    def test_null_envelope(self):
        desk = self.desk(answers={"envelope": "null"})
        answer = self.report(desk, self.person())
        self.assertEqual(answer["Return-Path"], "<>")

    def test_no_acknowledgement_where_switched_off(self):
        desk = self.desk(answers={"acknowledge": False})
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.cycle()
        self.one_ticket(desk)
        self.assert_silent(desk, person)


class Daemon(DeskCase):
    def test_run_answers_what_comes_by_smtp(self):
        desk = self.desk().start()
        person = self.person()
        begin = time.monotonic()
        desk.send(letter(person, desk.address, "Printer on fire"))
        desk.received(person, 1)
        self.assertLess(time.monotonic() - begin, 10)
        self.assertEqual(desk.stop(), 0)

    def test_several_in_one_go(self):
        desk = self.desk()
        people = [self.person() for _ in range(20)]
        desk.put(*(letter(person, desk.address, f"Problem of {person}") for person in people))
        desk.start()
        for person in people:
            desk.received(person, 1)
        self.assertEqual(len(desk.tickets()), 20)
        self.assertEqual(desk.stop(), 0)


if __name__ == "__main__":
    main()
