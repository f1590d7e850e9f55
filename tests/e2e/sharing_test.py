#!/usr/bin/env python3
"""A file that comes with several mails lies on the disk once, and comes back whole from each."""

import random

from case import DeskCase, main
from letters import letter, rewrapped, unique

SIZE = 300 * 1000
ENCODED = SIZE * 4 // 3  # without line ends


class Sharing(DeskCase):
    CONTENT = random.Random(5).randbytes(SIZE)

    def mail(self, desk, to=None):
        mail = letter(self.person(), to or desk.address, unique("the plan"))
        mail.add_attachment(self.CONTENT, maintype="application", subtype="pdf", filename="plan.pdf")
        return mail

    @staticmethod
    def taken(desk):
        """What raw mail takes on the disk."""
        return 512 * sum(path.stat().st_blocks for path in desk.state.glob("raw/*"))

    def assert_whole(self, desk, tickets):
        for number in range(1, tickets + 1):
            folder = desk.folder / unique("out")
            desk.do("show", number, "--attachments", folder)
            self.assertEqual((folder / "plan.pdf").read_bytes(), self.CONTENT)
        return desk.json("verify")

    def assert_raw(self, desk, mails):
        """Every byte of a mail is as it came."""
        for message, mail in enumerate(mails, 1):
            self.assertEqual(desk.do("quarantine", "show", message), mail)

    def assert_backup_shares(self, desk, tickets, most):
        """A backup holds the file once, and so does what is restored from it."""
        shared = desk.json("verify")["shared_bytes"]
        backup = desk.folder / "backup"
        desk.do("backup", backup)
        self.assertLess(backup.stat().st_size - (desk.state / "postdesk.db").stat().st_size,
                        1.5 * ENCODED)
        desk.configure(state="restored")
        desk.do("restore", backup)
        self.assertLess(self.taken(desk), most * ENCODED)
        self.assertEqual(self.assert_whole(desk, tickets)["shared_bytes"], shared)

    def test_three_mails_one_file(self):
        desk = self.desk()
        desk.put(*(self.mail(desk) for _ in range(3)))
        desk.cycle()
        self.assertGreater(self.taken(desk), 3 * ENCODED)
        desk.do("clock", "--once")
        self.assertLess(self.taken(desk), 1.2 * ENCODED)
        verified = self.assert_whole(desk, 3)
        self.assertGreater(verified["shared_bytes"], 1.9 * ENCODED)
        self.assertTrue(desk.json("explain", "3"))

        self.assert_backup_shares(desk, 3, 1.2)

    def test_one_file_in_lines_of_other_widths(self):
        desk = self.desk()
        raw = [rewrapped(self.mail(desk), width, line_end) for width, line_end in
               ((76, b"\r\n"), (72, b"\r\n"), (64, b"\n"), (10 ** 6, b"\n"), (4, b"\r\n"))]
        for mail in raw:
            desk.do("inject", input=mail)
        desk.process_inbox()
        self.assertGreater(self.taken(desk), 5 * ENCODED)
        desk.do("clock", "--once")
        self.assertLess(self.taken(desk), 1.3 * ENCODED)
        verified = self.assert_whole(desk, 5)
        self.assertGreater(verified["shared_bytes"], 4.2 * ENCODED)
        self.assert_raw(desk, raw)

        self.assert_backup_shares(desk, 5, 1.3)
        self.assert_raw(desk, raw)

    def test_a_copy_by_a_second_mailbox(self):
        other = unique("helpdesk")
        desk = self.desk(more_mailboxes=[{"name": "helpdesk", "user": other}],
                         desk={"aliases": [f"{other}@desk.example"]})
        mail = self.mail(desk, f"{desk.address}, {other}@desk.example")
        desk.put(mail)
        desk.put(mail, to=f"{other}@desk.example")
        desk.cycle()
        desk.do("clock", "--once")
        self.assertLess(self.taken(desk), 1.2 * ENCODED)
        self.one_ticket(desk)
        self.assertGreater(self.assert_whole(desk, 1)["shared_bytes"], 0.9 * ENCODED)

    def test_a_copy_alone_wakes_who_shares(self):
        desk = self.desk().start()
        mail = self.mail(desk)
        desk.put(mail, self.mail(desk))
        desk.wait_for(lambda: desk.settled(2), "two tickets", 30)
        desk.wait_for(lambda: self.taken(desk) < 1.2 * ENCODED, "that who shares rests", 60)
        desk.put(mail)
        desk.wait_for(lambda: desk.settled(3), "a copy", 30)
        desk.wait_for(lambda: self.taken(desk) < 1.2 * ENCODED, "one file", 60)
        self.assertEqual(desk.stop(), 0)

    def test_while_the_desk_runs(self):
        desk = self.desk().start()
        desk.put(*(self.mail(desk) for _ in range(3)))
        desk.wait_for(lambda: desk.settled(3), "three tickets", 30)
        desk.wait_for(lambda: self.taken(desk) < 1.2 * ENCODED, "one file", 60)
        self.assert_whole(desk, 3)
        self.assertEqual(desk.stop(), 0)

    def test_a_failure_is_told_once_and_keeps_nothing_else(self):
        desk = self.desk()
        lock = desk.state / "lock" / "raw.sharing"
        desk.put(*(self.mail(desk) for _ in range(2)))
        desk.cycle()
        lock.unlink(missing_ok=True)
        lock.mkdir()
        for _ in range(2):
            self.assertNotEqual(desk.run("clock", "--once").returncode, 0)
        desk.run("clock", "--once")  # mails what the one before noted
        desk.deliver()
        alarms = [alarm for alarm in desk.json("status")["alarms"] if alarm["kind"] == "sharing"]
        self.assertEqual([alarm["count"] for alarm in alarms], [3])
        self.assertEqual(len(desk.received(desk.admin)), 1)
        desk.start()
        desk.put(letter(self.person(), desk.address, "the clock still indexes", "sequoia\n"))
        desk.wait_for(lambda: desk.json("search", "sequoia")["tickets"], "the clock's other work", 30)
        lock.rmdir()
        desk.do("reload")
        desk.wait_for(lambda: self.taken(desk) < 1.2 * ENCODED, "one file", 60)
        self.assertEqual(desk.stop(), 0)
        self.assertNotIn("clock ended", desk.log_text())


if __name__ == "__main__":
    main()
