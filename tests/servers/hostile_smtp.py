"""A small SMTP server that takes mail well or, when told, badly.

Well: EHLO with PIPELINING, 8BITMIME, SMTPUTF8, AUTH and STARTTLS, every
recipient accepted; `accepted` holds (sender, recipients, bytes) of every mail
whose final dot was answered 250, `seen` of every mail whose final dot came at
all.  Badly: see BEHAVIOURS.  Stages: banner, ehlo, starttls, auth, mail, rcpt,
data, body (after 354, while the mail comes), dot, quit.
"""

from .hostile import Behaviour, Over, Server


class Session:
    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        self.sender, self.recipients, self.mails = None, [], 0

    def converse(self):
        if not self.misbehaves("banner"):
            self.say(b"220 scripted ESMTP")
        while True:
            line = self.connection.line()
            verb, _, rest = line.partition(b" ")
            with self.server.lock:
                self.server.commands.append(line)
            handler = getattr(self, "do_" + verb.decode("latin-1").lower(), None)
            if handler:
                handler(rest)
            else:
                self.say(b"500 5.5.1 not known here")

    def misbehaves(self, stage, tag=b""):
        return self.server.misbehave(self, stage, tag)

    def say(self, line):
        self.connection.send(line + b"\r\n")

    def do_ehlo(self, _):
        if self.misbehaves("ehlo"):
            return
        lines = [b"scripted", b"8BITMIME", b"SMTPUTF8", b"ENHANCEDSTATUSCODES", b"SIZE 50000000"]
        if self.server.pipelining:
            lines.append(b"PIPELINING")
        if self.server.tls == "starttls" and not self.connection.encrypted:
            lines += [] if self.server.stripped else [b"STARTTLS"]
        else:
            lines.append(b"AUTH PLAIN LOGIN XOAUTH2")
        for line in lines[:-1]:
            self.say(b"250-" + line)
        self.say(b"250 " + lines[-1])

    def do_helo(self, _):
        self.say(b"250 scripted")

    def do_starttls(self, _):
        if self.misbehaves("starttls"):
            return
        if self.server.tls != "starttls" or self.server.stripped:
            self.say(b"502 5.5.1 not offered")
            return
        self.say(b"220 2.0.0 begin TLS")
        self.connection.encrypt(self.server.context)

    def do_auth(self, rest):
        if self.server.tls != "none" and not self.connection.encrypted:
            self.server.secret_in_clear = True
        words = rest.split()
        prompts = {b"LOGIN": [b"VXNlcm5hbWU6", b"UGFzc3dvcmQ6"]}.get(words[0].upper(), [b""])
        for prompt in prompts[len(words) - 1:]:
            self.say(b"334 " + prompt)
            self.connection.line()
        if not self.misbehaves("auth"):
            self.say(b"235 2.7.0 welcome")

    def do_mail(self, rest):
        self.mails += 1
        if self.server.most_mails and self.mails > self.server.most_mails:
            self.connection.last(b"421 4.7.0 too many mails over this connection\r\n")
        if self.misbehaves("mail"):
            return
        self.sender, self.recipients = address(rest), []
        self.say(b"250 2.1.0 ok")

    def do_rcpt(self, rest):
        if self.sender is None:
            self.say(b"503 5.5.1 MAIL first")
        elif not self.refuses(address(rest)) and not self.misbehaves("rcpt"):
            self.recipients.append(address(rest))
            self.say(b"250 2.1.5 ok")

    def refuses(self, recipient):
        reply = self.server.refused.get(recipient)
        if reply:
            self.say(reply)
        return reply is not None

    def do_data(self, _):
        if not self.recipients:
            self.say(b"503 5.5.1 no recipient")
            return
        if self.misbehaves("data"):
            return
        self.say(b"354 go on")
        if not self.misbehaves("body"):
            self.take(self.body())

    def body(self):
        lines = []
        while (line := self.connection.line()) != b".":
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"\r\n".join(lines) + b"\r\n"

    def take(self, data):
        mail = self.sender, self.recipients, data
        self.sender, self.recipients = None, []
        with self.server.lock:
            self.server.seen.append(mail)
        if not self.misbehaves("dot"):
            with self.server.lock:
                self.server.accepted.append(mail)
            self.say(b"250 2.0.0 taken")

    def do_rset(self, _):
        self.sender, self.recipients = None, []
        self.say(b"250 2.0.0 ok")

    def do_noop(self, _):
        self.say(b"250 2.0.0 ok")

    def do_quit(self, _):
        if not self.misbehaves("quit"):
            self.say(b"221 2.0.0 bye")
        raise Over


def address(rest):
    return rest.partition(b"<")[2].partition(b">")[0].decode("latin-1")


class SmtpServer(Server):
    """`refused` maps a recipient to the whole reply line that it gets; `most_mails`: how many
    are taken over one connection, 0 for any number."""

    session = Session

    def __init__(self, behaviour="healthy", *, pipelining=True, **how):
        self.pipelining, self.stripped, self.most_mails = pipelining, False, 0
        self.accepted, self.seen, self.commands, self.refused = [], [], [], {}
        super().__init__(behaviour, **how)

    def behave(self, name):
        super().behave(name)
        self.stripped = name == "starttls_stripped"


# Bad manners of this protocol.

def says(text):
    return lambda session, tag: session.say(text)


def last(text):
    return lambda session, tag: session.connection.last(text)


def endless(text):
    return lambda session, tag: session.connection.endless(text)


def drips(text):
    return lambda session, tag: session.connection.drip(text)


def silent(session, tag):
    session.connection.silence()


def long_line(code):
    """A reply of eight megabytes in one line, then silence."""
    def act(session, tag):
        session.connection.send(code + b" " + b"x" * (8 << 20) + b"\r\n")
        session.connection.silence()
    return act


def starttls_in_clear(session, tag):
    session.say(b"220 2.0.0 begin TLS")
    session.connection.last(b"250 this is not TLS at all\r\n" * 10)


def starttls_injected(session, tag):
    """What a man in the middle adds before TLS begins must not be believed."""
    session.connection.send(b"220 2.0.0 begin TLS\r\n250-injected\r\n250 AUTH PLAIN\r\n235 2.7.0 welcome\r\n")
    session.connection.encrypt(session.server.context)


def starttls_no_handshake(session, tag):
    session.say(b"220 2.0.0 begin TLS")
    session.connection.silence()


def close_after_first_line(session, tag):
    session.connection.line()
    raise Over


def taken_then_closed(session, tag):
    session.server.accepted.append(session.server.seen[-1])
    session.connection.last(b"250 2.0.0 taken\r\n")


REPLIES = ("banner", "ehlo", "starttls", "auth", "mail", "rcpt", "data", "dot", "quit")
BEHAVIOURS = {
    "starttls_stripped": Behaviour("nowhere", None, "STARTTLS is not offered"),
    "starttls_in_clear": Behaviour("starttls", starttls_in_clear, "clear text after the 220 to STARTTLS"),
    "starttls_injected": Behaviour("starttls", starttls_injected, "replies slipped in before TLS"),
    "starttls_no_handshake": Behaviour("starttls", starttls_no_handshake, "no handshake after the 220"),
    "auth_refused": Behaviour("auth", says(b"535 5.7.8 wrong password"), "the password is wrong"),
    "auth_unavailable": Behaviour("auth", says(b"454 4.7.0 try later"), "nobody can be let in just now"),
    "foreign_banner": Behaviour("banner", last(b"* OK IMAP4rev1 ready\r\n"), "another protocol"),
    "binary_banner": Behaviour("banner", last(bytes(range(256)) * 40), "no protocol at all"),
    "closed_in_body": Behaviour("body", close_after_first_line, "closed after the first line of the mail"),
    "closed_at_354": Behaviour("body", last(b""), "closed right after 354"),
    "garbage_at_dot": Behaviour("dot", last(b"\0\0\0 what?\r\n"), "no reply code after the final dot"),
    "short_code_at_dot": Behaviour("dot", last(b"25\r\n"), "half a reply code after the final dot"),
    "foreign_code_at_dot": Behaviour("dot", last(b"999 unheard of\r\n"), "a reply code of no class"),
    "bare_354_at_dot": Behaviour("dot", last(b"354 go on\r\n"), "a reply that asks for more"),
    "dot_taken_then_closed": Behaviour("dot", taken_then_closed, "taken, and closed at once"),
}
for stage in REPLIES:
    BEHAVIOURS.update({
        f"{stage}_4xx": Behaviour(stage, says(b"451 4.3.0 not now"), f"4xx at {stage}"),
        f"{stage}_5xx": Behaviour(stage, says(b"554 5.3.0 not here"), f"5xx at {stage}"),
        f"{stage}_421": Behaviour(stage, last(b"421 4.3.2 shutting down\r\n"), f"421 and closed at {stage}"),
        f"{stage}_closed": Behaviour(stage, last(b""), f"closed at {stage}"),
        f"{stage}_silent": Behaviour(stage, silent, f"no answer at {stage}"),
        f"{stage}_drip": Behaviour(stage, drips(b"250 slowly but surely"), f"a byte every 0.3 s at {stage}"),
        f"{stage}_endless": Behaviour(stage, endless(b"250-and another line\r\n"), f"a reply without end at {stage}"),
        f"{stage}_endless_line": Behaviour(stage, endless(b"250-and so on "), f"a line without end at {stage}"),
        f"{stage}_long_line": Behaviour(stage, long_line(b"250"), f"a line of megabytes at {stage}"),
    })

SmtpServer.behaviours = BEHAVIOURS
