#!/usr/bin/env python3
"""A storm of a monitoring system is one ticket; its recovery resolves it (the shipped rules)."""

from case import DeskCase, main
from letters import letter


def nagios(desk, subject, sender="nagios@monitor.example", **headers):
    return letter(sender, desk.address, subject, "Date/Time: now\n\nAdditional Info:\n\ntimeout\n",
                  **headers)


class Storm(DeskCase):
    def test_a_storm_and_its_recovery(self):
        desk = self.desk()
        problem = "** PROBLEM Service Alert: web01/HTTP is CRITICAL **"
        desk.put(*[nagios(desk, problem) for _ in range(6)],
                 nagios(desk, "** PROBLEM Service Alert: web01/Disk is WARNING **"))
        desk.cycle()
        self.assertEqual(sorted(ticket["number"] for ticket in desk.tickets()), [1, 2])
        self.assertEqual(len(desk.events(1)) + len(desk.events(2)), 7)
        storm = desk.ticket(problem)["number"]
        desk.put(nagios(desk, "** RECOVERY Service Alert: web01/HTTP is OK **"))
        desk.cycle()
        shown = desk.show(storm)
        self.assertEqual(shown["status"], "resolved")
        self.assertEqual(shown["merge_key"], "service=web01/HTTP")
        self.assertEqual([row["outcome"] for row in desk.ledger()].count("appended"), 6)
        self.assertEqual([ticket["status"] for ticket in desk.tickets()
                          if ticket["number"] != storm], ["new"])
        desk.do("verify")

    def test_an_alert_of_a_stranger_does_not_join(self):
        desk = self.desk()
        problem = "** PROBLEM Host Alert: db02 is DOWN **"
        desk.put(nagios(desk, problem))
        desk.cycle()
        desk.put(nagios(desk, "** RECOVERY Host Alert: db02 is UP **",
                        sender="nagios@stranger.example"))
        desk.cycle()
        self.assertEqual(desk.show(1)["status"], "new")
        self.assertEqual(len(desk.events(1)), 1)


if __name__ == "__main__":
    main()
