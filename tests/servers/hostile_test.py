#!/usr/bin/env python3
"""The scripted servers are well-behaved when told so, and each behaviour is one."""

import imaplib
import smtplib
import ssl
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from servers.certificates import Certificates  # noqa: E402
from servers.hostile_imap import BEHAVIOURS as IMAP, ImapServer  # noqa: E402
from servers.hostile_smtp import BEHAVIOURS as SMTP, SmtpServer  # noqa: E402

MAILS = [b"Subject: %d\n\nbody\n" % number for number in range(3)]


class Scripted(unittest.TestCase):
    def server(self, kind, *arguments, **how):
        server = kind(*arguments, **how)
        self.addCleanup(server.close)
        return server

    def certificates(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        made = Certificates(Path(folder.name))
        return made, ssl.create_default_context(cafile=str(made.ca))


class HealthyImap(Scripted):
    def client(self, server, context=None):
        client = imaplib.IMAP4("localhost", server.port)
        self.addCleanup(client.shutdown)
        if context:
            client.starttls(context)
        client.login("desk", "secret")
        client.select()
        return client

    def test_peeks_flags_and_moves_by_uid(self):
        server = self.server(ImapServer, MAILS)
        client = self.client(server)
        self.assertEqual(client.uid("SEARCH", "UID 2:*")[1], [b"2 3"])
        answer = client.uid("FETCH", "1,3", "(UID RFC822.SIZE BODY.PEEK[]<0.10>)")[1]
        self.assertEqual([part[1] for part in answer if isinstance(part, tuple)], [b"Subject: 0", b"Subject: 2"])
        self.assertEqual([message.flags for message in server.inbox], [set()] * 3)
        client.uid("STORE", "1", "+FLAGS.SILENT", "(\\Seen)")
        client.uid("MOVE", "2", "Done")
        self.assertEqual([(message.uid, message.flags) for message in server.inbox], [(1, {"\\Seen"}), (3, set())])
        self.assertEqual(server.folders["Done"][0].raw, MAILS[1].replace(b"\n", b"\r\n"))

    def test_fetching_without_peek_shows(self):
        server = self.server(ImapServer, MAILS)
        self.client(server).uid("FETCH", "1", "(BODY[])")
        self.assertEqual(server.inbox[0].flags, {"\\Seen"})

    def test_announces_while_idle(self):
        server = self.server(ImapServer, MAILS)
        client = self.client(server)
        client.send(b"x IDLE\r\n")
        self.assertEqual(client.readline(), b"+ idling\r\n")
        server.add(MAILS[0])
        self.assertEqual(client.readline(), b"* 4 EXISTS\r\n")
        client.send(b"DONE\r\n")
        self.assertEqual(client.readline(), b"x OK done\r\n")

    def test_starttls_and_a_change_of_manners(self):
        certificates, context = self.certificates()
        server = self.server(ImapServer, MAILS, tls="starttls", certificates=certificates)
        client = self.client(server, context)
        self.assertFalse(server.secret_in_clear)
        server.behave("eof_in_literal")
        with self.assertRaises(imaplib.IMAP4.abort):
            client.uid("FETCH", "1:*", "(BODY.PEEK[])")
        self.assertEqual(server.misbehaved, 1)
        server.behave("healthy")
        self.assertEqual(self.client(server, context).uid("FETCH", "1:*", "(BODY.PEEK[])")[0], "OK")


class HealthySmtp(Scripted):
    def test_takes_mail_over_starttls(self):
        certificates, context = self.certificates()
        server = self.server(SmtpServer, tls="starttls", certificates=certificates)
        server.refused["gone@example.org"] = b"550 5.1.1 no such user"
        with smtplib.SMTP("localhost", server.port) as client:
            client.starttls(context=context)
            client.login("relay", "secret")
            refused = client.sendmail("desk@example.org", ["a@example.org", "gone@example.org"], "Subject: x\n\n.\n")
        self.assertEqual(list(refused), ["gone@example.org"])
        self.assertEqual(server.accepted, [("desk@example.org", ["a@example.org"], b"Subject: x\r\n\r\n.\r\n")])
        self.assertFalse(server.secret_in_clear)

    def test_a_reply_at_the_dot_and_a_change_of_manners(self):
        server = self.server(SmtpServer, behaviour="dot_4xx")
        with smtplib.SMTP("localhost", server.port) as client:
            with self.assertRaises(smtplib.SMTPDataError):
                client.sendmail("desk@example.org", ["a@example.org"], "Subject: x\n\n")
            server.behave("healthy")
            client.sendmail("desk@example.org", ["a@example.org"], "Subject: x\n\n")
        self.assertEqual((len(server.seen), len(server.accepted)), (2, 1))


class Behaviours(unittest.TestCase):
    def test_every_stage_is_one_that_the_session_comes_to(self):
        for table, protocol in ((IMAP, "hostile_imap.py"), (SMTP, "hostile_smtp.py")):
            source = (Path(__file__).parent / protocol).read_text()
            for name, behaviour in table.items():
                with self.subTest(name):
                    self.assertTrue(behaviour.stage == "nowhere" or f'"{behaviour.stage}"' in source)
                    self.assertTrue(behaviour.about)


if __name__ == "__main__":
    unittest.main()
