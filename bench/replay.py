"""How fast stored mail is asked of another rule set: postdesk rules replay."""

import json
import os
import shutil
import subprocess
import time

from postdesk import Failed, program

MESSAGES = 10000


def fill(tool, config, mails):
    """A store of so many messages, all processed."""
    done = subprocess.run([tool, "fill", config, str(MESSAGES), *mails], capture_output=True, timeout=900)
    if done.returncode != 0:
        raise Failed(f"rules_bench fill ended with {done.returncode}: {done.stderr[-400:]}")


def changed(rules, folder):
    """The same rules and one more, which changes half of the messages."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(rules, folder)
    with open(os.path.join(folder, "99-replay.yaml"), "w", encoding="utf-8") as out:
        out.write("rules:\n- {id: bench-replay, when: {subject: '[a-m]'}, then: {tags: [replayed]}}\n")
    return folder


def measure(tool, config, rules, mails, folder):
    fill(tool, config, mails)
    start = time.monotonic()
    done = subprocess.run([program(), "-c", config, "rules", "replay", "--rules", changed(rules, folder), "--json"],
                          capture_output=True, text=True, timeout=900)
    seconds = time.monotonic() - start
    if done.returncode != 0:
        raise Failed(f"rules replay ended with {done.returncode}: {done.stderr[-400:]}")
    report = json.loads(done.stdout)
    if report["asked"] != MESSAGES or not report["rows"]:
        raise Failed(f"rules replay asked about {report['asked']} messages")
    return {"replayed": report["messages"], "replay_seconds": round(seconds, 2),
            "replay_per_second": round(report["messages"] / seconds)}
