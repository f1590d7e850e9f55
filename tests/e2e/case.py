"""The base of all end-to-end tests: shared servers, a fresh desk for each test."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from desk import Desk, program  # noqa: E402
from letters import letter, unique  # noqa: E402
from servers import MailServers  # noqa: E402

_servers = None


def shared_servers():
    """One pair of servers for all tests of this process, started when first needed."""
    global _servers
    if _servers is None:
        _servers = MailServers().start()
    return _servers


def stop_servers():
    global _servers
    if _servers:
        _servers.stop()
        _servers = None


class DeskCase(unittest.TestCase):
    """Test cases of one subject. Names of users are new for every test."""

    @classmethod
    def setUpClass(cls):
        if program() is None:
            raise unittest.SkipTest("the program is not built; POSTDESK names another one")
        cls.servers = shared_servers()

    def desk(self, **options):
        desk = Desk(self.servers, **options)
        self.addCleanup(desk.remove)
        return desk

    @staticmethod
    def person(word="wang", domain="finance.example"):
        return f"{unique(word)}@{domain}"

    def one_ticket(self, desk):
        tickets = desk.tickets()
        self.assertEqual(len(tickets), 1, f"tickets: {tickets}")
        return tickets[0]

    def report(self, desk, person, subject="Cannot log in", body="The login page stays empty.\n",
               **headers):
        """A first mail all the way; the acknowledgement."""
        desk.put(letter(person, desk.address, subject, body, **headers))
        before = len(desk.received(person))
        desk.cycle()
        return desk.received(person, before + 1)[-1]

    def assert_silent(self, desk, *addresses):
        """Nothing went out, nor waits to go out, to these addresses."""
        for address in addresses:
            desk.received(address, 0)
        names = {address.lower() for address in addresses}
        waiting = [mail for mail in desk.outbox() if mail["recipient"].lower() in names]
        self.assertEqual(waiting, [])


def main():
    """For running one file by itself."""
    unittest.addModuleCleanup(stop_servers)
    unittest.main(module="__main__", buffer=False)
