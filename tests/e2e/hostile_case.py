"""The base of the tests against hostile servers.

A case is one named behaviour of a scripted server.  The cases of a class are
independent and mostly wait for deadlines, so they run several at a time; each
test method takes the result of its own.
"""

import os
import re
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from desk import Desk, program  # noqa: E402
from servers.certificates import Certificates  # noqa: E402

AT_ONCE = 6
DEADLINE = "2s"  # of one command, in the configuration
SECONDS = 20  # most that an attempt may take: a few commands that reach their deadline
PEAK_MIB = int(os.environ.get("POSTDESK_TEST_PEAK_MIB", "64"))  # a sanitizer's build needs more
STATE_MIB = 100  # most that an attempt may leave on disk

DONE, TRY_AGAIN, REFUSED = 0, 75, 77


class Attempt:
    """One command run to its end: how it ended, what it said, what it took."""

    def __init__(self, desk, *words):
        begin = time.monotonic()
        with tempfile.TemporaryFile() as output:
            process = subprocess.Popen([str(desk.binary), "-c", str(desk.config), *words], cwd=desk.folder,
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=output)
            self.peak_mib, self.code = self.watch(process, begin + 2 * SECONDS)
            output.seek(0)
            self.said = output.read()
        self.seconds = time.monotonic() - begin
        self.words = " ".join(words)

    @staticmethod
    def watch(process, end):
        """Peak resident memory as the kernel keeps it, read until the end.  (ru_maxrss would
        count the test's own memory too: it outlives exec.)"""
        peak = 0
        while process.poll() is None:
            try:
                status = Path(f"/proc/{process.pid}/status").read_text()
                peak = max(peak, int(re.search(r"VmHWM:\s+(\d+)", status)[1]))
            except (OSError, TypeError):
                pass  # ended while we looked
            if time.monotonic() > end:
                process.kill()
                process.wait()
            time.sleep(0.005)
        return peak / 1024, process.returncode

    @property
    def text(self):
        return self.said.decode("utf-8", "replace")

    def __str__(self):
        return (f"postdesk {self.words}: exit {self.code} after {self.seconds:.1f} s, "
                f"{self.peak_mib:.0f} MiB; it said:\n{self.text[-1500:]}")


class HostileCase(unittest.TestCase):
    """A subclass has `cases`, a dict, and check(name, case): a test method for each is made."""

    cases = {}

    def __init_subclass__(cls):
        for name in cls.cases:
            setattr(cls, f"test_{name}", lambda self, name=name: self.result(name))

    @classmethod
    def setUpClass(cls):
        if program() is None:
            raise unittest.SkipTest("the program is not built; POSTDESK names another one")
        cls.folder = tempfile.TemporaryDirectory(prefix="postdesk-hostile-")
        cls.addClassCleanup(cls.folder.cleanup)
        cls.certificates = Certificates(Path(cls.folder.name) / "certificates")
        cls.pool = ThreadPoolExecutor(AT_ONCE)
        cls.addClassCleanup(cls.pool.shutdown, wait=True, cancel_futures=True)
        cls.futures = {name: cls.pool.submit(cls.run_case, name) for name in sorted(cls.cases)}

    @classmethod
    def run_case(cls, name):
        """A test case of its own, so that what it cleans up is its own."""
        case = cls("check")
        try:
            case.check(name, cls.cases[name])
        finally:
            case.doCleanups()

    def check(self, name, case):
        raise NotImplementedError

    def result(self, name):
        future = self.futures[name]
        if future.cancel():  # not begun: no need to wait in line
            self.check(name, self.cases[name])
        else:
            future.result()

    def desk(self, imap=None, smtp=None, trusts="ca", **settings):
        """A desk whose mailbox or relay is a scripted server."""
        nobody = 9  # a port where nothing listens
        ca = getattr(self.certificates, trusts)
        servers = SimpleNamespace(imaps_port=imap.port if imap else nobody,
                                  smtp_port=smtp.port if smtp else nobody, ca_file=ca)
        common = {"host": "127.0.0.1", "tls_name": "localhost", "timeout": DEADLINE}
        mailbox = {**common, "tls": imap.tls if imap else "none", **settings.pop("mailbox", {})}
        relay = {**common, "tls": smtp.tls if smtp else "none", **settings.pop("relay", {})}
        desk = Desk(servers, mailbox=mailbox, relay=relay, **settings)
        self.addCleanup(desk.remove)
        return desk

    def server(self, kind, *arguments, **how):
        if how.get("tls", "none") != "none":
            how["certificates"] = self.certificates
        server = kind(*arguments, **how)
        self.addCleanup(server.close)
        return server

    def attempt(self, desk, *words, codes=None):
        """Runs a command that must keep its bounds, whatever the server does."""
        attempt = Attempt(desk, *words)
        self.assertLess(attempt.seconds, SECONDS, f"not in bounded time: {attempt}")
        self.assertLess(attempt.peak_mib, PEAK_MIB, f"not in bounded memory: {attempt}")
        self.assertLess(mib_of(desk.state), STATE_MIB, f"fills the disk: {attempt}")
        self.assertIsNone(re.search(rb"[\0-\x08\x0b-\x1f\x7f]", attempt.said), f"raw control bytes: {attempt}")
        if codes is not None:
            self.assertIn(attempt.code, codes, str(attempt))
        return attempt

    def assert_stated(self, attempt, what, pattern="."):
        """The error names what is spoilt and says why."""
        self.assertIn(what, attempt.text, f"does not name {what}: {attempt}")
        self.assertRegex(attempt.text, f"(?i){pattern}", str(attempt))


def mib_of(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1048576
