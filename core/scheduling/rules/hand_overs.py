"""What becomes of an appointment when its practitioner's work is handed over to a colleague.

It moves to the colleague when everybody in it is handed over, and the colleague is free then. Beside the colleague's working hours it moves all
the same, and the reason of the hand-over explains it, as with any booking beside somebody's hours. Otherwise it stays with whoever had it, who keeps
those who are in it. docs/rules/hand-overs.md has a worked table.
"""

from enum import StrEnum


class Fate(StrEnum):
    """What becomes of it."""

    MOVES = "moves"
    BESIDE_HOURS = "moves, beside the hours"
    CLASHES = "stays, because of a clash"
    OTHERS = "stays, because of others in it"

    @property
    def moves(self) -> bool:
        return self in (Fate.MOVES, Fate.BESIDE_HOURS)


def fate_of(*, everybody: bool, free: bool, works: bool) -> Fate:
    """`everybody`: whoever is in it is handed over. `free`, `works`: of the colleague, at that time."""
    if not everybody:
        return Fate.OTHERS
    if not free:
        return Fate.CLASHES
    return Fate.MOVES if works else Fate.BESIDE_HOURS
