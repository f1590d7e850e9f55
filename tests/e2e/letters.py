"""Mails as people and machines write them, for tests."""

import itertools
import time
import uuid
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr

_serial = itertools.count(1)


def unique(word):
    """A name that no other test uses."""
    return f"{word}-{uuid.uuid4().hex[:8]}-{next(_serial)}"


def letter(sender, to, subject="Cannot log in", body="The login page stays empty.\n", date=None,
           **headers):
    """An EmailMessage; headers by keyword, with _ for -; None leaves one out."""
    mail = EmailMessage(policy=policy.SMTP.clone(max_line_length=200))
    fields = {"From": sender, "To": to, "Subject": subject,
              "Date": formatdate(date or time.time(), localtime=False),
              "Message-ID": make_msgid(domain=parseaddr(sender)[1].split("@")[-1] or "none")}
    fields.update({name.replace("_", "-"): value for name, value in headers.items()})
    for name, value in fields.items():
        del mail[name]
        if value is not None:
            mail[name] = value
    mail.set_content(body)
    return mail


def rewrapped(mail, width, line_end=b"\r\n"):
    """The bytes of a mail with its attachments in base64 lines of that width, as another program
    writes them. Changes the mail."""
    for part in mail.iter_attachments():
        encoded = "".join(part.get_payload().split())
        lines = [encoded[at:at + width] for at in range(0, len(encoded), width)]
        part.set_payload("\n".join(lines) + "\n")
    return bytes(mail).replace(b"\r\n", line_end)


def reply(answered, sender, body="Thank you, it still fails.\n", **headers):
    """What a mail program makes of "Reply" to a mail that was received."""
    to = answered["Reply-To"] or answered["From"]
    fields = {"In_Reply_To": answered["Message-ID"], "References": answered["Message-ID"]}
    fields.update(headers)
    return letter(sender, fields.pop("To", str(to)),
                  fields.pop("Subject", "Re: " + str(answered["Subject"])), body, **fields)


def bounce(failed, to, recipient, status="5.1.1"):
    """A delivery report, as an MTA writes it, about a mail of ours."""
    edge = "edge-" + uuid.uuid4().hex
    raw = f"""\
From: Mail Delivery System <MAILER-DAEMON@mx.example.org>
To: {to}
Subject: Mail delivery failed: returning message to sender
Date: {formatdate()}
Message-ID: {make_msgid(domain="mx.example.org")}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{edge}"

--{edge}
Content-Type: text/plain; charset=us-ascii

A message that you sent could not be delivered to {recipient}.

--{edge}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; 550 {status} no such user

--{edge}
Content-Type: message/rfc822

{failed}
--{edge}--
"""
    return raw.encode()


def parsed(raw):
    return message_from_bytes(raw, policy=policy.default)


def text_of(mail):
    """The text that a plain mail program shows."""
    part = mail.get_body(("plain", "html"))
    return part.get_content() if part else ""
