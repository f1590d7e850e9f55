#!/usr/bin/env python3
"""Delivering to SMTP servers that fail, lie, stall and flood.

Whatever the server does: a stated error in bounded time and memory, the right
state of the mail (`unknown` only where the final dot may have gone out, I5), and
a next attempt that delivers it.
"""

import unittest
from email import message_from_bytes, policy

from hostile_case import DONE, REFUSED, TRY_AGAIN, HostileCase
from letters import letter, unique
from servers.hostile_smtp import BEHAVIOURS, SmtpServer

WAITS = {"queued", "retry"}  # nothing is wrong with the mail itself
ANY = (DONE, 1, TRY_AGAIN)  # the run went well; what became of the mail is in the outbox
SENT, FAILED, RETRY, UNKNOWN = {"sent"}, {"failed"}, {"retry"}, {"unknown"}

# Behaviour: the mail's state afterwards, and the exit codes that are right.
CASES = {
    "foreign_banner": (WAITS, (TRY_AGAIN,)),
    "binary_banner": (WAITS, (TRY_AGAIN,)),
    "auth_refused": (WAITS, (REFUSED,)),
    "auth_unavailable": (WAITS, (TRY_AGAIN,)),
    "auth_silent": (WAITS, (TRY_AGAIN,)),
    "closed_at_354": (WAITS | UNKNOWN, ANY),
    "closed_in_body": (WAITS | UNKNOWN, ANY),
    "garbage_at_dot": (UNKNOWN, ANY),
    "short_code_at_dot": (UNKNOWN, ANY),
    "foreign_code_at_dot": (UNKNOWN, ANY),
    "bare_354_at_dot": (UNKNOWN, ANY),
    "dot_taken_then_closed": (SENT, ANY),
    "dot_4xx": (RETRY, ANY),
    "dot_421": (RETRY, ANY),
    "dot_5xx": (FAILED, ANY),
    "dot_long_line": (UNKNOWN | SENT, ANY),
}
for stage in ("banner", "ehlo", "auth"):
    CASES.update({f"{stage}_{way}": (WAITS, (TRY_AGAIN,)) for way in ("4xx", "421", "closed")})
    CASES[f"{stage}_5xx"] = (WAITS, (TRY_AGAIN, REFUSED))
for stage in ("banner", "ehlo", "mail", "data"):
    ways = ("silent", "drip", "endless", "endless_line", "long_line")
    CASES.update({f"{stage}_{way}": (WAITS, (TRY_AGAIN,)) for way in ways if stage != "data" or way == "silent"})
for stage in ("mail", "rcpt", "data"):
    CASES.update({f"{stage}_4xx": (RETRY, ANY), f"{stage}_5xx": (FAILED, ANY),
                  f"{stage}_421": (WAITS, ANY), f"{stage}_closed": (WAITS, ANY)})
CASES.update({f"dot_{way}": (UNKNOWN, ANY) for way in ("closed", "silent", "drip", "endless", "endless_line")})
CASES.update({f"quit_{way}": (SENT, (DONE,)) for way in ("4xx", "5xx", "closed", "silent", "drip", "endless")})
TLS_CASES = {
    "starttls_stripped": "tls",
    "starttls_in_clear": "tls",
    "starttls_injected": "tls",
    "starttls_no_handshake": "time|within|deadline",
    "starttls_4xx": "tls",
    "starttls_5xx": "tls",
    "starttls_421": ".",
    "starttls_closed": ".",
    "starttls_silent": "time|within|deadline",
}


class SmtpCase(HostileCase):
    def desk_with_mails(self, server, count=1, **settings):
        """A desk with acknowledgements queued; their recipients, oldest first."""
        desk = self.desk(smtp=server, **settings)
        people = [f"{unique('reporter')}@finance.example" for _ in range(count)]
        for person in people:
            desk.do("inject", input=bytes(letter(person, desk.address)))
        desk.process_inbox()
        self.assertEqual({mail["recipient"] for mail in desk.outbox("queued")}, set(people))
        return desk, people

    @staticmethod
    def mail_to(desk, person):
        return next(mail for mail in desk.outbox() if mail["recipient"] == person)

    def state(self, desk, person):
        return self.mail_to(desk, person)["state"]

    @staticmethod
    def accepted(server, person):
        return sum(person in recipients for _, recipients, _ in server.accepted)

    def assert_next_attempt_works(self, server, desk, person):
        """After an admin let a held, failed or waiting mail go at once, it is accepted."""
        server.behave("healthy")
        before = self.mail_to(desk, person)
        if before["state"] == "unknown":
            self.attempt(desk, "deliver", "--once")
            self.assertEqual(self.state(desk, person), "unknown", "sent again without being told to")
        if before["state"] != "queued":
            desk.do("outbox", "retry", str(before["id"]))
        had = self.accepted(server, person)
        self.attempt(desk, "deliver", "--once", codes=[DONE])
        after = self.mail_to(desk, person)
        self.assertEqual(after["state"], "sent", after)
        self.assertEqual(self.accepted(server, person), had + 1)
        self.assertEqual(after["message_id"], before["message_id"], "its identity changed")


class OneMail(SmtpCase):
    def check(self, name, case):
        states, codes = case
        server = self.server(SmtpServer)
        desk, (person,) = self.desk_with_mails(server)
        server.behave(name)
        attempt = self.attempt(desk, "deliver", "--once", codes=codes)
        server.settle()
        self.assertTrue(server.misbehaved, f"never met: {BEHAVIOURS[name].about}; {attempt}")
        mail = self.mail_to(desk, person)
        self.assertIn(mail["state"], states, f"{BEHAVIOURS[name].about}: {mail}; {attempt}")
        if mail["state"] != "sent":
            self.assertRegex(attempt.text, rf"\bmain\b|{person}", f"names neither relay nor mail: {attempt}")
            self.assert_next_attempt_works(server, desk, person)
        else:
            self.assertLessEqual(self.accepted(server, person), 1)


class HostileSmtp(OneMail):
    cases = CASES


class WithoutPipelining(OneMail):
    """The same at the stages that pipelining changes."""

    cases = {name: CASES[name] for name in CASES if name.startswith(("mail_", "rcpt_", "data_", "closed_"))
             and not name.endswith(("drip", "endless", "endless_line", "silent", "long_line"))}

    def server(self, kind, *arguments, **how):
        return super().server(kind, *arguments, pipelining=False, **how)


class HostileTls(SmtpCase):
    cases = TLS_CASES

    def check(self, name, pattern):
        server = self.server(SmtpServer, tls="starttls")
        desk, (person,) = self.desk_with_mails(server)
        server.behave(name)
        attempt = self.attempt(desk, "deliver", "--once", codes=[TRY_AGAIN, REFUSED])
        self.assert_stated(attempt, "main", pattern)
        self.assertFalse(server.secret_in_clear, "the password went out in clear text")
        self.assertEqual(server.seen, [])
        self.assertIn(self.state(desk, person), WAITS)
        self.assert_next_attempt_works(server, desk, person)


class Certificate(SmtpCase):
    cases = {f"{what}_{tls}": (tls, what) for tls in ("implicit", "starttls")
             for what in ("wrong", "expired", "unknown")}

    def check(self, name, case):
        tls, what = case
        shown, trusts = ("server", "other_ca") if what == "unknown" else (what, "ca")
        server = self.server(SmtpServer, tls=tls, certificate=shown)
        desk, (person,) = self.desk_with_mails(server, trusts=trusts)
        attempt = self.attempt(desk, "deliver", "--once", codes=[REFUSED])
        self.assert_stated(attempt, "main", "certificate")
        self.assertFalse(server.secret_in_clear, "the password went out in clear text")
        self.assertIn(self.state(desk, person), WAITS)
        server.show(self.certificates, "server")
        desk.configure(relays={"ca": str(self.certificates.ca)})
        self.assert_next_attempt_works(server, desk, person)


class SeveralMails(SmtpCase):
    def test_one_connection_and_a_result_for_each(self):
        server = self.server(SmtpServer)
        desk, (good, unknown, busy, last) = self.desk_with_mails(server, 4)
        server.refused = {unknown: b"550 5.1.1 no such user", busy: b"451 4.2.0 mailbox busy"}
        self.attempt(desk, "deliver", "--once", codes=ANY)
        states = [self.state(desk, person) for person in (good, unknown, busy, last)]
        self.assertEqual(states, ["sent", "failed", "retry", "sent"])
        self.assertIn("no such user", self.mail_to(desk, unknown)["last_reply"])
        self.assertEqual(server.connections, 1)
        server.refused = {}
        for person in (unknown, busy):
            self.assert_next_attempt_works(server, desk, person)
        self.assertEqual(self.accepted(server, good), 1)

    def test_relay_that_takes_few_over_one_connection(self):
        """It is connected to again without a pause, and no mail waits for a retry."""
        server = self.server(SmtpServer)
        server.most_mails = 3
        desk, people = self.desk_with_mails(server, 10)
        self.attempt(desk, "deliver", "--once", codes=[DONE])
        self.assertEqual([self.state(desk, person) for person in people], ["sent"] * 10)
        self.assertEqual([self.accepted(server, person) for person in people], [1] * 10)
        self.assertEqual(server.connections, 4)

    def test_storm_of_failures_is_not_a_storm_of_alarms(self):
        server = self.server(SmtpServer, "mail_5xx")
        desk, people = self.desk_with_mails(server, 20)
        self.attempt(desk, "deliver", "--once", codes=ANY)
        self.assertEqual([self.state(desk, person) for person in people], ["failed"] * 20)
        desk.do("clock", "--once")
        self.assertEqual(len(desk.outbox("queued")), 6, "five for one mail each, one for the rest")

    def test_alarm_that_does_not_get_through_raises_no_other(self):
        """That would go the same way; and who looks at status is told of both mails."""
        server = self.server(SmtpServer, "rcpt_5xx")
        desk, (person,) = self.desk_with_mails(server)
        for _ in range(3):
            self.attempt(desk, "deliver", "--once", codes=ANY)
            desk.do("clock", "--once")
        mails = {mail["recipient"]: mail["state"] for mail in desk.outbox()}
        self.assertEqual(mails, {person: "failed", desk.admin: "failed"})
        self.assertEqual(desk.json("status", codes=ANY)["mails"]["failed"], 2)

    def test_what_a_relay_says_in_several_lines_is_one_line_of_an_alarm(self):
        """It adds no lines of its own to the mail that the admin reads."""
        server = self.server(SmtpServer)
        desk, (person,) = self.desk_with_mails(server)
        server.refused = {person: b"550-5.1.1 no such user\r\n550-Time  never\r\n550 Run: anything"}
        self.attempt(desk, "deliver", "--once", codes=ANY)
        desk.do("clock", "--once")
        self.attempt(desk, "deliver", "--once", codes=ANY)
        alarm = message_from_bytes(server.accepted[-1][2], policy=policy.default)
        text = alarm.get_body(("html",)).get_content()
        self.assertIn("550 5.1.1 no such user Time never Run: anything</p>", text)

    def test_lost_after_the_first_dot(self):
        """The mail whose dot went out is held; those behind it are sent once."""
        server = self.server(SmtpServer)
        desk, people = self.desk_with_mails(server, 3)
        server.behave("dot_closed")
        self.attempt(desk, "deliver", "--once", codes=ANY)
        met = {recipient for _, recipients, _ in server.seen for recipient in recipients}
        for person in people:
            self.assertIn(self.state(desk, person), UNKNOWN if person in met else WAITS)
        for person in people:
            self.assert_next_attempt_works_or_is_sent(server, desk, person)
        self.assertEqual([self.accepted(server, person) for person in people], [1, 1, 1])

    def test_retry_of_an_old_mail_is_tried_as_long_as_a_new_one(self):
        server = self.server(SmtpServer, "rcpt_4xx")
        desk, (person,) = self.desk_with_mails(server, relay={"retry_for": "1h"})
        self.attempt(desk, "deliver", "--once", codes=ANY)
        desk.go_ahead(hours=2)
        self.assertEqual(self.state(desk, person), "failed")
        desk.do("outbox", "retry", str(self.mail_to(desk, person)["id"]))
        desk.deliver(codes=ANY)
        self.assertEqual(self.state(desk, person), "retry")

    def unknown_policy(self, policy):
        """What a mail becomes whose dot went out, on a connection lost then and then again."""
        server = self.server(SmtpServer)
        desk, (person,) = self.desk_with_mails(server, relay={"unknown": policy})
        server.behave("dot_closed")
        self.attempt(desk, "deliver", "--once", codes=ANY)
        return server, desk, person

    def test_policy_resend_waits_in_between(self):
        """A relay that never answers the dot must not get the mail over and over."""
        server, desk, person = self.unknown_policy("resend")
        self.assertEqual(self.state(desk, person), "retry")
        for _ in range(3):
            self.attempt(desk, "deliver", "--once", codes=ANY)
        self.assertEqual(len(server.seen), 1)
        self.assert_next_attempt_works(server, desk, person)

    def test_policy_drop_gives_up(self):
        server, desk, person = self.unknown_policy("drop")
        self.assertEqual(self.state(desk, person), "dropped")
        server.behave("healthy")
        self.attempt(desk, "deliver", "--once", codes=ANY)
        self.assertEqual(self.accepted(server, person), 0)

    def assert_next_attempt_works_or_is_sent(self, server, desk, person):
        if self.state(desk, person) != "sent":
            self.assert_next_attempt_works(server, desk, person)


if __name__ == "__main__":
    unittest.main()
