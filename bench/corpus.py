#!/usr/bin/env python3
"""Deterministic sets of service mails, to measure with.

    corpus.py FOLDER mixed|small [COUNT]     writes COUNT messages as a Maildir

`mixed` runs from 2 KB to 1 MB and 92 KB on average: short texts, texts with
HTML beside them, and mails with a file attached; Chinese in UTF-8 and in
GB18030 among them.  `small` holds short texts only.  A quarter of either set
are replies of a reporter to a mail of his own earlier in the set.  The same
arguments give the same bytes.
"""

import base64
import os
import quopri
import random
import sys
import textwrap
from email.header import Header
from urllib.parse import quote

DESK = "support@example.org"
REPORTERS = 1500
DEPARTMENTS = 40
REPLY_SHARE = 0.25
ATTACHMENT_SHARE = 0.231  # holds the average of the mixed set at 92 KB
ALTERNATIVE_SHARE = 0.28

ENGLISH = (
    "the application server does not answer since this morning and nobody in our office can open "
    "the monthly report please check whether the database backup has finished we tried to restart "
    "the client twice without success printer on the second floor shows a paper error but there is "
    "no paper inside my account was locked after the password change could you reset it remote "
    "access over the vpn drops every ten minutes storage quota exceeded while saving the contract "
    "an error window appears when I export the list to a spreadsheet thank you for your help"
).split()
CHINESE = (
    "您好 服务器 今天上午 无法访问 请帮忙 检查一下 数据库 备份 没有完成 我们科室 的 同事 都 打不开 报表 "
    "打印机 卡纸 提示错误 账号 被锁定 需要 重置密码 网络 时断时续 系统 运行 很慢 导出 表格 时 报错 "
    "附件 是 截图 谢谢 麻烦 尽快 处理 存储空间 不足 远程 登录 失败 邮件 收不到 应用程序 已经 重启 两次 仍然 不行"
).split()
RARE = "龘𠀀㐂鎔"  # four bytes each or outside GBK: what GB18030 is needed for
ENGLISH_SUBJECTS = [
    "Database backup did not finish", "Cannot log in to the portal", "Printer on floor {n} jams",
    "VPN drops every {n} minutes", "Please reset my password", "Report {n} shows wrong figures",
    "Mail to the outside is delayed", "Server app{n:02d} is down", "New account for a colleague",
]
CHINESE_SUBJECTS = [
    "数据库备份没有完成", "门户系统无法登录", "{n}楼打印机卡纸", "VPN每{n}分钟断线", "申请重置密码",
    "报表{n}数据不对", "邮件发不出去", "应用服务器app{n:02d}宕机", "新同事开通账号", "存储空间告警，只剩{n}%",
]
FILES = [("png", "image/png", b"\x89PNG\r\n\x1a\n"), ("pdf", "application/pdf", b"%PDF-1.7\n"),
         ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", b"PK\x03\x04")]
SURNAMES = "王李张刘陈杨赵黄周吴"
GIVEN = ["伟", "芳", "娜", "秀英", "敏", "静", "丽", "强", "磊", "洋"]
WESTERN = ["Anna Berg", "Tom Fields", "Maria Sousa", "Jon Økland", "Wei Chen", "Priya Nair"]


class Reporter:
    def __init__(self, number):
        self.number = number
        self.chinese = number % 5 < 3
        self.address = f"user{number:04d}@dept{number % DEPARTMENTS:02d}.example.net"
        if self.chinese:
            self.name = SURNAMES[number % 10] + GIVEN[number // 10 % 10]
        else:
            self.name = WESTERN[number % len(WESTERN)]


class Corpus:
    """Yields `count` messages as bytes with LF line ends."""

    def __init__(self, kind, count, seed=20260101):
        if kind not in ("mixed", "small"):
            raise ValueError(f"no such set: {kind}")
        self.kind, self.count = kind, count
        self.random = random.Random(f"{seed}/{kind}")
        self.sent = []  # (reporter, message id, subject, references)

    def __iter__(self):
        for number in range(self.count):
            yield self.message(number)

    def message(self, number):
        draw = self.random
        parent = draw.choice(self.sent[-400:]) if self.sent and draw.random() < REPLY_SHARE else None
        reporter = parent[0] if parent else Reporter(draw.randrange(REPORTERS))
        charset = "gb18030" if reporter.chinese and draw.random() < 0.35 else "utf-8"
        subject = parent[2] if parent else self.subject(reporter)
        if parent and not subject.startswith("Re: "):
            subject = "Re: " + subject
        identity = f"<{number:06d}.{draw.getrandbits(60):015x}@{reporter.address.split('@')[1]}>"
        references = parent[3] + [parent[1]] if parent else []
        self.sent.append((reporter, identity, subject, references))
        headers = self.headers(number, reporter, subject, charset, identity, references)
        return headers + self.content(reporter, charset, parent)

    def subject(self, reporter):
        pattern = self.random.choice(CHINESE_SUBJECTS if reporter.chinese else ENGLISH_SUBJECTS)
        return pattern.format(n=self.random.randint(2, 30))

    def headers(self, number, reporter, subject, charset, identity, references):
        second = number % 60, number // 60 % 60, 8 + number // 3600 % 10
        date = "Tue, 06 Jan 2026 %02d:%02d:%02d +0800" % second[::-1]
        relay = f"mx{reporter.number % 4}.example.net"
        lines = [
            f"Return-Path: <{reporter.address}>",
            f"Received: from {relay} ({relay} [198.51.100.{reporter.number % 250 + 1}])",
            f"\tby mail.example.org with ESMTPS id {self.random.getrandbits(48):012x}",
            f"\tfor <{DESK}>; {date}",
            f"From: {encode(reporter.name, charset)} <{reporter.address}>",
            f"To: <{DESK}>",
            f"Subject: {encode(subject, charset)}",
            f"Date: {date}",
            f"Message-ID: {identity}",
        ]
        if references:
            lines += [f"In-Reply-To: {references[-1]}",
                      "References: " + "\n ".join(references[-8:])]
        lines += ["MIME-Version: 1.0", ""]
        return "\n".join(lines).encode("ascii")

    def content(self, reporter, charset, parent):
        share = self.random.random()
        text = self.text(reporter, 1400 if share >= ALTERNATIVE_SHARE else 2400)
        if parent:
            text += "\n" + self.quote(reporter)
        if self.kind == "mixed" and share < ATTACHMENT_SHARE:
            return self.with_file(reporter, text, charset)
        if self.kind == "mixed" and share < ATTACHMENT_SHARE + ALTERNATIVE_SHARE:
            return self.alternative(text, charset)
        return self.part(text, "plain", charset)

    def text(self, reporter, size):
        words, length = [], 0
        while length < size:
            word = self.random.choice(CHINESE if reporter.chinese else ENGLISH)
            if self.random.random() < 0.07:
                word += "。" if reporter.chinese else "."
            if reporter.chinese and self.random.random() < 0.01:
                word += self.random.choice(RARE)
            words.append(word)
            length += 3 * len(word) if reporter.chinese else len(word) + 1
        if reporter.chinese:
            run = "".join(words)
            lines = [run[i:i + 34] for i in range(0, len(run), 34)]
        else:
            lines = textwrap.wrap(" ".join(words), 72)
        return "\n".join(lines) + f"\n\n{reporter.name}\nTel. 010-{self.random.randint(10**7, 10**8 - 1)}\n"

    def quote(self, reporter):
        lead = "在 2026年1月5日，服务台 写道：" if reporter.chinese else "On 5 January 2026 the desk wrote:"
        return lead + "\n" + "".join(f"> {line}\n" for line in self.text(reporter, 200).splitlines())

    def part(self, text, subtype, charset):
        raw = text.encode(charset)
        if text.isascii():
            coding, raw = "7bit", raw
        elif subtype == "plain" and self.random.random() < 0.25:
            coding = "8bit"
        elif self.random.random() < 0.4:
            coding, raw = "quoted-printable", quopri.encodestring(raw)
        else:
            coding, raw = "base64", base64.encodebytes(raw)
        head = (f"Content-Type: text/{subtype}; charset={charset}\n"
                f"Content-Transfer-Encoding: {coding}\n\n")
        return head.encode("ascii") + raw

    def alternative(self, text, charset):
        rows = "".join(f'<p style="margin:0 0 1em 0;font:14px sans-serif">{line}</p>\n'
                       for line in text.splitlines() if line)
        page = f"<html><head><title></title></head><body>\n{rows}</body></html>\n"
        return self.multipart("alternative", [self.part(text, "plain", charset),
                                              self.part(page, "html", charset)])

    def with_file(self, reporter, text, charset):
        ending, kind, magic = self.random.choice(FILES)
        size = int(100_000 * 9.6 ** self.random.random() * 57 / 77)  # 100 to 960 KB once encoded
        name = (f"截图{self.random.randint(1, 99)}" if reporter.chinese else "screenshot") + "." + ending
        parameter = f'filename="{name}"' if name.isascii() else "filename*=UTF-8''" + quote(name)
        head = (f"Content-Type: {kind}\nContent-Transfer-Encoding: base64\n"
                f"Content-Disposition: attachment;\n {parameter}\n\n").encode("ascii")
        file = head + base64.encodebytes(magic + self.random.randbytes(size))
        return self.multipart("mixed", [self.alternative(text, charset), file])

    def multipart(self, subtype, parts):
        boundary = f"=_{self.random.getrandbits(80):020x}"
        out = [f'Content-Type: multipart/{subtype}; boundary="{boundary}"\n\n'.encode("ascii")]
        for part in parts:
            out += [f"--{boundary}\n".encode("ascii"), part, b"\n"]
        return b"".join(out + [f"--{boundary}--\n".encode("ascii")])


def encode(text, charset):
    return text if text.isascii() else Header(text, charset, maxlinelen=70).encode()


def one_large(size):
    """A mail of about `size` bytes: one attached file."""
    raw = random.Random(size).randbytes(size * 57 // 77)
    head = (f"From: Large <large@dept00.example.net>\nTo: <{DESK}>\nSubject: Database dump attached\n"
            f"Date: Tue, 06 Jan 2026 07:00:00 +0800\nMessage-ID: <large.{size}@dept00.example.net>\n"
            'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_large"\n\n'
            "--=_large\nContent-Type: text/plain; charset=utf-8\n\nThe dump is attached.\n\n"
            "--=_large\nContent-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
            'Content-Disposition: attachment; filename="dump.bin"\n\n')
    return head.encode("ascii") + base64.encodebytes(raw) + b"--=_large--\n"


def write_maildir(folder, messages):
    """Fills a new Maildir; sizes stand in the file names as Dovecot writes them."""
    for name in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(folder, name))
    for number, raw in enumerate(messages):
        virtual = len(raw) + raw.count(b"\n")
        name = f"{1767650000 + number}.M{number:06d}P1.bench,S={len(raw)},W={virtual}"
        with open(os.path.join(folder, "new", name), "wb") as out:
            out.write(raw)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    write_maildir(sys.argv[1], Corpus(sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 2000))


if __name__ == "__main__":
    main()
