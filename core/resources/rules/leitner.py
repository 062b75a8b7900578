"""When a card comes again: five boxes, as Sebastian Leitner described them (So lernt man lernen, 1972).

A new card lies in no box yet. Known, a card moves one box on and comes again later: after 1, 2, 4, 8 and 16 days. Not known, it goes back to the
first box, whichever it was in, and comes again the same day, after the others of that day. In the last box it stays, and comes every 16 days.
docs/rules/leitner.md has the table.
"""

from dataclasses import dataclass
from datetime import date, timedelta

DAYS = {1: 1, 2: 2, 3: 4, 4: 8, 5: 16}  # by the box in which a known card lies from then on
LAST = max(DAYS)


@dataclass(frozen=True, slots=True)
class Place:
    """The box in which a card lies, and the day from which on it is due."""

    box: int
    due_on: date


def answered(box: int, *, is_known: bool, on: date) -> Place:
    """Where the card lies after an answer. `box`: where it lay before; 0 for a card that is new."""
    if not is_known:
        return Place(1, on)
    after = min(box + 1, LAST)
    return Place(after, on + timedelta(days=DAYS[after]))
