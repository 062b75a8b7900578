"""Matching: on the left lie fronts, on the right backs, each side in an order of its own; find which belong together.

A front and a back that belong together leave the table as a pair; two that do not are shown as wrong, and counted as one try more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from core.resources.rules.games.faces import Refused

MOST_PAIRS, FEWEST_PAIRS = 12, 2


@dataclass(frozen=True, slots=True)
class Matching:
    """`wrong`: the front and the back that somebody has put together last, where they do not belong so."""

    fronts: tuple[str, ...]
    backs: tuple[str, ...]
    found: tuple[str, ...] = ()
    wrong: tuple[str, ...] = ()
    tries: int = 0

    @classmethod
    def lay(cls, cards: Sequence[str], *, pairs: int, random: Random) -> "Matching":
        """Some of the cards that have both sides."""
        if len(cards) < FEWEST_PAIRS:
            raise Refused("few_sides")
        chosen = random.sample(list(cards), max(FEWEST_PAIRS, min(pairs, len(cards), MOST_PAIRS)))
        backs = list(chosen)
        random.shuffle(backs)
        return cls(tuple(chosen), tuple(backs))

    @property
    def is_over(self) -> bool:
        return len(self.found) == len(self.fronts)

    def join(self, front: Any, back: Any) -> "Matching":
        """Put a front and a back together."""
        if front not in self.fronts or back not in self.fronts or front in self.found or back in self.found:
            raise Refused
        if front == back:
            return replace(self, found=(*self.found, front), wrong=(), tries=self.tries + 1)
        return replace(self, wrong=(front, back), tries=self.tries + 1)
