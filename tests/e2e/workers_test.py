#!/usr/bin/env python3
"""Several workers: they and the clock start as forks of one process that loads their files, and are
taken over by the supervisor when that has ended."""

import os
import signal
from pathlib import Path

from case import DeskCase, main
from desk import session_members
from letters import letter
from roles import parent_of, roles

WORKERS = 3
STARTS = 20  # to find the loader at its work


def state_of(pid):
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]


def is_held_or_gone(pid):
    """A signal is not there as soon as it is sent."""
    try:
        return state_of(pid) in "TZ"
    except OSError:
        return True


def workers(desk):
    return [pid for pid, words in roles(desk).items()
            if "process" in words and "--prefork" not in words]


def loaders(desk):
    return [pid for pid, words in roles(desk).items() if "--prefork" in words]


def clocks(desk):
    return [pid for pid, words in roles(desk).items() if "clock" in words]


def begin_of_code(pid):
    """Another one in each program that was started, and the same in all forks of one. (Where we may
    not know it, it is 1.)"""
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[23]


def made_by(desk, loader):
    """It stands still, or has ended: they are there to be counted."""
    return [pid for pid in session_members(desk.process.pid) if parent_of(pid) == loader]


class WorkersCase(DeskCase):
    def several(self):
        return self.desk(limits={"process_workers": WORKERS})

    def answered(self, desk, count=2 * WORKERS):
        """So many that there is work for each worker."""
        people = [self.person() for _ in range(count)]
        for person in people:
            desk.put(letter(person, desk.address))
        for person in people:
            desk.received(person, 1)

    def all_are_there(self, desk, seconds=30):
        desk.wait_for(lambda: len(workers(desk)) == WORKERS and len(clocks(desk)) == 1
                      and not loaders(desk), "the workers and the clock", seconds)

    def stopped_loader(self, desk):
        """Starts the desk; its loader, which stands still before it has made any worker."""
        for _ in range(STARTS):
            desk.start()
            found = desk.wait_for(lambda: loaders(desk) or workers(desk), "a loader or its workers",
                                  pause=0.001)
            if loaders(desk) == found and not list(desk.state.glob("lock/process.?")):
                os.kill(found[0], signal.SIGSTOP)
                desk.wait_for(lambda: is_held_or_gone(found[0]), "its standing still", pause=0.001)
                if loaders(desk) == found and not made_by(desk, found[0]):
                    return found[0]
            desk.kill()
            for lock in desk.state.glob("lock/process.?"):
                lock.unlink()
        self.fail(f"no loader seen at its work in {STARTS} starts")


class Together(WorkersCase):
    def test_workers_and_the_clock_are_forks_of_one_loader(self):
        desk = self.several().start()
        self.all_are_there(desk)
        self.assertEqual(len({begin_of_code(pid) for pid in workers(desk) + clocks(desk)}), 1)
        self.answered(desk)
        self.assertEqual(desk.stop(), 0)
        self.assertNotIn("role-ended", desk.log_text())

    def test_a_worker_that_dies_is_started_anew_and_alone(self):
        desk = self.several().start()
        self.all_are_there(desk)
        before = workers(desk)
        os.kill(before[0], signal.SIGKILL)
        desk.wait_for(lambda: before[0] not in workers(desk), "its end")
        self.all_are_there(desk)
        self.answered(desk)
        self.assertEqual(desk.quarantine(), [])
        self.assertEqual(desk.stop(), 0)

    def test_mail_does_not_wait_for_a_worker_that_stands_still(self):
        desk = self.several().start()
        self.all_are_there(desk)
        self.answered(desk)
        still = workers(desk)[1:]
        for pid in still:
            os.kill(pid, signal.SIGSTOP)
        try:
            for pid in still:
                desk.wait_for(lambda: is_held_or_gone(pid), "its standing still")
            self.answered(desk)
        finally:
            for pid in still:
                os.kill(pid, signal.SIGCONT)
        self.assertEqual(desk.stop(), 0)

    def test_what_a_dead_role_leaves_behind_is_reaped(self):
        desk = self.several().start()
        self.all_are_there(desk)
        self.answered(desk)
        for pid in workers(desk):  # beside each stands a process that ends with it
            os.kill(pid, signal.SIGKILL)
        desk.wait_for(lambda: len(workers(desk)) == WORKERS, "other workers", 30)
        self.answered(desk)
        desk.wait_for(lambda: all(state_of(pid) != "Z" for pid in session_members(desk.process.pid)),
                      "the end of what they left behind")
        self.assertEqual(desk.stop(), 0)


class Loading(WorkersCase):
    def test_workers_and_the_clock_start_alone_where_the_loader_dies(self):
        desk = self.several()
        os.kill(self.stopped_loader(desk), signal.SIGKILL)
        self.all_are_there(desk)
        self.answered(desk)
        self.assertEqual(desk.stop(), 0)

    def test_a_stop_while_files_are_loaded_stops(self):
        desk = self.several()
        loader = self.stopped_loader(desk)
        leader = desk.process.pid
        desk.process.send_signal(signal.SIGTERM)
        desk.wait_for(lambda: loaders(desk) == [loader] == list(roles(desk)), "the others' end")
        os.kill(loader, signal.SIGCONT)
        self.assertEqual(desk.process.wait(10), 0)
        self.assertEqual(session_members(leader), [])
        desk.process = None

    def test_a_token_command_that_hangs_keeps_no_worker_waiting(self):
        """It began while files were loaded, beside a process that has all the supervisor's ends."""
        desk = self.several()
        other = self.person("other").split("@")[0]
        desk.settings["mailboxes"].append({**desk.settings["mailboxes"][0],
                                           "name": "other", "user": other})
        del desk.settings["mailboxes"][0]["password"]
        begun = desk.folder / "begun"
        desk.configure(mailboxes={"auth": "xoauth2", "token_command": [
            "/bin/sh", "-c", f"touch {begun}; exec sleep 4711"]})
        loader = self.stopped_loader(desk)
        desk.wait_for(begun.exists, "the token command")
        os.kill(loader, signal.SIGCONT)
        person = self.person()
        desk.put(letter(person, desk.address), to=f"{other}@desk.example")
        desk.received(person, 1)
        self.assertEqual(desk.stop(), 0)

    def test_no_worker_is_left_where_the_supervisor_dies_first(self):
        desk = self.several()
        loader = self.stopped_loader(desk)
        leader = desk.process.pid
        desk.process.kill()
        desk.process.wait()
        os.kill(loader, signal.SIGCONT)
        desk.wait_for(lambda: not session_members(leader), "the loader's end", 10)
        desk.process = None

    def test_files_that_are_changed_while_they_are_loaded_come_into_force(self):
        desk = self.several()
        rules = desk.own_rules()
        loader = self.stopped_loader(desk)
        (rules / "zz-tag.yaml").write_text(
            "rules:\n- {id: tag, when: {body: 'stays empty'}, then: {tags: [new]}}\n")
        desk.reload()
        desk.wait_for(lambda: "supervise reloaded" in desk.log_text(), "the reload")
        os.kill(loader, signal.SIGCONT)
        self.all_are_there(desk)
        self.answered(desk)
        tickets = desk.json("list")["tickets"]
        self.assertTrue(tickets and all("new" in ticket["tags"] for ticket in tickets), tickets)
        self.assertEqual(desk.stop(), 0)


if __name__ == "__main__":
    main()
