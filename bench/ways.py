"""The ways a mailbox of messages is moved, each timed from the start of its
program unless it says otherwise.  A way returns a dict with `seconds`, `messages` (what the rate is
counted in) and whatever else is worth keeping."""

import os
import re
import shutil
import subprocess
import time
from types import SimpleNamespace

from place import Sink
from postdesk import Desk, Failed, program
from tap import Tap

MBSYNC = """\
IMAPAccount bench
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

IMAPStore far
Account bench

MaildirStore near
Path {folder}/
Inbox {folder}/INBOX

Channel bench
Far :far:
Near :near:
Create Near
SyncState *
"""


class Run:
    """One repetition over one set: gives each way a mailbox and a folder."""

    def __init__(self, place, kind, count):
        self.place, self.kind, self.count = place, kind, count
        self.source = place.corpus(kind, count)

    def measure(self, way):
        user = self.place.mailbox(None if way is burst else self.source)
        folder = self.place.path("run")
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        os.sync()  # what earlier runs left dirty is not this one's to write
        try:
            return way(self, user, folder)
        finally:
            self.place.forget(user)

    def desk(self, user, folder, smtp_port=9, servers=None):
        return Desk(os.path.join(folder, "desk"), servers or self.place.servers, user, smtp_port)


def mbsync(run, user, folder):
    servers = run.place.servers
    configuration = os.path.join(folder, "mbsyncrc")
    with open(configuration, "w") as out:
        out.write(MBSYNC.format(port=servers.imap, user=user, password=servers.password, folder=folder))
    begin = time.monotonic()
    subprocess.run(["mbsync", "-qq", "-c", configuration, "bench"], check=True, stdin=subprocess.DEVNULL)
    seconds = time.monotonic() - begin
    copied = sum(len(os.listdir(os.path.join(folder, "INBOX", name))) for name in ("cur", "new"))
    require(copied == run.count, f"mbsync copied {copied} of {run.count}")
    return {"seconds": seconds, "messages": copied}


def collect(run, user, folder):
    desk = run.desk(user, folder)
    begin = time.monotonic()
    desk.finish(desk.start("collect", "--once"), "collect")
    seconds = time.monotonic() - begin
    require(len(desk.ledger()) == run.count, f"the ledger holds {len(desk.ledger())} of {run.count}")
    return {"seconds": seconds, "messages": run.count}


def flow(run, user, folder):
    """Mailbox to committed tickets with queued answers.  `collect --once` runs
    beside `process --once`, which is started again until collecting is over
    and the inbox was found empty once more; nothing is delivered."""
    desk = run.desk(user, folder)
    begin = time.monotonic()
    to_tickets(desk)
    seconds = time.monotonic() - begin
    queued = desk.outbox().get("queued", 0)
    require(len(desk.ledger()) == run.count and queued, f"{len(desk.ledger())} mails, {queued} answers")
    return {"seconds": seconds, "messages": run.count, "answers": queued}


def to_tickets(desk):
    collecting = desk.start("collect", "--once")
    more = True
    while more:
        more = collecting.poll() is None
        desk.finish(desk.start("process", "--once"), "process")
        time.sleep(0.01 if more else 0)
    desk.finish(collecting, "collect")


def deliver(run, user, folder):
    """Delivering the queued answers to the sink; the rate is in answers."""
    sink = Sink(run.place.sink_program)
    try:
        desk = run.desk(user, folder, sink.port)
        to_tickets(desk)
        queued = desk.outbox().get("queued", 0)
        os.sync()
        begin = time.monotonic()
        desk.finish(desk.start("deliver", "--once"), "deliver")
        seconds = time.monotonic() - begin
        accepted = sink.ask("count")[0]
        sent = desk.outbox().get("sent", 0)
    finally:
        sink.close()
    require(accepted == queued == sent, f"{queued} queued, {accepted} accepted, {sent} marked sent")
    return {"seconds": seconds, "messages": accepted}


def checked(desk):
    """Its files were checked before, as at every start but the first after they
    were changed."""
    desk.finish(desk.start("process", "--once"), "process")
    desk.finish(desk.start("check"), "check")
    return desk


def run_to_the_last_answer(run, desk, sink, start):
    """With all roles at once; start() returns when the clock started."""
    desk.run()
    try:
        begin = start()
        accepted, first, last = desk.wait_finished(run.count, sink)
    finally:
        desk.stop()
    sent = desk.outbox().get("sent", 0)
    require(accepted and accepted == sent, f"{accepted} accepted, {sent} marked sent")
    return {"seconds": (last - begin) / 1e9, "messages": run.count, "answers": accepted,
            "first_answer_seconds": (first - begin) / 1e9}


def whole(run, user, folder):
    """From the start of `postdesk run` until the sink has accepted the last answer."""
    sink = Sink(run.place.sink_program)
    try:
        desk = checked(run.desk(user, folder, sink.port))
        begin = time.monotonic_ns()
        return run_to_the_last_answer(run, desk, sink, lambda: begin)
    finally:
        sink.close()


def burst(run, user, folder):
    """A desk that runs and waits for mail, when all of it comes at once: from the
    server's announcement until the sink has accepted the last answer."""
    servers = run.place.servers
    sink, tap = Sink(run.place.sink_program), Tap(servers.imap, first_only=True)

    def start():
        require(tap.wait_until_it_waits(20), "Postdesk does not wait for mail")
        time.sleep(1)  # its rules are loaded, and it rests
        run.place.arrive(user)
        begin = tap.wait_for_any(20)
        require(begin, "the mail was not announced")
        return begin

    try:
        run.place.stock(user, run.source)
        near = SimpleNamespace(imap=tap.port, password=servers.password)
        return run_to_the_last_answer(run, checked(run.desk(user, folder, sink.port, near)), sink, start)
    finally:
        tap.close()
        sink.close()


def sketch(run, user, folder):
    """The plain sketch of the same steps, by its own clock, which starts after
    its rules are compiled and its connections stand."""
    servers, sink = run.place.servers, Sink(run.place.sink_program)
    rules = run.place.sketch_rules(sketch.rules)
    try:
        done = subprocess.run(
            [run.place.sketch_program, str(servers.imap), user, servers.password, str(sink.port),
             os.path.join(folder, "sketch.db"), rules, "16", "full"],
            check=True, capture_output=True, text=True, env=dict(os.environ, SMTP_PIPE="1"))
        accepted = sink.ask("count")[0]
    finally:
        sink.close()
    require(accepted == run.count, f"the sketch answered {accepted} of {run.count}")
    return {"seconds": float(re.search(r"wall=([\d.]+)", done.stdout)[1]), "messages": run.count,
            "answers": accepted, "report": done.stdout.strip()}


sketch.rules = 100  # replaced by the number of shipped rules


def require(truth, otherwise):
    if not truth:
        raise Failed(otherwise)


NAMES = ("mbsync", "collect", "flow", "deliver", "whole", "burst", "sketch")
SECTIONS = {"collect": ("mbsync", "collect"), "flow": ("flow", "deliver", "whole", "burst", "sketch")}


def possible(place, name):
    """Why a way cannot be measured here, or None."""
    if name == "mbsync":
        return None if shutil.which("mbsync") else "mbsync (package isync) is not installed"
    if name == "sketch":
        return None if place.sketch_program else "the yardstick is not at hand"
    return None if program() else "postdesk is not built"
