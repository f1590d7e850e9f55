"""The bench's command line, its order of measuring and its table."""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

import desk
import latency
import mailfloor
import resources
import rules
import ways
from place import Place, Servers
from postdesk import Desk, Failed, program

SECTIONS = ("mail", "collect", "flow", "latency", "memory", "idle", "rules", "desk")
NEED_NO_SERVER = {"mail", "rules", "desk"}
GOALS = [  # set, way, what the figure is divided by (None: messages a second), at least
    ("mixed", "collect", "mbsync", 3.0),
    ("small", "collect", "mbsync", 3.0),
    ("mixed", "whole", "sketch", 0.75),
    ("small", "whole", "sketch", 0.75),
    ("mixed", "burst", "sketch", 0.75),
    ("small", "burst", "sketch", 0.75),
    ("mixed", "whole", None, 500),
    ("small", "whole", None, 1000),
]


def arguments():
    parser = argparse.ArgumentParser(prog="bench", description="Measures Postdesk beside mbsync and a "
                                     "plain sketch, in one run. Rates are for this machine; ratios matter.")
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; default all")
    parser.add_argument("--quick", action="store_true", help="300 messages, one repetition, few mails")
    parser.add_argument("--messages", type=int, help="messages in a set (2000)")
    parser.add_argument("--repeat", type=int, help="repetitions, of which the median counts (5)")
    parser.add_argument("--set", choices=("mixed", "small"), action="append", help="default both")
    parser.add_argument("--way", choices=ways.NAMES, action="append", help="only these ways")
    parser.add_argument("--json", action="store_true", help="one JSON document instead of the table")
    parser.add_argument("--scratch", help="folder for mail, state and copies: a real disk ($TMPDIR)")
    parser.add_argument("--servers", help='running servers: "imap=PORT smtp=PORT mail=FOLDER owner=USER password=WORD"')
    given = parser.parse_args()
    unknown = set(given.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"no such section: {', '.join(sorted(unknown))}")
    given.sections = given.sections or list(SECTIONS)
    given.set = given.set or ["mixed", "small"]
    given.messages = given.messages or (300 if given.quick else 2000)
    given.repeat = given.repeat or (1 if given.quick else 5)
    given.singles = 8 if given.quick else 30
    given.idle_seconds = 10 if given.quick else 60
    return given


class Bench:
    def __init__(self, given, place):
        self.given, self.place = given, place
        self.skipped, self.failed = {}, {}

    def say(self, text):
        print(text, file=sys.stderr, flush=True)

    def ways(self):
        wanted = [name for section in self.given.sections for name in ways.SECTIONS.get(section, ())]
        for name in ways.NAMES:
            if name not in wanted or (self.given.way and name not in self.given.way):
                continue
            why = ways.possible(self.place, name)
            if why:
                self.skipped[name] = why
            else:
                yield name

    def mail(self):
        """The mail floor needs no server, and no postdesk."""
        if "mail" not in self.given.sections:
            return None
        self.say("mail ...")
        if not shutil.which("notmuch"):
            self.skipped["mail beside notmuch"] = "notmuch (package notmuch) is not installed"
        try:
            return mailfloor.measure(self.place, self.given.set, self.given.messages, self.given.repeat)
        except (subprocess.SubprocessError, OSError) as error:
            self.failed["mail"] = str(error)
            return None

    def count_rules(self):
        """The sketch gets as many rules as Postdesk ships."""
        if program() and self.place.servers:
            ways.sketch.rules = Desk(self.place.path("shipped"), self.place.servers, "none", 9).rule_count()
        return ways.sketch.rules

    def rates(self):
        """Every repetition takes every way once, so that a slow minute hits all alike."""
        names, results = list(self.ways()), {}
        for kind in self.given.set if names else ():
            run, samples = ways.Run(self.place, kind, self.given.messages), {}
            for repetition in range(self.given.repeat):
                for name in names:
                    self.one_way(run, name, samples, repetition)
            results[kind] = {name: summary(all) for name, all in samples.items()}
        return results

    def one_way(self, run, name, samples, repetition):
        try:
            sample = run.measure(getattr(ways, name))
        except (Failed, subprocess.SubprocessError, OSError) as error:
            self.failed[f"{run.kind} {name}"] = str(error)
            self.say(f"{run.kind} {name}: FAILED: {error}")
            return
        samples.setdefault(name, []).append(sample)
        self.say(f"{run.kind} {name} {repetition + 1}/{self.given.repeat}: {sample['seconds']:.2f} s, "
                 f"{sample['messages'] / sample['seconds']:.0f}/s")

    def section(self, name, work):
        """The result of one section that needs the binary, or None with the reason kept."""
        if name.split()[0] not in self.given.sections:
            return None
        if not program():
            self.skipped[name] = "postdesk is not built"
            return None
        self.say(f"{name} ...")
        folder = self.place.path("run")
        shutil.rmtree(folder, ignore_errors=True)
        try:
            return work(folder)
        except (Failed, subprocess.SubprocessError, OSError) as error:
            self.failed[name] = str(error)
            return None

    def all(self):
        given, place = self.given, self.place
        report = {
            "schema_version": 1, "messages": given.messages, "repetitions": given.repeat,
            "rules": self.count_rules(), "cores": os.cpu_count(), "mail": self.mail(), "rates": self.rates(),
            "latency_sink": self.section("latency to sink", lambda folder: latency.measure(
                place, folder, given.singles, to_mailbox=False)),
            "latency_mailbox": self.section("latency to mailbox", lambda folder: latency.measure(
                place, folder, given.singles, to_mailbox=True)),
            "memory_mib": self.section("memory", lambda folder: resources.memory(
                place, folder, "mixed", min(given.messages, 300))),
            "idle": self.section("idle", lambda folder: resources.idle(place, folder, given.idle_seconds)),
            "rules_by_count": self.section("rules", lambda folder: rules.measure(
                folder, rules.COUNTS[:3] if given.quick else rules.COUNTS)),
            "tickets_by_count": self.section("desk", lambda folder: desk.measure(folder, given.quick)),
        }
        report.update(idle_seconds=given.idle_seconds, skipped=self.skipped, failed=self.failed)
        report["goals"] = goals(report)
        return report


def summary(samples):
    seconds = [sample["seconds"] for sample in samples]
    middle = sorted(samples, key=lambda sample: sample["seconds"])[len(samples) // 2]
    median = statistics.median(seconds)
    return dict(middle, seconds=median, least=min(seconds), most=max(seconds), runs=len(samples),
                per_second=middle["messages"] / median)


def goals(report):
    found = [dict(zip(("goal", "bound", "value", "reached"), of))
             for of in (mailfloor.goals(report["mail"]) if report["mail"] else ())]
    for kind, way, beside, least in GOALS:
        rates = report["rates"].get(kind, {})
        if way not in rates or (beside and beside not in rates):
            continue
        value = rates[way]["per_second"] / (rates[beside]["per_second"] if beside else 1)
        what = f"{kind}: {way} " + (f"beside {beside}" if beside else "messages a second")
        found.append({"goal": what, "bound": f">= {least}", "value": round(value, 2), "reached": value >= least})
    for key, part, most in (("latency_mailbox", "from_exists_ms", 250), ("latency_mailbox", "from_accepted_ms", 800)):
        if report[key]:
            value = report[key][part]["median"]
            found.append({"goal": f"{key} {part} median", "bound": f"< {most}", "value": value, "reached": value < most})
    if report["memory_mib"]:
        value = max(report["memory_mib"].values())
        found.append({"goal": "memory of the largest role, MiB", "bound": "< 64", "value": value, "reached": value < 64})
    if report["idle"]:
        value = sum(role["wake_ups"] for role in report["idle"].values())
        found.append({"goal": "idle wake-ups of all roles", "bound": "= 0", "value": value, "reached": value == 0})
    found += rules.goals(report["rules_by_count"]) if report["rules_by_count"] else []
    return found + (desk.goals(report["tickets_by_count"]) if report["tickets_by_count"] else [])


def ratio(rates, way, beside):
    if beside not in rates or way in ("deliver", beside):
        return "-"
    return f"{rates[way]['per_second'] / rates[beside]['per_second']:.2f}"


def print_report(report):
    print(f"{report['messages']} messages, medians of {report['repetitions']}, {report['cores']} cores, "
          f"{report['rules']} rules")
    if report["mail"]:
        mailfloor.print_found(report["mail"])
    for kind, rates in report["rates"].items():
        print(f"\n{kind:<10}{'seconds':>9}{'least':>8}{'most':>8}{'msg/s':>9}{'x mbsync':>10}{'x sketch':>10}  answers")
        for way, of in rates.items():
            print(f"  {way:<8}{of['seconds']:>9.2f}{of['least']:>8.2f}{of['most']:>8.2f}{of['per_second']:>9.0f}"
                  f"{ratio(rates, way, 'mbsync'):>10}{ratio(rates, way, 'sketch'):>10}  {of.get('answers', '')}")
    for key in ("latency_sink", "latency_mailbox"):
        for part, of in (report[key] or {}).items():
            print(f"\n{key} {part}: median {of['median']}, p90 {of['p90']}, {of['least']} to {of['most']}", end="")
    print_roles("\n\npeak memory, MiB", report["memory_mib"])
    if report["rules_by_count"]:
        rules.print_table(report["rules_by_count"])
    if report["tickets_by_count"]:
        desk.print_table(report["tickets_by_count"])
    print_roles(f"\nidle for {report['idle_seconds']} s", report["idle"])
    print()
    for of in report["goals"]:
        print(f"{'reached     ' if of['reached'] else 'FALLS SHORT '} {of['goal']}: {of['value']} ({of['bound']})")
    for word in ("skipped", "failed"):
        for what, why in report[word].items():
            print(f"{word.upper()} {what}: {why}")


def print_roles(title, found):
    if not found:
        return
    print(title)
    for name, value in found.items():
        if isinstance(value, dict):
            value = f"{value['wake_ups']} wake-ups, {value['cpu_ms']} ms of processor time"
        print(f"  {name:<32} {value}")


def main():
    given = arguments()
    scratch = tempfile.mkdtemp(prefix="postdesk-bench-", dir=given.scratch)
    os.chmod(scratch, 0o755)
    servers, place = None, None
    try:
        servers = Servers(given.servers) if set(given.sections) - NEED_NO_SERVER else None
        place = Place(scratch, servers)
        report = Bench(given, place).all()
    finally:
        if servers:
            servers.close()
        shutil.rmtree(scratch, ignore_errors=True)
    if given.json:
        json.dump(report, sys.stdout, indent=1, ensure_ascii=False)
        print()
    else:
        print_report(report)
    return 1 if report["failed"] else 0
