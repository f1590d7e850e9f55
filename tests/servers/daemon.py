"""Processes in groups of their own, ports, and the user that servers run as."""

import ctypes
import grp
import os
import pwd
import random
import signal
import socket
import subprocess
import time

PR_SET_PDEATHSIG = 1
PORTS = range(20000, 32000)  # below the range from which outgoing connections are numbered
START_SECONDS = 15
STOP_SECONDS = 5


class DidNotStart(Exception):
    pass


class User:
    """Who runs the servers: nobody where we are root, else ourselves."""

    def __init__(self):
        self.is_root = os.geteuid() == 0
        entry = pwd.getpwnam("nobody") if self.is_root else pwd.getpwuid(os.geteuid())
        self.name = entry.pw_name
        self.uid = entry.pw_uid
        self.gid = entry.pw_gid
        self.group = grp.getgrgid(self.gid).gr_name

    def give(self, path):
        """Makes path, with all that is in it, the servers' own."""
        if not self.is_root:
            return
        self.give_file(path)
        for folder, folders, files in os.walk(path):
            for name in folders + files:
                self.give_file(os.path.join(folder, name))

    def give_file(self, path):
        if self.is_root:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)

    def popen_arguments(self):
        if not self.is_root:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def free_ports(count):
    """Ports of 127.0.0.1 to 127.0.0.3 that nobody listens on."""
    chosen = []
    for port in random.sample(PORTS, len(PORTS)):
        if _is_free(port):
            chosen.append(port)
        if len(chosen) == count:
            return chosen
    raise DidNotStart("no free ports on loopback")


def _is_free(port):
    for address in ("127.0.0.1", "127.0.0.2", "127.0.0.3"):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


class Daemon:
    """A foreground server, its children with it, from start to stop."""

    def __init__(self, name, command, user, log, ports, environment=None, cwd=None):
        self.name = name
        self.command = [str(part) for part in command]
        self.user = user
        self.log = log
        self.ports = ports
        self.environment = environment or {}
        self.cwd = cwd
        self.process = None

    def start(self):
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                cwd=self.cwd, start_new_session=True, preexec_fn=_end_with_parent,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", **self.environment},
                **self.user.popen_arguments())
        try:
            for port in self.ports:
                self._wait_for(port)
        except DidNotStart:
            self.stop()
            raise

    def stop(self):
        """Ends the process group. Safe to call twice."""
        if not self.process:
            return
        group, self.process = self.process, None
        _signal_group(group.pid, signal.SIGTERM)
        try:
            group.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            pass
        _signal_group(group.pid, signal.SIGKILL)
        group.wait()

    def _wait_for(self, port):
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise DidNotStart(f"{self.name} does not listen on port {port}; it said:\n{self._tail()}")

    def _tail(self):
        with open(self.log, "rb") as log:
            return log.read().decode(errors="replace")[-2000:]


def _end_with_parent():
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(group, number):
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        pass
