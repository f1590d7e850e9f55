"""Sends raw mail and reads mailboxes, the way a person's mail program would."""

import base64
import imaplib
import re
import smtplib
import socket
import time
from contextlib import contextmanager

from .dovecot import PASSWORD

WAIT_SECONDS = 10


class Stored:
    """One message as the server holds it."""

    def __init__(self, uid, flags, raw):
        self.uid = uid
        self.flags = flags
        self.raw = raw


def send(port, raw, sender, recipients):
    """Hands raw to an SMTP server; CRLF or LF line ends."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname="localhost") as client:
        client.sendmail(sender, recipients, _crlf(raw))


def deliver(port, messages, recipient, sender="sender@example.org"):
    """Puts raw messages straight into a mailbox, by LMTP."""
    with smtplib.LMTP("127.0.0.1", port, local_hostname="localhost") as client:
        for raw in messages:
            client.sendmail(sender, [recipient], _crlf(raw))


@contextmanager
def session(port, user, folder="INBOX", readonly=True):
    """An IMAP session with a folder open."""
    client = imaplib.IMAP4("127.0.0.1", port)
    try:
        client.login(user, PASSWORD)
        if not readonly:
            client.create(folder)
        checked(client.select(folder, readonly))
        yield client
    finally:
        try:
            client.logout()
        except (imaplib.IMAP4.error, OSError, socket.error):
            pass


def checked(answer):
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(data)
    return data


def read(port, user, folder="INBOX"):
    """All messages of a folder, oldest first; none where there is no such folder."""
    try:
        with session(port, user, folder) as client:
            return _read_all(client)
    except imaplib.IMAP4.error:
        return []


def _read_all(client):
    uids = checked(client.uid("SEARCH", "ALL"))[0].split()
    if not uids:
        return []
    found = []
    for item in checked(client.uid("FETCH", b",".join(uids).decode(), "(UID FLAGS BODY.PEEK[])")):
        if isinstance(item, tuple):
            head = item[0].decode()
            uid = int(head.split("UID ")[1].split()[0].rstrip(")"))
            flags = frozenset(head.split("FLAGS (")[1].split(")")[0].split())
            found.append(Stored(uid, flags, item[1]))
    return found


def append(port, user, raw, folder="INBOX", flags=None, arrived=None):
    """Puts a message into a folder by IMAP, creating the folder; arrived: its internal
    date in seconds since 1970."""
    client = imaplib.IMAP4("127.0.0.1", port)
    try:
        client.login(user, PASSWORD)
        client.create(folder)
        checked(client.append(folder, flags, arrived, _crlf(raw)))
    finally:
        client.logout()


def encoded(folder):
    """A folder's name as IMAP writes it (modified UTF-7)."""
    def shift(match):
        data = base64.b64encode(match.group().encode("utf-16-be"), b"+,").rstrip(b"=")
        return f"&{data.decode()}-"

    return re.sub(r"[^\x20-\x7e]+", shift, folder.replace("&", "&-"))


def await_count(port, user, count, folder="INBOX", seconds=WAIT_SECONDS):
    """The folder's messages once there are at least count, or what there is in the end."""
    deadline = time.monotonic() + seconds
    while True:
        found = read(port, user, folder)
        if len(found) >= count or time.monotonic() > deadline:
            return found
        time.sleep(0.03)


def _crlf(raw):
    if isinstance(raw, str):
        raw = raw.encode()
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
