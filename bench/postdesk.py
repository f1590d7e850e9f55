"""A desk to be measured: its configuration, its commands, its processes."""

import glob
import json
import os
import re
import signal
import subprocess
import time

from place import ROOT

CONFIGURATION = """\
desk:
  name: Bench
  address: support@example.org
  admin: admin@example.org
  languages: [zh_CN, en]
  default_language: zh_CN
state: {folder}/state
rules: rules
templates: templates
mailboxes:
  - name: support
    host: 127.0.0.1
    port: {imap}
    tls: none
    auth: login
    user: {user}
    password: file:secret
    folders: [INBOX]
    start: all
    after: seen
    size_limit: 200M
relays:
  - name: main
    host: 127.0.0.1
    port: {smtp}
    tls: none
    auth: none
answers:
  acknowledge: true
  envelope: token
  bounce_address: bounces@example.org
  per_recipient_per_hour: 10000
  per_hour: 10000000
limits:
  min_free_space: 100M
"""


def program():
    """The postdesk to measure, or None: $POSTDESK, else the one built here."""
    named = os.environ.get("POSTDESK")
    paths = [named] if named else [os.path.join(ROOT, "build", "postdesk"), os.path.join(ROOT, "postdesk")]
    return next((os.path.abspath(path) for path in paths if os.access(path, os.X_OK)), None)


class Failed(RuntimeError):
    pass


def ship(folder):
    """What an installed program finds in its data folder, from the source tree."""
    os.makedirs(folder, exist_ok=True)
    for name, source in (("rules", "rules"), ("templates", "templates"), ("postdesk.yaml", "examples/postdesk.yaml")):
        if not os.path.lexists(os.path.join(folder, name)):
            os.symlink(os.path.join(ROOT, source), os.path.join(folder, name))
    os.environ["POSTDESK_DATA"] = folder


class Desk:
    def __init__(self, folder, servers, user, smtp_port):
        self.folder, self.program, self.main = folder, program(), None
        ship(folder + ".shipped")
        self.command("init", folder, configured=False)
        with open(os.path.join(folder, "postdesk.yaml"), "w") as out:
            out.write(CONFIGURATION.format(folder=folder, imap=servers.imap, smtp=smtp_port, user=user))
        secret = os.open(os.path.join(folder, "secret"), os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        os.write(secret, servers.password.encode() + b"\n")
        os.close(secret)
        self.log = open(os.path.join(folder, "log"), "ab")

    def start(self, *words, configured=True):
        where = ["-c", os.path.join(self.folder, "postdesk.yaml")] if configured else []
        return subprocess.Popen([self.program] + where + list(words), stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=self.log, start_new_session=True)

    def command(self, *words, configured=True, good=(0,)):
        where = ["-c", os.path.join(self.folder, "postdesk.yaml")] if configured else []
        done = subprocess.run([self.program] + where + list(words), capture_output=True, timeout=900)
        if done.returncode not in good:
            tail = done.stderr.decode("utf-8", "replace")[-600:]
            raise Failed(f"postdesk {' '.join(words)} ended with {done.returncode}: {tail}")
        return done.stdout

    def rows(self, *words):
        """The one list in a command's JSON document."""
        document = json.loads(self.command(*words, "--json"))
        return next((value for value in document.values() if isinstance(value, list)), [])

    def outbox(self):
        return count_by(self.rows("outbox"), "state")

    def ledger(self):
        return self.rows("ledger")

    def rule_count(self):
        text = "".join(open(path, encoding="utf-8").read()
                       for path in glob.glob(os.path.join(self.folder, "rules", "*.yaml")))
        return len(re.findall(r"^\s*-\s+id:", text, re.MULTILINE))

    def run(self):
        self.main = self.start("run")

    def stop(self):
        if not self.main:
            return
        self.main.send_signal(signal.SIGTERM)
        try:
            self.main.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(self.main.pid, signal.SIGKILL)
            self.main.wait()
            raise Failed("postdesk run did not stop within 20 s of SIGTERM")
        finally:
            self.main = None

    def finish(self, process, what):
        """Waits for a role that was started to run once."""
        code = process.wait(timeout=900)
        if code != 0:
            raise Failed(f"{what} ended with {code}: {self.log_tail()}")

    def alive(self):
        if self.main.poll() is not None:
            raise Failed(f"postdesk run ended by itself with {self.main.returncode}: {self.log_tail()}")

    def log_tail(self):
        with open(os.path.join(self.folder, "log"), "rb") as log:
            return log.read()[-600:].decode("utf-8", "replace")

    def finished(self, count):
        """True when all `count` mails are accounted for and no answer is waiting."""
        rows = self.ledger()
        if len(rows) < count or any(row["outcome"] == "inbox" for row in rows):
            return False
        waiting = self.outbox()
        return not any(waiting.get(state) for state in ("queued", "sending"))

    def wait_finished(self, count, sink, seconds=600):
        """Returns the sink's count once it stands still and nothing is left to do.

        Only the sink is asked while work goes on: it costs the desk nothing.
        """
        end, last, still = time.monotonic() + seconds, -1, 0
        while time.monotonic() < end:
            self.alive()
            time.sleep(0.1)
            seen = sink.ask("count")
            still = still + 1 if seen[0] == last else 0
            last = seen[0]
            if still >= 10 and self.finished(count):
                return seen
            still = 0 if still >= 10 else still
        raise Failed(f"not done after {seconds} s: {last} answers, {len(self.ledger())} mails accounted for")


def count_by(rows, key):
    counts = {}
    for row in rows:
        counts[row.get(key)] = counts.get(row.get(key), 0) + 1
    return counts


class Role:
    """One process of a running desk, read from /proc."""

    def __init__(self, pid):
        self.pid = pid
        self.name = role_name(pid)

    def status(self):
        with open(f"/proc/{self.pid}/status") as text:
            return dict(line.rstrip("\n").split(":\t", 1) for line in text if ":\t" in line)

    def peak_kib(self):
        return int(self.status()["VmHWM"].split()[0])

    def switches(self):
        """Voluntary context switches of all its threads: every wake-up is one."""
        total = 0
        for thread in os.listdir(f"/proc/{self.pid}/task"):
            with open(f"/proc/{self.pid}/task/{thread}/status") as text:
                total += int(re.search(r"^voluntary_ctxt_switches:\t(\d+)", text.read(), re.M)[1])
        return total

    def cpu_ns(self):
        with open(f"/proc/{self.pid}/schedstat") as text:
            return int(text.read().split()[0])


def role_name(pid):
    """What the process calls itself: its name, or the words after the program's."""
    with open(f"/proc/{pid}/comm") as text:
        name = text.read().strip()
    with open(f"/proc/{pid}/cmdline", "rb") as text:
        words = text.read().decode("utf-8", "replace").replace("\0", " ").strip()
    title = re.search(r"postdesk(?: -c \S+)? (run|collect|process|deliver|clock)\b *([\w.-]*)", words)
    if title:
        return " ".join(part for part in title.groups() if part)
    return name


def roles(pid):
    """The process itself and all that descend from it."""
    found, wanted = [], [pid]
    while wanted:
        one = wanted.pop()
        try:
            with open(f"/proc/{one}/task/{one}/children") as text:
                wanted += [int(word) for word in text.read().split()]
            found.append(Role(one))
        except OSError:  # gone meanwhile
            continue
    return found
