#!/usr/bin/env python3
"""doctor says in plain words what stands between an installation and its first mail."""

import time

from case import DeskCase, main
from hostile_case import HostileCase
from letters import letter
from servers import EXPIRED, WRONG_NAME
from servers.hostile_imap import ImapServer
from servers.hostile_smtp import SmtpServer


class Findings:
    def problems(self, desk):
        """What doctor finds wrong, as text; it must say so by its exit code, too."""
        done = desk.run("doctor")
        self.assertEqual(done.returncode, 1, done.stdout.decode() + done.stderr.decode())
        findings = [finding for finding in desk.json("doctor", codes=(1,))["findings"]
                    if finding["verdict"] == "problem"]
        self.assertTrue(findings)
        return " ".join(f"{finding['subject']}: {finding['text']} {finding['advice']}"
                        for finding in findings).lower()


class Trust(DeskCase):
    """Whether the server's word about senders is its own, by the mail that is stored."""

    def found(self, *trails):
        """What doctor says after mails that came with these headers above their own."""
        desk = self.desk(mailbox={"authserv_ids": ["mx.bureau.example"]})
        for trail in trails:
            mail = bytes(letter(self.person("out", "outside.example"), desk.address))
            desk.put(trail.encode() + mail)
        desk.collect()
        return " ".join(f"{finding['verdict']}: {finding['text']}"
                        for finding in desk.json("doctor")["findings"]
                        if finding["subject"] == "authserv_ids of support")

    WORD = "Authentication-Results: mx.bureau.example; spf=pass\r\n"
    CAME = "Received: from a (a.example [192.0.2.1]) by mx.bureau.example with ESMTP; Mon, 3 Jun 2024\r\n"
    FOREIGN = "Received: from b (b.example [192.0.2.2]) by relay.outside.example; Mon, 3 Jun 2024\r\n"

    def test_every_mail_holds_it(self):
        self.assertEqual(self.found(self.CAME + self.WORD, self.CAME + self.WORD),
                         "ok: the last 2 mails from outside hold its word")

    def test_some_mail_lacks_it(self):
        self.assertIn("warning: 1 of the last 2 mails from outside do not hold its word",
                      self.found(self.CAME + self.WORD, self.CAME))

    def test_no_mail_holds_it(self):
        other = self.WORD.replace("mx.", "mx7.")
        self.assertEqual(self.found(other, other), "warning: none of the last 2 mails from outside "
                         "holds its word; one names mx7.bureau.example")

    def test_the_server_leaves_what_senders_write(self):
        self.assertIn("may have written (message 1)",
                      self.found(self.CAME + self.WORD + self.FOREIGN + self.WORD))


class Doctor(Findings, DeskCase):
    def test_all_is_well(self):
        self.desk().do("doctor")

    def test_file_system_without_holes_is_a_remark(self):
        desk = self.desk()
        desk.do("process", "--once")  # the state folder is there
        self.assertNotIn(b"blocks", desk.do("doctor"))
        told = desk.do("doctor", env={"LD_PRELOAD": desk.library("noholes")}).decode()
        self.assertIn("gives no blocks back", told)
        self.assertFalse(list(desk.state.glob(".holes")))

    def test_wrong_password(self):
        desk = self.desk()
        desk.secret("password", "not the word")
        found = self.problems(desk)
        self.assertIn("mailbox support", found)
        self.assertIn("relay main", found)
        self.assertIn("password", found)
        self.assertNotIn("not the word", found)

    def test_missing_password_file(self):
        desk = self.desk(mailbox={"password": "file:secrets/none"})
        self.assertIn("secrets/none", self.problems(desk))

    def test_certificate_that_cannot_be_verified(self):
        desk = self.desk(mailbox={"ca": str(self.servers.other_ca_file)})
        self.assertIn("certificate", self.problems(desk))

    def test_certificate_of_another_name(self):
        desk = self.desk(mailbox={"host": WRONG_NAME}, relay={"host": WRONG_NAME})
        found = self.problems(desk)
        self.assertEqual(found.count("the certificate is for elsewhere.example"), 2, found)

    def test_certificate_out_of_date(self):
        late = {"host": EXPIRED, "tls_name": "localhost"}
        found = self.problems(self.desk(mailbox=late, relay=late))
        self.assertEqual(found.count("has expired"), 2, found)

    def test_tls_where_none_is_spoken(self):
        desk = self.desk(mailbox={"port": self.servers.imap_port}, relay={"tls": "implicit"})
        self.assertEqual(self.problems(desk).count("check that port and tls belong together"), 2)

    def with_token(self, **how):
        desk = self.desk()
        del desk.settings["mailboxes"][0]["password"]
        desk.configure(mailboxes={"auth": "xoauth2", **how})
        return desk

    def test_token_refused(self):
        desk = self.with_token(token="file:secrets/token")
        desk.secret("token", self.servers.token(desk.user, -60))
        self.assertIn("token is fresh", self.problems(desk))
        desk.secret("token", self.servers.token(desk.user))
        desk.do("doctor")

    def test_token_command_that_fails(self):
        desk = self.with_token(token_command=["/bin/sh", "-c", "exit 3"])
        self.assertIn("token command /bin/sh failed with exit code 3", self.problems(desk))

    def test_clock_that_differs_from_the_servers(self):
        desk = self.desk()
        desk.servers.append(desk.user, bytes(letter(self.person(), desk.address)),
                            arrived=time.time() + 7200)
        self.assertRegex(self.problems(desk), "in the future.*set the clock")

    def test_recipients_that_the_relay_does_not_take(self):
        desk = self.desk()
        self.servers.exim.refuse(desk.admin.split("@")[0])
        found = self.problems(desk)
        self.assertIn(f"does not take mail from <{desk.user}-bounces+doctor@desk.example>", found)
        self.assertEqual(desk.received(desk.admin), [])

    def test_missing_folder(self):
        desk = self.desk(mailbox={"folders": ["Nowhere"]})
        self.assertIn("nowhere", self.problems(desk))

    def test_closed_port(self):
        desk = self.desk(mailbox={"port": 1}, relay={"port": 1})
        found = self.problems(desk)
        self.assertIn("mailbox support", found)
        self.assertIn("relay main", found)

    def test_store_that_cannot_be_opened(self):
        desk = self.desk()
        desk.do("process", "--once")
        (desk.state / "postdesk.db").write_bytes(b"not a database " * 1000)
        for rest in desk.state.glob("postdesk.db-*"):
            rest.unlink()
        self.assertIn("store: state folder", self.problems(desk))

    def test_state_folder_whose_path_is_too_long_for_the_sockets(self):
        desk = self.desk()
        desk.configure(state="/".join(("long" * 10, "path" * 10)))
        self.assertIn("use a state folder with a shorter path", self.problems(desk))

    def test_disk_full(self):
        desk = self.desk(limits={"min_free_space": "100000G"})
        self.assertIn("free", self.problems(desk))


class Scripted(Findings, HostileCase):
    """What Dovecot and Exim cannot be brought to do."""

    def looked_at(self, imap=None, smtp=None, **settings):
        """What doctor finds about the scripted one of the two servers."""
        return self.problems(self.desk(imap=imap, smtp=smtp, **settings))

    def test_starttls_is_missing(self):
        for kind, name in ((ImapServer, "imap"), (SmtpServer, "smtp")):
            server = self.server(kind, tls="starttls", behaviour="starttls_stripped")
            self.assertIn("does not offer starttls", self.looked_at(**{name: server}))
            self.assertFalse(server.secret_in_clear)

    def test_certificate_not_valid_yet(self):
        for kind, name in ((ImapServer, "imap"), (SmtpServer, "smtp")):
            server = self.server(kind, tls="implicit", certificate="early")
            found = self.looked_at(**{name: server})
            self.assertRegex(found, "is not valid yet check this machine's clock")

    def test_folder_that_may_only_be_read(self):
        server = self.server(ImapServer)
        server.read_only = True
        self.assertIn("may only read the folder", self.looked_at(imap=server))
        kept = self.looked_at(imap=server, mailbox={"after": "keep"})
        self.assertNotIn("may only read", kept)

    def test_sender_that_the_relay_refuses(self):
        server = self.server(SmtpServer, behaviour="mail_5xx")
        found = self.looked_at(smtp=server)
        self.assertIn("554 5.3.0 not here let answers.bounce_address", found)
        self.assertEqual(server.seen, [])


if __name__ == "__main__":
    main()
