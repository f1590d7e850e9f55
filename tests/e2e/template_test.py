#!/usr/bin/env python3
"""Templates looked at before a mail is written with them, and those of an admin's own."""

import json
from email import message_from_bytes, policy

from case import DeskCase, main
from desk import SOURCE
from letters import letter


class Templates(DeskCase):
    def own(self, desk, name, text):
        path = desk.folder / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def desk_with_own(self, name, text):
        desk = self.desk(environment={"POSTDESK_DATA": str(SOURCE)})
        desk.configure(templates="templates")
        return desk, self.own(desk, name, text)

    def test_preview_shows_a_ticket_and_changes_nothing(self):
        desk, wang = self.desk(), self.person()
        body = "三楼打印机卡纸。\n"
        desk.do("inject", input=bytes(letter(wang, desk.address, "打印机卡纸", body)))
        desk.process_inbox()
        before = (desk.outbox(), desk.show(1))
        text = desk.do("template", "preview", "acknowledge", "--ticket", "1").decode()
        self.assertIn("打印机卡纸", text.splitlines()[0])
        self.assertIn("> 三楼打印机卡纸。", text)
        self.assertIn("三楼打印机卡纸。",
                      desk.do("template", "preview", "assigned", "-t", "1", "--html").decode())
        whole = desk.folder / "preview.eml"
        desk.do("template", "preview", "resolved", "-t", "1", "-o", whole)
        mail = message_from_bytes(whole.read_bytes(), policy=policy.default)
        self.assertEqual(mail["To"].addresses[0].addr_spec, wang)
        self.assertIsNotNone(mail.get_body(("html",)))
        self.assertEqual((desk.outbox(), desk.show(1)), before)
        self.assertEqual(desk.run("template", "preview", "resolved", "-t", "9").returncode, 2)

    def test_preview_needs_no_ticket(self):
        desk = self.desk()
        shown = desk.json("template", "preview", "closed", "--language", "en")
        self.assertIn("#123", shown["subject"])
        self.assertIn("Reply-To:", shown["headers"])
        self.assertIn("<html", shown["html"])
        done = desk.run("template", "preview", "closd")
        self.assertEqual(done.returncode, 2)
        self.assertIn(b"did you mean 'closed'", done.stderr)
        path = desk.folder / "fault.html"
        said = desk.do("template", "preview", "forms/fault", "-o", path, "--open")
        self.assertEqual(said.decode().strip(), str(path))
        self.assertIn("<title>", path.read_text(encoding="utf-8"))

    def test_own_template_overrides_and_check_says_so(self):
        desk, path = self.desk_with_own("en/closed.txt", "Subject: {{subject}}\n\nDone: {{number}}.\n")
        self.assertEqual(desk.do("template", "preview", "closed", "-l", "en").decode().split("\n")[2],
                         "Done: 123.")
        rows = {(row["language"], row["file"].split("/")[-1]): row
                for row in desk.json("template", "list")["templates"]}
        self.assertEqual(rows["en", "closed.txt"]["file"], str(path))
        self.assertTrue(rows["en", "closed.txt"]["overrides"].endswith("en/closed.txt"))
        self.assertTrue(rows["en", "closed.html"]["unused"])
        self.assertFalse(rows["zh_CN", "closed.txt"]["own"])
        self.assertIn(f"{path} overrides the shipped one", desk.do("check").decode())
        own = json.loads(desk.do("check", "--json"))["own_templates"]
        self.assertEqual([row["file"] for row in own], [str(path)])
        path.write_bytes((SOURCE / "templates/en/closed.txt").read_bytes())
        self.assertIn(b"the same as the shipped one", desk.run("check").stderr)


if __name__ == "__main__":
    main()
