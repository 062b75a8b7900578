"""Looking through cards, one after the other.

One card lies on top, with one of its sides up: the front first, or the back, as somebody wants to practise. It is turned, and the next one comes.
Shuffled or put in order again, the first one is on top, and what was noted stays. Whoever leads notes of each card whether it was right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from core.resources.rules.games.faces import BACK, FRONT, Face, Refused


@dataclass(frozen=True, slots=True)
class Deck:
    """`marks`: by card, whether it was right. `backs_first`: what lies up when a card comes."""

    order: tuple[str, ...]
    at: int = 0
    is_turned: bool = False
    backs_first: bool = False
    marks: Mapping[str, bool] = field(default_factory=dict)

    @property
    def top(self) -> Face:
        """What everybody sees."""
        return Face(self.order[self.at], BACK if self.is_turned != self.backs_first else FRONT)

    def kept(self, cards: Sequence[str]) -> "Deck":
        """As it lies once cards were added to the set, or removed from it; what is new comes last, and the card on top stays there if it can."""
        if set(cards) == set(self.order):
            return self
        order = tuple(card for card in self.order if card in cards)
        order += tuple(card for card in cards if card not in order)
        stays = self.order and self.order[self.at] in order
        at = order.index(self.order[self.at]) if stays else max(0, min(self.at, len(order) - 1))
        marks = {card: value for card, value in self.marks.items() if card in order}
        return replace(self, order=order, at=at, is_turned=self.is_turned and bool(stays), marks=marks)

    def go(self, at: Any) -> "Deck":
        """To another card, which lies as cards lie when they come."""
        if type(at) is not int or not 0 <= at < len(self.order):
            raise Refused
        return replace(self, at=at, is_turned=False)

    def turn(self, is_turned: Any) -> "Deck":
        """The other side up, or the first one again."""
        return replace(self, is_turned=bool(is_turned))

    def shuffle(self, random: Random) -> "Deck":
        """In an order that nobody knows."""
        order = list(self.order)
        random.shuffle(order)
        return replace(self, order=tuple(order), at=0, is_turned=False)

    def sort(self, cards: Sequence[str]) -> "Deck":
        """As they stand in the set."""
        return replace(self, order=tuple(cards), at=0, is_turned=False)

    def begin_with_backs(self, backs_first: Any) -> "Deck":
        """Practise it the other way round."""
        return replace(self, backs_first=bool(backs_first), is_turned=False)

    def mark(self, card: Any, is_right: Any) -> "Deck":
        """Right, wrong, or nothing noted (None)."""
        if card not in self.order:
            raise Refused
        marks = {key: value for key, value in self.marks.items() if key != card}
        if is_right is not None:
            marks[card] = bool(is_right)
        return replace(self, marks=marks)

    @property
    def right(self) -> int:
        """How many cards were right."""
        return sum(self.marks.values())
