"""A small IMAP server in memory that behaves well or, when told, badly.

Well: one user, any password, INBOX and folders made on the way, UID commands,
STORE, COPY, MOVE, EXPUNGE, IDLE, STARTTLS.  Badly: see BEHAVIOURS.  Stages, in
the order a client meets them: greeting, capability, starttls, login, select,
search, fetch (without bodies), body, store (and COPY, MOVE, EXPUNGE), idle,
logout.
"""

import re

from .hostile import Behaviour, Over, Server

HUGE = 1 << 40


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
        self.ok(tag, b"[READ-WRITE] selected")

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

    def do_store(self, tag, arguments, by_uid):
        if self.misbehaves("store", tag):
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
        if self.misbehaves("store", tag):
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

    session = Session

    def __init__(self, messages=(), **how):
        self.uidvalidity, self.next_uid, self.stripped = 1700000001, 1, False
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


# Bad manners of this protocol.  Each is a function of the session and the tag.

def first(session):
    return session.asked[0]


def opened(session, announced=None):
    """The first message's FETCH up to its literal."""
    number, message = first(session)
    size = len(message.raw) if announced is None else announced
    return b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, message.uid, size)


def whole(session, uid=None):
    number, message = first(session)
    return (b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, uid or message.uid, len(message.raw))
            + message.raw + b")\r\n")


def half(session):
    _, message = first(session)
    return opened(session) + message.raw[:len(message.raw) // 2]


def says(text):
    return lambda session, tag: session.send(text.replace(b"TAG", tag))


def last(text):
    return lambda session, tag: session.connection.last(text.replace(b"TAG", tag))


def endless(text):
    return lambda session, tag: session.connection.endless(text)


def drips(text):
    return lambda session, tag: session.connection.drip(text.replace(b"TAG", tag))


def silent(session, tag):
    session.connection.silence()


def fetched_with(uid):
    def act(session, tag):
        for number, _ in session.asked:
            session.send(b"* %d FETCH (UID %s RFC822.SIZE 100 FLAGS ())\r\n" % (number, uid))
        session.ok(tag)
    return act


def claims_size(claim):
    def act(session, tag):
        for number, message in session.asked:
            session.send(b"* %d FETCH (UID %d RFC822.SIZE %s FLAGS ())\r\n" % (number, message.uid, claim))
        session.ok(tag)
    return act


def eof_in_literal(session, tag):
    session.connection.last(half(session))


def silent_in_literal(session, tag):
    session.send(half(session))
    session.connection.silence()


def drip_in_literal(session, tag):
    session.send(opened(session, HUGE >> 10))
    session.connection.drip(b"x")


def no_after_data(session, tag):
    session.send(whole(session) + tag + b" NO [SERVERBUG] cannot read the rest\r\n")


def no_inside_literal(session, tag):
    """The rest of the announced literal never comes; a refusal comes in its place."""
    session.connection.last(half(session) + b"\r\n" + tag + b" NO [SERVERBUG] cannot read\r\n")


def endless_literal(session, tag):
    session.send(opened(session, HUGE))
    session.connection.endless(b"x" * 1024)


def overflowing_literal(session, tag):
    number, message = first(session)
    session.send(b"* %d FETCH (UID %d BODY[] {99999999999999999999}\r\n" % (number, message.uid))
    session.connection.silence()


def negative_literal(session, tag):
    number, message = first(session)
    session.send(b"* %d FETCH (UID %d BODY[] {-1}\r\n" % (number, message.uid) + message.raw + b")\r\n")
    session.ok(tag)


def stranger_beside(session, tag):
    """Answers what was asked and adds a message that was not."""
    session.send(whole(session) + whole(session, uid=4711))
    for one in session.asked[1:]:
        session.asked = [one]
        session.send(whole(session))
    session.ok(tag)


def stranger_instead(session, tag):
    session.send(whole(session, uid=4711))
    session.ok(tag)


def nothing_but_ok(session, tag):
    session.ok(tag)


def nul_in_line(session, tag):
    session.connection.last(b"* 1 FETCH (UID \0\0\0 1 BODY[] \0)\r\n" + tag + b" OK\0 done\r\n")


def nested(session, tag):
    session.connection.last(b"* 1 FETCH (UID 1 BODYSTRUCTURE " + b"(" * 5_000_000 + b"\r\n")


def starttls_refused(session, tag):
    session.send(tag + b" NO not today\r\n")


def starttls_in_clear(session, tag):
    """Says OK and goes on in clear text."""
    session.ok(tag, b"begin TLS")
    session.connection.last(b"* OK this is not TLS at all\r\n" * 10)


def starttls_injected(session, tag):
    """What a man in the middle adds before TLS begins must not be believed."""
    session.send(tag + b" OK begin TLS\r\n* CAPABILITY IMAP4rev1\r\n"
                 + b"".join(b"%s%d OK injected\r\n" % (tag[:1], n) for n in range(9)))
    session.connection.encrypt(session.server.context)


GREETING = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"
BYE = b"* BYE going down\r\n"
STAGES = ("greeting", "capability", "login", "select", "search", "fetch", "body", "store")

BEHAVIOURS = {
    "silent_greeting": Behaviour("greeting", silent, "connects and hears nothing"),
    "silent_after_greeting": Behaviour(
        "greeting", lambda session, tag: (session.send(GREETING), session.connection.silence()),
        "hears a greeting and nothing after it"),
    "drip_greeting": Behaviour("greeting", drips(GREETING), "a greeting of a byte every 0.3 s"),
    "endless_greeting": Behaviour("greeting", endless(b"* OK "), "a greeting without a line end"),
    "foreign_greeting": Behaviour("greeting", last(b"220 mail ESMTP\r\n"), "another protocol"),
    "binary_greeting": Behaviour("greeting", last(bytes(range(256)) * 40), "no protocol at all"),
    "preauth": Behaviour("greeting", says(b"* PREAUTH welcome without TLS\r\n"),
                         "is let in before TLS could be asked for"),
    "endless_capability": Behaviour("capability", endless(b"* CAPABILITY IMAP4rev1\r\n"),
                                    "capabilities without end"),
    "starttls_refused": Behaviour("starttls", starttls_refused, "STARTTLS is answered NO"),
    "starttls_stripped": Behaviour("nowhere", None, "STARTTLS is not offered"),
    "starttls_in_clear": Behaviour("starttls", starttls_in_clear, "clear text after the OK to STARTTLS"),
    "starttls_injected": Behaviour("starttls", starttls_injected, "replies slipped in before TLS"),
    "starttls_silent": Behaviour(
        "starttls", lambda session, tag: (session.ok(tag), session.connection.silence()),
        "no handshake after the OK to STARTTLS"),
    "login_refused": Behaviour("login", says(b"TAG NO [AUTHENTICATIONFAILED] wrong password\r\n"),
                               "the password is wrong"),
    "login_unavailable": Behaviour("login", says(b"TAG NO [UNAVAILABLE] try again later\r\n"),
                                   "nobody can be let in just now"),
    "select_refused": Behaviour("select", says(b"TAG NO [NONEXISTENT] no such folder\r\n"),
                                "the folder is missing"),
    "select_silent": Behaviour("select", silent, "no answer to SELECT"),
    "select_endless": Behaviour("select", endless(b"* OK still opening\r\n"), "untagged replies without end"),
    "select_negative": Behaviour("select", says(
        b"* -1 EXISTS\r\n* OK [UIDVALIDITY -5] x\r\n* OK [UIDNEXT -1] x\r\nTAG OK [READ-WRITE] done\r\n"),
        "negative counts"),
    "select_overflow": Behaviour("select", says(
        b"* 99999999999999999999 EXISTS\r\n* OK [UIDVALIDITY 99999999999999999999] x\r\n"
        b"* OK [UIDNEXT 99999999999999999999] x\r\nTAG OK [READ-WRITE] done\r\n"), "counts beyond 32 and 64 bits"),
    "select_without_uidvalidity": Behaviour("select", says(b"* 3 EXISTS\r\nTAG OK [READ-WRITE] done\r\n"),
                                            "no UIDVALIDITY: nothing can be remembered"),
    "search_overflow": Behaviour("search", says(b"* SEARCH -1 0 99999999999999999999\r\nTAG OK done\r\n"),
                                 "impossible UIDs"),
    "search_endless": Behaviour("search", endless(b"* SEARCH 1 2 3\r\n"), "search results without end"),
    "fetch_uid_zero": Behaviour("fetch", fetched_with(b"0"), "UID 0"),
    "fetch_uid_negative": Behaviour("fetch", fetched_with(b"-7"), "a negative UID"),
    "fetch_uid_overflow": Behaviour("fetch", fetched_with(b"99999999999999999999"), "a UID beyond 64 bits"),
    "fetch_size_negative": Behaviour("fetch", claims_size(b"-1"), "a negative size"),
    "fetch_size_overflow": Behaviour("fetch", claims_size(b"99999999999999999999"), "a size beyond 64 bits"),
    "fetch_endless": Behaviour("fetch", endless(b"* 1 FETCH (UID 1 RFC822.SIZE 100)\r\n"), "FETCH replies without end"),
    "fetch_no": Behaviour("fetch", says(b"TAG NO [SERVERBUG] cannot list\r\n"), "the list is refused"),
    "eof_in_literal": Behaviour("body", eof_in_literal, "end of file in the middle of a message"),
    "silent_in_literal": Behaviour("body", silent_in_literal, "silence in the middle of a message"),
    "drip_in_literal": Behaviour("body", drip_in_literal, "a message of a byte every 0.3 s"),
    "endless_line": Behaviour("body", endless(b"* 1 FETCH (UID 1 FLAGS (" + b"A" * 1000), "a line without an end"),
    "endless_literal": Behaviour("body", endless_literal, "a terabyte announced, and sent"),
    "overflowing_literal": Behaviour("body", overflowing_literal, "a literal's size beyond 64 bits"),
    "negative_literal": Behaviour("body", negative_literal, "a literal of -1 bytes"),
    "no_after_data": Behaviour("body", no_after_data, "NO after a whole message"),
    "no_inside_literal": Behaviour("body", no_inside_literal, "NO where the rest of a message should be"),
    "no_at_once": Behaviour("body", says(b"TAG NO [SERVERBUG] cannot read\r\n"), "the message is refused"),
    "nothing_but_ok": Behaviour("body", nothing_but_ok, "OK without the message"),
    "stranger_beside": Behaviour("body", stranger_beside, "a message that was not asked for, beside"),
    "stranger_instead": Behaviour("body", stranger_instead, "a message that was not asked for, instead"),
    "nul_in_line": Behaviour("body", nul_in_line, "NUL bytes outside a literal"),
    "nested": Behaviour("body", nested, "five million open brackets"),
    "body_endless": Behaviour("body", endless(b"* 1 EXISTS\r\n"), "untagged replies without end"),
    "store_no": Behaviour("store", says(b"TAG NO [NOPERM] read only\r\n"), "flagging is refused"),
    "store_silent": Behaviour("store", silent, "no answer to flagging"),
    "store_closed": Behaviour("store", last(b""), "closed when asked to flag"),
    "idle_unconfirmed": Behaviour("idle", silent, "IDLE is never confirmed"),
    "idle_refused": Behaviour("idle", says(b"TAG BAD not now\r\n"), "IDLE is refused"),
    "idle_bye": Behaviour("idle", lambda session, tag: (session.send(b"+ idling\r\n"), session.connection.last(BYE)),
                          "BYE while idling"),
    "logout_silent": Behaviour("logout", silent, "no answer to LOGOUT"),
}
BEHAVIOURS.update({f"bye_at_{stage}": Behaviour(stage, last(BYE), f"BYE at {stage}") for stage in STAGES})
BEHAVIOURS.update({f"closed_at_{stage}": Behaviour(stage, last(b""), f"closed at {stage}") for stage in STAGES})

ImapServer.behaviours = BEHAVIOURS
