"""The processes of the roles of a running desk."""

from pathlib import Path

from desk import session_members


def parent_of(pid):
    """None if it has ended."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return None


def roles(desk):
    """The command lines of the running roles, by process. (What a role starts for itself bears
    its command line too, but is no child of the supervisor.)"""
    found = {}
    for pid in session_members(desk.process.pid):
        try:
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except OSError:
            continue
        if "--supervised" in words and parent_of(pid) == desk.process.pid:
            found[pid] = words
    return found


def role(desk, name):
    return next((pid for pid, words in roles(desk).items() if name in words), None)
