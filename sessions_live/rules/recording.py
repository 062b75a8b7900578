"""What can become of a recording.

A host asks; as soon as one person has agreed, those who agreed are recorded. When it stops, one video is made of the parts. The video is kept
for the days that people were told, or deleted before; while it is being made it cannot be deleted. When the video cannot be made, the parts
are kept, and it can be tried again. Where nobody agreed there is nothing, and nothing can be deleted.

It is kept for at least a day and at most ten years, counted from the day on which it stopped.
docs/rules/recording.md has a worked table.
"""

from datetime import date, timedelta

FEWEST_DAYS, MOST_DAYS = 1, 3650
MOVES = {
    "asking": {"recording", "nothing"},
    "recording": {"composing"},
    "composing": {"kept", "failed", "nothing"},
    "failed": {"composing", "deleted"},
    "kept": {"deleted"},
    "nothing": set(),
    "deleted": set(),
}


def can_move(state: str, to: str) -> bool:
    """Whether a recording in `state` may become `to`."""
    return to in MOVES[state]


def last_day(stopped_on: date, days: int) -> date:
    """The last day on which it is kept."""
    return stopped_on + timedelta(days=days)
