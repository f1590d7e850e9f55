"""How long a single mail waits for its answer, one mail at a time.

Each mail enters by SMTP at Exim.  Three moments are taken on one clock: Exim's
answer to the final dot, Dovecot's EXISTS as it is on its way to Postdesk, and
the answer's arrival: accepted by the sink, or lying in the reporter's mailbox
after a second way through Exim.
"""

import os
import smtplib
import statistics
import time
from types import SimpleNamespace

from place import Sink
from postdesk import Desk, Failed
from tap import Tap

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
