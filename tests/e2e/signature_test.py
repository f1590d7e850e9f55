#!/usr/bin/env python3
"""S/MIME and PGP signatures, verified with the keys that the admin configured."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from case import DeskCase, main

TEXT = b"Content-Type: text/plain; charset=utf-8\r\n\r\nThe database needs more space.\r\n"
HEAD = b"From: Ann <%s>\r\nTo: desk@example.com\r\nSubject: signed\r\nMessage-ID: <s1@example.org>\r\n"


def signed(sender, protocol, micalg, signature):
    return (HEAD % sender.encode() + b"MIME-Version: 1.0\r\nContent-Type: multipart/signed; boundary=sig;\r\n"
            b" protocol=\"" + protocol + b"\"; micalg=" + micalg + b"\r\n\r\n--sig\r\n" + TEXT +
            b"\r\n--sig\r\nContent-Type: " + protocol + b"\r\nContent-Transfer-Encoding: " +
            (b"base64" if b"pkcs7" in protocol else b"7bit") + b"\r\n\r\n" + signature + b"\r\n--sig--\r\n")


def run(*arguments, input=None, **environment):
    return subprocess.run([str(word) for word in arguments], input=input, check=True,
                          env=dict(os.environ, **environment), stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL).stdout


@unittest.skipUnless(shutil.which("gpg") and shutil.which("gpgsm"), "gpg and gpgsm are not installed")
class WithKeys(DeskCase):
    def setUp(self):
        # a short path: sockets of the agent lie in it
        self.home = Path(tempfile.mkdtemp(prefix="pgp-", dir="/tmp"))
        self.addCleanup(shutil.rmtree, self.home, ignore_errors=True)
        self.addCleanup(subprocess.run, ["gpgconf", "--homedir", self.home, "--kill", "gpg-agent"],
                        check=False)

    def gpg(self, *arguments, input=None):
        return run("gpg", "--homedir", self.home, "--batch", "--passphrase", "", "--quiet",
                   *arguments, input=input)

    def make_key(self, address="ann@example.org"):
        self.gpg("--quick-gen-key", f"Ann <{address}>", "ed25519", "sign", "never")

    def pgp_mail(self, sender="ann@example.org"):
        signature = self.gpg("--armor", "--detach-sign", "--digest-algo", "SHA256", input=TEXT)
        return signed(sender, b"application/pgp-signature", b"pgp-sha256", signature.replace(b"\n", b"\r\n"))

    def desk_with_keys(self):
        desk = self.desk()
        desk.settings["signature_keys"] = str(self.home)
        desk.configure()
        return desk


class Signatures(WithKeys):
    def verdict(self, desk, mail, code):
        return desk.json("signature", input=mail, codes=(code,))

    def test_a_good_one_by_the_author(self):
        self.make_key()
        found = self.verdict(self.desk_with_keys(), self.pgp_mail(), 0)
        self.assertEqual((found["form"], found["result"], found["signer"], found["aligned"]),
                         ("pgp", "good", "ann@example.org", True))

    def test_a_good_one_by_somebody_else(self):
        self.make_key()
        found = self.verdict(self.desk_with_keys(), self.pgp_mail("boss@example.org"), 0)
        self.assertEqual((found["result"], found["aligned"]), ("good", False))

    def test_what_was_changed_is_bad(self):
        self.make_key()
        mail = self.pgp_mail().replace(b"more space", b"less space")
        self.assertEqual(self.verdict(self.desk_with_keys(), mail, 1)["result"], "bad")

    def test_an_unknown_key_proves_nothing(self):
        self.make_key()
        mail, desk = self.pgp_mail(), self.desk_with_keys()
        for name in ("pubring.kbx", "pubring.kbx~"):
            (self.home / name).unlink(missing_ok=True)
        found = self.verdict(desk, mail, 1)
        self.assertEqual((found["result"], found["aligned"]), ("no_key", False))

    def test_a_broken_signature_is_no_failure(self):
        self.make_key()
        mail, desk = self.pgp_mail(), self.desk_with_keys()
        at = mail.index(b"-----BEGIN")
        found = desk.json("parse", "-", input=mail[:at] + b"nothing\r\n--sig--\r\n")
        self.assertEqual(found["trust"]["signature"]["result"], "error")
        self.assertEqual(found["text"], "The database needs more space.")

    def test_without_keys_it_stays_unchecked(self):
        self.make_key()
        found = self.desk().json("parse", "-", input=self.pgp_mail())
        self.assertEqual(found["trust"]["signature"]["result"], "unchecked")

    def authority(self):
        """A CA, and a folder that trusts it."""
        there = self.home
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=Test CA",
            "-keyout", there / "ca.key", "-out", there / "ca.pem", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        run("gpgsm", "--homedir", there, "--batch", "--import", there / "ca.pem")
        listed = run("gpgsm", "--homedir", there, "--batch", "--with-colons", "--list-keys").decode()
        print_of_ca = next(line.split(":")[9] for line in listed.splitlines() if line.startswith("fpr"))
        (there / "trustlist.txt").write_text(f"{print_of_ca} S\n")

    def certificate(self, usage="digitalSignature", ends=None):
        """One of the CA for ann. ends: as openssl ca writes it, such as 20250101000000Z."""
        there = self.home
        run("openssl", "req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=Ann/emailAddress=ann@example.org",
            "-keyout", there / "ann.key", "-out", there / "ann.csr")
        (there / "ext").write_text(f"keyUsage={usage}\nsubjectAltName=email:ann@example.org\n")
        if ends is None:
            run("openssl", "x509", "-req", "-in", there / "ann.csr", "-CA", there / "ca.pem", "-CAkey", there / "ca.key",
                "-CAcreateserial", "-days", "30", "-extfile", there / "ext", "-out", there / "ann.pem")
            return
        (there / "index.txt").write_text("")
        (there / "ca.cnf").write_text(
            f"[ca]\ndefault_ca=x\n[x]\ndatabase={there}/index.txt\nnew_certs_dir={there}\nrand_serial=yes\n"
            "default_md=sha256\npolicy=p\n[p]\ncommonName=supplied\nemailAddress=optional\n")
        run("openssl", "ca", "-batch", "-notext", "-config", there / "ca.cnf", "-cert", there / "ca.pem",
            "-keyfile", there / "ca.key", "-in", there / "ann.csr", "-out", there / "ann.pem",
            "-startdate", "20240101000000Z", "-enddate", ends, "-extfile", there / "ext")

    def smime_mail(self, sender="ann@example.org"):
        there = self.home
        der = run("openssl", "smime", "-sign", "-binary", "-outform", "DER", "-signer", there / "ann.pem",
                  "-inkey", there / "ann.key", "-md", "sha256", input=TEXT)
        lines = subprocess.run(["base64"], input=der, check=True, stdout=subprocess.PIPE).stdout
        return signed(sender, b"application/pkcs7-signature", b"sha-256", lines.replace(b"\n", b"\r\n"))

    def test_a_certificate_of_a_trusted_authority(self):
        self.authority()
        self.certificate()
        desk, mail = self.desk_with_keys(), self.smime_mail()
        found = self.verdict(desk, mail, 0)
        self.assertEqual((found["form"], found["result"], found["signer"], found["aligned"]),
                         ("smime", "good", "ann@example.org", True))
        changed = mail.replace(b"more space", b"less space")
        self.assertEqual(self.verdict(desk, changed, 1)["result"], "bad")
        (self.home / "trustlist.txt").unlink()
        self.assertNotEqual(self.verdict(desk, mail, 1)["result"], "good")

    def test_a_certificate_of_another_person_or_time_or_use(self):
        self.authority()
        self.certificate()
        desk = self.desk_with_keys()
        found = self.verdict(desk, self.smime_mail("boss@example.org"), 0)
        self.assertEqual((found["result"], found["aligned"]), ("good", False))
        self.certificate(ends="20250101000000Z")
        found = self.verdict(desk, self.smime_mail(), 1)
        self.assertEqual((found["result"], found["aligned"]), ("expired", False))
        self.certificate(usage="keyEncipherment")  # whose key others may hold, too
        found = self.verdict(desk, self.smime_mail(), 1)
        self.assertEqual((found["result"], found["aligned"]), ("unfit", False))

    def test_nothing_is_left_behind(self):
        self.make_key()
        desk, mail = self.desk_with_keys(), self.pgp_mail()
        place = desk.folder / "tmp"
        place.mkdir()
        desk.json("signature", input=mail, env={"TMPDIR": str(place)})
        self.assertEqual(list(place.iterdir()), [])


PEOPLE = """people:
  - {name: Ann, addresses: [ann@example.org], role: engineer, language: en}
  - {name: Bob, addresses: [bob@example.org], language: en}
"""
PROBLEM = (b"From: Bob <bob@example.org>\r\nTo: desk@example.com\r\nSubject: vpn\r\n"
           b"Message-ID: <%s@example.org>\r\n\r\nNo line since nine.\r\n")


class Commands(WithKeys):
    """A signed mail works on the ticket that its signed text names, once, where no other proof holds."""

    def working_desk(self):
        desk = self.desk_with_keys()
        (desk.own_rules() / "people.yaml").write_text(PEOPLE)
        for name in (b"p1", b"p2"):
            desk.do("inject", input=PROBLEM % name)
        desk.process_inbox()
        return desk

    def command(self, body, number, answered="p1", sender="ann@example.org"):
        """A reply to a mail of the reporter, so that nothing but the signature can show who wrote it."""
        text = b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + body.encode() + b"\r\n"
        signature = self.gpg("--armor", "--detach-sign", "--digest-algo", "SHA256", input=text)
        mail = signed(sender, b"application/pgp-signature", b"pgp-sha256", signature.replace(b"\n", b"\r\n"))
        return (mail.replace(TEXT, text).replace(b"<s1@", b"<c%d@" % number)
                .replace(b"MIME-Version", b"In-Reply-To: <%s@example.org>\r\nMIME-Version" % answered.encode()))

    def take(self, desk, mail, env=None):
        desk.do("inject", input=mail)
        desk.process_inbox(**({"env": env} if env else {}))

    def priority(self, desk, number):
        return desk.show(number)["priority"]

    def test_commands(self):
        self.make_key()
        desk = self.working_desk()
        one, two = sorted(ticket["number"] for ticket in desk.tickets())
        before = self.priority(desk, one)
        self.assertNotEqual(before, "P1")
        mail = self.command(f"/priority P1\r\n\r\n> ticket #{one}", 1)
        # what nobody signed around it, a part beside it, another sender: nothing moves
        beside = mail.replace(b"--sig--", b"--sig\r\nContent-Type: text/plain\r\n\r\n/close\r\n--sig--")
        self.take(desk, beside)
        self.take(desk, mail.replace(b"/priority P1", b"/priority P2"))
        self.take(desk, self.command("/priority P1", 2))
        self.assertEqual(self.priority(desk, one), before)
        self.take(desk, mail.replace(b"<c1@", b"<c3@"))
        self.assertEqual(self.priority(desk, one), "P1")
        # the same text again, on its ticket and on the other
        desk.do("set", one, "priority=P3")
        self.take(desk, mail.replace(b"<c1@", b"<c4@"))
        self.take(desk, mail.replace(b"<c1@", b"<c5@").replace(b"<p1@", b"<p2@"))
        self.assertEqual(self.priority(desk, one), "P3")
        self.assertNotEqual(self.priority(desk, two), "P1")
        (desk.folder / "again.eml").write_bytes(mail.replace(b"<c1@", b"<c6@"))
        standing = desk.json("explain", "again.eml")["standing"]
        self.assertEqual((standing["rank"], standing["proofs"]), ("engineer", ["thread"]))
        self.assertIn("came before", standing["signature_flaw"])

    def test_a_running_desk_verifies_as_well(self):
        self.make_key()
        desk = self.working_desk()
        one = min(ticket["number"] for ticket in desk.tickets())
        desk.start()
        desk.do("inject", input=self.command(f"/priority P1\r\n\r\nabout #{one}", 1))
        desk.wait_for(lambda: self.priority(desk, one) == "P1", "the command of a signed mail")
        self.assertEqual(desk.stop(), 0)

    def test_without_gpg_there_is_no_proof_and_no_failure(self):
        self.make_key()
        desk = self.working_desk()
        one = min(ticket["number"] for ticket in desk.tickets())
        before = self.priority(desk, one)
        self.take(desk, self.command(f"/priority P1\r\n\r\n#{one}", 1), env={"PATH": "/nowhere"})
        self.assertEqual(self.priority(desk, one), before)
        self.assertIn("refused", [mail["purpose"] for mail in desk.outbox()])


if __name__ == "__main__":
    main()
