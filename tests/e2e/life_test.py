#!/usr/bin/env python3
"""The life of a fault by mail, over real servers, as each of its people lives it."""

import os
import re
import time
from datetime import date, timedelta
from pathlib import Path

from case import DeskCase, main
from letters import reply

PEOPLE = """\
people:
  - {{name: 张三, addresses: [{zhang}], role: engineer, language: {language}}}
  - {{name: 李四, addresses: [{li}], role: engineer, language: {language}}}
  - {{name: 赵敏, addresses: [{zhao}], role: lead, language: {language}}}
  - {{name: 王芳, addresses: [{wang}, {wang_at_home}], department: 财务处, phone: '8123',
     language: {language}}}
"""

# Both have the duty, but one is on leave.
ROSTER = """\
groups:
  network: {{assign: least-load, hand_over: false, shifts: [{{name: all day, people: [李四, 张三]}}]}}
absences:
  - {{person: 李四, from: {yesterday}, to: {after}}}
"""

TARGETS = """\
priorities:
  P4: {respond: 1h, resolve: 8h, calendar: always}
escalation:
  steps:
    - {before: 15m, to: [assignee, on-duty]}
    - {after: 0m, to: [assignee, on-duty, lead]}
reminders: {every: 4h, most: 2}
"""

GOLDEN = Path(__file__).resolve().parent / "golden"

# What each says, in both languages: (Chinese, English).
WORDS = {
    "subject": ("VPN 无法连接", "VPN does not connect"),
    "fault": ("今天早上九点起 VPN 无法连接。\n", "The VPN has not connected since nine.\n"),
    "question": ("/状态 等待\n请问客户端是什么版本？\n", "/status waiting\nWhich version is it?\n"),
    "version": ("版本是 5.2。\n", "It is version 5.2.\n"),
    "vendor": ("/外部 {vendor} 5.2 版有已知故障吗？\n", "/external {vendor} Is 5.2 known to fail?\n"),
    "known": ("是的，请升级到 5.3。\n", "It is, go to 5.3.\n"),
    "solved": ("/解决\n已升级到 5.3，请再试。\n", "/resolve\nUpgraded to 5.3, please try again.\n"),
    "rejected": ("没解决\n", "not solved\n"),
    "confirmed": ("已解决！\n", "Solved!\n"),
    "mistyped": ("/优级 P1\n", "/prority P1\n"),
    "soon": ("即将到期", "Due soon"),
    "late": ("已超时", "Overdue"),
    "meant": ("/优先级", "/priority"),
    "rated": ("/评价 5\n", "/rate 5\n"),
}


def steady(text, names):
    """Without what is another in each run: addresses, times, and how they fold lines."""
    for address, name in names.items():
        text = text.replace(address, name).replace(address.split("@")[0], name)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "TIME", text)
    return re.sub(r"<?\b(DESK|ZHANG|ZHAO|WANG|HOME|VENDOR)>?", r"\1", text)


class Life(DeskCase):
    def live(self, which, language):
        def say(word, **values):
            return WORDS[word][which].format(**values)

        zhang, wang = self.person("zhang", "desk.example"), self.person("wang")
        home, vendor = self.person("wang-home"), self.person("vendor", "vendor.example")
        li, zhao = self.person("li", "desk.example"), self.person("zhao", "desk.example")
        desk = self.desk()
        self.set_rules(desk.own_rules(), zhang=zhang, li=li, zhao=zhao, wang=wang,
                       wang_at_home=home, language=language)
        counts = {}

        names = {desk.address: "DESK", zhang: "ZHANG", zhao: "ZHAO", wang: "WANG",
                 home: "HOME", vendor: "VENDOR"}
        pictures = []

        def newest(person):
            counts[person] = counts.get(person, 0) + 1
            mail = desk.received(person, counts[person])[-1]
            pictures.append(f"==== to {names[person]}\n"
                            + steady(f"Subject: {mail['Subject']}\n\n{body(mail)}", names))
            return mail

        def body(mail):
            return mail.get_body(("plain",)).get_content().replace("\r\n", "\n")

        def answer(mail, person, text):
            desk.put(reply(mail, person, text), to=desk.address)
            desk.cycle()

        def status():
            return self.one_ticket(desk)["status"]

        # reported and acknowledged
        self.report(desk, wang, say("subject"), say("fault"))
        acknowledged = newest(wang)
        number = self.one_ticket(desk)["number"]
        self.assertIn(f"#{number}", str(acknowledged["Subject"]))

        # given to the engineer on duty, who has all he needs in one mail
        self.assertEqual(self.one_ticket(desk)["assignee"], zhang)
        assigned = newest(zhang)
        self.assertIn(say("fault").strip(), body(assigned))
        self.assertIn("8123", body(assigned))
        links = re.findall(r'href="(mailto:[^"]*)"', assigned.get_body(("html",)).get_content())
        self.assertTrue(any("%2Fresolve" in link for link in links), links)

        # a mistyped command is explained and nothing is done
        answer(assigned, zhang, say("mistyped"))
        self.assertIn(say("meant"), body(newest(zhang)))
        self.assertEqual(status(), "new")

        # he asks back; the answer comes from home, with the quote in between
        answer(assigned, zhang, say("question"))
        asked = newest(wang)
        self.assertIn(say("question").split("\n")[1], body(asked))
        self.assertNotIn(zhang, asked.as_string())
        self.assertEqual(status(), "waiting")
        quoted = "".join(f"> {line}\n" for line in body(asked).splitlines()[:6])
        answer(asked, home, say("version") + "\n" + quoted)
        heard = newest(zhang)
        self.assertIn("5.2", body(heard))
        self.assertEqual(status(), "open")

        # somebody outside is asked, is asked again, and answers the engineer only
        answer(heard, zhang, say("vendor", vendor=vendor))
        self.assertEqual(status(), "waiting")
        question = newest(vendor)
        self.assertNotIn(say("fault").strip(), question.as_string())
        desk.go_ahead(hours=4, minutes=1)
        reminder = newest(vendor)
        self.assertNotIn(say("fault").strip(), reminder.as_string())
        answer(reminder, vendor, say("known"))
        told = newest(zhang)
        self.assertIn("5.3", body(told))
        self.assertEqual(status(), "open")

        # the four hours of waiting did not count; then it is due soon, and then it is late
        desk.go_ahead(hours=8, minutes=5)
        desk.go_ahead(hours=11, minutes=50)
        warned = newest(zhang)
        self.assertIn(say("soon"), str(warned["Subject"]))
        desk.received(zhao, 0)
        desk.go_ahead(hours=12, minutes=5)
        late = newest(zhang)
        self.assertIn(say("late"), str(late["Subject"]))
        self.assertIn("张三", body(newest(zhao)))

        # solved, rejected, solved, confirmed, rated
        answer(late, zhang, say("solved"))
        solved = newest(wang)
        self.assertIn(say("solved").split("\n")[1], body(solved))
        answer(solved, wang, say("rejected"))
        self.assertEqual(status(), "open")
        newest(wang)
        self.assertIn(say("rejected").strip(), body(newest(zhang)))
        answer(told, zhang, say("solved"))
        answer(newest(wang), wang, say("confirmed"))
        closed = newest(wang)
        self.assertEqual(self.closed(desk, number), "closed")
        answer(closed, wang, say("rated"))
        ratings = [event["data"]["rating"] for event in desk.events(number)
                   if "rating" in event["data"]]
        self.assertEqual(ratings, [5])
        desk.do("verify")
        desk.received(wang, counts[wang])
        desk.received(vendor, 2)
        desk.received(li, 0)
        self.compare(language, "".join(pictures))

    @staticmethod
    def set_rules(rules, **values):
        day = timedelta(days=1)
        absence = {"yesterday": date.today() - day, "after": date.today() + 2 * day}
        for name, text in (("people", PEOPLE.format(**values)),
                           ("roster", ROSTER.format(**absence)), ("targets", TARGETS)):
            (rules / f"{name}.yaml").write_text(text, encoding="utf-8")

    def compare(self, language, text):
        """After a wanted change of the templates: UPDATE_GOLDEN=1, and read the difference."""
        path = GOLDEN / f"life.{language}.txt"
        if os.environ.get("UPDATE_GOLDEN"):
            path.write_text(text, encoding="utf-8")
        self.maxDiff = None
        self.assertEqual(path.read_text(encoding="utf-8"), text)

    @staticmethod
    def closed(desk, number):
        return desk.show(number)["status"]

    def test_in_chinese(self):
        self.live(0, "zh_CN")

    def test_in_english(self):
        self.live(1, "en")


class CommandLine(DeskCase):
    def test_what_mails_may_say_can_be_said_here(self):
        desk, wang = self.desk(), self.person()
        self.report(desk, wang)
        self.report(desk, wang, "Printer is jammed", "It shows E5.\n")
        desk.do("note", 1, "he is on leave")
        desk.do("reply", 1, "-", input="Please try again.\n".encode())
        desk.deliver()
        self.assertIn("Please try again.", desk.received(wang, 3)[-1].as_string())
        desk.do("merge", 2, 1)
        self.assertEqual(desk.show(2)["status"], "merged")
        self.assertIn(b"ticket #2: status merged -> new", desk.do("undo", 1))
        self.assertEqual(desk.show(2)["status"], "new")
        desk.do("resolve", 1, "paper", "was", "out")
        desk.do("close", 1)
        desk.do("reopen", 1)
        desk.do("link", 1, "duplicates", 2)
        self.assertEqual(desk.show(1)["links"], [{"kind": "duplicates", "ticket": 2}])
        self.assertEqual(desk.show(2)["links"], [{"kind": "duplicated-by", "ticket": 1}])
        (row,) = desk.json("undo", 1)["taken_back"]
        self.assertEqual(row["what"], [{"field": "link", "from": "#2", "to": None}])
        self.assertEqual((desk.show(1)["links"], desk.show(2)["links"]), ([], []))
        done = desk.run("merge", 1, 1)
        self.assertEqual(done.returncode, 2)
        done = desk.run("assign", 1, "nobody at all")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"nobody at all", done.stderr)
        desk.do("verify")

    def test_another_day_can_be_agreed_here(self):
        desk, wang = self.desk(answers={"gather": "0s"}), self.person()
        self.report(desk, wang)
        year = time.gmtime().tm_year + 1
        before = desk.show(1)["resolve_due"]
        self.assertIn(b"done", desk.do("due", 1, "Dec", "1", year))
        desk.deliver()
        self.assertTrue(desk.show(1)["resolve_due"].startswith(f"{year}-12-01T"), desk.show(1))
        self.assertIn(f"{year}-12-01", desk.received(wang, 2)[-1].as_string())
        for day in ("2020-01-01", "someday"):  # past, and none
            done = desk.run("due", 1, day)
            self.assertEqual(done.returncode, 2)
            self.assertIn(day.encode(), done.stderr)
        self.assertEqual(desk.run("due", 1).returncode, 2)
        desk.do("undo", 1)
        self.assertEqual(desk.show(1)["resolve_due"], before)


if __name__ == "__main__":
    main()
