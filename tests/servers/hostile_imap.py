"""A small IMAP server in memory that behaves well or, when told, badly.

Well: one user, any password, INBOX and folders made on the way, UID commands,
STORE, COPY, MOVE, EXPUNGE, IDLE, STARTTLS.  Badly: see imap_manners.py.  Stages, in
the order a client meets them: greeting, capability, starttls, login, select,
search, fetch (without bodies), body, store (and COPY, MOVE, EXPUNGE), idle,
logout.
"""

import re

from .hostile import Over, Server
from .imap_manners import BEHAVIOURS


class Message:
    def __init__(self, uid, raw, size=None):
        self.uid, self.flags = uid, set()
        self.raw = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        self.size = len(self.raw) if size is None else size  # what RFC822.SIZE claims

    @property
    def header(self):
        return self.raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


class Session:
    def __init__(self, server, connection):
        self.server, self.connection = server, connection
        self.send = connection.send
        self.folder, self.known = None, 0
        self.asked = []  # the messages the FETCH being answered asks for

    def converse(self):
        if not self.misbehaves("greeting"):
            self.greet()
        while True:
            tag, _, rest = self.command().partition(b" ")
            self.obey(tag, rest)

    def greet(self):
        """With the capabilities, unless asking for them is what will be spoilt."""
        asked = self.server.behaviour and self.server.behaviour.stage == "capability"
        words = b"" if asked else b"[CAPABILITY " + self.capabilities() + b"] "
        self.send(b"* OK " + words + b"ready\r\n")

    def misbehaves(self, stage, tag=b""):
        return self.server.misbehave(self, stage, tag)

    def command(self):
        """One command with its literals put in as quoted text."""
        line = self.connection.line()
        while literal := re.search(rb"\{(\d+)(\+?)\}$", line):
            if not literal[2]:
                self.send(b"+ go on\r\n")
            text = self.connection.bytes(int(literal[1]))
            line = line[:literal.start()] + b'"' + text + b'"' + self.connection.line()
        return line

    def obey(self, tag, rest):
        words = rest.split(b" ", 1)
        verb = words[0].upper().decode("latin-1")
        arguments = words[1] if len(words) > 1 else b""
        by_uid = verb == "UID"
        if by_uid:
            verb, _, arguments = arguments.decode("latin-1").partition(" ")
            verb, arguments = verb.upper(), arguments.encode("latin-1")
        with self.server.lock:
            self.server.commands.append((verb, arguments))
        handler = getattr(self, "do_" + verb.lower(), None)
        if not handler:
            self.send(tag + b" BAD not known here\r\n")
        elif verb in ("SEARCH", "FETCH", "STORE", "COPY", "MOVE", "EXPUNGE"):
            handler(tag, arguments, by_uid)
        else:
            handler(tag, arguments)

    def ok(self, tag, text=b"done"):
        self.send(tag + b" OK " + text + b"\r\n")

    def capabilities(self):
        words = b"IMAP4rev1 IDLE UIDPLUS MOVE LITERAL+ ID NAMESPACE SASL-IR AUTH=PLAIN AUTH=LOGIN AUTH=XOAUTH2"
        if self.server.tls == "starttls" and not self.connection.encrypted:
            if not self.server.stripped:
                words += b" STARTTLS LOGINDISABLED"
        return words

    # Before a folder is open.

    def do_capability(self, tag, _):
        if not self.misbehaves("capability", tag):
            self.send(b"* CAPABILITY " + self.capabilities() + b"\r\n")
            self.ok(tag)

    def do_id(self, tag, _):
        self.send(b'* ID ("name" "scripted")\r\n')
        self.ok(tag)

    def do_namespace(self, tag, _):
        self.send(b'* NAMESPACE (("" "/")) NIL NIL\r\n')
        self.ok(tag)

    def do_enable(self, tag, _):
        self.send(b"* ENABLED\r\n")
        self.ok(tag)

    def do_noop(self, tag, _):
        self.announce()
        self.ok(tag)

    do_check = do_noop

    def do_logout(self, tag, _):
        if not self.misbehaves("logout", tag):
            self.send(b"* BYE see you\r\n")
            self.ok(tag)
        raise Over

    def do_starttls(self, tag, _):
        if self.misbehaves("starttls", tag):
            return
        if self.server.tls != "starttls" or self.server.stripped:
            self.send(tag + b" BAD not known here\r\n")
            return
        self.ok(tag, b"begin TLS")
        self.connection.encrypt(self.server.context)

    def shown_a_secret(self):
        if self.server.tls != "none" and not self.connection.encrypted:
            self.server.secret_in_clear = True

    def do_login(self, tag, _):
        self.shown_a_secret()
        if not self.misbehaves("login", tag):
            self.ok(tag, b"logged in")

    def do_authenticate(self, tag, arguments):
        self.shown_a_secret()
        words = arguments.split()
        prompts = {b"LOGIN": [b"VXNlcm5hbWU6", b"UGFzc3dvcmQ6"]}.get(words[0].upper(), [b""])
        for prompt in prompts[len(words) - 1:]:
            self.send(b"+ " + prompt + b"\r\n")
            self.connection.line()
        if not self.misbehaves("login", tag):
            self.ok(tag, b"logged in")

    def do_list(self, tag, _):
        for name in self.server.folders:
            self.send(b'* LIST () "/" "' + name.encode() + b'"\r\n')
        self.ok(tag)

    def do_create(self, tag, arguments):
        self.server.folders.setdefault(unquoted(arguments), [])
        self.ok(tag)

    def do_status(self, tag, arguments):
        name = unquoted(arguments.split(b" (")[0])
        messages = self.server.folders.get(name, [])
        self.send(b'* STATUS "%s" (MESSAGES %d UIDNEXT %d UIDVALIDITY %d UNSEEN 0)\r\n'
                  % (name.encode(), len(messages), self.server.next_uid, self.server.uidvalidity))
        self.ok(tag)

    def do_select(self, tag, arguments):
        name = unquoted(arguments.split(b" (")[0])
        if self.misbehaves("select", tag):
            return
        if name not in self.server.folders:
            self.send(tag + b" NO [NONEXISTENT] no such folder\r\n")
            return
        self.folder = self.server.folders[name]
        self.known = len(self.folder)
        self.send(b"* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)\r\n"
                  b"* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\*)] any\r\n"
                  b"* %d EXISTS\r\n* 0 RECENT\r\n* OK [UIDVALIDITY %d] ok\r\n* OK [UIDNEXT %d] ok\r\n"
                  % (self.known, self.server.uidvalidity, self.server.next_uid))
        self.ok(tag, (b"[READ-ONLY]" if self.server.read_only else b"[READ-WRITE]") + b" selected")

    do_examine = do_select

    def do_close(self, tag, _):
        self.folder = None
        self.ok(tag)

    do_unselect = do_close

    # In a folder.

    def announce(self):
        if self.folder is not None and len(self.folder) != self.known:
            self.known = len(self.folder)
            self.send(b"* %d EXISTS\r\n" % self.known)

    def chosen(self, ranges, by_uid):
        """(sequence number, message) of every one a set such as 1:3,7:* names."""
        largest = (self.folder[-1].uid if by_uid else len(self.folder)) if self.folder else 0
        wanted = []
        for part in ranges.decode("latin-1").split(","):
            ends = [largest if end == "*" else int(end) for end in part.split(":")]
            wanted.append((min(ends), max(ends)))
        numbered = enumerate(self.folder, 1)
        return [(number, message) for number, message in numbered
                if any(low <= (message.uid if by_uid else number) <= high for low, high in wanted)]

    def do_search(self, tag, arguments, by_uid):
        if self.misbehaves("search", tag):
            return
        found = list(enumerate(self.folder, 1))
        if ranges := re.search(rb"UID ([\d:*,]+)", arguments, re.I):
            found = self.chosen(ranges[1], True)
        if re.search(rb"\bUNSEEN\b", arguments, re.I):
            found = [(number, message) for number, message in found if "\\Seen" not in message.flags]
        names = b" ".join(b"%d" % (message.uid if by_uid else number) for number, message in found)
        self.send(b"* SEARCH " + names + b"\r\n" if names else b"* SEARCH\r\n")
        self.ok(tag)

    def do_fetch(self, tag, arguments, by_uid):
        ranges, _, items = arguments.partition(b" ")
        asked = self.chosen(ranges, by_uid)
        self.asked = asked
        whole = re.search(rb"BODY(\.PEEK)?\[\]|RFC822(\s|\)|$)", items, re.I)
        if asked and self.misbehaves("body" if whole else "fetch", tag):
            return
        if re.search(rb"BODY\[|RFC822(\.TEXT)?(\s|\)|$)", items, re.I):
            for _, message in asked:
                message.flags.add("\\Seen")  # as the protocol has it: only PEEK leaves it alone
        for number, message in asked:
            self.send(self.fetched(number, message, items))
        self.ok(tag)

    def fetched(self, number, message, items):
        parts = [b"UID %d" % message.uid]
        if re.search(rb"FLAGS|FAST|ALL", items, re.I):
            parts.append(b"FLAGS (" + " ".join(sorted(message.flags)).encode() + b")")
        if re.search(rb"RFC822\.SIZE|FAST|ALL", items, re.I):
            parts.append(b"RFC822.SIZE %d" % message.size)
        if re.search(rb"INTERNALDATE|FAST|ALL", items, re.I):
            parts.append(b'INTERNALDATE "06-Jan-2026 09:00:00 +0800"')
        for section in re.finditer(rb"BODY(?:\.PEEK)?\[([^\]]*)\](?:<(\d+)\.(\d+)>)?", items, re.I):
            parts.append(self.section(message, *section.groups()))
        return b"* %d FETCH (" % number + b" ".join(parts) + b")\r\n"

    @staticmethod
    def section(message, name, start, count):
        data = message.header if name.upper().startswith(b"HEADER") else message.raw
        label = b"BODY[" + name + b"]"
        if start is not None:
            data = data[int(start):int(start) + int(count)]
            label += b"<" + start + b">"
        return label + b" {%d}\r\n" % len(data) + data

    def refuses(self, tag):
        if self.server.read_only:
            self.send(tag + b" NO [NOPERM] this folder may only be read\r\n")
        return self.server.read_only

    def do_store(self, tag, arguments, by_uid):
        if self.misbehaves("store", tag) or self.refuses(tag):
            return
        ranges, action, flags = arguments.split(b" ", 2)
        names = set(flags.decode("latin-1").strip("()").split())
        for number, message in self.chosen(ranges, by_uid):
            message.flags = message.flags - names if action.startswith(b"-") else message.flags | names
            if b"SILENT" not in action.upper():
                self.send(b"* %d FETCH (UID %d FLAGS (%s))\r\n"
                          % (number, message.uid, " ".join(sorted(message.flags)).encode()))
        self.ok(tag)

    def do_copy(self, tag, arguments, by_uid):
        if not self.misbehaves("store", tag):
            self.copied(tag, arguments, by_uid)
            self.ok(tag)

    def copied(self, tag, arguments, by_uid):
        ranges, _, name = arguments.partition(b" ")
        target, chosen = self.server.folders.setdefault(unquoted(name), []), self.chosen(ranges, by_uid)
        copies = []
        for _, message in chosen:
            copies.append(self.server.add(message.raw, target))
            copies[-1].flags = set(message.flags)
        if chosen:
            self.send(b"* OK [COPYUID %d %s %s] copied\r\n" % (
                self.server.uidvalidity, b",".join(b"%d" % message.uid for _, message in chosen),
                b",".join(b"%d" % copy.uid for copy in copies)))
        return [message for _, message in chosen]

    def do_move(self, tag, arguments, by_uid):
        if self.misbehaves("store", tag) or self.refuses(tag):
            return
        self.expunged(self.copied(tag, arguments, by_uid))
        self.ok(tag)

    def do_expunge(self, tag, arguments, by_uid):
        if self.misbehaves("store", tag):
            return
        chosen = self.chosen(arguments, True) if by_uid else list(enumerate(self.folder, 1))
        self.expunged([message for _, message in chosen if "\\Deleted" in message.flags])
        self.ok(tag)

    def expunged(self, gone):
        for message in gone:
            self.send(b"* %d EXPUNGE\r\n" % (self.folder.index(message) + 1))
            self.folder.remove(message)
        self.known = len(self.folder)

    def do_idle(self, tag, _):
        if self.misbehaves("idle", tag):
            return
        self.send(b"+ idling\r\n")
        self.connection.socket.settimeout(0.05)
        while b"\n" not in self.connection.buffer:
            self.announce()
            try:
                self.connection.buffer += self.connection.socket.recv(4096) or self.gone()
            except TimeoutError:
                continue
            except OSError:
                raise Over from None
        self.connection.socket.settimeout(30)
        self.connection.line()
        self.ok(tag)

    @staticmethod
    def gone():
        raise Over


def unquoted(text):
    return text.strip().strip(b'"').decode("latin-1")


class ImapServer(Server):
    """`folders` maps names to lists of Message; `commands` holds all that was asked."""

    behaviours = BEHAVIOURS
    session = Session

    def __init__(self, messages=(), **how):
        self.uidvalidity, self.next_uid, self.stripped = 1700000001, 1, False
        self.read_only = False
        self.folders, self.commands = {"INBOX": []}, []
        for raw in messages:
            self.add(raw)
        super().__init__(**how)

    @property
    def inbox(self):
        return self.folders["INBOX"]

    def add(self, raw, folder=None, size=None):
        message = Message(self.next_uid, raw, size)
        self.next_uid += 1
        (self.inbox if folder is None else folder).append(message)
        return message

    def behave(self, name):
        super().behave(name)
        self.stripped = name == "starttls_stripped"
