"""Private mail servers for tests, the demonstration and the bench.

    with MailServers() as servers:
        servers.send(raw, "reporter@example.org", ["support@example.org"])
        servers.await_count("support", 1)
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

from . import packages, post
from .certificates import Certificates
from .daemon import DidNotStart, User
from .dovecot import PASSWORD, Dovecot
from .exim import Exim

__all__ = ["MailServers", "PASSWORD", "packages", "post"]

WRONG_NAME = "127.0.0.2"
EXPIRED = "127.0.0.3"
LONGEST_FOLDER = 70  # longer paths do not fit a Unix socket's name


class MailServers:
    """Dovecot and Exim in a folder of their own, on ports that they pick.

    mail_fsync: "never" (fast), "optimized" or "always", as Dovecot has it.
    """

    def __init__(self, folder=None, mail_fsync="never", size_limit="20M"):
        self._temporary = folder is None
        self.folder = Path(folder or tempfile.mkdtemp(prefix="postdesk-servers-")).absolute()
        self._fsync = mail_fsync
        self._size_limit = size_limit
        self.dovecot = None
        self.exim = None
        self._placed = 0

    def start(self):
        if len(str(self.folder)) > LONGEST_FOLDER:
            raise DidNotStart(f"{self.folder}: the path is too long")
        self._user = user = User()
        self._empty_folder()
        programs = self._runnable(packages.find(), user)
        certificates = Certificates(self.folder / "certificates")
        user.give(self.folder)
        self.ca_file = certificates.ca
        self.other_ca_file = certificates.other_ca
        self.dovecot = Dovecot(self.folder, programs, user, certificates, self._fsync)
        self.exim = Exim(self.folder, programs, user, certificates, self.dovecot.lmtp_port,
                         self._size_limit)
        try:
            self.dovecot.start()
            self.exim.start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self):
        for daemon in (self.exim, self.dovecot):
            if daemon:
                daemon.stop()
        if self._temporary:
            shutil.rmtree(self.folder, ignore_errors=True)

    __enter__ = start

    def __exit__(self, *_):
        self.stop()

    def _empty_folder(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        if any(self.folder.iterdir()):
            raise DidNotStart(f"{self.folder} is not empty")
        self.folder.chmod(0o755)

    def _runnable(self, programs, user):
        """The programs, copied where their user may not walk to the cache folder."""
        if not programs.private or not user.is_root or _everyone_may_reach(programs.root):
            return programs
        copy = self.folder / "programs"
        shutil.copytree(programs.root, copy, symlinks=True)
        return packages.Programs(copy)

    imap_port = property(lambda self: self.dovecot.imap_port)
    imaps_port = property(lambda self: self.dovecot.imaps_port)
    lmtp_port = property(lambda self: self.dovecot.lmtp_port)
    smtp_port = property(lambda self: self.exim.smtp_port)
    smtps_port = property(lambda self: self.exim.smtps_port)

    def home(self, user):
        """Where the user's Maildir lies."""
        return self.dovecot.mail / user.lower()

    def token(self, user, seconds=3600):
        return self.dovecot.token(user, seconds)

    def send(self, raw, sender, recipients):
        post.send(self.smtp_port, raw, sender, recipients)

    def deliver(self, raw, recipient, sender="sender@example.org"):
        post.deliver(self.lmtp_port, [raw], recipient, sender)

    def deliver_all(self, messages, recipient, sender="sender@example.org"):
        post.deliver(self.lmtp_port, messages, recipient, sender)

    def append(self, user, raw, folder="INBOX", flags=None, arrived=None):
        post.append(self.imap_port, user, raw, folder, flags, arrived)

    def place(self, user, raw):
        """Lays bytes that no server would accept into the user's INBOX as they are."""
        self.read(user)  # makes the Maildir
        maildir = self.home(user) / "Maildir"
        self._placed += 1
        name = f"{int(time.time())}.P{self._placed}.localhost"
        (maildir / "tmp" / name).write_bytes(raw)
        self._user.give_file(maildir / "tmp" / name)
        (maildir / "tmp" / name).rename(maildir / "new" / name)

    def session(self, user, folder="INBOX", readonly=True):
        return post.session(self.imap_port, user, folder, readonly)

    def read(self, user, folder="INBOX"):
        return post.read(self.imap_port, user, folder)

    def await_count(self, user, count, folder="INBOX", seconds=post.WAIT_SECONDS):
        return post.await_count(self.imap_port, user, count, folder, seconds)

    def shell_variables(self):
        values = {"IMAP_PORT": self.imap_port, "IMAPS_PORT": self.imaps_port,
                  "LMTP_PORT": self.lmtp_port, "SMTP_PORT": self.smtp_port,
                  "SMTPS_PORT": self.smtps_port, "CA_FILE": self.ca_file,
                  "MAIL_FOLDER": self.dovecot.mail, "PASSWORD": PASSWORD}
        return "".join(f"{name}='{value}'\n" for name, value in values.items())


def _everyone_may_reach(path):
    return all(os.stat(folder).st_mode & 0o005 == 0o005 for folder in (path, *path.parents))
