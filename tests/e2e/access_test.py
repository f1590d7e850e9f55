#!/usr/bin/env python3
"""Proving who one is, both ways: TLS, passwords, access tokens."""

import stat

from case import DeskCase, main
from desk import session_members
from letters import letter
from servers import EXPIRED, WRONG_NAME


class Tls(DeskCase):
    def works(self, **options):
        desk = self.desk(**options)
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.cycle()
        desk.received(person, 1)
        return desk

    def test_implicit(self):
        self.works(relay={"tls": "implicit", "port": self.servers.smtps_port})

    def test_starttls(self):
        self.works(mailbox={"tls": "starttls", "port": self.servers.imap_port})

    def test_none_on_loopback(self):
        self.works(mailbox={"tls": "none", "host": "127.0.0.1", "port": self.servers.imap_port},
                   relay={"tls": "none", "host": "127.0.0.1"})

    def test_address_instead_of_a_name(self):
        self.works(mailbox={"host": "127.0.0.1"}, relay={"host": "127.0.0.1"})

    def test_plain_and_login(self):
        self.works(mailbox={"auth": "plain"}, relay={"auth": "login"})

    def mailbox_refused(self, words, **mailbox):
        """Collecting says why, touches nothing, and works once it is put right."""
        desk = self.desk()
        right = dict(desk.settings["mailboxes"][0])
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.configure(mailboxes=mailbox)
        done = desk.run("collect", "--once")
        self.assertNotEqual(done.returncode, 0)
        self.assertRegex(done.stderr.decode().lower(), words)
        self.assertNotIn(b"secret\n", done.stderr)
        self.assertEqual(desk.ledger(), [])
        desk.settings["mailboxes"][0] = right
        desk.configure()
        desk.cycle()
        desk.received(person, 1)

    def relay_refused(self, words, **relay):
        """Delivering says why, sends nothing, and works once it is put right."""
        desk = self.desk()
        right = dict(desk.settings["relays"][0])
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.collect()
        desk.process_inbox()
        desk.configure(relays=relay)
        done = desk.run("deliver", "--once")
        self.assertRegex(done.stderr.decode().lower(), words)
        desk.received(person, 0)
        desk.settings["relays"][0] = right
        desk.configure()
        for mail in desk.outbox():
            if mail["state"] != "queued":
                desk.do("outbox", "retry", mail["id"])
        desk.deliver()
        desk.received(person, 1)

    def test_wrong_authority(self):
        self.mailbox_refused("certificate", ca=str(self.servers.other_ca_file))
        self.relay_refused("certificate", ca=str(self.servers.other_ca_file))

    def test_wrong_name(self):
        self.mailbox_refused("certificate|name", host=WRONG_NAME)
        self.relay_refused("certificate|name", host=WRONG_NAME)
        self.mailbox_refused("certificate|name", tls_name="mail.example.org")

    def test_expired(self):
        self.mailbox_refused("certificate|expired", host=EXPIRED, tls_name="localhost")
        self.relay_refused("certificate|expired", host=EXPIRED, tls_name="localhost")

    def test_system_authorities_do_not_vouch(self):
        self.mailbox_refused("certificate", ca="/etc/ssl/certs/ca-certificates.crt")

    def test_port_closed(self):
        self.mailbox_refused("refused|connect", port=1)
        self.relay_refused("refused|connect", port=1)

    def test_wrong_password(self):
        desk = self.desk()
        wrong = desk.secret("wrong", "not the word")
        self.mailbox_refused("password|log|auth", password=f"file:{wrong}")
        self.relay_refused("password|log|auth", password=f"file:{wrong}")


class Retry(DeskCase):
    @staticmethod
    def troubles(desk):
        """While roles start, a status tells of these."""
        roles = desk.json("status", codes=(0, 1))["roles"]
        return [role["role"] for role in roles if "trouble" in role]

    def test_running_desk_takes_the_right_password_by_reload(self):
        desk = self.desk()
        desk.secret("password", "not the word")
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.start()
        desk.wait_for(lambda: "support" in desk.log_text(), "a line about the mailbox")
        self.assertEqual(desk.ledger(), [])
        desk.wait_for(lambda: self.troubles(desk), "a status that tells of it")
        said = desk.do("status", codes=(1,)).decode()
        self.assertRegex(said, r"Trouble +collect\.support.*, since \d{4}-.*: .*(log|password)")
        desk.secret("password", "secret")
        desk.reload()
        desk.received(person, 1)
        desk.wait_for(lambda: desk.run("status").returncode == 0, "a status without trouble")
        self.assertEqual(desk.stop(), 0)

    def test_status_tells_of_a_relay_for_as_long_as_it_refuses(self):
        desk = self.desk()
        desk.secret("relay", "not the word")
        desk.configure(relays={"password": "file:secrets/relay"})
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.start()
        troubled = desk.wait_for(lambda: self.troubles(desk), "a status that tells of it")
        self.assertEqual(troubled, ["deliver"])
        self.assertEqual(desk.run("status").returncode, 1)
        desk.secret("relay", "secret")
        desk.reload()
        desk.received(person, 1)
        desk.wait_for(lambda: desk.run("status").returncode == 0, "a status without trouble")
        self.assertEqual(desk.stop(), 0)

    def test_server_down_then_back(self):
        desk = self.desk()
        person = self.person()
        desk.put(letter(person, desk.address))
        self.servers.dovecot.stop()
        desk.start()
        try:
            desk.wait_for(lambda: "support" in desk.log_text(), "a line about the mailbox")
        finally:
            self.servers.dovecot.start()
        desk.wait_for(lambda: desk.received(person, 1), "the answer", 40)
        self.assertEqual(desk.stop(), 0)


class Tokens(DeskCase):
    def desk_with(self, **mailbox):
        desk = self.desk()
        del desk.settings["mailboxes"][0]["password"]
        desk.configure(mailboxes={"auth": "xoauth2", **mailbox})
        return desk

    def answered(self, desk):
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.received(person, 1)

    def test_token_file(self):
        desk = self.desk_with(token="file:secrets/token")
        desk.secret("token", self.servers.token(desk.user) + "\n")
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.cycle()
        desk.received(person, 1)

    def test_token_file_renewed(self):
        desk = self.desk_with(token="file:secrets/token")
        desk.secret("token", self.servers.token(desk.user, -60))
        done = desk.run("collect", "--once")
        self.assertNotEqual(done.returncode, 0)
        desk.start()
        desk.wait_for(lambda: "support" in desk.log_text(), "a line about the mailbox")
        desk.secret("token", self.servers.token(desk.user))
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.wait_for(lambda: desk.received(person, 1), "the answer", 40)
        self.assertEqual(desk.stop(), 0)

    def token_command(self, desk, *tokens):
        """A command that gives these tokens, call by call, the last one for ever."""
        for number, token in enumerate(tokens, 1):
            desk.secret(f"token{number}", token)
        script = desk.folder / "token"
        script.write_text(f"""#!/bin/sh
cd '{desk.folder}/secrets' || exit 1
calls=$(($(cat calls 2>/dev/null || echo 0) + 1))
echo $calls > calls
[ $calls -le {len(tokens)} ] || calls={len(tokens)}
cat token$calls
""")
        script.chmod(script.stat().st_mode | stat.S_IXUSR)
        desk.configure(mailboxes={"token_command": [str(script), "support"]})

    def calls(self, desk):
        return int((desk.folder / "secrets/calls").read_text())

    def test_token_command(self):
        desk = self.desk_with()
        self.token_command(desk, self.servers.token(desk.user))
        desk.start()
        self.answered(desk)
        self.assertEqual(desk.stop(), 0)

    def test_token_command_again_when_refused(self):
        desk = self.desk_with()
        self.token_command(desk, self.servers.token(desk.user, -60), self.servers.token(desk.user))
        desk.start()
        self.answered(desk)
        self.assertGreaterEqual(self.calls(desk), 2)
        self.assertEqual(desk.stop(), 0)

    def test_token_command_that_hangs_holds_up_nobody(self):
        """Neither other mailboxes nor a stop, and nothing is left of it."""
        other = self.person("other").split("@")[0]
        desk = self.desk(more_mailboxes=[{"name": "other", "user": other}])
        del desk.settings["mailboxes"][0]["password"]
        desk.configure(mailboxes={"auth": "xoauth2", "token_command": ["/bin/sleep", "4711"]})
        desk.start()
        person = self.person()
        desk.put(letter(person, desk.address), to=f"{other}@desk.example")
        desk.received(person, 1)
        leader = desk.process.pid
        self.assertEqual(desk.stop(), 0)
        desk.wait_for(lambda: not session_members(leader), "the command's end", 5)

    def test_relay_token(self):
        desk = self.desk()
        del desk.settings["relays"][0]["password"]
        desk.secret("token", self.servers.exim.token)
        desk.configure(relays={"auth": "xoauth2", "token": "file:secrets/token"})
        self.report(desk, self.person())


if __name__ == "__main__":
    main()
