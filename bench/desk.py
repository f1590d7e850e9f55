"""What things cost beside the number of stored tickets: a desk with few and one with many of
them, filled and measured by desk_bench, and asked by the commands people use. desk.md tells more."""

import json
import os
import shutil
import statistics
import subprocess
import time

import rules
from place import ROOT
from postdesk import Failed, Role, program, ship

FEW, MANY, QUICK = 1000, 1_000_000, 20_000
ROUNDS, QUICK_ROUNDS = 40, 10
ENGINEERS = range(4)
COMMANDS = {
    "list": ["list"],
    "list of a queue": ["list", "--queue", "network"],
    "list of an unknown reporter": ["list", "--reporter", "nobody@example.org"],
    "show": ["show", "500"],
    "status": ["status"],
    "search, a common word": ["search", "服务器"],
    "search, two common words": ["search", "server", "password"],
    "search, a host name": ["search", "srv-0042.dc1.example.org"],
    "search, words nowhere together": ["search", "parsifal", "lohengrin"],
}
ROSTER = """\
groups:
  all:
    queues: [account, application, network, hardware, system, servicedesk, change, mail, security, data]
    assign: least-load
    shifts: [{name: day, hours: "00:00-24:00", people: [%s]}]
"""


def write_rules(folder):
    """The shipped rules, and four engineers on duty who get what is new."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(os.path.join(ROOT, "rules"), folder)
    addresses = [f"engineer{number}@example.org" for number in ENGINEERS]
    with open(os.path.join(folder, "roster.yaml"), "w") as out:
        out.write(ROSTER % ", ".join(addresses))
    with open(os.path.join(folder, "people.yaml"), "w") as out:
        out.write("people:\n")
        out.writelines(f"  - {{name: Engineer {at}, address: {at}, role: engineer}}\n" for at in addresses)
    return folder


class Tool:
    """desk_bench, built where the measured postdesk was built."""

    def __init__(self):
        build = os.path.dirname(program())
        if not os.path.exists(os.path.join(build, "Makefile")):
            raise Failed("the postdesk that is measured was not built here, so desk_bench cannot be")
        subprocess.run(["make", "-C", build, "bench/desk_bench"], check=True, capture_output=True)
        self.path = os.path.join(build, "bench", "desk_bench")

    def ask(self, *words, timeout=3600):
        done = subprocess.run([self.path, *map(str, words)], capture_output=True, text=True, timeout=timeout)
        if done.returncode != 0:
            raise Failed(f"desk_bench {words[0]} ended with {done.returncode}: {done.stderr[-400:]}")
        return json.loads(done.stdout)


def command(config, *words, good=(0, 1)):
    """Milliseconds from its start to its end."""
    start = time.monotonic()
    done = subprocess.run([program(), "-c", config, *words], capture_output=True, timeout=3600)
    if done.returncode not in good:
        raise Failed(f"postdesk {words[0]} ended with {done.returncode}: {done.stderr.decode()[-400:]}")
    return (time.monotonic() - start) * 1e3


def commands(config, repeat=5):
    return {name: round(statistics.median(command(config, *words) for _ in range(repeat)), 1)
            for name, words in COMMANDS.items()}


def idle(config, seconds):
    """The clock role with many timers in the future and nothing to do."""
    started = subprocess.Popen([program(), "-c", config, "clock"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(8)  # its first look is over, and the pause after it
        role = Role(started.pid)
        switches, cpu = role.switches(), role.cpu_ns()
        time.sleep(seconds)
        return {"seconds": seconds, "wake_ups": role.switches() - switches,
                "cpu_ms": round((role.cpu_ns() - cpu) / 1e6, 2), "peak_mib": round(role.peak_kib() / 1024, 1)}
    finally:
        started.terminate()
        started.wait(timeout=20)


def upkeep(config, folder):
    """Seconds."""
    return {"verify_s": round(command(config, "verify", good=(0,)) / 1e3, 1),
            "backup_s": round(command(config, "backup", os.path.join(folder, "backup"), good=(0,)) / 1e3, 1)}


def measure(folder, quick):
    ship(folder + ".shipped")
    tool, rule_set = Tool(), write_rules(folder + ".rules")
    few, many = (rules.configure(os.path.join(folder, name), rule_set) for name in ("few", "many"))
    found = {"fill_few": tool.ask("fill", few, FEW, "words"),
             "fill_many": tool.ask("fill", many, QUICK if quick else MANY, "words")}
    found.update(tool.ask("process", QUICK_ROUNDS if quick else ROUNDS, few, many))
    found["index"] = tool.ask("index", many, 50)
    found["lists"] = tool.ask("list", many)["asked"]
    found["searches"] = tool.ask("search", many)["asked"]
    found["commands"] = commands(many)
    found["idle"] = idle(many, 10 if quick else 60)
    found["timers"] = tool.ask("timers", many)
    found["upkeep"] = upkeep(many, folder)
    return found


def goals(found):
    def goal(what, value, bound, reached):
        return {"goal": what, "bound": bound, "value": round(value, 2), "reached": reached}

    reached = []
    for cost in found["costs"]:
        for kind in ("wall_ms", "processor_ms"):
            times = cost["many"][kind] / cost["few"][kind]
            reached.append(goal(f"{cost['what']}, {cost['batch']} at once, {kind[:-3]} with many tickets beside few",
                                times, "<= 1.3", times <= 1.3))
    listed = found["commands"]["list"]
    reached.append(goal("postdesk list, ms", listed, "<= 50", listed <= 50))
    slowest = max(value for name, value in found["commands"].items() if name.startswith("search"))
    reached.append(goal("postdesk search, the slowest, ms", slowest, "<= 100", slowest <= 100))
    slowest = max(one["again_ms"] for one in found["searches"])
    reached.append(goal("searching in one process, the slowest, ms", slowest, "<= 100", slowest <= 100))
    wake_ups = found["idle"]["wake_ups"]
    return reached + [goal("wake-ups of the clock with nothing due", wake_ups, "= 0", wake_ups == 0)]


def print_table(found):
    few, many = found["fill_few"], found["fill_many"]
    print(f"\n\ntickets: {few['tickets']} beside {many['tickets']}, {many['database_bytes'] / many['tickets'] / 1024:.1f} KiB "
          f"of database each, filled in {many['seconds']:.0f} s")
    print(f"{'one mail, ms':<24}{'at once':>8}{'few':>9}{'many':>9}{'ratio':>7}{'processor':>11}{'ratio':>7}")
    for cost in found["costs"]:
        one, other = cost["few"], cost["many"]
        print(f"  {cost['what']:<22}{cost['batch']:>8}{one['wall_ms']:>9.2f}{other['wall_ms']:>9.2f}"
              f"{other['wall_ms'] / one['wall_ms']:>7.2f}{other['processor_ms']:>11.2f}"
              f"{other['processor_ms'] / one['processor_ms']:>7.2f}")
    for name in ("lists", "searches"):
        print(f"{name + ', ms':<44}{'found':>8}{'first':>9}{'again':>9}{'processor':>11}")
        for one in found[name]:
            print(f"  {one['what']:<42}{one['found']:>8}{one['first_ms']:>9.2f}{one['again_ms']:>9.2f}{one['processor_ms']:>11.2f}")
    print("commands, ms")
    for name, value in found["commands"].items():
        print(f"  {name:<42}{value:>8.1f}")
    for name in ("index", "timers", "idle", "upkeep"):
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in found[name].items()))
