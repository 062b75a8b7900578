"""Headings to start a text with, for whoever has none yet: they say nothing by themselves, and are not published as they are."""

import re

from django.utils.html import escape, strip_tags

from core.kernel.translation import gettext_noop, translate

_HEADINGS = {
    "terms": (
        gettext_noop("Who we are"), gettext_noop("What we offer"), gettext_noop("%(Appointments)s and cancelling them"),
        gettext_noop("Prices and payment"), gettext_noop("Changes to these terms"),
    ),
    "privacy": (
        gettext_noop("Who is responsible"), gettext_noop("Which data we keep, and what for"), gettext_noop("Who else receives data"),
        gettext_noop("How long data is kept"), gettext_noop("What you can ask of us"),
    ),
    "imprint": (gettext_noop("Who is responsible"), gettext_noop("Address"), gettext_noop("How to reach us")),
    "consent": (
        gettext_noop("What you agree to"), gettext_noop("What this is for"), gettext_noop("How to withdraw it"),
    ),
}  # fmt: skip
_HEADING = re.compile(r"<h([23])[^>]*>(.*?)</h\1>", re.DOTALL)


def outline(kind: str) -> str:
    """The headings of a kind, as rich text in the language in force."""
    return "".join(f"<h2>{escape(translate(heading))}</h2><p></p>" for heading in _HEADINGS[kind])


def empty_heading(body: str) -> str:
    """The first heading with nothing below it; empty when there is none."""
    found = list(_HEADING.finditer(body))
    for number, heading in enumerate(found):
        following = found[number + 1] if number + 1 < len(found) else None
        below = body[heading.end() : following.start() if following else len(body)]
        opens_smaller = following is not None and following[1] > heading[1] and not strip_tags(below).strip()
        if not strip_tags(below).strip() and not opens_smaller:
            return strip_tags(heading[2]).strip() or "–"
    return ""
