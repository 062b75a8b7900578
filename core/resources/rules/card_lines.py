"""Cards out of lines of text: what stands before the first = is the front, what stands behind it the back.

A tab parts both as well, because a table that was copied has them. A line without one of both is a front alone; empty lines are no cards.
docs/rules/card-lines.md has the table.
"""

import re
from typing import NamedTuple

_PARTS = re.compile(r"\t|=")


class Line(NamedTuple):
    """Both sides of a card."""

    front: str
    back: str


def cards_of(text: str) -> list[Line]:
    """The cards, in order."""
    found = []
    for line in text.splitlines():
        front, back = [*(part.strip() for part in _PARTS.split(line, maxsplit=1)), ""][:2]
        if front or back:
            found.append(Line(front, back))
    return found
