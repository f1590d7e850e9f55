#!/usr/bin/env python3
"""Collecting from IMAP servers that fail, lie, stall and flood.

Whatever the server does: a stated error in bounded time and memory, the right
exit code, nothing touched on the server that is not committed (I1), and a next
attempt that takes in every message once.
"""

import time
import unittest

from hostile_case import DONE, REFUSED, TRY_AGAIN, HostileCase
from letters import letter, unique
from servers.hostile_imap import BEHAVIOURS, ImapServer

# Behaviour: exit codes that are right, and what the error must speak of.
TIME, CLOSED, TLS = "time|within|deadline|slow", "clos|end of file|lost|gone|eof|reset|bye|going down", "tls"
CASES = {
    "silent_greeting": ((TRY_AGAIN,), TIME),
    "silent_after_greeting": ((TRY_AGAIN,), TIME),
    "drip_greeting": ((TRY_AGAIN,), TIME),
    "endless_greeting": ((TRY_AGAIN,), "."),
    "foreign_greeting": ((TRY_AGAIN,), "."),
    "binary_greeting": ((TRY_AGAIN,), "."),
    "endless_capability": ((TRY_AGAIN,), "."),
    "login_refused": ((REFUSED,), "log.?in|password|refused|auth"),
    "login_unavailable": ((TRY_AGAIN,), "."),
    "select_refused": ((REFUSED,), "INBOX"),
    "select_silent": ((TRY_AGAIN,), TIME),
    "select_endless": ((TRY_AGAIN,), "."),
    "select_negative": ((TRY_AGAIN, REFUSED), "."),
    "select_overflow": ((TRY_AGAIN, REFUSED), "."),
    "select_without_uidvalidity": ((TRY_AGAIN, REFUSED), "uidvalidity"),
    "search_overflow": ((TRY_AGAIN,), "."),
    "search_endless": ((TRY_AGAIN,), "."),
    "fetch_uid_zero": ((TRY_AGAIN,), "uid"),
    "fetch_uid_greatest": ((TRY_AGAIN,), "uid"),
    "fetch_uid_negative": ((TRY_AGAIN,), "."),
    "fetch_uid_overflow": ((TRY_AGAIN,), "."),
    "fetch_size_negative": ((TRY_AGAIN,), "."),
    "fetch_size_overflow": ((DONE, TRY_AGAIN), None),
    "fetch_endless": ((TRY_AGAIN,), "."),
    "fetch_no": ((TRY_AGAIN,), "cannot list|refused|NO"),
    "eof_in_literal": ((TRY_AGAIN,), CLOSED),
    "silent_in_literal": ((TRY_AGAIN,), TIME),
    "drip_in_literal": ((DONE, TRY_AGAIN), "more than the server had announced"),
    "endless_line": ((TRY_AGAIN,), "."),
    "endless_literal": ((DONE, TRY_AGAIN), "more than the server had announced"),
    "overflowing_literal": ((TRY_AGAIN,), "."),
    "negative_literal": ((TRY_AGAIN,), "."),
    "no_after_data": ((TRY_AGAIN,), "."),
    "no_inside_literal": ((TRY_AGAIN,), "."),
    "no_at_once": ((TRY_AGAIN,), "."),
    "nothing_but_ok": ((DONE, TRY_AGAIN), None),
    "stranger_beside": ((DONE, TRY_AGAIN), None),
    "stranger_instead": ((DONE, TRY_AGAIN), None),
    "nul_in_line": ((TRY_AGAIN,), "."),
    "nested": ((TRY_AGAIN,), "."),
    "body_endless": ((TRY_AGAIN,), "."),
    "store_no": ((TRY_AGAIN, REFUSED), "."),
    "store_silent": ((TRY_AGAIN,), TIME),
    "store_closed": ((TRY_AGAIN,), CLOSED),
    "logout_silent": ((DONE,), None),
}
CASES.update({name: ((TRY_AGAIN,), CLOSED) for name in BEHAVIOURS
              if name.startswith(("bye_at_", "closed_at_"))})
TLS_CASES = {
    "starttls_refused": ((TRY_AGAIN, REFUSED), TLS),
    "starttls_stripped": ((TRY_AGAIN, REFUSED), TLS),
    "starttls_in_clear": ((TRY_AGAIN, REFUSED), TLS),
    "starttls_injected": ((TRY_AGAIN, REFUSED), TLS),
    "starttls_silent": ((TRY_AGAIN,), TIME),
    "preauth": ((TRY_AGAIN, REFUSED), "."),
}
NOT_ALWAYS_ASKED = ("search", "capability")  # stages that a client may do without


def letters(count):
    return [bytes(letter(f"{unique('reporter')}@finance.example", "desk@desk.example", f"Mail {number}"))
            for number in range(count)]


class ImapCase(HostileCase):
    def recorded(self, desk):
        return sorted(row["uid"] for row in desk.ledger())

    def assert_untouched_but_committed(self, server, desk):
        """I1: what is flagged, moved or gone on the server stands in the ledger."""
        recorded = self.recorded(desk) if desk.state.is_dir() else []
        untouched = [message.uid for message in server.inbox if not message.flags]
        touched = set(range(1, 4)) - set(untouched)
        self.assertLessEqual(touched, set(recorded), "touched on the server and not committed")
        return recorded

    def assert_next_attempt_works(self, server, desk):
        server.behave("healthy")
        self.attempt(desk, "collect", "--once", codes=[DONE])
        self.assertEqual(self.recorded(desk), [1, 2, 3], "every message once")
        self.assertEqual([message.flags for message in server.inbox], [{"\\Seen"}] * 3)


class HostileImap(ImapCase):
    cases = CASES

    def check(self, name, case):
        codes, pattern = case
        server = self.server(ImapServer, letters(3), behaviour=name)
        desk = self.desk(imap=server)
        attempt = self.attempt(desk, "collect", "--once")
        server.settle()
        if not server.misbehaved and BEHAVIOURS[name].stage in NOT_ALWAYS_ASKED:
            self.skipTest(f"the collector never comes to {BEHAVIOURS[name].stage}")
        self.assertTrue(server.misbehaved, f"never met: {BEHAVIOURS[name].about}; {attempt}")
        self.assertIn(attempt.code, codes, f"{BEHAVIOURS[name].about}: {attempt}")
        if pattern:
            self.assert_stated(attempt, "support", pattern)
        self.assertLessEqual(set(self.assert_untouched_but_committed(server, desk)), {1, 2, 3},
                             "a message that was not asked for was recorded")
        self.assert_next_attempt_works(server, desk)


class HostileTls(ImapCase):
    cases = TLS_CASES

    def check(self, name, case):
        codes, pattern = case
        server = self.server(ImapServer, letters(3), behaviour=name, tls="starttls")
        desk = self.desk(imap=server)
        attempt = self.attempt(desk, "collect", "--once", codes=codes)
        self.assert_stated(attempt, "support", pattern)
        self.assertFalse(server.secret_in_clear, "the password went out in clear text")
        self.assertEqual(self.assert_untouched_but_committed(server, desk), [])
        self.assert_next_attempt_works(server, desk)
        self.assertFalse(server.secret_in_clear, "the password went out in clear text")


class Certificate(ImapCase):
    cases = {f"{what}_{tls}": (tls, what) for tls in ("implicit", "starttls")
             for what in ("wrong", "expired", "unknown")}

    def check(self, name, case):
        tls, what = case
        shown, trusts = ("server", "other_ca") if what == "unknown" else (what, "ca")
        server = self.server(ImapServer, letters(3), tls=tls, certificate=shown)
        desk = self.desk(imap=server, trusts=trusts)
        attempt = self.attempt(desk, "collect", "--once", codes=[REFUSED])
        self.assert_stated(attempt, "support", "certificate")
        self.assertEqual(server.commands if tls == "implicit" else [], [], "spoke on after the handshake")
        self.assertFalse(server.secret_in_clear, "the password went out in clear text")
        self.assertEqual(self.assert_untouched_but_committed(server, desk), [])
        server.show(self.certificates, "server")
        desk.configure(mailboxes={"ca": str(self.certificates.ca)})
        self.assert_next_attempt_works(server, desk)


class OddMessages(ImapCase):
    """Messages and sizes that no server should hold."""

    def test_good_manners(self):
        """The collector's own: it peeks, goes by UID and expunges nothing."""
        server = self.server(ImapServer, letters(3))
        desk = self.desk(imap=server)
        self.assert_next_attempt_works(server, desk)
        for verb, arguments in server.commands:
            self.assertNotIn(verb, ("EXPUNGE", "CLOSE"))
            if verb == "FETCH":
                self.assertNotIn(b"BODY[", arguments.upper())

    def test_moves_what_it_took(self):
        server = self.server(ImapServer, letters(3))
        server.folders["Done"] = []
        desk = self.desk(imap=server, mailbox={"after": "move", "move_to": "Done"})
        self.attempt(desk, "collect", "--once", codes=[DONE])
        self.assertEqual((len(server.inbox), len(server.folders["Done"])), (0, 3))
        self.assertEqual(self.recorded(desk), [1, 2, 3])

    def test_nul_bytes_in_a_message(self):
        server = self.server(ImapServer, [b"From: a@b.example\0\n\0\0\n" + b"\0" * 5000, *letters(2)])
        self.assert_next_attempt_works(server, self.desk(imap=server))

    def test_size_claimed_too_small(self):
        """The limit holds for what comes, not for what was said; the others are taken in."""
        server = self.server(ImapServer, letters(2))
        server.add(bytes(letter("big@finance.example", "desk@desk.example")) + b"x" * 70 * 1024 * 300, size=100)
        server.add(letters(1)[0])
        desk = self.desk(imap=server, mailbox={"size_limit": "1M"})
        for _ in range(2):
            self.attempt(desk, "collect", "--once", codes=[DONE, TRY_AGAIN])
        self.assertLessEqual({1, 2, 4}, set(self.recorded(desk)), "one lying size holds up the mailbox")

    def test_size_claimed_huge(self):
        """Over the limit, by what the server says: the headers are taken in, nothing else."""
        server = self.server(ImapServer, letters(2))
        server.add(letters(1)[0], size=10 << 30)
        desk = self.desk(imap=server, mailbox={"size_limit": "1M"})
        self.assert_next_attempt_works(server, desk)


class Refusing(ImapCase):
    """A server that does not let itself be told: no reason to leave mail lying there."""

    def test_collecting_goes_on_in_a_folder_that_may_only_be_read(self):
        server = self.server(ImapServer, letters(3))
        server.read_only = True
        desk = self.desk(imap=server)
        attempt = self.attempt(desk, "collect", "--once", codes=[TRY_AGAIN])
        self.assert_stated(attempt, "support", "refused to mark.*may only be read")
        server.add(letters(1)[0])
        desk.start()
        desk.wait_for(lambda: self.recorded(desk) == [1, 2, 3, 4], "the fourth message")
        server.add(letters(1)[0])
        desk.wait_for(lambda: self.recorded(desk) == [1, 2, 3, 4, 5], "the fifth message")
        self.assertEqual(desk.stop(), 0)
        self.assertEqual(len([alarm for alarm in desk.json("status")["alarms"]
                              if alarm["kind"] == "server-not-told"]), 1)
        server.read_only = False
        self.attempt(desk, "collect", "--once", codes=[DONE])
        self.assertEqual([message.flags for message in server.inbox], [{"\\Seen"}] * 5)

    def test_collecting_goes_on_where_nothing_can_be_moved(self):
        server = self.server(ImapServer, letters(3))
        server.folders["Done"] = []
        server.read_only = True
        desk = self.desk(imap=server, mailbox={"after": "move", "move_to": "Done"})
        self.attempt(desk, "collect", "--once", codes=[TRY_AGAIN])
        server.add(letters(1)[0])
        self.attempt(desk, "collect", "--once", codes=[TRY_AGAIN])
        self.assertEqual(self.recorded(desk), [1, 2, 3, 4])
        server.read_only = False
        self.attempt(desk, "collect", "--once", codes=[DONE])
        self.assertEqual((len(server.inbox), len(server.folders["Done"])), (0, 4))


class Idle(ImapCase):
    """A running desk takes in what comes while IDLE works, and when it does not."""

    cases = {"healthy": 5, "idle_unconfirmed": 20, "idle_refused": 20, "idle_bye": 20}

    def check(self, name, seconds):
        server = self.server(ImapServer, letters(1), behaviour=name)
        desk = self.desk(imap=server)
        desk.start()
        desk.wait_for(lambda: self.recorded(desk) == [1], "the first message", 15)
        time.sleep(0.5)  # now it idles, or tries to
        server.add(letters(1)[0])
        desk.wait_for(lambda: self.recorded(desk) == [1, 2], f"the second message ({name})", seconds)
        self.assertLess(server.connections, 30, "connects in a frenzy")
        self.assertEqual(desk.stop(), 0)


if __name__ == "__main__":
    unittest.main()
