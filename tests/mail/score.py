#!/usr/bin/env python3
"""Scores of the mail floor over the corpus: score.py DUMP_PROGRAM CORPUS [BASELINE] [-v].

Prints a table; with a baseline file ("name value" lines) exits 1 if a score fell below it.
"""
import base64
import hashlib
import json
import os
import re
import subprocess
import sys


def read(path):
    with open(path, "rb") as file:
        return file.read().decode("utf-8", "replace")


def dump(program, files, *options):
    names = "\n".join(files) + "\n"
    done = subprocess.run([program, *options, "-"], input=names.encode(), stdout=subprocess.PIPE, check=False)
    mails = {}
    for line in done.stdout.decode("utf-8").split("\n"):
        if not line:
            continue
        mail = json.loads(line)
        mails[mail["file"]] = mail
    return mails


class Scores:
    def __init__(self, verbose):
        self.rows = []
        self.verbose = verbose

    def add(self, name, good, total, misses):
        self.rows.append((name, 100.0 * good / max(total, 1), good, total))
        if self.verbose:
            for miss in misses:
                print("  miss", name, miss)


def score_sisimai(scores, program, corpus):
    expected = json.loads(read(os.path.join(corpus, "bounces/sisimai.json")))
    folder = os.path.join(corpus, "bounces/sisimai")
    mails = dump(program, [os.path.join(folder, name) for name in expected])
    kinds, hards, found, misses, hard_misses, empty = 0, 0, 0, [], [], []
    bounces = 0
    expected = {name: entry for name, entry in expected.items() if entry["file"]}
    for name, entry in expected.items():
        mail = mails.get(os.path.join(folder, name))
        kind = mail["origin"]["kind"] if mail else "none"
        reasons = {one["reason"] for one in entry["expect"]}
        wanted = {"bounce"}
        if reasons == {"feedback"}:
            wanted = {"report"}
        elif reasons == {"vacation"}:
            wanted = {"auto_reply"}
        elif reasons <= {"delivered"}:
            wanted = {"report", "bounce"}
        elif any(r["action"] in ("delayed", "delivered", "relayed", "expanded")
                 for r in (mail or {"bounce": {"recipients": []}})["bounce"]["recipients"]):
            wanted = {"report", "bounce"}
        if kind in wanted:
            kinds += 1
        else:
            misses.append("%s: %s, not %s %s" % (name, kind, "/".join(wanted), reasons))
        if wanted == {"bounce"}:
            bounces += 1
            if mail and mail["bounce"]["recipients"]:
                found += 1
            else:
                empty.append(name)
    score_hardness(scores, folder, expected, mails)
    scores.add("sisimai-kind", kinds, len(expected), misses)
    scores.add("sisimai-recipient", found, bounces, empty)


def score_hardness(scores, folder, expected, mails):
    """Hard or soft as expected, for each file that is a bounce; one reason may stand for several
    recipients and the other way round, then the two sets are compared."""
    good, total, misses = 0, 0, []
    for name, entry in expected.items():
        wanted = ["hard" if one["hardbounce"] == "1" else "soft" for one in entry["expect"]
                  if one["reason"] not in ("feedback", "vacation", "delivered")]
        mail = mails.get(os.path.join(folder, name))
        if not wanted or not mail:
            continue
        recipients = [one for one in mail["bounce"]["recipients"] if one["weight"] != "none"]
        got = [one["weight"] for one in recipients]
        total += 1
        if sorted(got) == sorted(wanted) or (len(got) != len(wanted) and set(got) == set(wanted)):
            good += 1
        else:
            misses.append("%s: %s not %s %s %s" % (
                name, got, wanted, [one["reason"] for one in entry["expect"]],
                [(one["status"], (one["diagnostic"] or "")[:160]) for one in recipients]))
    scores.add("sisimai-hard-or-soft", good, total, misses)


def score_flufl(scores, program, corpus):
    expected = json.loads(read(os.path.join(corpus, "bounces/flufl.json")))
    folder = os.path.join(corpus, "bounces/flufl")
    mails = dump(program, [os.path.join(folder, name) for name in expected])
    good, misses = 0, []
    for name, entry in expected.items():
        mail = mails.get(os.path.join(folder, name))
        wanted = {a.lower() for a in entry["permanent"] + entry["temporary"]}
        got = {r["address"].lower() for r in mail["bounce"]["recipients"]} if mail else set()
        if got == wanted:
            good += 1
        else:
            misses.append("%s: %s not %s (%s)" % (name, sorted(got), sorted(wanted),
                                                  mail and mail["origin"]["kind"]))
    scores.add("flufl-addresses", good, len(expected), misses)


def fold(text):
    return " ".join(text.split())


def as_message(body, path):
    with open(path, "w", encoding="utf-8") as file:
        file.write("From: a@example.com\nSubject: Re: x\nContent-Type: text/plain; charset=utf-8\n\n")
        file.write(body)


def score_trimmer(scores, program, corpus, scratch):
    folder = os.path.join(corpus, "replies/trimmer")
    names = sorted(os.listdir(os.path.join(folder, "emails")))
    paths = {}
    for name in names:
        paths[name] = os.path.join(scratch, name)
        as_message(read(os.path.join(folder, "emails", name)), paths[name])
    mails = dump(program, list(paths.values()))
    good, misses, empty = 0, [], []
    for name in names:
        wanted = fold(read(os.path.join(folder, "trimmed", name)))
        got = fold(mails[paths[name]]["text"])
        if got == wanted:
            good += 1
        else:
            misses.append("%s:\n    got  %s\n    not  %s" % (name, got[:300], wanted[:300]))
        if wanted and not got:
            empty.append(name)
    scores.add("trimmer-text", good, len(names), misses)
    scores.add("trimmer-not-empty", len(names) - len(empty), len(names), empty)


def score_talon(scores, program, corpus):
    folder = os.path.join(corpus, "replies/talon-replies")
    names = [n for n in sorted(os.listdir(folder)) if n.endswith("_reply_text")]
    files = {n: os.path.join(folder, n.replace("_reply_text", ".eml")) for n in names}
    read_by_eye = [os.path.join(folder, n) for n in sorted(os.listdir(folder))
                   if n.endswith(".eml") and n[:-4] + "_reply_text" not in names]
    mails = dump(program, list(files.values()) + read_by_eye)
    good, misses = 0, []
    # in each of the others the person wrote this one word
    wrong = ["%s: %r" % (os.path.basename(path), mails[path]["text"]) for path in read_by_eye
             if mails[path]["text"] != "Hello"]
    scores.add("talon-judged", len(read_by_eye) - len(wrong), len(read_by_eye), wrong)
    for name in names:
        mail = mails[files[name]]
        got, wanted = fold(mail["text"] + " " + mail["signature"]), fold(read(os.path.join(folder, name)))
        good += got == wanted
        if got != wanted:
            misses.append("%s: got %s not %s" % (name, got[:200], wanted[:200]))
    scores.add("talon-text", good, len(names), misses)


def stalwart_text(part):
    body = part.get("body", {})
    return body.get("Text") if isinstance(body, dict) else None


def same(wanted, got):
    """Equal; what the other reader could not decode may be anything here."""
    wanted = "".join(wanted.replace("\x00", "\ufffd").split())
    got = "".join(got.split())
    pattern = ".{1,4}".join(re.escape(piece) for piece in re.split("\ufffd+", wanted))
    return wanted == got or re.search(pattern, got) is not None


# Why another number of attachments is right, by the end of the file's name.
REASONS = {
    "malformed/007": "no empty line ends the headers of a part: what follows is read as they say; the "
                     "other reader invents an empty part",
    "malformed/012": "each of the three forwarded messages is counted; the other reader takes the "
                     "third as text of the second",
    "thirdparty/015": "three messages are attached; the other reader stops within the first",
}
TEXT_REASONS = {
    "malformed/016": "a boundary of a multipart that has ended is text (RFC 2046, 5.1.2)",
    "thirdparty/001": "a '=' at the end of quoted-printable text is a soft line break",
}


def reason_of(path, reasons):
    return reasons.get("/".join(path.split("/")[-2:])[:-4], "NO REASON KNOWN")


def score_stalwart(scores, program, corpus):
    files = []
    for base, _, names in os.walk(os.path.join(corpus, "mime/stalwart")):
        files += [os.path.join(base, n) for n in names if n.endswith(".eml")]
    mails = dump(program, files)
    subjects, texts, attachments, total, misses = 0, 0, 0, 0, []
    text_misses, attachment_misses = [], []
    for path in sorted(files):
        tree = json.loads(read(path[:-4] + ".json"))
        mail = mails.get(path)
        if mail is None:
            misses.append(path)
            total += 1
            continue
        total += 1
        subject = ""
        for header in tree["parts"][0]["headers"]:
            if header["name"] == "subject" and isinstance(header["value"], dict):
                subject = header["value"].get("Text", "")
        if same(subject, mail["subject"]):
            subjects += 1
        else:
            misses.append("%s: %s not %s" % (os.path.basename(path), mail["subject"], subject))
        wanted = ""
        for index in tree["text_body"]:
            wanted += stalwart_text(tree["parts"][index]) or ""
        got = fold(mail["full_text"])
        if same(wanted[:1500], mail["full_text"]):
            texts += 1
        else:
            text_misses.append("%s: %s\n   got %r\n   not %r" % (
                os.path.basename(path), reason_of(path, TEXT_REASONS), got[:200],
                fold(wanted)[:200]))
        count = len([a for a in mail["attachments"]])
        if count == len(tree["attachments"]):
            attachments += 1
        else:
            attachment_misses.append("%s: %d not %d: %s" % (
                os.path.basename(path), count, len(tree["attachments"]), reason_of(path, REASONS)))
    scores.add("stalwart-subject", subjects, total, misses)
    scores.add("stalwart-text", texts, total, text_misses)
    scores.add("stalwart-attachments", attachments, total, attachment_misses)


def forms(content):
    """A file as it is; with the line ends that its repository took away; without the identifier of
    its class before an embedded object."""
    return {hashlib.sha256(form).hexdigest()
            for form in (content, content.replace(b"\n", b"\r\n"), content[16:])}


def ascii_only(text):
    """What every charset agrees about."""
    return re.sub("[^\x21-\x7e]+", "", text)


MIME4J_REASONS = {
    "malformedHeaderStartsBody-nocrlfcrlf_decoded_1.txt":
        "the text begins with the line that is no header; the next one only looks like one, and "
        "is kept as text, too, where the other reader makes a header of it",
}


def score_mime4j(scores, program, corpus):
    """The decoded content of each part: shown in the text, or kept as a file with these bytes."""
    folder = os.path.join(corpus, "mime/mime4j")
    names = sorted(name for name in os.listdir(folder) if name.endswith(".msg"))
    mails = dump(program, [os.path.join(folder, name) for name in names], "--html")
    good, total, misses = 0, 0, []
    for name in names:
        mail = mails.get(os.path.join(folder, name))
        html = re.sub("<[^>]*>", "", mail["html"] or "") if mail else ""
        shown = ascii_only(mail["full_text"]) + " " + ascii_only(html) if mail else ""
        kept = {one["sha256"] for one in mail["attachments"]} if mail else set()
        for part in sorted(os.listdir(folder)):
            if not part.startswith(name[:-4] + "_decoded_") or part.endswith(".xml"):
                continue
            with open(os.path.join(folder, part), "rb") as opened:
                content = opened.read()
            # HTML is compared by its text
            is_html = content.lstrip()[:9].lower() in (b"<!doctype", b"<html")
            wanted = ascii_only(re.sub("<[^>]*>" if is_html else "$^", "",
                                       content.decode("latin-1")))
            unix = content.replace(b"\r\n", b"\n")
            kept_so = {hashlib.sha256(form).hexdigest() for form in
                       (content, unix, unix.rstrip(b"\n"), unix.replace(b"\n", b"\r\n"))}
            total += 1
            if wanted in shown or kept_so & kept:
                good += 1
            else:
                misses.append("%s: %r: %s" % (part, wanted[:60],
                                              MIME4J_REASONS.get(part, "NO REASON KNOWN")))
    scores.add("mime4j-content", good, total, misses)


TNEF_REASONS = {
    "christmas.tnef": "two of 89 bytes are no files but where Outlook draws the icons of two others",
    "unicode-mapi-attr-name.tnef": "kept byte for byte, with the line ends that the expected file lost",
}


def score_tnef(scores, program, corpus, scratch):
    """winmail.dat: every file that it holds comes out byte for byte."""
    folder = os.path.join(corpus, "mime/tnef")
    if not os.path.isdir(folder):
        return
    wanted, paths = {}, {}
    for name in sorted(os.listdir(folder)):
        inside = os.path.join(folder, name[:-5])
        if not name.endswith(".tnef"):
            continue
        digests = []
        for base, _, files in os.walk(inside):
            for file in files:
                if file in ("message.rtf", "message.html", "message.txt"):
                    continue  # the body of the mail, not a file of it
                with open(os.path.join(base, file), "rb") as opened:
                    digests.append(forms(opened.read()))
        wanted[name] = digests
        paths[name] = os.path.join(scratch, name + ".eml")
        with open(os.path.join(folder, name), "rb") as opened, open(paths[name], "wb") as out:
            out.write(b"From: a@example.com\nContent-Type: application/ms-tnef; name=winmail.dat\n"
                      b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(opened.read()))
    mails = dump(program, list(paths.values()))
    good, total, misses = 0, 0, []
    for name, digests in wanted.items():
        mail = mails.get(paths[name])
        got = {one["sha256"] for one in mail["attachments"]} if mail else set()
        total += len(digests)
        found = len([one for one in digests if one & got])
        good += found
        if found < len(digests):
            misses.append("%s: %s: %d of %d, %s %s" % (
                name, TNEF_REASONS.get(name, "NO REASON KNOWN"), found, len(digests),
                [one["name"] for one in mail["attachments"]] if mail else None,
                mail["defects"] if mail else None))
    scores.add("tnef-files", good, total, misses)
    bodies = [name for name in wanted if any(
        os.path.exists(os.path.join(folder, name[:-5], "message" + end)) for end in (".rtf", ".html", ".txt"))]
    mute = [name for name in bodies if not mails[paths[name]]["full_text"].strip()]
    scores.add("tnef-texts", len(bodies) - len(mute), len(bodies), mute)


def score_render(scores, program, corpus):
    folder = os.path.join(corpus, "render/libetpan")
    names = sorted(os.listdir(os.path.join(folder, "input")))
    files = {n: os.path.join(folder, "input", n) for n in names}
    mails = dump(program, list(files.values()))
    clean, bad = 0, []
    for name in names:
        mail = mails.get(files[name])
        output = os.path.join(folder, "output", name.replace(".eml", ".txt"))
        already = os.path.exists(output) and "\ufffd" in read(output)
        shown = mail["full_text"] + mail["subject"] if mail else "\ufffd"
        if "\ufffd" not in shown or already:
            clean += 1
        else:
            bad.append(name)
    scores.add("render-readable", clean, len(names), bad)
    outputs, same, misses = 0, 0, []
    for name in names:
        path = os.path.join(folder, "output", name.replace(".eml", ".txt"))
        if not os.path.exists(path) or name not in files or files[name] not in mails:
            continue
        outputs += 1
        # every run of letters beyond Latin that the other reader shows must be there
        runs = re.findall("[\u0370-\u07ff\u0e00-\u0e7f\u2e80-\ud7ff\uf900-\ufaff]+", read(path))
        # where a line is broken is the reader's matter
        got = "".join((mails[files[name]]["subject"] + mails[files[name]]["full_text"]).split())
        got += json.dumps(mails[files[name]], ensure_ascii=False)
        lost = [run for run in runs if run not in got]
        if not lost:
            same += 1
        else:
            misses.append("%s: %s" % (name, lost[:5]))
    scores.add("render-letters", same, outputs, misses)


def score_persons(scores, program, corpus):
    """Mails that persons wrote, found by reading them: none may be taken for a machine's."""
    names = read(os.path.join(os.path.dirname(os.path.abspath(__file__)), "persons.list")).split()
    mails = dump(program, [os.path.join(corpus, name) for name in names])
    wrong = ["%s: %s" % (os.path.relpath(path, corpus), mail["origin"]["evidence"])
             for path, mail in mails.items() if mail["origin"]["kind"] != "person"]
    scores.add("persons", len(mails) - len(wrong), len(names), wrong)


def main():
    words = [w for w in sys.argv[1:] if w != "-v"]
    program, corpus = words[0], words[1]
    if not os.path.isdir(corpus):
        print("SKIPPED: no corpus at", corpus)
        return 77
    scores = Scores("-v" in sys.argv)
    import tempfile
    with tempfile.TemporaryDirectory() as scratch:
        score_sisimai(scores, program, corpus)
        score_flufl(scores, program, corpus)
        score_trimmer(scores, program, corpus, scratch)
        score_talon(scores, program, corpus)
        score_stalwart(scores, program, corpus)
        score_mime4j(scores, program, corpus)
        score_tnef(scores, program, corpus, scratch)
        score_render(scores, program, corpus)
        score_persons(scores, program, corpus)
    for name, percent, good, total in scores.rows:
        print("%-22s %6.1f %%  %d of %d" % (name, percent, good, total))
    if len(words) < 3:
        return 0
    fallen = 0
    values = {row[0]: row[1] for row in scores.rows}
    for line in read(words[2]).splitlines():
        name, value = line.split()
        if values.get(name, 0) + 0.05 < float(value):
            print("FELL: %s is below its baseline of %s" % (name, value))
            fallen = 1
    return fallen


if __name__ == "__main__":
    sys.exit(main())
