"""What the roles of a running desk hold (memory) and do when there is nothing
to do (idle), as the kernel counts it."""

import threading
import time

from place import Sink
from postdesk import Desk, roles

LARGE = 100 * 1024 * 1024


def memory(place, folder, kind, count):
    """Peak resident memory by role while `count` mails and one of 100 MB pass."""
    user = place.mailbox(place.corpus(kind, count), large=LARGE)
    sink = Sink(place.sink_program)
    desk = Desk(folder, place.servers, user, sink.port)
    desk.run()
    peaks = Peaks(desk.main.pid)
    try:
        desk.wait_finished(count + 1, sink)
        return peaks.stop()
    finally:
        peaks.stop()
        desk.stop()
        sink.close()
        place.forget(user)


class Peaks:
    """VmHWM never falls while a process lives; looking often catches the short-lived ones."""

    def __init__(self, pid):
        self.pid, self.kib, self.over = pid, {}, threading.Event()
        self.thread = threading.Thread(target=self.look_often)
        self.thread.start()

    def look_often(self):
        while not self.over.wait(0.05):
            self.look()

    def look(self):
        for role in roles(self.pid):
            try:
                self.kib[role.name] = max(self.kib.get(role.name, 0), role.peak_kib())
            except (OSError, KeyError):  # ended between listing and reading
                continue

    def stop(self):
        if not self.over.is_set():
            self.over.set()
            self.thread.join()
            self.look()
        return {name: round(kib / 1024, 1) for name, kib in sorted(self.kib.items())}


def idle(place, folder, seconds):
    """Wake-ups and processor time of each role over `seconds` without any mail."""
    user = place.mailbox(place.corpus("small", 20))
    sink = Sink(place.sink_program)
    desk = Desk(folder, place.servers, user, sink.port)
    desk.run()
    try:
        desk.wait_finished(20, sink)
        time.sleep(25)  # an idle connection to the relay is closed after 20 s, once
        desk.alive()
        found = roles(desk.main.pid)
        before = [(role.switches(), role.cpu_ns()) for role in found]
        time.sleep(seconds)
        desk.alive()
        return {f"{role.name} ({role.pid})": {"wake_ups": role.switches() - switches,
                                              "cpu_ms": round((role.cpu_ns() - cpu) / 1e6, 2)}
                for role, (switches, cpu) in zip(found, before)}
    finally:
        desk.stop()
        sink.close()
        place.forget(user)
