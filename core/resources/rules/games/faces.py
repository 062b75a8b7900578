"""What games have in common: a side of a card, and why a move is refused."""

from dataclasses import dataclass

FRONT, BACK = "front", "back"


@dataclass(frozen=True, slots=True)
class Face:
    """One side of a card."""

    card: str
    side: str = FRONT


class Refused(Exception):
    """A move that the rules do not allow; `code` says why, empty where nobody needs to be told."""

    def __init__(self, code: str = "") -> None:
        super().__init__(code)
        self.code = code
