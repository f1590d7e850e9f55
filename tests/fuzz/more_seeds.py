#!/usr/bin/env python3
"""Seeds for the fuzzers out of a corpus: more_seeds.py CORPUS FOLDER.

Each file of FOLDER begins with the letter of its parser, as those of seeds/mail do. Fuzzing starts
nearer to what real programs write than from our own few seeds; nothing of it is kept.
"""
import os
import re
import sys

MOST = 32 * 1024  # the mutator takes no larger seed than twice this


def corpus_files(corpus, *folders):
    for folder in folders:
        for base, _, names in sorted(os.walk(os.path.join(corpus, folder))):
            for name in sorted(names):
                if name.endswith((".json", ".xml", ".txt~")):
                    continue
                with open(os.path.join(base, name), "rb") as opened:
                    content = opened.read()
                if content and len(content) < MOST:
                    yield content


def body_of(message):
    return re.split(b"\r?\n\r?\n", message, maxsplit=1)[-1]


def header_values(message):
    head = re.split(b"\r?\n\r?\n", message, maxsplit=1)[0]
    return re.findall(rb"^(From|To|Cc|Reply-To|Subject|Content-Type|Content-Disposition):((?:.*\r?\n?[ \t])*.*)",
                      head, re.M | re.I)


def seeds(corpus):
    for message in corpus_files(corpus, "mime", "render", "bounces/sisimai"):
        yield b"m", message
    for message in corpus_files(corpus, "bounces"):
        yield b"b", body_of(message)
    for message in corpus_files(corpus, "mime/stalwart", "render"):
        for html in re.findall(rb"<html.*?</html>", message, re.S | re.I):
            yield b"h", html
        yield b"c", body_of(message)
        for name, value in header_values(message):
            letter = {b"subject": b"e", b"content-type": b"p", b"content-disposition": b"p"}
            yield letter.get(name.lower(), b"a"), value.strip()
    for text in corpus_files(corpus, "replies"):
        yield b"q", text


def main():
    corpus, folder = sys.argv[1:]
    os.makedirs(folder, exist_ok=True)
    written = set()
    for letter, content in seeds(corpus):
        if content in written:
            continue
        written.add(content)
        path = os.path.join(folder, "%s-%05d" % (letter.decode(), len(written)))
        with open(path, "wb") as out:
            out.write(letter + content)


if __name__ == "__main__":
    main()
