"""A private certificate authority, and the certificates tests need.

server    right: localhost and 127.0.0.1
wrong     right authority, another host's name
expired   right name, out of date
early     right name, not valid yet
"""

import subprocess

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
RIGHT_NAMES = "DNS:localhost,IP:127.0.0.1"
WRONG_NAMES = "DNS:elsewhere.example"

BOOKS = """\
[ca]
default_ca = one
[one]
database = {books}/index
new_certs_dir = {books}
serial = {books}/serial
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


class Certificates:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.ca = self._authority("ca", "Private CA for tests")
        self.other_ca = self._authority("other-ca", "Another private CA")
        self._issue("server", "localhost", RIGHT_NAMES, 30)
        self._issue("wrong", "elsewhere.example", WRONG_NAMES, 30)
        self._issue("expired", "localhost", RIGHT_NAMES, -1)
        self._issue_later("early")

    def certificate(self, name):
        return self.folder / f"{name}.pem"

    def key(self, name):
        return self.folder / f"{name}.key"

    def _authority(self, name, subject):
        self._openssl("req", "-x509", *CURVE, "-keyout", self.key(name), "-subj", f"/CN={subject}",
                      "-days", "30", "-out", self.certificate(name))
        return self.certificate(name)

    def _request(self, name, subject, names):
        request = self.folder / f"{name}.csr"
        self._openssl("req", "-new", *CURVE, "-keyout", self.key(name), "-subj", f"/CN={subject}",
                      "-addext", f"subjectAltName={names}", "-out", request)
        return request

    def _issue_later(self, name):
        """"x509 -req" of Debian 12 knows no first day; "ca" does, and wants books to be kept."""
        request = self._request(name, "localhost", RIGHT_NAMES)
        books = self.folder / "books"
        books.mkdir(exist_ok=True)
        (books / "index").write_text("")
        (books / "serial").write_text("4711\n")
        (books / "conf").write_text(BOOKS.format(books=books))
        self._openssl("ca", "-batch", "-notext", "-config", books / "conf",
                      "-cert", self.ca, "-keyfile", self.key("ca"), "-in", request,
                      "-startdate", "21000101000000Z", "-enddate", "21010101000000Z",
                      "-out", self.certificate(name))
        request.unlink()

    def _issue(self, name, subject, names, days):
        request = self._request(name, subject, names)
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.key("ca"),
                      "-days", str(days), "-copy_extensions", "copy",
                      "-out", self.certificate(name))
        request.unlink()

    @staticmethod
    def _openssl(*arguments):
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.strip()}")
