#!/usr/bin/env python3
"""Every mistake of a configuration is named at once, with its place."""

import re
import subprocess

from case import DeskCase, main
from desk import SOURCE

TEN_MISTAKES = """\
desk:
  name: Service desk
  address: support@example.org
  adress: support@example.org
state: state
mailboxes:
  - name: support
    host: localhost
    port: 99999
    tls: sometimes
    auth: magic
    user: support
    password: secret
    start: yesterday
    after: eat
    size_limit: lots
relays:
  - name: main
    host: localhost
    port: 587
    tls: starttls
    auth: none
    unknown: maybe
answers:
  envelope: blue
"""
MISTAKEN = (4, 9, 10, 11, 13, 14, 15, 16, 23, 25)


class Mistakes(DeskCase):
    def places(self, desk, command):
        done = desk.run(command)
        self.assertNotEqual(done.returncode, 0)
        text = (done.stdout + done.stderr).decode()
        found = re.findall(r"postdesk\.yaml:(\d+):(\d+): (.+)", text)
        return text, found

    def test_ten_mistakes_ten_places(self):
        desk = self.desk()
        desk.config.write_text(TEN_MISTAKES)
        for command in ("check", "run"):
            text, found = self.places(desk, command)
            lines = {int(line) for line, column, _ in found if int(column) > 0}
            self.assertLessEqual(set(MISTAKEN), lines, text)
        self.assertFalse(desk.state.exists(), "something was started")

    def test_a_right_configuration_is_right(self):
        self.desk().do("check")

    def test_no_configuration(self):
        desk = self.desk()
        done = desk.run("check", config=desk.folder / "absent.yaml")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"absent.yaml", done.stderr + done.stdout)

    def test_a_new_configuration_is_proposed_only_where_there_is_none(self):
        desk = self.desk(mailbox={"port": 0})
        absent = desk.run("list", config=desk.folder / "absent.yaml")
        self.assertIn(b"postdesk init", absent.stderr)
        wrong = desk.run("list")
        self.assertIn(b"port 0 is out of range", wrong.stderr)
        self.assertNotIn(b"postdesk init", wrong.stderr)

    def test_plain_text_beyond_loopback_is_refused(self):
        desk = self.desk(mailbox={"tls": "none", "host": "imap.example.org"})
        text, found = self.places(desk, "check")
        self.assertTrue(found, text)

    def test_mistakes_in_rules_are_named_too(self):
        desk = self.desk()
        rules = desk.own_rules()
        (rules / "zz-broken.yaml").write_text(
            "rules:\n  - id: one\n    when: {subject: '(unclosed'}\n    then: {queue: x}\n"
            "  - id: two\n    whenn: {}\n    then: {queue: x}\n")
        done = desk.run("check")
        self.assertNotEqual(done.returncode, 0)
        text = (done.stdout + done.stderr).decode()
        self.assertRegex(text, r"zz-broken\.yaml:3:\d+: ")
        self.assertRegex(text, r"zz-broken\.yaml:6:\d+: ")


class Init(DeskCase):
    def test_init_writes_a_configuration_once(self):
        desk = self.desk()
        shipped = desk.folder / "shipped"
        shipped.mkdir()
        for name, source in (("rules", "rules"), ("templates", "templates"),
                             ("postdesk.yaml", "examples/postdesk.yaml")):
            (shipped / name).symlink_to(SOURCE / source)
        made = desk.folder / "made"
        data = {"POSTDESK_DATA": str(shipped)}
        desk.do("init", made, env=data)
        for name in ("postdesk.yaml", "rules", "templates"):
            self.assertTrue((made / name).exists(), name)
        self.assertEqual((made / "secrets").stat().st_mode & 0o077, 0)
        again = desk.run("init", made, env=data)
        self.assertNotEqual(again.returncode, 0, "init wrote over a configuration")
        rules = next((made / "rules").glob("*.yaml"))
        rules.write_text("# mine\n")
        (made / "postdesk.yaml").unlink()
        desk.do("init", made, env=data)
        self.assertTrue((made / "postdesk.yaml").exists())
        self.assertEqual(rules.read_text(), "# mine\n", "init wrote over rules")

    def test_usage(self):
        desk = self.desk()
        self.assertIn(desk.run("no-such-command").returncode, (2, 64))
        for asked in ("--help", "--version"):
            said = subprocess.run([desk.binary, asked], capture_output=True, check=True)
            self.assertIn(b"postdesk", said.stdout)

    def test_an_argument_too_many_is_not_passed_over(self):
        desk = self.desk()
        desk.do("list")
        for command in (("list", "resolved"), ("outbox", "list", "sent"), ("ledger", "created"),
                        ("quarantine", "list", "1"), ("check", "other.yaml"), ("show", "1", "2"),
                        ("process", "first", "2")):
            self.assertEqual(desk.run(*command).returncode, 2, command)

    def test_a_list_of_nothing_is_not_asked_for(self):
        desk = self.desk()
        desk.do("list", "--most", "1")
        for command in (("list", "--most", "0"), ("list", "--most", "-1"),
                        ("search", "--most", "0", "printer")):
            said = desk.run(*command)
            self.assertEqual(said.returncode, 2, said)
            self.assertIn(b"--most", said.stderr)

    def test_no_status_is_no_empty_list(self):
        desk = self.desk()
        for command in (("list", "--status", "Open"), ("set", "--status", "opne", "queue=it")):
            said = desk.run(*command)
            self.assertEqual(said.returncode, 2, said)
            self.assertIn(b"waiting, resolved", said.stderr)


if __name__ == "__main__":
    main()
