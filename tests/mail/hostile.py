#!/usr/bin/env python3
"""Processor time and memory of hostile messages, at one size and at the double: hostile.py DUMP_PROGRAM.

A construct whose doubling more than doubles the work by far (and is not just noise) is marked.
"""
import base64
import os
import resource
import subprocess
import sys
import tempfile

HEAD = "From: a@b.example\nTo: desk@example.com\nSubject: x\nMessage-ID: <1@b.example>\n"


def text(body):
    return HEAD + "Content-Type: text/plain; charset=utf-8\n\n" + body


def html(body):
    return HEAD + "Content-Type: text/html; charset=utf-8\n\n" + body


def nested(count):
    return HEAD + "".join("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i)
                          for i in range(count)) + "\nx\n"


def nested_messages(count):
    return HEAD + "Content-Type: message/rfc822\n\n" * count + "x\n"


def parts(count):
    return HEAD + "Content-Type: multipart/mixed; boundary=x\n\n" + "--x\n\na\n" * count


def encoded_messages(count):
    """A message in base64 in a message in base64, and so on; past the fourth nothing is opened."""
    message = text("x" * count)
    for _ in range(6):
        message = HEAD + ("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
                          + base64.encodebytes(message.encode()).decode())
    return message


def alternatives(count):
    part = "--x\nContent-Type: text/%s\n\na\n"
    return (HEAD + "Content-Type: multipart/alternative; boundary=x\n\n"
            + (part % "plain" + part % "html") * count)


CASES = {
    "encoded messages": (encoded_messages, 300000),
    "forwarded messages": (lambda n: HEAD + "Content-Type: multipart/mixed; boundary=x\n\n"
                           + "--x\nContent-Type: message/rfc822\n\nSubject: y\n\nz\n" * n, 450),
    "alternatives": (alternatives, 250),
    "an unfinished part": (lambda n: HEAD + "Content-Type: multipart/mixed; boundary=x\n\n--x\n\n"
                           + "--y\n" * n, 300000),
    "zero bytes": (lambda n: text("x" + "\0" * n), 500000),
    "nested parts": (nested, 500),
    "nested messages": (nested_messages, 500),
    "parts": (parts, 500),
    "parts beyond the limit": (parts, 500000),
    "headers": (lambda n: HEAD + "X-A: b\n" * n + "\nx\n", 20000),
    "long header": (lambda n: HEAD + "X-A: " + "b " * n + "\n\nx\n", 100000),
    "folded header": (lambda n: HEAD + "X-A: b" + "\n b" * n + "\n\nx\n", 60000),
    "many encoded-words": (lambda n: HEAD + "X-A: =?utf-8?B?5L2g?= =?gb2312?Q?=C4=E3?=\n" * n + "\nx\n", 2500),
    "long subject of words": (lambda n: HEAD.replace("Subject: x", "Subject: " + "=?utf-8?B?5L2g?= " * n)
                              + "\nx\n", 6000),
    "unfinished words": (lambda n: HEAD.replace("Subject: x", "Subject: " + "=?utf-8?Q?" * n)
                         + "\nx\n", 10000),
    "addresses": (lambda n: "To: " + "a@b.c, " * n + "\n\nx\n", 15000),
    "address quotes": (lambda n: "To: " + '"' * n + "\n\nx\n", 100000),
    "address comments": (lambda n: "To: " + "(" * n + "\n\nx\n", 100000),
    "address colons": (lambda n: "To: " + "a" * n + ":" * n + "\n\nx\n", 60000),
    "parameters": (lambda n: HEAD + "Content-Type: text/plain" + "; a=b" * n + "\n\nx\n", 20000),
    "references": (lambda n: HEAD + "References: " + "<a@b> " * n + "\n\nx\n", 20000),
    "deep HTML": (lambda n: html("<b>" * n), 300000),
    "end tags": (lambda n: html("<div>" * 250 + "</i>" * n), 300000),
    "shallow HTML": (lambda n: html("<p>a<br>b</p>" * n), 150000),
    "attributes": (lambda n: html("<p " + "a=b " * n + ">x"), 300000),
    "many tags with attributes": (lambda n: html("<p a=b c=d style='color:red'>x" * n), 60000),
    "entities": (lambda n: html("&amp;&lt;&#20320;&bogus;" * n), 80000),
    "unclosed comments": (lambda n: html("<!-- " * n), 300000),
    "less-than signs": (lambda n: html("<" * n), 1500000),
    "quotes": (lambda n: text("> " * 10 + "x\n" + ("> q\n" * n)), 150000),
    "deep quote": (lambda n: text(">" * n + "x\n"), 400000),
    "attributions": (lambda n: text("On 1 May 2024 a@b.c wrote:\n> x\ny\n" * n), 20000),
    "half attributions": (lambda n: text("On 1 May 2024 <a@b.c\n" * n), 30000),
    "header blocks": (lambda n: text("From: a\nSent: b\n\n" * n), 40000),
    "empty lines": (lambda n: text("\n" * n), 500000),
    "one line": (lambda n: text("x" * n), 500000),
    "wrong charset": (lambda n: HEAD + "Content-Type: text/plain; charset=utf-8\n\n" + "\udcc4\udce3" * n, 200000),
    "base64 lines": (lambda n: HEAD + "Content-Transfer-Encoding: base64\n\n" + "QUJD\n" * n, 200000),
    "bounce lines": (lambda n: "From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n"
                     + "<a@b.example>: x\n" * n, 20000),
}


def run(program, message):
    with tempfile.NamedTemporaryFile() as file:
        file.write(message.encode("utf-8", "surrogateescape"))
        file.flush()
        child = subprocess.Popen([program, "--html", file.name], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, status, len(message)


def main():
    program = sys.argv[1]
    bad = 0
    print("%-28s %10s %10s %8s %6s" % ("construct", "bytes", "seconds", "doubled", "MiB"))
    for name, (make, count) in CASES.items():
        first, _, status, _ = run(program, make(count))
        second, memory, other, size = run(program, make(2 * count))
        ratio = (second - 0.01) / max(first - 0.01, 0.01)
        mark = ""
        if status or other:
            mark, bad = "FAILED %d %d" % (status, other), 1
        elif second > 0.2 and ratio > 3:
            mark, bad = "NOT LINEAR", 1
        elif memory > 64:
            mark = "large"
        print("%-28s %10d %10.3f %8.1f %6d %s" % (name, size, second, ratio, memory, mark))
    return bad


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
    sys.exit(main())
