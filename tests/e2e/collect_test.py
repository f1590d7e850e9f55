#!/usr/bin/env python3
"""What is taken from a mailbox, and what happens there afterwards."""

import calendar
import shutil
import subprocess
import time

from case import DeskCase, main
from letters import letter
from servers import post


class Start(DeskCase):
    """start: now | all | DATE."""

    def mail(self, desk, subject):
        return letter(self.person(), desk.address, subject)

    def subjects(self, desk):
        return [ticket["subject"] for ticket in desk.tickets()]

    def test_now_leaves_old_mail_out_and_says_so(self):
        desk = self.desk(mailbox={"start": "now"})
        desk.put(*(self.mail(desk, f"old {number}") for number in range(3)))
        done = desk.run("collect", "--once")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr.decode(), r"\b3\b", "what was left out is not said")
        self.assertEqual(desk.ledger(), [])
        desk.put(self.mail(desk, "new"))
        desk.cycle()
        self.assertEqual(self.subjects(desk), ["new"])
        self.assertTrue(all("\\Seen" not in flags for flags in list(desk.flags().values())[:3]))

    def test_now_on_an_empty_mailbox_misses_nothing(self):
        desk = self.desk(mailbox={"start": "now"})
        desk.collect()
        desk.put(self.mail(desk, "first"))
        desk.cycle()
        self.assertEqual(self.subjects(desk), ["first"])

    def test_all(self):
        desk = self.desk(mailbox={"start": "all"})
        desk.put(*(self.mail(desk, f"old {number}") for number in range(3)))
        desk.cycle()
        self.assertEqual(self.subjects(desk), ["old 0", "old 1", "old 2"])

    def test_date(self):
        desk = self.desk(mailbox={"start": "2024-03-01"})
        for subject, month in (("before", 2), ("after", 4)):
            arrived = calendar.timegm((2024, month, 10, 12, 0, 0))
            desk.servers.append(desk.user, bytes(self.mail(desk, subject)), arrived=arrived)
        told = desk.run("collect", "--once").stderr.decode()
        self.assertRegex(told, "left-out .*: 1 messages that came before 2024-03-01 .* are left out")
        desk.process_inbox()
        self.assertEqual(self.subjects(desk), ["after"])


class After(DeskCase):
    """after: seen | keep | move."""

    def collected(self, **mailbox):
        desk = self.desk(mailbox=mailbox)
        desk.put(letter(self.person(), desk.address))
        if "move_to" in mailbox:
            with desk.servers.session(desk.user, post.encoded(mailbox["move_to"]), readonly=False):
                pass
        desk.cycle()
        desk.cycle()
        self.one_ticket(desk)
        return desk

    def test_seen(self):
        desk = self.collected(after="seen")
        self.assertEqual(list(desk.flags().values()), [{"\\Seen"}])

    def test_keep(self):
        desk = self.collected(after="keep")
        self.assertEqual(list(desk.flags().values()), [frozenset()])

    def test_move(self):
        desk = self.collected(after="move", move_to="已处理")
        self.assertEqual(desk.flags(), {})
        self.assertEqual(len(desk.flags(post.encoded("已处理"))), 1)


class Untouched(DeskCase):
    def test_nothing_changes_before_the_commit(self):
        """I1: what could not be stored is untouched on the server, and is taken later."""
        desk = self.desk(limits={"min_free_space": "100000G"})
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.run("collect", "--once")
        self.assertEqual(desk.ledger(), [])
        self.assertEqual(list(desk.flags().values()), [frozenset()])
        desk.configure(limits={"min_free_space": "1M"})
        desk.cycle()
        self.one_ticket(desk)
        desk.received(person, 1)

    def test_every_row_has_one_outcome(self):
        """I2: every ledger row ends in exactly one outcome, ignored ones with a reason."""
        desk = self.desk()
        person = self.person()
        mail = letter(person, desk.address)
        desk.put(mail, mail, letter(desk.address, desk.address),
                 letter(self.person(), desk.address, Auto_Submitted="auto-replied"),
                 letter(person, desk.address, "[#1] more"))
        desk.servers.place(desk.user, b"\0")
        desk.cycle()
        rows = desk.ledger()
        self.assertEqual(len(rows), 6)
        for row in rows:
            self.assertIn(row["outcome"], ("created", "appended", "ignored", "quarantined"))
            self.assertTrue(row["reason"] or row["ticket"], row)
        self.assertEqual(len({(row["mailbox"], row["uidvalidity"], row["uid"]) for row in rows}), 6)


class Places(DeskCase):
    def test_several_folders_and_mailboxes(self):
        other = self.person("other").split("@")[0]
        folder = post.encoded("故障单")
        desk = self.desk(mailbox={"folders": ["INBOX", "故障单"]},
                         more_mailboxes=[{"name": "other", "user": other, "folders": ["INBOX"]}])
        desk.put(letter(self.person(), desk.address, "inbox"))
        desk.servers.append(desk.user, bytes(letter(self.person(), desk.address, "folder")), folder)
        desk.put(letter(self.person(), desk.address, "other"), to=f"{other}@desk.example")
        desk.cycle()
        self.assertEqual({ticket["subject"] for ticket in desk.tickets()},
                         {"inbox", "folder", "other"})
        self.assertEqual({row["mailbox"] for row in desk.ledger()},
                         {"support/INBOX", "support/故障单", "other/INBOX"})

    def test_folders_of_names_alike_are_watched_at_once(self):
        """Of names without a letter of ASCII, too, each is a process of its own."""
        folders = ["报修单", "故障单", "Sent Items", "Sent-Items"]
        desk = self.desk(mailbox={"folders": folders})
        for folder in folders:
            desk.servers.append(desk.user, bytes(letter(self.person(), desk.address, folder)),
                                f'"{post.encoded(folder)}"')
        desk.start()
        desk.wait_for(lambda: desk.settled(len(folders)), "the mail of every folder")
        self.assertEqual({ticket["subject"] for ticket in desk.tickets()}, set(folders))
        running = [role["role"] for role in desk.json("status")["roles"] if role["running"]]
        self.assertEqual(sum(role.startswith("collect.support_") for role in running), len(folders))
        self.assertIn("collect.support_报修单", running)
        self.assertEqual(desk.stop(), 0)

    def test_one_mailbox_by_name(self):
        other = self.person("other").split("@")[0]
        desk = self.desk(more_mailboxes=[{"name": "other", "user": other}])
        desk.put(letter(self.person(), desk.address, "inbox"))
        desk.put(letter(self.person(), desk.address, "other"), to=f"{other}@desk.example")
        desk.do("collect", "--once", "other")
        self.assertEqual([row["mailbox"] for row in desk.ledger()], ["other/INBOX"])

    def test_missing_folder_is_named(self):
        desk = self.desk(mailbox={"folders": ["Nowhere"]})
        done = desk.run("collect", "--once")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn(b"Nowhere", done.stderr)

    def test_missing_folder_keeps_no_other_from_being_collected(self):
        desk = self.desk(mailbox={"folders": ["Nowhere", "INBOX", "Gone"]})
        desk.put(letter(self.person(), desk.address))
        done = desk.run("collect", "--once")
        self.assertEqual(done.returncode, 77, done.stderr)
        for folder in (b"Nowhere", b"Gone"):
            self.assertIn(folder, done.stderr)
        self.assertEqual([row["mailbox"] for row in desk.ledger()], ["support/INBOX"])


class UidValidity(DeskCase):
    FOLDER = "Service"

    def start_anew(self, desk):
        """Gives the folder a new UIDVALIDITY; its mails stay."""
        with desk.servers.session(desk.user, readonly=False) as client:
            post.checked(client.rename(self.FOLDER, "Before"))
            post.checked(client.create(self.FOLDER))
            post.checked(client.select("Before"))
            post.checked(client.copy("1:*", self.FOLDER))

    def test_reconcile_compares_no_numbers_of_before(self):
        desk = self.desk(mailbox={"folders": [self.FOLDER]})
        desk.servers.append(desk.user, bytes(letter(self.person(), desk.address)), self.FOLDER)
        desk.cycle()
        self.start_anew(desk)
        said = desk.run("reconcile")
        self.assertNotIn(said.returncode, (0, 1), said.stdout)
        self.assertIn(b"numbered anew", said.stderr)
        desk.cycle()
        desk.do("reconcile")

    def test_old_mail_is_not_answered_again(self):
        desk = self.desk(mailbox={"folders": [self.FOLDER]})
        people = [self.person() for _ in range(3)]
        for person in people:
            desk.servers.append(desk.user, bytes(letter(person, desk.address)), self.FOLDER)
        desk.cycle()
        before = desk.tickets()
        self.start_anew(desk)
        late = self.person("late")
        desk.cycle()
        desk.servers.append(desk.user, bytes(letter(late, desk.address, "late")), self.FOLDER)
        desk.cycle()
        for person in people:
            desk.received(person, 1)
        desk.received(late, 1)
        self.assertEqual(desk.tickets()[:3], before)
        self.assertEqual(len(desk.tickets()), 4)
        self.assertEqual(len({row["uidvalidity"] for row in desk.ledger()}), 2)


class SetBack(DeskCase):
    """The server is restored from a backup: it gives numbers that the ledger has to other mail."""

    def swap(self, take_from, put_to):
        self.servers.dovecot.stop()
        time.sleep(1.1)  # what comes behind it has another date
        try:
            shutil.rmtree(put_to, ignore_errors=True)
            subprocess.run(["cp", "-a", str(take_from), str(put_to)], check=True)
        finally:
            self.servers.dovecot.start()

    def come(self, desk, count):
        people = [self.person() for _ in range(count)]
        desk.put(*(letter(person, desk.address) for person in people))
        return people

    def answered(self, desk, count):
        people = self.come(desk, count)
        desk.cycle()
        for person in people:
            desk.received(person, 1)
        return people

    def check(self, later):
        """later: how many come before the desk looks again."""
        desk = self.desk()
        home, kept = self.servers.home(desk.user), desk.folder / "kept"
        early = self.answered(desk, 2)
        self.swap(home, kept)
        early += self.answered(desk, 3)
        self.swap(kept, home)
        self.come(desk, later)
        said = desk.run("reconcile")
        self.assertNotIn(said.returncode, (0, 1), said.stdout)
        self.assertIn(b"gone back", said.stderr)
        desk.cycle()
        self.assertEqual(len(desk.tickets()), 5 + later)
        self.assertEqual(len(desk.outbox("unknown")), later)
        for person in early:
            desk.received(person, 1)
        desk.do("reconcile")
        self.answered(desk, 1)

    def test_more_came_than_were_lost(self):
        self.check(5)

    def test_fewer_came_than_were_lost(self):
        self.check(1)


class Size(DeskCase):
    def test_over_the_limit(self):
        """A ticket with the headers and a note to the reporter, no download."""
        desk = self.desk(mailbox={"size_limit": "64K"})
        person, other = self.person(), self.person()
        large = letter(person, desk.address, "Large screenshot", "x" * 70 + "\n")
        large.add_attachment(b"\x89PNG" + bytes(range(256)) * 2000, maintype="image",
                             subtype="png", filename="screen.png")
        desk.put(large, letter(other, desk.address, "Small"))
        desk.cycle()
        self.assertEqual(desk.ticket("Large screenshot")["reporter"]["address"], person)
        desk.received(person, 1)
        desk.received(other, 1)
        stored = sum(path.stat().st_size for path in desk.state.rglob("*.seg*") if path.is_file())
        self.assertLess(stored, 200_000)


if __name__ == "__main__":
    main()
