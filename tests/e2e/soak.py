#!/usr/bin/env python3
"""soak.py [--kills N] [--seed N]

SIGKILL at random moments: mail keeps coming while the whole desk is killed and started
again, N times (200). In the end every message has one ticket, every reporter one answer
(or one row that is unknown, and then one answer or none), and nothing is left over.
"""

import argparse
import random
import sys
import time
from collections import Counter

import case
from desk import Desk, program
from letters import letter, unique

PER_DESK = 50  # kills before a fresh desk, so that reading the mailboxes stays cheap
SETTLE_SECONDS = 60


class Soak:
    """One desk, killed over and over."""

    def __init__(self, servers, chance):
        self.desk = Desk(servers, answers={"per_recipient_per_hour": 1000, "per_hour": 100000})
        self.chance = chance
        self.people = []

    def feed(self):
        """Some new mails."""
        people = [f"{unique('soak')}@finance.example" for _ in range(self.chance.randint(1, 4))]
        self.desk.put(*(letter(person, self.desk.address, f"Problem of {person}")
                        for person in people))
        self.people += people

    def kill_once(self):
        self.feed()
        self.desk.start()
        time.sleep(self.chance.choice((0.02, 0.1, 0.3, 0.6)) * self.chance.random() * 2)
        if self.chance.random() < 0.5:
            self.feed()
            time.sleep(self.chance.random() * 0.2)
        self.desk.kill()

    def settle(self):
        self.desk.start()
        self.desk.wait_for(lambda: self.desk.settled(len(self.people)), "the end of the work",
                           SETTLE_SECONDS)
        code = self.desk.stop()
        return [] if code == 0 else [f"run ended with {code}"]

    def faults(self):
        """What went wrong, in words."""
        found = self.settle()
        tickets = Counter(ticket["reporter"]["address"] for ticket in self.desk.tickets())
        states = {mail["recipient"]: mail["state"] for mail in self.desk.outbox()}
        for person in self.people:
            mails = len(self.desk.received(person))
            allowed = (0, 1) if states.get(person) == "unknown" else (1,)
            if tickets[person] != 1:
                found.append(f"{person}: {tickets[person]} tickets")
            if mails not in allowed:
                found.append(f"{person}: {mails} answers, row {states.get(person)}")
        outcomes = {row["outcome"] for row in self.desk.ledger()}
        if outcomes != {"created"}:
            found.append(f"outcomes {outcomes}")
        if any("\\Seen" not in flags for flags in self.desk.flags().values()):
            found.append("messages that the server was not told of")
        for command in ("verify", "reconcile"):
            done = self.desk.run(command)
            if done.returncode:
                found.append(f"{command}: {done.stdout.decode()}{done.stderr.decode()}")
        return found

    def unknown(self):
        return len(self.desk.outbox("unknown"))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    if program() is None:
        sys.exit("soak: the program is not built")
    chance = random.Random(options.seed)
    print(f"soak: {options.kills} kills, seed {options.seed}", flush=True)
    failed = messages = unknown = 0
    try:
        left = options.kills
        while left > 0:
            soak = Soak(case.shared_servers(), chance)
            for _ in range(min(left, PER_DESK)):
                soak.kill_once()
            left -= PER_DESK
            faults = soak.faults()
            messages += len(soak.people)
            unknown += soak.unknown()
            print(f"soak: {options.kills - max(left, 0)} kills, {messages} messages, "
                  f"{unknown} unknown, {len(faults)} faults", flush=True)
            for fault in faults:
                print(f"  {fault}")
            failed += len(faults)
            if not faults:
                soak.desk.remove()
            else:
                soak.desk.kill()
                print(f"  kept: {soak.desk.folder}")
    finally:
        case.stop_servers()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
