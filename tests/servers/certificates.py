"""A private certificate authority, and the certificates tests need.

server    right: localhost and 127.0.0.1
wrong     right authority, another host's name
expired   right name, out of date
"""

import subprocess

CURVE = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
RIGHT_NAMES = "DNS:localhost,IP:127.0.0.1"
WRONG_NAMES = "DNS:elsewhere.example"


class Certificates:
    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.ca = self._authority("ca", "Private CA for tests")
        self.other_ca = self._authority("other-ca", "Another private CA")
        self._issue("server", "localhost", RIGHT_NAMES, 30)
        self._issue("wrong", "elsewhere.example", WRONG_NAMES, 30)
        self._issue("expired", "localhost", RIGHT_NAMES, -1)

    def certificate(self, name):
        return self.folder / f"{name}.pem"

    def key(self, name):
        return self.folder / f"{name}.key"

    def _authority(self, name, subject):
        self._openssl("req", "-x509", *CURVE, "-keyout", self.key(name), "-subj", f"/CN={subject}",
                      "-days", "30", "-out", self.certificate(name))
        return self.certificate(name)

    def _issue(self, name, subject, names, days):
        request = self.folder / f"{name}.csr"
        self._openssl("req", "-new", *CURVE, "-keyout", self.key(name), "-subj", f"/CN={subject}",
                      "-addext", f"subjectAltName={names}", "-out", request)
        self._openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.key("ca"),
                      "-days", str(days), "-copy_extensions", "copy",
                      "-out", self.certificate(name))
        request.unlink()

    @staticmethod
    def _openssl(*arguments):
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(f"openssl {arguments[0]}: {done.stderr.strip()}")
