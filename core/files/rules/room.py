"""How much room there is: what is kept and what is on its way, beside what the plan allows.

A file is refused before its first byte is sent when it would not fit, and nothing is deleted when a plan becomes smaller: what is there stays, and
nothing new is taken in. From nine tenths on people are told.
docs/rules/room.md has the table.
"""

from core.kernel.allowance import Allowance

GIGABYTE = 1_000_000_000


class Room(Allowance):
    """Bytes that are used, and bytes that may be; None for no limit."""


def room_on_plan(used: int, gigabytes: int | None) -> Room:
    """The room of a plan with so many gigabytes."""
    return Room(used, None if gigabytes is None else gigabytes * GIGABYTE)


def size_words(size: int) -> str:
    """So many bytes for a person: 312 kB, 4.2 MB, 1.5 GB."""
    if size >= GIGABYTE:
        return f"{_short(size / GIGABYTE)} GB"
    if size >= 1_000_000:
        return f"{_short(size / 1_000_000)} MB"
    return f"{max(1, round(size / 1000))} kB" if size else "0 kB"


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
