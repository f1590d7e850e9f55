"""Prints for people: colours on a terminal, plain lines in a pipe."""

import os
import shutil
import sys
import unicodedata

TERMINAL = sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and "NO_COLOR" not in os.environ


def _style(code, text):
    return f"\033[{code}m{text}\033[0m" if TERMINAL else text


def bold(text):
    return _style("1", text)


def dim(text):
    return _style("2", text)


def say(text=""):
    print(text, flush=True)


def heading(text):
    say()
    say(_style("1;36", text) if TERMINAL else f"== {text}")


def passing(text):
    """A line that the next one replaces; nothing in a pipe."""
    if TERMINAL:
        print(f"\r\033[K{dim(text)}", end="", flush=True)


def passed():
    if TERMINAL:
        print("\r\033[K", end="", flush=True)


def columns_of(text):
    """How many columns of a terminal the text takes."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else
               0 if unicodedata.combining(sign) else 1 for sign in text)


def cut(text, width):
    text = " ".join(text.split())
    if columns_of(text) <= width:
        return text
    while columns_of(text) > width - 1:
        text = text[:-1]
    return text + "…"


def table(rows, limits):
    """Aligned columns; limits: the most columns each may take (the last one as is)."""
    rows = [[cut(str(cell), limit) for cell, limit in zip(row, limits)] for row in rows]
    widths = [max(columns_of(row[index]) for row in rows) for index in range(len(limits))]
    for row in rows:
        cells = [cell + " " * (width - columns_of(cell)) for cell, width in zip(row, widths)]
        say("  " + "  ".join(cells).rstrip())


def framed(head, body):
    """A mail, the way a mail program shows it."""
    width = min(shutil.get_terminal_size((80, 24)).columns, 84)
    bar = dim("│") if TERMINAL else "|"
    rule = "─" * (width - 4) if TERMINAL else "-" * 72
    say(f"  {dim('┌' + rule) if TERMINAL else '+' + rule}")
    for name, value in head:
        say(f"  {bar} {bold(name + ':')} {value}")
    say(f"  {bar}")
    for line in body.rstrip().splitlines():
        say(f"  {bar} {line}".rstrip())
    say(f"  {dim('└' + rule) if TERMINAL else '+' + rule}")
