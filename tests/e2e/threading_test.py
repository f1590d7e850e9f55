#!/usr/bin/env python3
"""Answers find their ticket; strangers do not get into one."""

import json
from email.utils import parsedate_to_datetime

from case import DeskCase, main
from letters import letter, reply


class Answers(DeskCase):
    def setUp(self):
        self.desk_ = self.desk()
        self.person_ = self.person()
        self.answer = self.report(self.desk_, self.person_, "Mail server slow",
                                  "Opening a folder takes a minute.\n")
        self.number = self.one_ticket(self.desk_)["number"]

    def take_in(self, mail, to=None):
        """Collects and processes one more mail; its ledger row."""
        known = {row["uid"] for row in self.desk_.ledger()}
        self.desk_.put(mail, to=to)
        self.desk_.collect()
        self.desk_.process_inbox()
        (row,) = [row for row in self.desk_.ledger() if row["uid"] not in known]
        return row

    def assert_appended(self, row):
        self.assertEqual(row["outcome"], "appended")
        self.assertEqual(row["ticket"], self.number)
        self.one_ticket(self.desk_)

    def assert_new_ticket(self, row):
        self.assertEqual(row["outcome"], "created")
        self.assertNotEqual(row["ticket"], self.number)
        self.assertEqual(len(self.desk_.tickets()), 2)

    def test_by_plus_address_token(self):
        addressed = str(self.answer["Reply-To"] or self.answer["From"])
        token = addressed.split("<")[-1].rstrip(">")
        self.assertRegex(token, rf"^{self.desk_.user}\+[^@]+@desk.example$")
        mail = letter(self.person_, token, "something else", "One more detail.\n")
        self.assert_appended(self.take_in(mail, to=token))

    def test_by_in_reply_to(self):
        mail = letter(self.person_, self.desk_.address, "something else", "One more detail.\n",
                      In_Reply_To=self.answer["Message-ID"])
        self.assert_appended(self.take_in(mail))

    def test_by_references_to_the_first_mail(self):
        first = self.answer["In-Reply-To"]
        mail = letter(self.person_, self.desk_.address, "something else", "One more detail.\n",
                      References=f"<older@finance.example> {first}")
        self.assert_appended(self.take_in(mail))

    def test_by_number_in_the_subject(self):
        mail = letter(self.person_, self.desk_.address, f"RE: [#{self.number}] Mail server slow",
                      "One more detail.\n")
        self.assert_appended(self.take_in(mail))

    def test_an_ordinary_reply(self):
        mail = reply(self.answer, self.person_)
        self.assert_appended(self.take_in(mail, to=self.desk_.address))

    def test_number_of_a_stranger(self):
        mail = letter(self.person("stranger"), self.desk_.address,
                      f"[#{self.number}] Mail server slow", "Me too.\n")
        row = self.take_in(mail)
        self.assert_new_ticket(row)
        shown = json.dumps(self.desk_.show(row["ticket"]))
        self.assertRegex(shown, rf'"suggested_link": "?{self.number}\b',
                         "no link to the ticket is suggested")

    def test_references_of_a_stranger(self):
        mail = letter(self.person("stranger"), self.desk_.address, "Mail server slow",
                      "Me too.\n", References=self.answer["In-Reply-To"])
        self.assert_new_ticket(self.take_in(mail))

    def test_stranger_who_writes_a_participant_into_reply_to(self):
        """Everybody can write anything there, also within one domain of many strangers."""
        domain = self.person_.split("@")[1]
        stranger = self.person("stranger", domain)
        mail = letter(stranger, self.desk_.address, f"[#{self.number}] Mail server slow",
                      "Close it.\n", Reply_To=self.person_, References=self.answer["In-Reply-To"])
        self.assert_new_ticket(self.take_in(mail))

    def test_stranger_who_plays_a_list(self):
        stranger = self.person("stranger", "evil.example")
        mail = letter(stranger, self.desk_.address, f"[#{self.number}] Mail server slow",
                      "Close it.\n", Reply_To=self.person_, List_Post=f"<mailto:{stranger}>",
                      List_Id=f"<{stranger.replace('@', '.')}>")
        self.assert_new_ticket(self.take_in(mail))

    def dmarc_failed(self, **headers):
        """A mail from a participant's address that the mail server holds for forged."""
        self.desk_.configure(mailboxes={"authserv_ids": ["mx.example.org"]})
        return letter(self.person_, self.desk_.address, f"[#{self.number}] Mail server slow",
                      "Close it.\n", Authentication_Results="mx.example.org; dmarc=fail", **headers)

    def test_forged_participant(self):
        mail = self.dmarc_failed(References=self.answer["In-Reply-To"])
        self.assert_new_ticket(self.take_in(mail))

    def test_participant_whose_mail_was_changed_on_its_way_has_his_token(self):
        self.assert_appended(self.take_in(self.dmarc_failed(In_Reply_To=self.answer["Message-ID"])))

    def test_forged_token(self):
        addressed = str(self.answer["Reply-To"] or self.answer["From"])
        token = addressed.split("<")[-1].rstrip(">")
        user, rest = token.split("+")
        forged = f"{user}+{'z' if rest[0] != 'z' else 'y'}{rest[1:]}"
        mail = letter(self.person("stranger"), forged, "let me in", "Hello.\n")
        self.assert_new_ticket(self.take_in(mail, to=forged))

    def test_number_that_does_not_exist(self):
        mail = letter(self.person_, self.desk_.address, "[#987654] lost", "Hello.\n")
        self.assert_new_ticket(self.take_in(mail))


class Colleagues(DeskCase):
    """Who was in Cc takes part; and nobody waits for our acknowledgement."""

    def setUp(self):
        self.desk_ = self.desk()
        self.person_, self.colleague = self.person(), self.person("li")
        self.first = letter(self.person_, self.desk_.address, "Mail server slow",
                            "Opening a folder takes a minute.\n", Cc=self.colleague)

    def take_in(self, *mails):
        for mail in mails:
            self.desk_.put(mail)
        self.desk_.collect()
        self.desk_.process_inbox()

    def assert_outcomes(self, *wanted):
        self.assertEqual([row["outcome"] for row in self.desk_.ledger()], list(wanted))

    def answer_to_all(self, sender, **headers):
        return letter(sender, f"{self.person_}, {self.desk_.address}", "Re: Mail server slow",
                      "The same here.\n", **headers)

    def test_colleague_in_cc_answers_all(self):
        self.take_in(self.first)
        self.take_in(self.answer_to_all(self.colleague, In_Reply_To=self.first["Message-ID"]))
        self.assert_outcomes("created", "appended")
        self.one_ticket(self.desk_)

    def test_answers_that_come_before_the_acknowledgement(self):
        own = self.answer_to_all(self.person_, References=self.first["Message-ID"])
        his = self.answer_to_all(self.colleague, References=self.first["Message-ID"],
                                 In_Reply_To=own["Message-ID"])
        self.take_in(self.first, own, his)
        self.assert_outcomes("created", "appended", "appended")
        self.one_ticket(self.desk_)

    def test_references_of_which_the_program_kept_the_last(self):
        own = self.answer_to_all(self.person_, In_Reply_To=self.first["Message-ID"])
        self.take_in(self.first, own)
        self.take_in(self.answer_to_all(self.colleague, In_Reply_To=own["Message-ID"],
                                        References=f"<cut {own['Message-ID']}"))
        self.assert_outcomes("created", "appended", "appended")

    def cut(self, sender, text):
        """An answer whose program kept no header that leads to the first mail."""
        return letter(sender, f"{self.person_}, {self.desk_.address}", "Re: Mail server slow",
                      f"The same here.\n\n{text}")

    def quote(self):
        sent = parsedate_to_datetime(str(self.first["Date"])).strftime("%a, %b %d, %Y at %I:%M %p")
        return (f"On {sent} {self.person_} <{self.person_}> wrote:\n\n"
                "> Opening a folder takes a minute.\n")

    def test_answers_of_which_nothing_is_left_but_what_they_quote(self):
        self.take_in(self.first, self.cut(self.colleague, self.quote()),
                     self.cut(self.person_, self.quote()))
        self.assert_outcomes("created", "appended", "appended")
        told = json.dumps(self.desk_.show(self.desk_.ledger()[0]["ticket"]))
        self.assertRegex(told, r"quotes message \d+ \(text, time, author: [^\"]*believed")

    def test_stranger_who_quotes_and_answer_that_quotes_nothing(self):
        self.take_in(self.first, self.cut(self.person("stranger", "other.example"), self.quote()),
                     self.cut(self.person_, ""))
        self.assert_outcomes("created", "created", "created")
        number = self.desk_.ledger()[0]["ticket"]
        for row in self.desk_.ledger()[1:]:
            self.assertRegex(json.dumps(self.desk_.show(row["ticket"])),
                             rf'"suggested_link": "?{number}\b')

    def test_stranger_who_got_the_mail_from_a_colleague(self):
        self.take_in(self.first)
        self.take_in(self.answer_to_all(self.person("stranger", "other.example"),
                                        References=self.first["Message-ID"]))
        self.assert_outcomes("created", "created")


if __name__ == "__main__":
    main()
