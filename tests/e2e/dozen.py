"""A dozen messages for the kill test, and what a desk made of them.

They are the same in every run but for a run's own names, so that two runs can be
compared: a run is `Run(desk)`; `facts()` is what must not differ.
"""

import re

from letters import bounce, letter

SENT = "sent"
UNKNOWN = "unknown"


class Run:
    """The messages, for one desk; people are named after it."""

    COUNT = 12

    def __init__(self, desk):
        self.desk = desk
        self.people = [f"{desk.user}-{name}@finance.example"
                       for name in ("wang", "li", "zhao", "jane", "tom", "list")]

    def messages(self):
        wang, li, zhao, jane, tom, author = self.people
        to = self.desk.address

        def mail(number, sender, subject, body="The login page stays empty.\n", **headers):
            return letter(sender, to, subject, body, date=1_750_000_000 + number,
                          Message_ID=f"<{number}.{self.desk.user}@finance.example>", **headers)

        first = mail(1, wang, "财务系统登录不上", "财务系统从早上起一直登录不上,请尽快处理。\n")
        attached = mail(4, jane, "Screenshot")
        attached.add_attachment(bytes(range(256)) * 200, maintype="image", subtype="png",
                                filename="screen.png")
        return [
            first,
            mail(2, li, "Printer on the third floor"),
            mail(3, zhao, "VPN 连不上", "在家 VPN 连不上。\n"),
            attached,
            mail(5, wang, "Re: 财务系统登录不上", "补充:提示数据库连接失败。\n",
                 In_Reply_To=first["Message-ID"], References=first["Message-ID"]),
            first,
            mail(7, tom, "Out of office", "I am away.\n", Auto_Submitted="auto-replied"),
            bounce("Subject: nothing of ours\n", to, tom).replace(
                b"Message-ID: <", b"Message-ID: <8."),
            mail(9, self.desk.address, "My own words"),
            mail(10, author, "From the list", List_Id="<members.example>", Precedence="list"),
            b"no header at all",
            mail(12, tom, "Last of all"),
        ]

    def put(self):
        *mails, odd, last = self.messages()
        self.desk.put(*mails)
        self.desk.servers.place(self.desk.user, odd)
        self.desk.flags()  # the server numbers it before the next one
        self.desk.put(last)

    # ------------------------------------------------------------------- results

    def _plain(self, text):
        """Without what a run's own names and tokens put into it."""
        text = str(text).replace(self.desk.user, "DESK")
        return re.sub(r"\+[A-Za-z0-9]+@", "+TOKEN@", text)

    def tickets(self):
        fields = ("number", "subject", "status", "category", "impact", "urgency", "priority",
                  "queue", "language")
        return [{**{name: ticket[name] for name in fields},
                 "reporter": self._plain(ticket["reporter"]["address"]),
                 "events": [event["kind"] for event in self.desk.events(ticket["number"])]}
                for ticket in self.desk.tickets()]

    def ledger(self):
        rows = [(row["mailbox"], row["uid"], row["outcome"], self._plain(row["reason"]),
                 row["ticket"]) for row in self.desk.ledger()]
        return sorted(rows, key=lambda row: row[:2])

    def outbox(self):
        """State by ticket and recipient; mails to the admin (alarms) apart."""
        return sorted((mail["ticket"] or 0, self._plain(mail["recipient"]), mail["state"])
                      for mail in self.desk.outbox() if mail["recipient"] != self.desk.admin)

    def flags(self):
        return self.desk.flags()

    def mails(self):
        """Message-IDs with subjects by person, in order of arrival."""
        return {self._plain(person): [(mail["Message-ID"].strip("<>"), str(mail["Subject"]))
                                      for mail in self.desk.received(person)]
                for person in self.people}

    def facts(self):
        return {"tickets": self.tickets(), "ledger": self.ledger(), "flags": self.flags(),
                "outbox": self.outbox(),
                "mails": {person: sorted(subject for _, subject in mails)
                          for person, mails in self.mails().items()}}

    def difference(self, expected, unknown_most):
        """What differs from the facts of an undisturbed run, as text; "" if nothing does.
        So many mails may be unknown; such a one may have arrived or not, once."""
        mine = self.facts()
        found = [f"{name}:\n  expected {expected[name]}\n  found    {mine[name]}"
                 for name in ("tickets", "ledger", "flags") if mine[name] != expected[name]]
        sure = [(*row[:2], SENT if row[2] == UNKNOWN else row[2]) for row in mine["outbox"]]
        unknown = sum(state == UNKNOWN for *_, state in mine["outbox"])
        if sorted(sure) != expected["outbox"] or unknown > unknown_most:
            found.append(f"outbox:\n  expected {expected['outbox']}\n  found    {mine['outbox']}")
        found += self._mail_differences(expected["mails"], mine)
        return "\n".join(found)

    def _mail_differences(self, expected, mine):
        unsure = {}
        for _, person, state in mine["outbox"]:
            if state == UNKNOWN:
                unsure[person] = unsure.get(person, 0) + 1
        for person, mails in self.mails().items():
            identities = [identity for identity, _ in mails]
            if len(set(identities)) != len(identities):
                yield f"{person} got a mail twice: {mails}"
            missing = len(expected[person]) - len(mails)
            if not 0 <= missing <= unsure.get(person, 0):
                yield f"{person}: expected {expected[person]}, found {mails}"
