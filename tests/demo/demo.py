#!/usr/bin/env python3
"""The main job, end to end: mails come by SMTP, tickets are made, people are answered.

Started by script/demo, which builds the program first.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from email import message_from_bytes, policy
from pathlib import Path

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import messages  # noqa: E402
from screen import TERMINAL, bold, dim, framed, heading, passed, passing, say, table  # noqa: E402
from servers import PASSWORD, MailServers  # noqa: E402

ANSWER_SECONDS = 20

CONFIGURATION = """\
# The demonstration's desk. Compare with examples/postdesk.yaml.
desk:
  name: 信息中心服务台
  address: {desk}
  admin: admin@it.example.org
  languages: [zh_CN, en]
  default_language: zh_CN

state: state
rules: rules
templates: templates

mailboxes:
  - name: support
    host: localhost
    port: {imaps_port}
    tls: implicit
    ca: {ca}
    auth: login
    user: support
    password: file:secrets/password
    folders: [INBOX]
    start: all
    after: seen
  - name: bounces
    host: localhost
    port: {imaps_port}
    tls: implicit
    ca: {ca}
    auth: login
    user: bounces
    password: file:secrets/password
    folders: [INBOX]
    start: all
    after: seen

relays:
  - name: main
    host: localhost
    port: {smtp_port}
    tls: starttls
    ca: {ca}
    auth: plain
    user: support
    password: file:secrets/password

answers:
  bounce_address: bounces@it.example.org

limits:
  min_free_space: 10M
"""


class Trouble(Exception):
    """The demonstration cannot go on; says why."""


class Demo:
    def __init__(self, folder, servers, program):
        self.folder = folder
        self.desk = folder / "desk"
        self.servers = servers
        self.program = program
        self.daemon = None
        self.sent = []

    # ---------------------------------------------------------------- the desk

    @property
    def config(self):
        return self.desk / "postdesk.yaml"

    def postdesk(self, *arguments):
        done = subprocess.run([self.program, "-c", self.config, *map(str, arguments)],
                              capture_output=True, text=True)
        if done.returncode:
            raise Trouble(f"postdesk {' '.join(map(str, arguments))} ended with "
                          f"{done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def show(self, *arguments):
        """Runs a command of the program as a person would, with its output on the screen."""
        say(dim(f"  $ postdesk {' '.join(map(str, arguments))}"))
        sys.stdout.flush()
        command = [self.program, "-c", self.config, *map(str, arguments)]
        if TERMINAL:
            subprocess.run(command, check=False)
            return
        text = subprocess.run(command, check=False, capture_output=True, text=True).stdout
        rows = [line.split("\t") for line in text.splitlines()]
        if all(len(row) == len(rows[0]) > 1 for row in rows):  # a table, plain for programs
            table(rows, [60] * len(rows[0]))
        else:
            say(text.rstrip())

    def set_up(self):
        for name in ("rules", "templates"):
            shutil.copytree(SOURCE / name, self.desk / name,
                            ignore=shutil.ignore_patterns("*.mk", "Makefile*"))
        self.config.write_text(CONFIGURATION.format(
            desk=messages.DESK, imaps_port=self.servers.imaps_port, ca=self.servers.ca_file,
            smtp_port=self.servers.smtp_port), encoding="utf-8")
        secrets = self.desk / "secrets"
        secrets.mkdir(mode=0o700, exist_ok=True)
        (secrets / "password").write_text(PASSWORD)
        (secrets / "password").chmod(0o600)
        self.postdesk("check")

    def start(self):
        log = open(self.folder / "postdesk.log", "wb")
        self.daemon = subprocess.Popen([self.program, "-c", self.config, "run"], stdout=log,
                                       stderr=log, stdin=subprocess.DEVNULL,
                                       start_new_session=True)

    def stop(self):
        if not self.daemon:
            return
        self.daemon.send_signal(signal.SIGTERM)
        try:
            self.daemon.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(self.daemon.pid, signal.SIGKILL)
            self.daemon.wait()

    # -------------------------------------------------------------------- mail

    def send(self, sent):
        passing(f"sending: {sent.subject}")
        self.servers.send(sent.raw, sent.envelope, [sent.to])
        self.sent.append(sent)

    def answers(self, person, count=1):
        """The mails in a reporter's mailbox, once there are so many."""
        passing(f"waiting for the answer to {person.name}")
        stored = self.servers.await_count(person.mailbox, count, seconds=ANSWER_SECONDS)
        passed()
        if len(stored) < count:
            raise Trouble(f"{person.name} has {len(stored)} answers after {ANSWER_SECONDS} s, "
                          f"not {count}")
        return [message_from_bytes(mail.raw, policy=policy.default) for mail in stored]

    def await_ledger(self):
        """All mails that were sent, each with what became of it."""
        passing("waiting for the last mail to be processed")
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            rows = json.loads(self.postdesk("ledger", "--json"))["ledger"]
            if len(rows) >= len(self.sent) and all(row["outcome"] != "inbox" for row in rows):
                passed()
                return rows
            time.sleep(0.1)
        raise Trouble(f"{len(rows)} of {len(self.sent)} mails were processed in "
                      f"{ANSWER_SECONDS} s")

    def play(self):
        begin = time.monotonic()
        first, *others = messages.morning()
        self.send(first)
        acknowledgement = self.answers(messages.WANG)[0]
        seconds = time.monotonic() - begin
        for sent in others:
            self.send(sent)
        self.send(messages.reply_to(acknowledgement))
        self.send(messages.bounce_of(self.answers(messages.LI)[0], messages.LI))
        rows = self.await_ledger()
        for person in messages.PEOPLE:
            if person is not messages.ZHANG:  # who is out of office
                self.answers(person)
        return seconds, rows


def outcome_of(row):
    ticket = f"#{row['ticket']}" if row["ticket"] else ""
    words = {"created": f"ticket {ticket}", "appended": f"added to {ticket}",
             "ignored": "no ticket", "quarantined": "set aside"}
    text = words.get(row["outcome"], row["outcome"])
    return f"{text} ({row['reason']})" if row["reason"] else text


def by_message(demo, rows):
    """What became of each mail, in the order of sending. The ledger knows a mail by its
    number in its mailbox; servers may have stored two mails in another order than they came."""
    rows_of = {}
    for mailbox in ("support", "bounces"):
        known = {row["uid"]: row for row in rows if row["mailbox"].startswith(mailbox + "/")}
        for stored in demo.servers.read(mailbox):
            identity = message_from_bytes(stored.raw)["Message-ID"]
            rows_of.setdefault(identity, []).append(known.get(stored.uid))
    return [rows_of[message_from_bytes(sent.raw)["Message-ID"]].pop(0) for sent in demo.sent]


def show_mails(demo, rows):
    heading(f"{len(demo.sent)} mails came in by SMTP, and what became of each")
    table([("from", "subject", "what it is", "became"),
           *((sent.sender.name, sent.subject, sent.what, outcome_of(row) if row else "?")
             for sent, row in zip(demo.sent, by_message(demo, rows)))], (16, 30, 26, 44))


def show_answers(demo):
    heading("The answers, as they lie in the reporters' mailboxes")
    received = [(person, mail) for person in messages.PEOPLE
                for mail in (message_from_bytes(stored.raw, policy=policy.default)
                             for stored in demo.servers.read(person.mailbox))]
    table([("to", "subject"), *((person.name, mail["Subject"]) for person, mail in received)],
          (16, 70))
    shown = [next(mail for owner, mail in received if owner is person)
             for person in (messages.WANG, messages.MILLER)]
    for mail in shown:
        say()
        framed([(name, str(mail[name])) for name in ("From", "To", "Subject", "Auto-Submitted")],
               mail.get_body(("plain", "html")).get_content())
    say(dim("  Each also has an HTML part for mail programs that show it."))


def show_places(demo, keep):
    servers = demo.servers
    heading("Where everything lies")
    table([("the desk", demo.desk), ("", "postdesk.yaml, rules/, templates/, state/"),
           ("its log", demo.folder / "postdesk.log"),
           ("the mail", servers.dovecot.mail),
           ("IMAP", f"localhost:{servers.imap_port} (TLS: {servers.imaps_port})"),
           ("SMTP", f"localhost:{servers.smtp_port} (TLS: {servers.smtps_port})"),
           ("users", f"any name, password {PASSWORD!r}")], (12, 200))
    heading("What to try next")
    if not keep:
        say("  script/demo --keep leaves all this running, until Ctrl-C; then for example:")
    command = f"{demo.program} -c {demo.config}" if keep else "postdesk"
    mail = demo.folder / "mail.eml"
    mail.write_text(f"From: You <you@press.example.org>\nTo: {messages.DESK}\n"
                    "Subject: My screen stays black\n\n"
                    "Since this morning my screen stays black.\n")
    for line in (f"{command} show 1",
                 f"{command} explain 3",
                 f"{command} outbox",
                 f"{command} set 1 priority=P2",
                 f"{command} parse {mail if keep else 'mail.eml'}",
                 f"curl smtp://localhost:{servers.smtp_port if keep else 'PORT'} --mail-from "
                 f"you@press.example.org --mail-rcpt {messages.DESK} -T "
                 f"{mail if keep else 'mail.eml'}"):
        say(f"  {line}")
    if keep:
        say(f"  curl 'imap://localhost:{servers.imap_port}/INBOX;MAILINDEX=1' -u you:{PASSWORD}   "
            "# the answer to it")
        say("  or write to the desk with a mail program: any name at the ports above.")


def wait_for_the_end():
    try:
        signal.pause()
    except KeyboardInterrupt:
        say()


def run(folder, keep, program):
    say(bold("Postdesk, from a mail to its answer"))
    passing("starting a private Dovecot and a private Exim")
    servers = MailServers(folder / "servers")
    begin = time.monotonic()
    servers.start()
    demo = Demo(folder, servers, program)
    try:
        passed()
        say(f"  Dovecot and Exim run privately on loopback, ready in "
            f"{time.monotonic() - begin:.1f} s.")
        demo.set_up()
        demo.start()
        seconds, rows = demo.play()
        say(f"  The first mail was answered {seconds:.2f} s after it was sent.")
        show_mails(demo, rows)
        heading("The tickets")
        demo.show("list")
        heading("Why the first one was classified so")
        demo.show("explain", 1)
        show_answers(demo)
        show_places(demo, keep)
        if keep:
            say()
            say(bold("Running. Ctrl-C ends it and removes the folder."))
            wait_for_the_end()
    except Trouble as trouble:
        passed()
        log = folder / "postdesk.log"
        tail = log.read_text(errors="replace")[-3000:] if log.exists() else ""
        raise Trouble(f"{trouble}\n{tail}") from trouble
    finally:
        demo.stop()
        servers.stop()


def main():
    parser = argparse.ArgumentParser(prog="script/demo", description=__doc__)
    parser.add_argument("--keep", action="store_true", help="leave it running until Ctrl-C")
    options = parser.parse_args()
    program = Path(os.environ.get("POSTDESK") or SOURCE / "build/postdesk").absolute()
    if not program.is_file():
        sys.exit(f"demo: {program} is not there")
    folder = Path(tempfile.mkdtemp(prefix="postdesk-demo-"))
    folder.chmod(0o755)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    begin = time.monotonic()
    try:
        run(folder, options.keep, program)
    except KeyboardInterrupt:
        return 130
    except Trouble as trouble:
        print(f"demo: {trouble}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    say()
    say(dim(f"Nothing is left behind ({time.monotonic() - begin:.1f} s)."))
    return 0


if __name__ == "__main__":
    sys.exit(main())
