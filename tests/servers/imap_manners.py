"""Bad manners of an IMAP server, by name.  Each acts with the session and the tag of the
command it spoils; hostile_imap.py lists the stages.
"""

from .hostile import Behaviour

HUGE = 1 << 40


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
    "fetch_uid_greatest": Behaviour("fetch", fetched_with(b"4294967295"), "the greatest UID"),
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
