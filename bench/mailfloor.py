"""The mail floor alone: how fast messages are understood, beside GMime parsing and decoding them
and beside notmuch indexing the same Maildir. In processor time, all in one run."""

import glob
import json
import os
import shutil
import statistics
import subprocess

import corpus
from place import ROOT

LARGE = 40_000_000  # bytes of the mail with one large file


def program():
    """tests/mail/mail_bench of the build that is measured, built if need be; or None."""
    postdesk = os.environ.get("POSTDESK")
    build = os.path.dirname(os.path.abspath(postdesk)) if postdesk else os.path.join(ROOT, "build")
    if not os.path.exists(os.path.join(build, "Makefile")):
        return None
    subprocess.run(["make", "-s", "-C", build, "tests/mail/mail_bench"], check=True,
                   stdout=subprocess.DEVNULL)
    return os.path.join(build, "tests/mail/mail_bench")


def understand(bench, files):
    names = "\n".join(files) + "\n"
    done = subprocess.run([bench, "--json", "-"], input=names, text=True, check=True,
                          stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def index(folder, maildir):
    """Processor seconds of "notmuch new" with a new database."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    settings = os.path.join(folder, "config")
    with open(settings, "w", encoding="ascii") as out:
        out.write(f"[database]\npath={folder}\nmail_root={maildir}\n[user]\nname=Bench\n"
                  "primary_email=support@example.org\n[new]\ntags=new\n")
    with open(os.devnull, "w") as quiet:
        child = subprocess.Popen(["notmuch", f"--config={settings}", "new", "--quiet", "--no-hooks"],
                                 stdout=quiet, stderr=quiet)
        _, status, usage = os.wait4(child.pid, 0)
    if status != 0:
        raise OSError(f"notmuch ended with {status}")
    return usage.ru_utime + usage.ru_stime


def one_set(place, bench, kind, count, repeat):
    """Every repetition measures all three, so that a slow minute hits all alike."""
    maildir = place.corpus(kind, count)
    files = sorted(glob.glob(os.path.join(maildir, "new", "*")))
    samples, indexed = [], []
    for _ in range(repeat):
        samples.append(understand(bench, files))
        if shutil.which("notmuch"):
            indexed.append(index(place.path("notmuch"), maildir) * 1e6 / count)
    found = {"messages": count, "bytes": samples[0]["bytes"]}
    for key in ("gmime_us", "understood_us"):
        found[key] = round(statistics.median(sample[key] for sample in samples), 1)
    found["notmuch_us"] = round(statistics.median(indexed), 1) if indexed else None
    return found


def large(place, bench, repeat):
    path = place.path("large.eml")
    with open(path, "wb") as out:
        out.write(corpus.one_large(LARGE))
    samples = [understand(bench, [path]) for _ in range(repeat)]
    found = {"bytes": samples[0]["bytes"]}
    for key in ("gmime_us", "understood_us"):
        found[key] = round(statistics.median(sample[key] for sample in samples), 1)
    found["mb_per_second"] = round(found["bytes"] / found["understood_us"], 1)
    return found


def measure(place, kinds, count, repeat):
    bench = program()
    if bench is None:
        raise OSError("there is no build with its tests")
    found = {kind: one_set(place, bench, kind, count, repeat) for kind in kinds}
    found["large"] = large(place, bench, repeat)
    return found


def goals(found):
    """What is asked of the mail floor: (goal, bound, value, reached)."""
    if "small" in found:
        small = found["small"]
        value = small["gmime_us"] / small["understood_us"]
        yield "small: understood beside GMime alone", ">= 0.33", round(value, 2), value >= 0.33
        if small["notmuch_us"]:
            value = small["notmuch_us"] / small["understood_us"]
            yield "small: understood beside notmuch", ">= 10", round(value, 1), value >= 10
    value = found["large"]["gmime_us"] / found["large"]["understood_us"]
    reached = value >= 0.5 or found["large"]["mb_per_second"] >= 100
    yield "a large file: beside GMime alone, or 100 MB/s", ">= 0.5", round(value, 2), reached


def print_found(found):
    print(f"\n{'mail floor':<12}{'bytes':>10}{'GMime us':>12}{'understood us':>15}{'notmuch us':>12}{'a second':>10}")
    for kind, of in found.items():
        indexed = of.get("notmuch_us") or "-"
        print(f"  {kind:<10}{of['bytes']:>10}{of['gmime_us']:>12}{of['understood_us']:>15}{indexed:>12}"
              f"{1e6 / of['understood_us']:>10.0f}")
    print(f"  a large file passes at {found['large']['mb_per_second']} MB/s")
