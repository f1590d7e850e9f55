#!/usr/bin/env python3
"""The HTML of the shipped mails holds up where no browser shows it.

Outlook lays out with Word, QQ Mail and others take <head> and <style> away, Gmail cuts what is long and drops
a stylesheet that is: so all that matters is said inline, in the few words that all of them understand, by tables.
Read from the golden files, which hold every mail (golden_test compares them with what the program writes).
"""

import re
import unittest
from html.parser import HTMLParser
from pathlib import Path

GOLDEN = Path(__file__).resolve().parent.parent / "desk" / "golden"
MAILS = sorted(GOLDEN.glob("*.html"))

TEXT = {"color", "font-family", "font-size", "font-weight", "line-height", "text-decoration", "word-break",
        "unicode-bidi", "white-space"}
CELL = TEXT | {"padding", "border-left", "border-top", "border-bottom", "text-align"}
# What Word ignores stands only where nothing is lost by it: a corner, the most of a width that the table of
# Outlook's own has, the look of a button that is a link then.
PROPERTIES = {
    "body": {"margin", "padding", "background-color"},
    "table": TEXT | {"background-color", "border", "border-radius", "border-collapse", "max-width", "text-align"},
    "tr": set(), "td": CELL,
    "p": TEXT | {"margin", "padding", "border-top"},
    "span": TEXT, "strong": TEXT, "br": set(),
    "a": TEXT | {"display", "margin", "padding", "background-color", "border", "border-radius"},
    "img": {"display", "max-width", "height", "border"},
    "div": {"display", "max-height", "overflow", "mso-hide"},  # the line that a list of mails shows
}
VOID = {"br", "img", "meta"}
HEAD_BYTES = 8192  # Gmail's most for a stylesheet
MAIL_BYTES = 102 * 1024 // 3  # Gmail cuts behind that, and a golden mail is a short one
LEAST_CONTRAST = 4.5  # WCAG AA


def declarations(style):
    return {name.strip(): value.strip() for name, _, value in
            (part.partition(":") for part in style.split(";") if part.strip())}


def luminance(colour):
    channels = [int(colour[at:at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


class Reader(HTMLParser):
    """Walks the body as a program does that took the head away. dark: class → colours, or none."""

    def __init__(self, dark=None):
        super().__init__()
        self.dark, self.stack, self.wrong, self.in_body = dark, [], [], False
        self.worst = 99.0

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.in_body = self.in_body or tag == "body"
        if not self.in_body:
            return
        style = declarations(attributes.get("style", ""))
        if tag not in PROPERTIES:
            self.wrong.append(f"<{tag}>")
        else:
            self.wrong += [f"<{tag}> {name}" for name in style if name not in PROPERTIES[tag]]
        self.check_place(tag, attributes, style)
        if tag not in VOID:
            self.stack.append((tag, self.colours(attributes, style), style.get("display") == "none"))

    def check_place(self, tag, attributes, style):
        if tag == "table" and {"cellpadding", "cellspacing", "border", "role", "width"} - set(attributes):
            self.wrong.append(f"<table> without {attributes}")
        if "background-color" in style and tag == "table" and attributes.get("bgcolor") != style["background-color"]:
            self.wrong.append("a background that Word does not see (bgcolor)")
        if tag == "p" and "margin" not in style:
            self.wrong.append("<p> with a margin that each program makes its own")
        if tag == "div" and style.get("display") != "none":
            self.wrong.append("<div> that lays out")
        if tag == "td" and "white-space" in style and "nowrap" not in attributes:
            self.wrong.append("<td> that Word breaks (nowrap)")

    def colours(self, attributes, style):
        text, ground = self.stack[-1][1] if self.stack else ("#000000", "#ffffff")
        text, ground = style.get("color", text), style.get("background-color", ground)
        for name in (attributes.get("class") or "").split():
            text, ground = (self.dark or {}).get(name, {}).get("color", text), \
                (self.dark or {}).get(name, {}).get("background-color", ground)
        return text, ground

    def handle_endtag(self, tag):
        if self.in_body and tag not in VOID and tag != "html":
            self.wrong += [] if self.stack and self.stack[-1][0] == tag else [f"</{tag}>"]
            self.stack.pop()

    def handle_data(self, data):
        hidden = any(entry[2] for entry in self.stack)
        marks = "".join(data.split()).strip("●✔✘✖")  # a sign beside words may be fainter
        if self.in_body and marks and not hidden:
            self.worst = min(self.worst, contrast(*self.stack[-1][1]))

    @classmethod
    def of(cls, text, dark=None):
        reader = cls(dark)
        reader.feed(re.sub(r"<!--.*?-->", "", text, flags=re.S))
        return reader


def dark_colours(text):
    block = re.search(r"prefers-color-scheme: dark\) \{(.*?)\n\}\n", text, re.S)[1]
    return {name: declarations(rule.replace(" !important", "").replace("border-color", "x"))
            for name, rule in re.findall(r"\.(\w+)\{(.*?)\}", block)}


class Html(unittest.TestCase):
    def each(self, check):
        self.assertGreater(len(MAILS), 40, "there is HTML for every occasion")
        for path in MAILS:
            with self.subTest(path.name):
                check(path.read_text(encoding="utf-8"))

    def test_only_what_all_programs_show_is_used_and_it_is_inline(self):
        self.each(lambda text: self.assertEqual(Reader.of(text).wrong, []))

    def test_words_are_readable_without_the_stylesheet_and_in_the_dark(self):
        def check(text):
            self.assertGreaterEqual(Reader.of(text).worst, LEAST_CONTRAST)
            self.assertGreaterEqual(Reader.of(text, dark_colours(text)).worst, LEAST_CONTRAST)
        self.each(check)

    def test_the_head_says_that_both_schemes_are_known_and_is_short(self):
        def check(text):
            head = text.partition("</head>")[0]
            for name in ("color-scheme", "supported-color-schemes"):
                self.assertIn(f'<meta name="{name}" content="light dark">', head)
            self.assertIn("width=device-width", head)
            self.assertLess(len(head.encode()), HEAD_BYTES)
            self.assertLess(len(text.encode()), MAIL_BYTES)
        self.each(check)

    def test_outlook_has_a_table_of_a_fixed_width_around_all(self):
        def check(text):
            own = "".join(re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", text.partition("</head>")[2], re.S))
            self.assertIn('<table width="600"', own)
            for tag in ("table", "tr", "td"):
                self.assertEqual(len(re.findall(f"<{tag}[ >]", own)), own.count(f"</{tag}>"))
            self.assertGreater(text.rindex("</td></tr></table><![endif]-->"), text.index("mailto:"), "the foot as well")
        self.each(check)


if __name__ == "__main__":
    unittest.main()
