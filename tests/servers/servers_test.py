#!/usr/bin/env python3
"""The private servers do what the other tests count on."""

import imaplib
import smtplib
import ssl
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from servers import EXPIRED, PASSWORD, WRONG_NAME, MailServers, post  # noqa: E402

MAIL = "From: wang@finance.example\nTo: support@example.org\nSubject: {}\n\nbody\n"


def setUpModule():
    global servers
    servers = MailServers().start()
    unittest.addModuleCleanup(servers.stop)


def trusting(ca=None):
    return ssl.create_default_context(cafile=str(ca or servers.ca_file))


class Way(unittest.TestCase):
    def test_smtp_to_imap_keeps_the_plus_part(self):
        servers.send(MAIL.format("way"), "wang@finance.example", ["way+token@example.org"])
        (stored,) = servers.await_count("way", 1)
        self.assertIn(b"Return-Path: <wang@finance.example>", stored.raw)
        self.assertIn(b"Delivered-To: way+token@example.org", stored.raw)

    def test_folders_and_flags(self):
        servers.append("shelf", MAIL.format("a"), "Elsewhere", "\\Seen")
        (stored,) = servers.read("shelf", "Elsewhere")
        self.assertIn("\\Seen", stored.flags)
        self.assertEqual(servers.read("shelf", "Nowhere"), [])

    def test_bytes_that_no_server_accepts(self):
        servers.place("odd", b"\0\0\0")
        servers.place("odd", b"Subject: two\n")
        self.assertEqual(len(servers.read("odd")), 2)

    def test_names_of_folders(self):
        self.assertEqual(post.encoded("A&B/\u53f0\u5317"), "A&-B/&U,BTFw-")
        servers.append("names", MAIL.format("x"), post.encoded("\u6545\u969c\u5355"))
        self.assertEqual(len(servers.read("names", post.encoded("\u6545\u969c\u5355"))), 1)

    def test_capabilities(self):
        with imaplib.IMAP4("127.0.0.1", servers.imap_port) as client:
            client.login("able", PASSWORD)
            offered = set(client.capability()[1][0].decode().split())
        self.assertLessEqual({"IDLE", "MOVE", "UIDPLUS"}, offered)

    def test_many_at_once(self):
        servers.deliver_all([MAIL.format(number) for number in range(50)], "many@example.org")
        self.assertEqual(len(servers.await_count("many", 50)), 50)


class Tls(unittest.TestCase):
    def test_every_listener(self):
        with imaplib.IMAP4_SSL("localhost", servers.imaps_port, ssl_context=trusting()) as client:
            client.login("tls", PASSWORD)
        with imaplib.IMAP4("localhost", servers.imap_port) as client:
            client.starttls(trusting())
            client.login("tls", PASSWORD)
        with smtplib.SMTP_SSL("localhost", servers.smtps_port, context=trusting()) as client:
            client.login("tls", PASSWORD)
        with smtplib.SMTP("localhost", servers.smtp_port) as client:
            client.starttls(context=trusting())
            client.login("tls", PASSWORD)

    def test_bad_certificates(self):
        for host in (WRONG_NAME, EXPIRED):
            with self.assertRaises(ssl.SSLCertVerificationError):
                imaplib.IMAP4_SSL(host, servers.imaps_port, ssl_context=trusting())
            with self.assertRaises(ssl.SSLCertVerificationError):
                smtplib.SMTP_SSL(host, servers.smtps_port, context=trusting())
        with self.assertRaises(ssl.SSLCertVerificationError):
            imaplib.IMAP4_SSL("localhost", servers.imaps_port,
                              ssl_context=trusting(servers.other_ca_file))


class Refusal(unittest.TestCase):
    def test_wrong_password(self):
        with imaplib.IMAP4("127.0.0.1", servers.imap_port) as client:
            with self.assertRaises(imaplib.IMAP4.error):
                client.login("someone", "wrong")
        with smtplib.SMTP("127.0.0.1", servers.smtp_port) as client:
            with self.assertRaises(smtplib.SMTPAuthenticationError):
                client.login("someone", "wrong")

    def test_tokens(self):
        def try_token(token):
            with imaplib.IMAP4("127.0.0.1", servers.imap_port) as client:
                client.authenticate(
                    "XOAUTH2", lambda _: f"user=tok\1auth=Bearer {token}\1\1".encode())

        try_token(servers.token("tok"))
        for bad in (servers.token("tok", -60), "nonsense"):
            with self.assertRaises(imaplib.IMAP4.error):
                try_token(bad)

    def test_recipients(self):
        def code(recipient):
            try:
                servers.send(MAIL.format("r"), "a@example.org", [recipient])
                return 250
            except smtplib.SMTPRecipientsRefused as refusal:
                return refusal.recipients[recipient][0]

        self.assertEqual(code("rej550@example.org"), 550)
        self.assertEqual(code("def451@example.org"), 451)
        servers.exim.defer("later")
        self.assertEqual(code("later@example.org"), 451)
        servers.exim.accept("later")
        self.assertEqual(code("later@example.org"), 250)


class Restart(unittest.TestCase):
    def test_same_ports_same_mail(self):
        servers.deliver(MAIL.format("stays"), "stays@example.org")
        servers.exim.stop()
        servers.dovecot.stop()
        with self.assertRaises(OSError):
            smtplib.SMTP("127.0.0.1", servers.smtp_port)
        servers.dovecot.start()
        servers.exim.start()
        servers.send(MAIL.format("after"), "a@example.org", ["stays@example.org"])
        self.assertEqual(len(servers.await_count("stays", 2)), 2)


if __name__ == "__main__":
    unittest.main()
