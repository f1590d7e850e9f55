#!/usr/bin/env python3
"""Forms filled from a ticket, as a person prints them."""

import subprocess

from case import DeskCase, main
from desk import SOURCE
from letters import letter, reply


class Form(DeskCase):
    def ticket(self, **options):
        desk = self.desk(**options)
        desk.do("inject", input=bytes(letter(self.person(), desk.address, "打印机卡纸", "三楼打印机卡纸。\n")))
        desk.process_inbox()
        return desk

    def test_pdf_holds_the_chinese_text(self):
        desk = self.ticket()
        path = desk.folder / "form.pdf"
        desk.do("form", "fault", "1", "-o", path, "--language", "zh_CN")
        text = subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout
        for words in ("故障处理报告", "打印机卡纸", "三楼打印机卡纸。"):
            self.assertIn(words, text)
        self.assertEqual([entry.name for entry in desk.folder.glob("form*")], ["form.pdf"])

    def test_a_command_by_mail_brings_the_pdf(self):
        desk, zhang = self.desk(), self.person("zhang", "desk.example")
        (desk.own_rules() / "people.yaml").write_text(
            f"people:\n  - {{name: 张三, addresses: [{zhang}], role: engineer, language: zh_CN}}\n",
            encoding="utf-8")
        self.report(desk, self.person(), "打印机卡纸", "三楼打印机卡纸。\n")
        desk.do("assign", "1", "张三")
        desk.deliver()
        desk.put(reply(desk.received(zhang, 1)[-1], zhang, "/表单 故障\n"), to=desk.address)
        desk.cycle()
        desk.do("clock", "--once")
        desk.deliver()
        mail = desk.received(zhang, 2)[-1]
        form = next(mail.iter_attachments())
        self.assertEqual((form.get_filename(), form.get_content_type()),
                         ("fault-1.pdf", "application/pdf"))
        text = subprocess.run(["pdftotext", "-", "-"], check=True, capture_output=True,
                              input=form.get_content()).stdout.decode()
        self.assertIn("故障处理报告", text)
        self.assertIn("三楼打印机卡纸。", text)
        desk.do("clock", "--once")
        desk.do("verify")

    def test_html_goes_to_standard_output(self):
        desk = self.ticket()
        self.assertIn(b"<title>Problem Report #1</title>",
                      desk.do("form", "problem", "1", "--language", "en"))

    def test_own_form_overrides_and_is_checked(self):
        desk = self.ticket(environment={"POSTDESK_DATA": str(SOURCE)})
        desk.configure(templates="templates")
        own = desk.folder / "templates/zh_CN/forms"
        own.mkdir(parents=True)
        (own / "receipt.html").write_text("<p>{{number}} {{nonsense}}</p>")
        done = desk.run("check")
        self.assertEqual(done.returncode, 78)
        self.assertIn("receipt.html:1: error: occasion 'form' has no variable 'nonsense'",
                      done.stderr.decode())
        (own / "receipt.html").write_text("<p>No. {{number}}</p>")
        self.assertEqual(desk.do("form", "receipt", "1", "-l", "zh_CN"), b"<p>No. 1</p>")


if __name__ == "__main__":
    main()
