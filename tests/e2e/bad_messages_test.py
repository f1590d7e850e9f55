#!/usr/bin/env python3
"""Messages no mail program should have sent: each ends in a ticket or in quarantine,
and the next one is processed."""

import sqlite3

from case import DeskCase, main
from letters import letter, reply

ENDS = ("created", "ignored", "quarantined")
HEAD = b"From: someone <someone@odd.example>\r\nSubject: odd\r\nMIME-Version: 1.0\r\n"


def many_headers():
    return HEAD + b"".join(b"X-Header-%d: value\r\n" % n for n in range(10000)) + b"\r\nbody\r\n"


def nested(depth=1000):
    parts = [HEAD]
    for level in range(depth):
        parts.append(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n'
                     % (level, level))
    parts.append(b"Content-Type: text/plain\r\n\r\nat the bottom\r\n")
    return b"".join(parts)


def nested_messages(depth=1000):
    return HEAD + b"Content-Type: message/rfc822\r\n\r\n" * depth + b"Subject: x\r\n\r\nbody\r\n"


def million_parts():
    return (HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'
            + b"--b\r\n\r\nx\r\n" * 1_000_000 + b"--b--\r\n")


BAD = {
    "one byte": b"\n",
    "zero bytes of a message, only NULs": b"\0" * 4096,
    "NULs among the headers": b"From: a\0b@odd.example\r\nSubject: n\0ul\r\n\r\nbo\0dy\r\n",
    "no From": b"Subject: nobody\r\n\r\nbody\r\n",
    "no headers": b"\r\nonly a body\r\n",
    "no body": HEAD,
    "one long line": HEAD + b"\r\n" + b"x" * 3_000_000 + b"\r\n",
    "a header without end": b"Subject: " + b"x" * 1_000_000 + b"\r\n\r\nbody\r\n",
    "bytes of no charset": HEAD + b"\r\n" + bytes(range(128, 256)) * 20 + b"\r\n",
    "unknown charset": HEAD + b"Content-Type: text/plain; charset=x-none\r\n\r\nbody\r\n",
    "broken base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n====%%%%\r\n",
    "unclosed multipart": HEAD + b'Content-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n',
    "boundary missing": HEAD + b"Content-Type: multipart/mixed\r\n\r\n--x\r\n\r\nbody\r\n",
    "a thousand From addresses":
        b"From: " + b", ".join(b"a%d@odd.example" % n for n in range(1000))
        + b"\r\nSubject: odd\r\n\r\nbody\r\n",
    "10,000 headers": many_headers(),
    "nested a thousand deep": nested(),
    "messages in messages a thousand deep": nested_messages(),
    "deep HTML": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div><b>" * 100_000 + b"x\r\n",
}


class Bad(DeskCase):
    def passes(self, raws):
        """All raws, then a good mail, in one go."""
        desk = self.desk()
        for raw in raws:
            desk.servers.place(desk.user, raw)
        person = self.person()
        desk.put(letter(person, desk.address, "good"))
        desk.cycle()
        rows = desk.ledger()
        self.assertEqual(len(rows), len(raws) + 1)
        for row in rows:
            self.assertIn(row["outcome"], ENDS)
        desk.ticket("good")
        desk.received(person, 1)
        return desk

    def test_each_by_itself(self):
        for name, raw in BAD.items():
            with self.subTest(name):
                self.passes([raw])

    def test_all_together(self):
        desk = self.passes(list(BAD.values()))
        desk.do("verify")

    def test_a_million_parts(self):
        self.passes([million_parts()])

    def test_quarantine_is_kept_and_can_be_listed_and_shown(self):
        desk = self.passes([million_parts()])
        for held in desk.quarantine():
            desk.do("quarantine", "show", held["message"])

    def damage_events(self, desk):
        with sqlite3.connect(desk.state / "postdesk.db") as database:
            database.execute("UPDATE event SET data = '{' WHERE ticket = 1 AND sequence = 1")

    def test_message_that_cannot_be_carried_out_spoils_no_other_of_its_transaction(self):
        """Its ticket's past is damaged, which shows only when the reply opens it again."""
        desk = self.desk()
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.cycle()
        (answer,) = desk.received(person, 1)
        desk.do("resolve", 1)
        self.damage_events(desk)
        others = [self.person() for _ in range(3)]
        desk.put(letter(others[0], desk.address), reply(answer, person),
                 *(letter(other, desk.address) for other in others[1:]))
        desk.cycle()
        self.assertEqual([entry["outcome"] for entry in desk.ledger()],
                         ["created", "created", "quarantined", "created", "created"])
        self.assertEqual(len(desk.tickets()), 4)
        for other in others:
            desk.received(other, 1)

    def test_parse_of_each(self):
        """parse answers or refuses, and never crashes."""
        desk = self.desk()
        for name, raw in BAD.items():
            with self.subTest(name):
                path = desk.folder / "message.eml"
                path.write_bytes(raw)
                self.assertIn(desk.run("parse", path, "--json").returncode, (0, 1, 65))


if __name__ == "__main__":
    main()
