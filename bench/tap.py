"""Between Postdesk and Dovecot: hands on the bytes, and notes when what passes by."""

import socket
import threading
import time


class Tap:
    """Notes when a number of mails is announced, and when Postdesk has begun to wait for mail.

    first_only: from the first mail on it only hands on, which costs next to nothing.
    """

    def __init__(self, port, first_only=False):
        self.far, self.first_only = port, first_only
        self.heard, self.waits, self.change = {}, False, threading.Condition()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:  # closed
                return
            far = socket.create_connection(("127.0.0.1", self.far))
            for one in (near, far):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self.carry, args=(near, far, self.note_command), daemon=True).start()
            threading.Thread(target=self.carry, args=(far, near, self.note_answer), daemon=True).start()

    def carry(self, source, target, note):
        rest = b""
        try:
            while data := source.recv(1 << 18):
                now = time.monotonic_ns()
                target.sendall(data)
                if not (self.first_only and self.heard):
                    *lines, rest = (rest + data).split(b"\r\n")
                    for line in lines:
                        note(line.split(), now)
            target.shutdown(socket.SHUT_WR)
        except OSError:  # the other side has gone
            source.close()
            target.close()

    def note_command(self, words, _):
        if words[1:] == [b"IDLE"]:
            with self.change:
                self.waits = True
                self.change.notify_all()

    def note_answer(self, words, now):
        if len(words) == 3 and words[0] == b"*" and words[2] == b"EXISTS" and words[1] != b"0":
            with self.change:
                self.heard.setdefault(int(words[1]), now)
                self.change.notify_all()

    def wait_for(self, number, seconds):
        """Monotonic nanoseconds of the announcement of so many mails, or None."""
        with self.change:
            self.change.wait_for(lambda: number in self.heard, timeout=seconds)
            return self.heard.get(number)

    def wait_for_any(self, seconds):
        """The same of the first announcement of any."""
        with self.change:
            self.change.wait_for(lambda: self.heard, timeout=seconds)
            return min(self.heard.values(), default=None)

    def wait_until_it_waits(self, seconds):
        with self.change:
            return self.change.wait_for(lambda: self.waits, timeout=seconds)

    def close(self):
        self.listener.close()
