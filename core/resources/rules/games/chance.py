"""What chance decides: a spinner with a card in each of its parts, and dice. The server throws; nobody's page does."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from core.resources.rules.games.faces import Refused

MOST_PARTS, MOST_DICE = 24, 6
SIDES = (4, 6, 8, 10, 12, 20)


@dataclass(frozen=True, slots=True)
class Spinner:
    """`result`: the card at which it stopped last. `out`: cards that were taken off. `spins` counts, so that pages turn for each."""

    parts: tuple[str, ...]
    out: tuple[str, ...] = ()
    result: str = ""
    spins: int = 0

    @classmethod
    def lay(cls, cards: Sequence[str]) -> "Spinner":
        """The first cards of the set, each in a part of its own."""
        if len(cards) < 2:
            raise Refused("few_cards")
        return cls(tuple(cards[:MOST_PARTS]))

    @property
    def left(self) -> tuple[str, ...]:
        """The parts that it has by now."""
        return tuple(card for card in self.parts if card not in self.out)

    def spin(self, random: Random) -> "Spinner":
        """Each part is as likely as the others."""
        return replace(self, result=random.choice(self.left), spins=self.spins + 1)

    def take_off(self) -> "Spinner":
        """Where it stopped is done with; the last part stays."""
        if self.result not in self.left or len(self.left) < 2:
            raise Refused("last_part")
        return replace(self, out=(*self.out, self.result), result="")

    def put_back(self) -> "Spinner":
        """All parts again."""
        return replace(self, out=())


@dataclass(frozen=True, slots=True)
class Dice:
    """`thrown`: what lies up, die by die; empty before the first throw."""

    number: int = 1
    sides: int = 6
    thrown: tuple[int, ...] = ()
    throws: int = 0

    def throw(self, random: Random) -> "Dice":
        """All of them."""
        thrown = tuple(random.randint(1, self.sides) for _ in range(self.number))
        return replace(self, thrown=thrown, throws=self.throws + 1)

    def choose(self, number: Any, sides: Any) -> "Dice":
        """How many, and with how many sides."""
        if number not in range(1, MOST_DICE + 1) or sides not in SIDES:
            raise Refused
        return Dice(int(number), int(sides), throws=self.throws)
