"""How much room there is: what is kept and what is on its way, beside what the plan allows.

A file is refused before its first byte is sent when it would not fit, and nothing is deleted when a plan becomes smaller: what is there stays, and
nothing new is taken in. From nine tenths on people are told.
docs/rules/room.md has the table.
"""

from dataclasses import dataclass

GIGABYTE = 1_000_000_000
NEARLY = 0.9


@dataclass(frozen=True, slots=True)
class Room:
    """Bytes that are used, and bytes that may be; None for no limit."""

    used: int
    most: int | None

    @property
    def left(self) -> int | None:
        """What still fits."""
        return None if self.most is None else max(0, self.most - self.used)

    @property
    def is_nearly_full(self) -> bool:
        return self.most is not None and self.used >= self.most * NEARLY

    def takes(self, size: int) -> bool:
        """Whether so many bytes more still fit."""
        return self.left is None or size <= self.left


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
