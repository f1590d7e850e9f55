"""Finds Dovecot and Exim, or unpacks them privately.

Nothing is installed and no installed mail server is touched: programs that are
installed already are used with configurations of our own, all others are
downloaded with apt-get and unpacked with dpkg -x into a cache folder, which the
next run finds. No root needed.
"""

import fcntl
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

WANTED = ("dovecot-core", "dovecot-imapd", "dovecot-lmtpd", "exim4-daemon-light", "exim4-base")
OWN = re.compile(r"^(dovecot|exim4-daemon|exim4-base|lib)")
COMPLETE = "complete"

# What was fixed when the programs were compiled and does not hold for a private
# copy: Dovecot's folder of modules (the copy looks in its working folder, where
# daemons put a link), and the account that Exim's package would have created
# (any user and group will do, the configuration names the real ones).
MODULES = (b"/usr/lib/dovecot/modules\0", b"modules\0")
ACCOUNT = (b"\0Debian-exim\0", b"\0daemon\0")


class NoServers(Exception):
    """The mail servers can be neither found nor unpacked."""


class Programs:
    """Where the programs lie: root is "/" for installed ones."""

    def __init__(self, root):
        self.root = Path(root)
        self.private = self.root != Path("/")
        self.doveconf = self.root / "usr/bin/doveconf"
        self.dovecot = self.root / "usr/sbin/dovecot"
        self.libexec = self.root / "usr/lib/dovecot"
        self.exim = self.root / "usr/sbin/exim4"

    def complete(self):
        needed = (self.doveconf, self.dovecot, self.exim, self.libexec / "imap-login",
                  self.libexec / "lmtp")
        return all(program.exists() for program in needed)

    def libraries(self):
        """The value of LD_LIBRARY_PATH, None for installed programs."""
        if not self.private:
            return None
        folders = {path.parent for path in self.root.glob("**/*.so*")
                   if "modules" not in path.parts}
        folders.add(self.libexec / "modules/old-stats")  # auth is linked with one of these
        return ":".join(sorted(str(folder) for folder in folders))


def cache_folder():
    base = os.environ.get("XDG_CACHE_HOME")
    if not base:
        base = "/var/cache" if os.geteuid() == 0 else os.path.expanduser("~/.cache")
    return Path(base) / "postdesk" / "servers"


def find():
    """Programs that can be run: the installed ones, or the unpacked ones."""
    installed = Programs("/")
    if installed.complete():
        return installed
    cache = cache_folder()
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / "lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        root = cache / "root"
        if not (root / COMPLETE).exists():
            _unpack(cache, root)
    programs = Programs(root)
    if not programs.complete():
        raise NoServers(f"{root} lacks programs; remove it and try again")
    return programs


def _unpack(cache, root):
    shutil.rmtree(root, ignore_errors=True)
    with tempfile.TemporaryDirectory(dir=cache) as work:
        debs = _download(Path(work))
        unpacked = Path(work) / "root"
        for deb in debs:
            _run(["dpkg", "-x", str(deb), str(unpacked)])
        _mend(unpacked / "usr/lib/dovecot/libdovecot.so.0", *MODULES)
        _mend(unpacked / "usr/sbin/exim4", *ACCOUNT)
        unpacked.chmod(0o755)
        (unpacked / COMPLETE).touch()
        unpacked.rename(root)


def _mend(program, compiled, private):
    program = program.resolve()
    content = program.read_bytes()
    if compiled not in content:
        raise NoServers(f"{program} holds no {compiled!r}: not the program of Debian 12")
    program.write_bytes(content.replace(compiled, private.ljust(len(compiled), b"\0")))


def _download(work):
    """Downloads what is missing; with package lists of our own where the
    system's are absent or out of date."""
    private = []
    try:
        return _download_with(private, work)
    except subprocess.CalledProcessError:
        state = work / "apt"
        (state / "lists/partial").mkdir(parents=True)
        (state / "archives/partial").mkdir(parents=True)
        private = ["-o", f"Dir::State::lists={state}/lists", "-o", f"Dir::Cache={state}",
                   "-o", "Debug::NoLocking=1"]
    try:
        _apt(private, "update", cwd=work)
        return _download_with(private, work)
    except subprocess.CalledProcessError as error:
        raise NoServers(f"cannot download the mail servers: {error.stderr.strip()}") from error


def _download_with(private, work):
    plan = _apt(private, "install", "--simulate", "--no-install-recommends", *WANTED, cwd=work)
    names = re.findall(r"^Inst (\S+)", plan, re.MULTILINE)
    missing = {name for name in names if OWN.match(name)} | set(WANTED)
    _apt(private, "download", *sorted(missing), cwd=work)
    return sorted(work.glob("*.deb"))


def _apt(private, *arguments, cwd):
    options = ["-q", "-y", "-o", "APT::Sandbox::User=root"] if os.geteuid() == 0 else ["-q", "-y"]
    return _run(["apt-get", *options, *private, *arguments], cwd=cwd)


def _run(command, cwd=None):
    done = subprocess.run(command, cwd=cwd, check=True, capture_output=True, text=True,
                          env={**os.environ, "LC_ALL": "C"})
    return done.stdout
