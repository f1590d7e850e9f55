"""Where measuring happens: the scratch folder, the mail servers, the mailboxes
filled for one run each, and the tools built for the day (sink, sketch)."""

import imaplib
import os
import pwd
import shutil
import subprocess
import sys
import threading

import corpus

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
YARDSTICK = os.environ.get("POSTDESK_YARDSTICK",
                           os.path.join(os.path.dirname(ROOT), "shared", "yardstick"))


class Servers:
    """Ports of a running Dovecot and Exim, and where Dovecot keeps its mail.

    Given as one text, "imap=PORT smtp=PORT mail=FOLDER owner=USER password=WORD"
    with FOLDER/USER/Maildir below, the servers are somebody else's; without it
    the tests' servers are started.
    """

    def __init__(self, given):
        self.own = None
        facts = dict(word.split("=", 1) for word in given.split()) if given else self.start()
        self.imap, self.smtp = int(facts["imap"]), int(facts["smtp"])
        self.mail, self.owner, self.password = facts["mail"], facts["owner"], facts["password"]

    def start(self):
        sys.path.insert(0, os.path.join(ROOT, "tests"))
        import servers

        self.own = servers.MailServers().start()
        return {"imap": self.own.imap_port, "smtp": self.own.smtp_port, "owner": "nobody",
                "mail": str(self.own.home("")), "password": servers.PASSWORD}

    def close(self):
        if self.own:
            self.own.stop()

    def login(self, user):
        connection = imaplib.IMAP4("127.0.0.1", self.imap)
        connection.login(user, self.password)
        return connection

    def maildir(self, user):
        return os.path.join(self.mail, user, "Maildir")

    def give(self, folder):
        """Hands a folder (not the files in it) to the user Dovecot runs as."""
        if os.geteuid() != 0:
            return
        who = pwd.getpwnam(self.owner)
        for at, _, _ in os.walk(folder):
            os.chown(at, who.pw_uid, who.pw_gid)


class Place:
    """One scratch folder with everything a bench needs; removed by close()."""

    def __init__(self, folder, servers):
        self.folder, self.servers, self.users = folder, servers, 0
        os.makedirs(folder, exist_ok=True)
        self.sink_program = self.compile("smtp_sink", [os.path.join(ROOT, "bench", "smtp_sink.c")])
        self.sketch_program = self.build_sketch()

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def compile(self, name, arguments):
        target = self.path(name)
        subprocess.run(["cc", "-std=gnu17", "-O2", "-o", target] + arguments, check=True)
        return target

    def build_sketch(self):
        source = os.path.join(YARDSTICK, "floor.c")
        if not os.path.exists(source):
            return None
        flags = subprocess.run(["pkg-config", "--cflags", "--libs", "gmime-3.0", "libpcre2-8", "sqlite3"],
                               check=True, capture_output=True, text=True).stdout.split()
        return self.compile("sketch", ["-w", source] + flags)

    def sketch_rules(self, count):
        subprocess.run([sys.executable, os.path.join(YARDSTICK, "gen_rules.py"), str(count), self.folder],
                       check=True)
        return self.path(f"rules_{count}.tsv")

    def corpus(self, kind, count):
        folder = self.path(f"corpus-{kind}-{count}")
        if not os.path.isdir(folder):
            corpus.write_maildir(folder, corpus.Corpus(kind, count))
        return folder

    def mailbox(self, source=None, large=0):
        """A user of its own whose INBOX holds the messages of `source`.

        The mail is linked, not copied; Dovecot has seen it once, so that no
        way pays for building the index, and nothing of it is flagged.
        """
        self.users += 1
        user = f"bench{os.getpid()}-{self.users}"
        folder = self.servers.maildir(user)
        for name in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(folder, name))
        if source:
            for name in os.listdir(os.path.join(source, "new")):
                link_or_copy(os.path.join(source, "new", name), os.path.join(folder, "new", name))
        if large:
            with open(os.path.join(folder, "new", "1767650500.M500000P1.large"), "wb") as out:
                out.write(corpus.one_large(large))
        self.servers.give(os.path.dirname(folder))
        connection = self.servers.login(user)
        connection.select()
        connection.fetch("1:*", "(UID RFC822.SIZE)") if source else None
        connection.logout()
        return user

    def stock(self, user, source):
        """Beside the user's mailbox, for arrive()."""
        folder = os.path.join(self.servers.mail, user, "stock")
        os.makedirs(folder)
        for name in os.listdir(os.path.join(source, "new")):
            link_or_copy(os.path.join(source, "new", name), os.path.join(folder, name))
        self.servers.give(folder)

    def arrive(self, user):
        """All that is in stock comes to lie in the mailbox."""
        folder = os.path.join(self.servers.mail, user, "stock")
        inbox = os.path.join(self.servers.maildir(user), "new")
        for name in sorted(os.listdir(folder)):
            os.rename(os.path.join(folder, name), os.path.join(inbox, name))

    def forget(self, user):
        shutil.rmtree(os.path.join(self.servers.mail, user), ignore_errors=True)

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def link_or_copy(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


class Sink:
    """The C sink, counting; with each=True it reports every mail by recipient."""

    def __init__(self, program, each=False):
        self.process = subprocess.Popen([program] + (["--each"] if each else []), text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.process.stdout.readline().split()[1])
        self.mails, self.arrived, self.answer = {}, threading.Condition(), None
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            words = line.split()
            with self.arrived:
                if words[0] == "mail":
                    for recipient in words[4:]:
                        self.mails.setdefault(recipient, []).append(int(words[1]))
                else:
                    self.answer = [int(word) for word in words[1:4]]
                self.arrived.notify_all()

    def ask(self, word):
        """Count, and the monotonic nanoseconds of the first and the last mail."""
        with self.arrived:
            self.answer = None
            self.process.stdin.write(word + "\n")
            self.process.stdin.flush()
            if not self.arrived.wait_for(lambda: self.answer, timeout=10):
                raise RuntimeError("the sink does not answer")
            return self.answer

    def wait_for(self, recipient, seconds):
        """Monotonic nanoseconds of the first mail to `recipient`, or None."""
        with self.arrived:
            self.arrived.wait_for(lambda: recipient in self.mails, timeout=seconds)
            return self.mails.get(recipient, [None])[0]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)
