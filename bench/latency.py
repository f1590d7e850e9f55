"""How long a single mail waits for its answer, one mail at a time.

Each mail enters by SMTP at Exim.  Three moments are taken on one clock: Exim's
answer to the final dot, Dovecot's EXISTS as it is on its way to Postdesk, and
the answer's arrival: accepted by the sink, or lying in the reporter's mailbox
after a second way through Exim.
"""

import os
import socket
import smtplib
import statistics
import threading
import time
from types import SimpleNamespace

from place import Sink
from postdesk import Desk, Failed

MAIL = """\
From: Reporter {number} <{reporter}>
To: <support@example.org>
Subject: Printer on floor {number} jams
Date: Tue, 06 Jan 2026 09:00:00 +0800
Message-ID: <latency.{number}.{stamp}@dept01.example.net>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Good morning, the printer on floor {number} jams on every second page.
Could you send somebody, please?
"""


class Tap:
    """Between Postdesk and Dovecot: notes when the announcement of a number of mails passes by."""

    def __init__(self, port):
        self.far = port
        self.heard, self.change = {}, threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:  # closed
                return
            far = socket.create_connection(("127.0.0.1", self.far))
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.carry, args=(near, far), daemon=True).start()
            threading.Thread(target=self.carry, args=(far, near, self.note), daemon=True).start()

    @staticmethod
    def carry(source, target, note=None):
        rest = b""
        try:
            while data := source.recv(65536):
                now = time.monotonic_ns()
                target.sendall(data)
                *lines, rest = (rest + data).split(b"\r\n")
                if note:
                    note(lines, now)
            target.shutdown(socket.SHUT_WR)
        except OSError:  # the other side has gone
            source.close()
            target.close()

    def note(self, lines, now):
        for words in (line.split() for line in lines):
            if len(words) == 3 and words[0] == b"*" and words[2] == b"EXISTS":
                with self.change:
                    self.heard.setdefault(int(words[1]), now)
                    self.change.notify_all()

    def wait_for(self, number, seconds):
        with self.change:
            self.change.wait_for(lambda: number in self.heard, timeout=seconds)
            return self.heard.get(number)

    def close(self):
        self.listener.close()


class MaildirArrival:
    """When a file came to lie in a reporter's Maildir, by the file's own time."""

    def __init__(self, servers):
        self.servers = servers

    def wait_for(self, recipient, seconds):
        folder = os.path.join(self.servers.maildir(recipient.split("@")[0]), "new")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for name in os.listdir(folder) if os.path.isdir(folder) else []:
                changed = os.stat(os.path.join(folder, name)).st_ctime_ns
                return changed - time.time_ns() + time.monotonic_ns()
            time.sleep(0.005)
        return None


def send(servers, user, number):
    """Returns the reporter's address and when Exim took the mail."""
    reporter = f"reporter{os.getpid()}-{number}@dept01.example.net"
    text = MAIL.format(number=number, reporter=reporter, stamp=time.time_ns())
    with smtplib.SMTP("127.0.0.1", servers.smtp, local_hostname="localhost") as client:
        client.sendmail(reporter, [f"{user}@example.org"], text.encode())
        return reporter, time.monotonic_ns()


def one(servers, user, tap, arrival, number):
    reporter, accepted = send(servers, user, number)
    announced = tap.wait_for(number, 15)
    answered = arrival.wait_for(reporter, 15)
    if not announced or not answered:
        raise Failed(f"mail {number}: " + ("never answered" if announced else "never announced"))
    return {"from_exists_ms": (answered - announced) / 1e6, "from_accepted_ms": (answered - accepted) / 1e6}


def measure(place, folder, count, to_mailbox):
    servers = place.servers
    user = place.mailbox()
    sink = None if to_mailbox else Sink(place.sink_program, each=True)
    arrival = MaildirArrival(servers) if to_mailbox else sink
    tap = Tap(servers.imap)
    near = SimpleNamespace(imap=tap.port, password=servers.password)
    desk = Desk(folder, near, user, servers.smtp if to_mailbox else sink.port)
    desk.run()
    try:
        one(servers, user, tap, arrival, 1)  # the first finds everything cold: not counted
        samples = []
        for number in range(2, count + 2):
            time.sleep(0.05 + number * 37 % 100 / 1000)
            samples.append(one(servers, user, tap, arrival, number))
    finally:
        desk.stop()
        tap.close()
        if sink:
            sink.close()
        place.forget(user)
    return {key: summary([sample[key] for sample in samples]) for key in samples[0]}


def summary(values):
    values = sorted(values)
    return {"median": round(statistics.median(values), 1), "least": round(values[0], 1),
            "p90": round(values[int(len(values) * 0.9)], 1), "most": round(values[-1], 1)}
