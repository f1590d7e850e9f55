"""What a reload costs those who wait: how soon it is acknowledged, and whether mail is
processed meanwhile, while new rules are loaded, compiled and swapped in."""

import os
import re
import signal
import subprocess
import threading
import time

from postdesk import Failed, program

BACKLOG = 20  # mails that may wait; the gaps are those of feeding them, and what comes on top
FED_AT_ONCE = 5
USUAL_SECONDS = 3
PATIENCE = 240
DONE = re.compile(r" (?:ticket-created|ticket-appended|ignored|quarantined) ")
RELOADED = " reloaded: [0-9]+ rules,"
ID = re.compile(rb"^Message-ID: .*$", re.M)


class Watched:
    """A running desk whose log is read line by line, each with the time at which it came."""

    def __init__(self, config):
        self.config, self.lines = config, []
        self.process = subprocess.Popen([program(), "-c", config, "run"], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                                        start_new_session=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.lines.append((time.monotonic(), line))

    def times(self, wanted, since):
        return [at for at, line in list(self.lines) if at >= since and re.search(wanted, line)]

    def wait(self, wanted, since):
        """The time of the first such line from then on."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self.process.poll() is None:
            found = self.times(wanted, since)
            if found:
                return found[0]
            time.sleep(0.005)
        raise Failed(f"the desk did not say '{wanted}': {''.join(line for _, line in self.lines[-5:])}")

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


class Feeder:
    """Keeps a few mails waiting, each of them new."""

    def __init__(self, desk, folder, mails):
        self.desk, self.folder, self.fed, self.going = desk, folder, 0, True
        os.makedirs(folder, exist_ok=True)
        self.mails = [open(path, "rb").read() for path in mails]
        self.thread = threading.Thread(target=self.feed, daemon=True)
        self.thread.start()

    def feed(self):
        while self.going:
            if self.fed - len(self.desk.times(DONE, 0)) > BACKLOG:
                time.sleep(0.02)
                continue
            subprocess.run([program(), "-c", self.desk.config, "inject", *self.write_some()], check=True,
                           capture_output=True)
            self.fed += FED_AT_ONCE

    def write_some(self):
        paths = []
        for number in range(self.fed, self.fed + FED_AT_ONCE):
            path = os.path.join(self.folder, f"{number % FED_AT_ONCE}.eml")
            with open(path, "wb") as out:
                out.write(ID.sub(b"Message-ID: <fed-%d@example.org>" % number,
                                 self.mails[number % len(self.mails)], count=1))
            paths.append(path)
        return paths

    def stop(self):
        self.going = False
        self.thread.join()


def longest_gap(times):
    return max((later - earlier for earlier, later in zip(times, times[1:])), default=0)


def change(rules):
    with open(os.path.join(rules, "99999.yaml"), "w", encoding="utf-8") as out:
        out.write("rules:\n- {id: changed, when: {body: 'changed while running'}, then: {tags: [t0]}}\n")


def acknowledged(config):
    """Seconds until the command says that the desk was told."""
    start = time.monotonic()
    command = subprocess.Popen([program(), "-c", config, "reload"], stdout=subprocess.PIPE, text=True)
    line = command.stdout.readline()
    seconds = time.monotonic() - start
    command.communicate()
    if command.returncode != 0 or not line.startswith("told process"):
        raise Failed(f"postdesk reload ended with {command.returncode}: {line}")
    return seconds


def measure(config, rules, mails, folder, has_scanner):
    """Milliseconds; the gaps are those between messages that are done."""
    desk = Watched(config)
    desk.wait(" started: ", 0)
    feeder = Feeder(desk, folder, mails)
    try:
        start = desk.wait(DONE, 0)
        time.sleep(USUAL_SECONDS)
        change(rules)
        told = time.monotonic()
        seconds = acknowledged(config)
        loaded = desk.wait(RELOADED, told)
        live = desk.wait(RELOADED, loaded + 0.001) if has_scanner else loaded
        time.sleep(1)
    finally:
        feeder.stop()
        desk.stop()
    usual = [at for at in desk.times(DONE, start) if at < told]
    meanwhile = [at for at in desk.times(DONE, told) if at < live + 1]
    return {"reload_ms": round(seconds * 1e3, 1), "loaded_ms": round((loaded - told) * 1e3),
            "compiled_ms": round((live - told) * 1e3), "usual_gap_ms": round(longest_gap(usual) * 1e3, 1),
            "reload_gap_ms": round(longest_gap(meanwhile) * 1e3, 1),
            "usual_per_second": round(len(usual) / (told - start)),
            "reload_per_second": round(len(meanwhile) / (live + 1 - told))}
