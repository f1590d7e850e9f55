"""One desk for one test: a private folder, its configuration, the program.

The program is the one that $POSTDESK names, else the one in build/. Rules and
templates are those of the source tree.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

E2E = Path(__file__).resolve().parent
SOURCE = E2E.parent.parent
sys.path.insert(0, str(E2E.parent))

from servers import PASSWORD  # noqa: E402

import letters  # noqa: E402

COMMAND_SECONDS = 60
WAIT_SECONDS = 15
DOMAIN = "desk.example"
WAITING = ("queued", "sending", "retry")


def program():
    """The program under test, None where there is none."""
    named = os.environ.get("POSTDESK")
    candidates = [Path(named)] if named else [SOURCE / "build/postdesk", SOURCE / "postdesk"]
    return next((path.absolute() for path in candidates if path.is_file()), None)


def yaml(value, indent=0):
    """Nested dicts and lists as block YAML; scalars as JSON, which YAML contains."""
    pad = " " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{key}:{_nested(item, indent)}" for key, item in value.items())
    return f"{pad}{json.dumps(value, ensure_ascii=False)}\n"


def _nested(item, indent):
    if isinstance(item, dict) and item:
        return "\n" + yaml(item, indent + 2)
    if isinstance(item, list) and item and isinstance(item[0], dict):
        blocks = (yaml(entry, indent + 4) for entry in item)
        dash = " " * (indent + 2) + "- "
        return "\n" + "".join(dash + block.lstrip(" ") for block in blocks)
    return f" {json.dumps(item, ensure_ascii=False)}\n"


class Failed(AssertionError):
    """A command of the program ended otherwise than the test counts on."""


class Desk:
    """mailbox, relay, answers, limits and desk change settings of those sections;
    more_mailboxes adds mailboxes (each a dict over the first one's settings)."""

    def __init__(self, servers, *, mailbox=None, more_mailboxes=(), relay=None, answers=None,
                 limits=None, desk=None, binary=None, rules=None, environment=None):
        self.servers = servers
        self.binary = binary or program()
        self.folder = Path(tempfile.mkdtemp(prefix="postdesk-test-"))
        self.user = letters.unique("desk")
        self.address = f"{self.user}@{DOMAIN}"
        self.admin = f"{self.user}-admin@{DOMAIN}"
        self.environment = environment or {}
        self.log = self.folder / "log"
        self.process = None
        (self.folder / "secrets").mkdir(mode=0o700)
        self.secret("password", PASSWORD)
        first = {**self._mailbox(), **(mailbox or {})}
        self.settings = {
            "desk": {"name": "Service desk", "address": self.address, "admin": self.admin,
                     "languages": ["zh_CN", "en"], "default_language": "zh_CN", **(desk or {})},
            "state": "state",
            "rules": str(rules or SOURCE / "rules"),
            "templates": str(SOURCE / "templates"),
            "mailboxes": [first, *({**first, **other} for other in more_mailboxes)],
            "relays": [{**self._relay(), **(relay or {})}],
            "answers": {"acknowledge": True, "envelope": "token",
                        "bounce_address": f"{self.user}-bounces@{DOMAIN}",
                        "per_recipient_per_hour": 100, "per_hour": 10000, **(answers or {})},
            "limits": {"min_free_space": "1M", "process_workers": 1, **(limits or {})},
        }
        self.configure()

    def _mailbox(self):
        return {"name": "support", "host": "localhost", "port": self.servers.imaps_port,
                "tls": "implicit", "ca": str(self.servers.ca_file), "auth": "login",
                "user": self.user, "password": "file:secrets/password", "folders": ["INBOX"],
                "start": "all", "after": "seen", "poll": "1s", "timeout": "10s"}

    def _relay(self):
        return {"name": "main", "host": "localhost", "port": self.servers.smtp_port,
                "tls": "starttls", "ca": str(self.servers.ca_file), "auth": "plain",
                "user": self.user, "password": "file:secrets/password", "timeout": "10s",
                "retry_for": "1h", "unknown": "hold"}

    # ------------------------------------------------------------ configuration

    @property
    def config(self):
        return self.folder / "postdesk.yaml"

    @property
    def state(self):
        return self.folder / self.settings["state"]

    def configure(self, **sections):
        """Writes the configuration; sections are changed first (lists: the first entry)."""
        for section, changes in sections.items():
            current = self.settings[section]
            if isinstance(current, list):
                current[0].update(changes)
            elif isinstance(current, dict):
                current.update(changes)
            else:
                self.settings[section] = changes
        self.config.write_text(yaml(self.settings), encoding="utf-8")

    def secret(self, name, value):
        path = self.folder / "secrets" / name
        path.write_text(value)
        path.chmod(0o600)
        return path

    def own_rules(self):
        """A copy of the rules that the test may spoil."""
        copy = self.folder / "rules"
        shutil.copytree(self.settings["rules"], copy)
        self.configure(rules="rules")
        return copy

    # ------------------------------------------------------------------ commands

    def _environment(self, more=None):
        return {**os.environ, **self.environment, **(more or {})}

    def run(self, *arguments, input=None, env=None, seconds=COMMAND_SECONDS, config=None, before=None):
        """Runs one command to its end, whatever that is; before() in its process. Output is bytes."""
        command = [str(self.binary), "-c", str(config or self.config), *map(str, arguments)]
        return subprocess.run(command, input=input, capture_output=True, timeout=seconds,
                              env=self._environment(env), cwd=self.folder, preexec_fn=before)

    def do(self, *arguments, codes=(0,), **options):
        """Runs one command that must end with one of the codes; its standard output."""
        done = self.run(*arguments, **options)
        if done.returncode not in codes:
            raise Failed(f"postdesk {' '.join(map(str, arguments))}: exit {done.returncode}\n"
                         + done.stderr.decode(errors="replace")[-3000:])
        return done.stdout

    def json(self, *arguments, **options):
        return json.loads(self.do(*arguments, "--json", **options))

    def collect(self, **options):
        return self.do("collect", "--once", **options)

    def process_inbox(self, **options):
        return self.do("process", "--once", **options)

    def deliver(self, **options):
        return self.do("deliver", "--once", **options)

    def cycle(self):
        """The whole way, each role once."""
        self.collect()
        self.process_inbox()
        self.deliver()

    def tickets(self):
        return sorted(self.json("list")["tickets"], key=lambda ticket: ticket["number"])

    def ticket(self, subject):
        """The one ticket with this subject."""
        found = [ticket for ticket in self.tickets() if ticket["subject"] == subject]
        if len(found) != 1:
            raise Failed(f"{len(found)} tickets, not one, with subject {subject!r}")
        return found[0]

    def show(self, number):
        return self.json("show", number)

    def events(self, number):
        return self.show(number)["events"]

    def ledger(self):
        """What became of every message, in the order they were taken in."""
        return sorted(self.json("ledger")["ledger"], key=lambda row: row["message"])

    def outbox(self, state=None):
        """Mails in the order they were queued."""
        mails = sorted(self.json("outbox")["mails"], key=lambda mail: mail["id"])
        return [mail for mail in mails if state is None or mail["state"] == state]

    def quarantine(self):
        return self.json("quarantine")["quarantine"]

    def library(self, name):
        """A file of this folder as a library for LD_PRELOAD. Not with sanitizers: they must be
        loaded first."""
        library = self.folder / f"{name}.so"
        if not library.exists():
            subprocess.run([os.environ.get("CC", "cc"), "-shared", "-fPIC", "-o", str(library),
                            str(E2E / f"{name}.c")], check=True)
        return str(library)

    def go_ahead(self, hours, minutes=0):
        """From now on the program's clock is so far ahead of the machine's, and what is due by
        then is done. Not with sanitizers."""
        self.environment = {**self.environment, "LD_PRELOAD": self.library("ahead"),
                            "POSTDESK_AHEAD": str((hours * 60 + minutes) * 60)}
        self.do("clock", "--once")
        self.deliver()

    def alarms(self):
        """The mails that the admin got, once all alarms have gone out."""
        self.do("clock", "--once")
        self.deliver()
        return self.received(self.admin)

    # --------------------------------------------------------------------- mail

    def send(self, mail, to=None):
        """By SMTP, the way a reporter's mail comes."""
        raw, sender = _raw_and_sender(mail)
        self.servers.send(raw, sender, [to or self.address])

    def put(self, *mails, to=None):
        """Straight into the mailbox: faster than send()."""
        for mail in mails:
            raw, sender = _raw_and_sender(mail)
            self.servers.deliver(raw, to or self.address, sender)

    def received(self, address, count=None, folder="INBOX"):
        """The mails in somebody's mailbox, once the relay has delivered what it accepted.
        With a count there must be exactly so many, and the first ones are waited for."""
        user = address.split("@")[0].split("+")[0]
        if count:
            self.servers.await_count(user, count, folder, WAIT_SECONDS)
        self.servers.exim.await_empty_queue()
        stored = self.servers.read(user, folder)
        if count is not None and len(stored) != count:
            subjects = [str(letters.parsed(item.raw)["Subject"]) for item in stored]
            raise Failed(f"{address} has {len(stored)} mails, not {count}: {subjects}")
        return [letters.parsed(item.raw) for item in stored]

    def flags(self, folder="INBOX", user=None):
        return {item.uid: item.flags - {"\\Recent"}
                for item in self.servers.read(user or self.user, folder)}

    # ------------------------------------------------------------------- daemon

    def start(self, env=None):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [str(self.binary), "-c", str(self.config), "run"], stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, env=self._environment(env),
                cwd=self.folder)
        return self

    def stop(self, seconds=WAIT_SECONDS):
        """A clean stop; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(seconds)
        self.process = None
        return code

    def kill(self):
        """SIGKILL to every process of the daemon at once."""
        if self.process:
            members = session_members(self.process.pid)
            signal_process(self.process.pid, signal.SIGKILL)
            for member in members:
                signal_process(member, signal.SIGKILL)
            self.process.wait()
            for member in members:
                _await_end(member)
            self.process = None

    def reload(self):
        self.process.send_signal(signal.SIGHUP)

    def log_text(self):
        return self.log.read_text(errors="replace") if self.log.exists() else ""

    def wait_for(self, condition, what="the condition", seconds=WAIT_SECONDS, pause=0.05):
        """Polls until condition() is true; its value. Commands that fail meanwhile count
        as false."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                value = condition()
            except (Failed, KeyError, StopIteration, json.JSONDecodeError):
                value = None
            if value:
                return value
            if time.monotonic() > deadline:
                raise Failed(f"waited {seconds} s in vain for {what}; the log ends:\n"
                             + self.log_text()[-3000:])
            time.sleep(pause)

    def settled(self, messages):
        """That many messages are in the ledger, all processed, and no mail waits."""
        rows = self.ledger()
        return (len(rows) >= messages and all(row["outcome"] != "inbox" for row in rows)
                and not [mail for mail in self.outbox() if mail["state"] in WAITING])

    def remove(self):
        self.kill()
        if not os.environ.get("POSTDESK_KEEP_TESTS"):
            shutil.rmtree(self.folder, ignore_errors=True)


def session_members(leader):
    """The processes of a session, by its leader's id."""
    members = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                fields = Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[3]) == leader:
                members.append(int(entry))
    return members


def _await_end(pid, seconds=5):
    deadline = time.monotonic() + seconds
    while os.path.exists(f"/proc/{pid}") and time.monotonic() < deadline:
        if Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return
        time.sleep(0.005)


def signal_process(pid, number):
    """One that has ended meanwhile is let go."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def _raw_and_sender(mail):
    if isinstance(mail, (bytes, str)):
        return mail, "someone@example.org"
    sender = letters.parsed(bytes(mail))["From"]
    address = sender.addresses[0].addr_spec if sender and sender.addresses else ""
    return bytes(mail), address
