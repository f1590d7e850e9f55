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


def attribute(name, value):
    """One attribute of a winmail.dat, of the message's level."""
    return (b"\x01" + name.to_bytes(2, "little") + b"\x06\x00" + len(value).to_bytes(4, "little")
            + value + (sum(value) & 0xffff).to_bytes(2, "little"))


def winmail(attributes):
    return (HEAD + "Content-Type: application/ms-tnef; name=winmail.dat\n"
            "Content-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(b"\x78\x9f\x3e\x22\x01\x00" + attributes).decode())


def tnef(rtf):
    """RTF as a winmail.dat keeps it: one MAPI property, stored without compression."""
    packed = ((len(rtf) + 12).to_bytes(4, "little") + len(rtf).to_bytes(4, "little") + b"MELA"
              + b"\0\0\0\0" + rtf)
    value = (b"\x01\0\0\0" + b"\x02\x01\x09\x10" + b"\x01\0\0\0" + len(packed).to_bytes(4, "little")
             + packed + b"\0" * (-len(packed) % 4))
    return winmail(attribute(0x9003, value))


def pkcs7(octets):
    """A message that is signed as one piece, of elements whose length is unknown."""
    oid = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07"
    signed = (b"\x30\x80" + oid + b"\x02\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80" + oid
              + b"\x01\xa0\x80" + octets)
    return (HEAD + "Content-Type: application/pkcs7-mime; smime-type=signed-data\n"
            "Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(signed).decode())


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
    "RFC 2231 pieces": (lambda n: HEAD + "Content-Type: text/plain" + "".join(
        "; name*%d*=%%41" % i for i in range(n)) + "\n\nx\n", 6000),
    "RFC 2231 pieces, backwards": (lambda n: HEAD + "Content-Type: text/plain" + "".join(
        "; name*%d=A" % i for i in range(n, 0, -1)) + "\n\nx\n", 6000),
    "deep comments": (lambda n: "To: a@b.c " + "(" * n + ")" * n + "\n\nx\n", 60000),
    "groups of addresses": (lambda n: "To: " + "g: a@b.c;" * n + "\n\nx\n", 12000),
    "routes": (lambda n: "To: " + "<@a,@b:c@d>," * n + "\n\nx\n", 10000),
    "many address headers": (lambda n: "To: a@b.c\n" * n + "\nx\n", 12000),
    "authentication results": (lambda n: "Authentication-Results: mx.example.com"
                               + "; dkim=pass (x) header.d=b.example" * n
                               + "\n" + HEAD + "\nx\n", 3500),
    "many authentication results": (lambda n: ("Authentication-Results: mx.example.com; spf=pass\n"
                                    "Received: from x (x [127.0.0.1]) by y\n") * n + HEAD + "\nx\n",
                                    4000),
    "comments in results": (lambda n: "Authentication-Results: mx.example.com; dkim=" + "(" * n
                            + "\n" + HEAD + "\nx\n", 120000),
    "styles": (lambda n: html("<p style='" + "color:red;" * n + "'>x"), 200000),
    "tags with styles": (lambda n: html("<p style='color:red;margin:0'>x</p>" * n), 60000),
    "classes": (lambda n: html("<div class='gmail_attr'>x</div>" * n), 60000),
    "ends of pages": (lambda n: html("</html> " * n + "x"), 200000),
    "signatures": (lambda n: html("a" + "<div id=signature>x</div>" * n), 80000),
    "signatures in one another": (lambda n: html("a" + "<div id=signature>x" * n), 80000),
    "unfinished tags": (lambda n: html("<a " * n), 300000),
    "empty comments": (lambda n: html("x<!-->" * n), 300000),
    "marked sections": (lambda n: html("<![if x]>" * n), 200000),
    "tables": (lambda n: html("<table><tr><td>x" * n), 80000),
    "cells": (lambda n: html("<table>" + "<tr>" + "<td>x</td>" * n), 150000),
    "lists": (lambda n: html("<ul><li>x" * n), 120000),
    "items": (lambda n: html("<ol>" + "<li>x" * n), 200000),
    "blockquotes": (lambda n: html("<blockquote>x" * n), 120000),
    "links": (lambda n: html("<a href='http://x.example/%s'>x</a>" % ("y" * 300) * n), 9000),
    "style element": (lambda n: html("<style>" + "p{color:red}" * n + "</style>x"), 150000),
    "script without an end": (lambda n: html("<script>" + "</scrip" * n), 200000),
    "separator bait": (lambda n: text("----- \n" * n), 100000),
    "labels": (lambda n: text("a: b@c\n" * n), 100000),
    "labels behind rules": (lambda n: text("________\na: b@c\nd: e\n" * n), 40000),
    "dated lines": (lambda n: text("2024-06-03 10:00 <a@b.c\n" * n), 40000),
    "attributions in one line": (lambda n: text("On 1 May 2024 a@b.c wrote: " * n), 30000),
    "titles": (lambda n: text("---- a ----\nFrom a\nTo b\n" * n), 40000),
    "arrow titles": (lambda n: text(">>> a 10:00 >>>\nb\n" * n), 40000),
    "frames": (lambda n: text("| |\na@b\n" * n), 60000),
    "device notes": (lambda n: text("Sent from my phone\n" * n), 50000),
    "disclaimers": (lambda n: text("This email is confidential\n\n> x\n" * n), 30000),
    "thanks": (lambda n: text("thanks. " * n), 60000),
    "flowed lines": (lambda n: HEAD + "Content-Type: text/plain; format=flowed\n\n" + "> a \n" * n,
                     120000),
    "quoted-printable": (lambda n: HEAD + "Content-Transfer-Encoding: quoted-printable\n\n"
                         + "=C4=E3=\n" * n, 100000),
    "padding in base64": (lambda n: HEAD + "Content-Transfer-Encoding: base64\n\n" + "QQ==\n" * n, 200000),
    "padding alone": (lambda n: HEAD + "Content-Transfer-Encoding: base64\n\n" + "=\n=" * n, 200000),
    "blanks in quoted-printable": (lambda n: HEAD + "Content-Transfer-Encoding: quoted-printable\n\n"
                                   + "= \n=" + " " * n + "= " * n, 200000),
    "signed pieces": (lambda n: pkcs7(b"\x24\x80" + b"\x04\x01a" * n), 200000),
    "signed pieces in one another": (lambda n: pkcs7(b"\x24\x80" * n), 200000),
    "unfinished escapes": (lambda n: HEAD + "Content-Type: text/plain; charset=iso-2022-jp\n\n"
                           + "\x1b$" * n, 300000),
    "calendar lines": (lambda n: HEAD + "Content-Type: text/calendar\n\nBEGIN:VEVENT\n"
                       + "DTSTART;TZID=\"a\":20240603T100000\n" * n, 30000),
    "calendar parameters": (lambda n: HEAD + "Content-Type: text/calendar\n\nBEGIN:VEVENT\nATTENDEE"
                            + ";CN=a" * n + ":mailto:a@b.c\n", 120000),
    "delivery status": (lambda n: "From: MAILER-DAEMON@x.example\n"
                        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n"
                        "--b\nContent-Type: message/delivery-status\n\n"
                        + "Final-Recipient: rfc822; a@b.example\nAction: failed\n\n" * n, 15000),
    "delivery status of many": (lambda n: "From: MAILER-DAEMON@x.example\n"
                                "Content-Type: multipart/report; report-type=delivery-status; "
                                "boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
                                + "".join("Final-Recipient: rfc822; a%d@b.example\n" % i
                                          for i in range(n)), 20000),
    "header lines without colons": (lambda n: HEAD + "x\n" * n + "y: z\n" * n, 20000),
    "RTF groups": (lambda n: tnef(b"{\\rtf1 " + b"{\\b x" * n), 60000),
    "RTF words": (lambda n: tnef(b"{\\rtf1 " + b"\\par x" * n + b"}"), 60000),
    "winmail attributes": (lambda n: winmail(b"".join(attribute(0x8005 + (i % 7), b"x")
                                                      for i in range(n))), 20000),
    "bounce lines": (lambda n: "From: MAILER-DAEMON@x.example\nSubject: failure notice\n\n"
                     + "<a@b.example>: x\n" * n, 20000),
}


def run(program, message):
    with tempfile.NamedTemporaryFile() as file:
        file.write(message.encode("utf-8", "surrogateescape"))
        file.flush()
        child = subprocess.Popen([program, "--html", "--id", "mx.example.com", file.name], stdout=subprocess.DEVNULL,
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
