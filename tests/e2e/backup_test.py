#!/usr/bin/env python3
"""Backup, restore, verify, reconcile: nothing is lost, nothing goes out twice."""

import os
import sqlite3
import unittest

from case import DeskCase, main
from letters import letter, reply


class Restore(DeskCase):
    def answered(self, desk, count=3):
        people = [self.person() for _ in range(count)]
        desk.put(*(letter(person, desk.address, f"Problem of {person}") for person in people))
        desk.collect()
        desk.process_inbox()
        return people

    def restored(self, desk, backup):
        """The same desk over a state folder restored from the backup."""
        desk.configure(state="restored")
        desk.do("restore", backup)
        return desk

    def test_no_mail_goes_out_a_second_time(self):
        """I8: after a restore the outbox is held until reconcile has run, and what was
        queued in the backup, and sent since, is not sent again."""
        desk = self.desk()
        people = self.answered(desk)
        backup = desk.folder / "backup"
        desk.do("backup", backup)
        desk.deliver()
        for person in people:
            desk.received(person, 1)
        self.restored(desk, backup)
        desk.run("deliver", "--once")
        for person in people:
            desk.received(person, 1)
        desk.do("reconcile")
        desk.cycle()
        for person in people:
            desk.received(person, 1)

    def assert_not_answered_again(self, desk, person):
        desk.process_inbox()
        desk.run("deliver", "--once")
        desk.do("reconcile")
        desk.cycle()
        desk.received(person, 1)

    def test_message_that_the_backup_held_unprocessed_is_not_answered_again(self):
        """I8: what lay in the inbox at the time of the backup may have been answered since."""
        desk = self.desk()
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.collect()
        desk.do("backup", desk.folder / "backup")
        desk.process_inbox()
        desk.deliver()
        desk.received(person, 1)
        self.restored(desk, desk.folder / "backup")
        self.assert_not_answered_again(desk, person)
        self.one_ticket(desk)

    def test_mailbox_that_the_backup_never_met_is_not_answered_again(self):
        """I8: a backup older than the first contact with a mailbox (start: all)."""
        desk = self.desk()
        person = self.person()
        desk.do("inject", input=bytes(letter(self.person(), desk.address, "before")))
        desk.do("backup", desk.folder / "backup")
        desk.put(letter(person, desk.address))
        desk.cycle()
        desk.received(person, 1)
        self.restored(desk, desk.folder / "backup")
        self.assert_not_answered_again(desk, person)

    def test_held_until_reconcile_then_released(self):
        """I8: a mail queued after the restore waits for reconcile."""
        desk = self.desk()
        self.answered(desk)
        desk.deliver()
        desk.do("backup", desk.folder / "backup")
        self.restored(desk, desk.folder / "backup")
        late = self.person("late")
        desk.do("inject", input=bytes(letter(late, desk.address, "late")))
        desk.process_inbox()
        self.assertIn(b"run postdesk reconcile", desk.run("deliver", "--once").stderr)
        self.assertEqual(desk.received(late, 0), [])
        desk.do("reconcile")
        desk.deliver()
        desk.received(late, 1)

    def test_a_folder_that_cannot_be_compared_is_named_and_keeps_the_outbox_held(self):
        """I8: what that folder may tell of sent mails is not known."""
        desk = self.desk()
        self.answered(desk, 1)
        desk.deliver()
        desk.do("backup", desk.folder / "backup")
        self.restored(desk, desk.folder / "backup")
        late = self.person("late")
        desk.do("inject", input=bytes(letter(late, desk.address, "late")))
        desk.process_inbox()
        desk.configure(mailboxes={"folders": ["Gone", "INBOX"]})
        done = desk.run("reconcile")
        self.assertEqual(done.returncode, 77, done.stderr)
        self.assertEqual(done.stderr.count(b"support/Gone"), 1, done.stderr)
        self.assertIn(b"support/INBOX", done.stdout)
        self.assertIn(b"stays held", done.stdout)
        desk.run("deliver", "--once")
        self.assertEqual(desk.received(late, 0), [])
        desk.configure(mailboxes={"folders": ["INBOX"]})
        desk.do("reconcile")
        desk.deliver()
        desk.received(late, 1)

    def test_mail_that_came_after_the_backup_is_not_lost_nor_answered_twice(self):
        """I8: what the server still holds is taken in again after a restore."""
        desk = self.desk()
        self.answered(desk, 1)
        desk.deliver()
        desk.do("backup", desk.folder / "backup")
        person = self.person("between")
        desk.put(letter(person, desk.address, "between"))
        desk.cycle()
        desk.received(person, 1)
        self.restored(desk, desk.folder / "backup")
        desk.run("reconcile")
        desk.cycle()
        desk.ticket("between")
        desk.received(person, 1)

    def test_numbers_given_since_the_backup_are_not_given_again(self):
        """Else who answers an old mail would write into somebody else's ticket, and read of it."""
        desk = self.desk()
        self.answered(desk, 1)
        desk.deliver()
        desk.do("backup", desk.folder / "backup")
        lost = self.person("lost")
        desk.do("inject", input=bytes(letter(lost, desk.address, "Lost ticket")))
        desk.process_inbox()
        desk.deliver()
        (answer,) = desk.received(lost, 1)
        self.assertIn("[#2]", answer["Subject"])
        self.restored(desk, desk.folder / "backup")
        desk.do("reconcile")
        desk.do("inject", input=bytes(letter(self.person("other"), desk.address, "Other ticket")))
        desk.process_inbox()
        other = desk.ticket("Other ticket")["number"]
        self.assertGreater(other, 1000)
        desk.do("inject", input=bytes(reply(answer, lost)))
        desk.process_inbox()
        self.assertEqual(len(desk.show(other)["messages"]), 1)
        self.assertEqual(desk.tickets()[-1]["reporter"]["address"], lost)

    def test_restored_is_equal(self):
        desk = self.desk()
        self.answered(desk)
        desk.deliver()
        before = (desk.tickets(), desk.ledger(), desk.show(1))
        desk.do("backup", desk.folder / "backup")
        self.assertEqual((desk.folder / "backup").stat().st_mode & 0o077, 0)
        self.restored(desk, desk.folder / "backup")
        self.assertEqual((desk.tickets(), desk.ledger(), desk.show(1)), before)
        desk.do("verify")

    def test_verify_of_a_backup(self):
        desk = self.desk()
        self.answered(desk)
        backup = desk.folder / "backup"
        desk.do("backup", backup)
        desk.do("restore", backup, "--verify")
        data = bytearray(backup.read_bytes())
        data[len(data) // 2] ^= 0xFF
        backup.write_bytes(data)
        self.assertNotEqual(desk.run("restore", backup, "--verify").returncode, 0)

    def test_restore_does_not_overwrite(self):
        desk = self.desk()
        self.answered(desk, 1)
        desk.do("backup", desk.folder / "backup")
        self.assertNotEqual(desk.run("restore", desk.folder / "backup").returncode, 0)
        self.assertEqual(len(desk.tickets()), 1)

    def test_backup_of_a_running_desk(self):
        desk = self.desk().start()
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.received(person, 1)
        desk.do("backup", desk.folder / "backup")
        self.assertEqual(desk.stop(), 0)
        desk.do("restore", desk.folder / "backup", "--verify")


@unittest.skipUnless(os.geteuid() == 0, "only root works in other accounts' folders")
class Owner(DeskCase):
    """What root does in the service's state folder, the service can go on with."""

    ACCOUNT = 4711  # of nobody

    def assert_all_is_the_accounts(self, folder):
        found = {str(path.relative_to(folder)) for path in folder.rglob("*")
                 if path.stat().st_uid != self.ACCOUNT}
        self.assertEqual(found, set(), "files of root's")

    def test_commands_of_root(self):
        desk = self.desk()
        desk.state.mkdir()
        os.chown(desk.state, self.ACCOUNT, self.ACCOUNT)
        desk.do("inject", input=bytes(letter(self.person(), desk.address)))
        self.assert_all_is_the_accounts(desk.state)
        desk.process_inbox()
        desk.do("backup", desk.folder / "backup")
        self.assert_all_is_the_accounts(desk.state)

    def test_restore_by_root(self):
        desk = self.desk()
        desk.do("inject", input=bytes(letter(self.person(), desk.address)))
        desk.do("backup", desk.folder / "backup")
        desk.configure(state="restored")
        desk.state.mkdir()
        os.chown(desk.state, self.ACCOUNT, self.ACCOUNT)
        desk.do("restore", desk.folder / "backup")
        self.assertEqual(desk.state.stat().st_uid, self.ACCOUNT)
        self.assert_all_is_the_accounts(desk.state)


class Accounts(DeskCase):
    def test_reconcile_finds_nothing_missing(self):
        desk = self.desk()
        desk.put(*(letter(self.person(), desk.address, f"{n}") for n in range(4)))
        desk.cycle()
        desk.do("reconcile")
        desk.json("reconcile")

    def test_reconcile_names_what_is_missing(self):
        desk = self.desk()
        self.report(desk, self.person())
        desk.put(letter(self.person(), desk.address, "not collected"))
        self.assertEqual(desk.run("reconcile").returncode, 1)

    def test_ticket_rows_are_a_view_of_their_events(self):
        """I6: verify rebuilds every ticket row from its events and finds it the same;
        a row that was changed behind its events is found."""
        desk = self.desk()
        person = self.person()
        answer = self.report(desk, person)
        desk.put(letter(person, desk.address, "more", In_Reply_To=answer["Message-ID"]))
        desk.cycle()
        desk.do("set", 1, "priority=P1")
        desk.do("verify")
        (database,) = [path for path in desk.state.iterdir()
                       if path.is_file() and path.read_bytes()[:15] == b"SQLite format 3"]
        with sqlite3.connect(database) as connection:
            connection.execute("UPDATE ticket SET subject = 'changed'"
                               if self.has_table(connection, "ticket")
                               else "UPDATE tickets SET subject = 'changed'")
        connection.close()
        self.assertEqual(desk.run("verify").returncode, 1)

    @staticmethod
    def has_table(connection, name):
        found = connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (name,))
        return found.fetchone() is not None


if __name__ == "__main__":
    main()
