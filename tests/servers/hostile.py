"""What the hostile servers share: a listener, a connection, and bad manners.

A server serves every connection in a thread and behaves as its `behaviour`
says; "healthy" is good manners.  A behaviour acts at one stage of the dialogue
(its protocol's file lists them); everywhere else the server behaves well.  The
behaviour may be changed between connections, so that one server object serves
the spoilt attempt and the next one.
"""

import select
import socket
import ssl
import threading
import time
from dataclasses import dataclass

PATIENCE = 30  # seconds after which a server that nobody leaves gives up
DRIP_PAUSE = 0.3


class Over(Exception):
    """The connection ends here."""


@dataclass(frozen=True)
class Behaviour:
    stage: str  # where it acts
    act: object  # function(session, tag): sends what it likes, may raise Over
    about: str  # what the client meets, in words


class Connection:
    """Lines and bytes over a socket, in clear or under TLS."""

    def __init__(self, sock):
        self.socket, self.encrypted, self.buffer = sock, False, b""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.settimeout(PATIENCE)

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError:
            raise Over from None

    def receive(self):
        try:
            data = self.socket.recv(65536)
        except OSError:
            data = b""
        if not data:
            raise Over
        self.buffer += data

    def line(self):
        while b"\n" not in self.buffer:
            self.receive()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.rstrip(b"\r")

    def bytes(self, count):
        while len(self.buffer) < count:
            self.receive()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def encrypt(self, context):
        self.buffer = b""  # nothing said in clear counts after this
        try:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        except OSError:
            raise Over from None
        self.encrypted = True

    def close(self):
        try:
            self.socket.close()
        except OSError:
            pass

    # Bad manners that every protocol knows.

    def silence(self):
        """Says nothing until the client goes."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            readable, _, _ = select.select([self.socket], [], [], 0.2)
            if readable:
                self.receive()
                self.buffer = b""
        raise Over

    def drip(self, data):
        """Sends a byte at a time, too slowly for any deadline, again and again."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for at in range(len(data)):
                self.send(data[at:at + 1])
                time.sleep(DRIP_PAUSE)
                if time.monotonic() > end:
                    break
        raise Over

    def endless(self, data):
        """Sends without end, as fast as the client reads."""
        end = time.monotonic() + PATIENCE
        data *= max(1, 65536 // len(data))
        while time.monotonic() < end:
            self.send(data)
        raise Over

    def last(self, data):
        """Sends and closes."""
        self.send(data)
        raise Over


class Server:
    """Listens on a loopback port; a subclass names `behaviours` and the session."""

    behaviours = {}
    session = None

    def __init__(self, behaviour="healthy", tls="none", certificates=None, certificate="server"):
        self.tls, self.context = tls, None
        if certificates:
            self.show(certificates, certificate)
        self.lock = threading.Lock()
        self.ended = threading.Condition(self.lock)
        self.behave(behaviour)
        self.connections = self.over = 0
        self.secret_in_clear = False  # did a client show its password without TLS?
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.listen, daemon=True).start()

    def behave(self, name):
        """How to behave from now on; the count of misbehaviour starts again."""
        self.behaviour = None if name == "healthy" else self.behaviours[name]
        self.misbehaved = 0

    def show(self, certificates, name):
        """Which certificate is shown from now on."""
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificates.certificate(name), certificates.key(name))

    def listen(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            with self.lock:
                self.connections += 1
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        connection = Connection(sock)
        try:
            if self.tls == "implicit":
                connection.encrypt(self.context)
            self.session(self, connection).converse()
        except Over:
            pass
        finally:
            connection.close()
            with self.ended:
                self.over += 1
                self.ended.notify_all()

    def settle(self):
        """Waits until every connection is over: what a client said last may be read after it went."""
        with self.ended:
            if not self.ended.wait_for(lambda: self.over == self.connections, PATIENCE):
                raise TimeoutError("a connection is still open")

    def misbehave(self, session, stage, tag=b""):
        """Lets the behaviour act where it is its stage; True when it did."""
        if not self.behaviour or self.behaviour.stage != stage:
            return False
        with self.lock:
            self.misbehaved += 1
        self.behaviour.act(session, tag)
        return True

    def close(self):
        self.listener.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
