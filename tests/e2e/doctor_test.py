#!/usr/bin/env python3
"""doctor says in plain words what stands between an installation and its first mail."""

from case import DeskCase, main


class Doctor(DeskCase):
    def problems(self, desk):
        """What doctor finds wrong, as text; it must say so by its exit code, too."""
        done = desk.run("doctor")
        self.assertEqual(done.returncode, 1, done.stdout.decode() + done.stderr.decode())
        findings = [finding for finding in desk.json("doctor", codes=(1,))["findings"]
                    if finding["verdict"] == "problem"]
        self.assertTrue(findings)
        return " ".join(f"{finding['subject']}: {finding['text']} {finding['advice']}"
                        for finding in findings).lower()

    def test_all_is_well(self):
        self.desk().do("doctor")

    def test_wrong_password(self):
        desk = self.desk()
        desk.secret("password", "not the word")
        found = self.problems(desk)
        self.assertIn("mailbox support", found)
        self.assertIn("relay main", found)
        self.assertIn("password", found)
        self.assertNotIn("not the word", found)

    def test_missing_password_file(self):
        desk = self.desk(mailbox={"password": "file:secrets/none"})
        self.assertIn("secrets/none", self.problems(desk))

    def test_certificate_that_cannot_be_verified(self):
        desk = self.desk(mailbox={"ca": str(self.servers.other_ca_file)})
        self.assertIn("certificate", self.problems(desk))

    def test_missing_folder(self):
        desk = self.desk(mailbox={"folders": ["Nowhere"]})
        self.assertIn("nowhere", self.problems(desk))

    def test_closed_port(self):
        desk = self.desk(mailbox={"port": 1}, relay={"port": 1})
        found = self.problems(desk)
        self.assertIn("mailbox support", found)
        self.assertIn("relay main", found)

    def test_disk_full(self):
        desk = self.desk(limits={"min_free_space": "100000G"})
        self.assertIn("free", self.problems(desk))


if __name__ == "__main__":
    main()
