#!/usr/bin/env python3
"""A disk that fills up for real: collecting pauses, the admin is told, nothing is lost, and all
goes on by itself once there is room. The state folder is a small file system of its own, in a
mount namespace of this process: for root only."""

import ctypes
import os
import subprocess
import unittest

from case import DeskCase, main
from letters import letter

CLONE_NEWNS = 0x20000
MIB = 1 << 20
ATTACHED = os.urandom(60_000)


def private_mounts():
    """From here on, what this process mounts is its own."""
    if os.geteuid() != 0 or ctypes.CDLL(None).unshare(CLONE_NEWNS) != 0:
        return False
    return subprocess.run(["mount", "--make-rprivate", "/"], check=False).returncode == 0


class Disk(DeskCase):
    @classmethod
    def setUpClass(cls):
        if not private_mounts():
            raise unittest.SkipTest("only root may mount a small file system")
        super().setUpClass()

    def small_desk(self, min_free_space):
        """A running desk with 40 MiB for its state, that answered a mail."""
        desk = self.desk(limits={"min_free_space": min_free_space})
        desk.state.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m,mode=700", "tmpfs", desk.state],
                       check=True)
        self.addCleanup(subprocess.run, ["umount", "-l", desk.state], check=False)
        desk.start()
        person = self.person()
        desk.put(letter(person, desk.address))
        desk.received(person, 1)
        return desk

    @staticmethod
    def fill(desk, left):
        """Something else takes all but so many bytes."""
        space = os.statvfs(desk.state)
        ball = desk.state / "ball"
        with open(ball, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, space.f_bavail * space.f_frsize - left)
        return ball

    def put_many(self, desk):
        people = [self.person() for _ in range(30)]
        for person in people:
            mail = letter(person, desk.address, f"Problem of {person}")
            mail.add_attachment(ATTACHED, maintype="image", subtype="png", filename="a.png")
            desk.put(mail)
        return people

    def assert_all_is_well_again(self, desk, people, ball):
        ball.unlink()
        desk.wait_for(lambda: len(desk.tickets()) == len(people) + 1, "the tickets", 60)
        for person in people:
            desk.received(person, 1)
        self.assertEqual(desk.quarantine(), [])
        desk.wait_for(lambda: desk.received(desk.admin), "the alarm", 30)
        self.assertEqual(desk.stop(), 0)
        desk.do("verify")
        desk.do("reconcile")

    def test_collecting_pauses_below_the_mark(self):
        desk = self.small_desk("4M")
        ball = self.fill(desk, 3 * MIB)
        people = self.put_many(desk)
        desk.wait_for(lambda: "Collecting pauses" in desk.log_text(), "the pause")
        self.assertLess(len(desk.ledger()), 10)
        status = desk.run("status")
        self.assertEqual(status.returncode, 1)
        self.assertIn(b"paused", status.stdout)
        self.assert_all_is_well_again(desk, people, ball)

    def test_nothing_is_lost_when_not_a_byte_is_free(self):
        """The mark is of no use: the disk is full in the middle of the work of every role."""
        desk = self.small_desk("1K")
        ball = self.fill(desk, MIB // 2)
        people = self.put_many(desk)
        desk.wait_for(lambda: "the disk is full" in desk.log_text(), "a full disk")
        untouched = [flags for flags in desk.flags().values() if not flags]
        self.assertGreater(len(untouched), 10, "I1: what was not stored is left alone")
        self.assertNotRegex(desk.log_text(), r"(?m)^(?!20\d\d-).", "a line that is not the log's")
        self.assert_all_is_well_again(desk, people, ball)


if __name__ == "__main__":
    main()
