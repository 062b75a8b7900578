"""Memory: find the two that belong together among tiles that lie face down.

Whose turn it is turns one tile, then another. If they belong together, both stay open, and the same person goes on; if not, they lie open until
the next person turns a tile, who then is the one whose turn it is. Whoever comes later plays as the last; the turn of somebody who is not there
passes to the next one, and what they have found stays theirs. What lies face down is known to the server alone.
docs/rules/memory.md has a game, move by move.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from core.resources.rules.games.faces import BACK, FRONT, Face, Refused

MOST_PAIRS, FEWEST_PAIRS = 18, 2


@dataclass(frozen=True, slots=True)
class Memory:
    """`tiles`: a card for each place, each card at two; where cards have backs, `backs` says at which of both lies the back.

    `open`: the places turned in this turn; `found`: by card, who has found it.
    """

    tiles: tuple[str, ...]
    backs: tuple[bool, ...]
    players: tuple[str, ...] = ()
    turn: str = ""
    open: tuple[int, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def lay(
        cls, cards: Sequence[str], *, pairs: int, with_backs: bool, players: Sequence[str], random: Random
    ) -> "Memory":
        """Some of the cards, each twice, shuffled. `with_backs`: its front and its back belong together."""
        number = max(FEWEST_PAIRS, min(pairs, len(cards), MOST_PAIRS))
        if len(cards) < FEWEST_PAIRS:
            raise Refused("few_cards")
        chosen = random.sample(list(cards), number)
        laid = [(card, is_back) for card in chosen for is_back in (False, True)]
        random.shuffle(laid)
        first = players[0] if players else ""
        return cls(
            tuple(card for card, _ in laid), tuple(with_backs and back for _, back in laid), tuple(players), first
        )

    def face(self, place: int) -> Face:
        """What lies there."""
        return Face(self.tiles[place], BACK if self.backs[place] else FRONT)

    def is_up(self, place: int) -> bool:
        """Whether everybody sees it."""
        return place in self.open or self.tiles[place] in self.found

    @property
    def is_over(self) -> bool:
        return len(self.found) * 2 == len(self.tiles)

    @property
    def is_missed(self) -> bool:
        """Two lie open that do not belong together: the next person begins."""
        return len(self.open) == 2

    def points(self, player: str) -> int:
        """How many pairs somebody has found."""
        return sum(finder == player for finder in self.found.values())

    def with_present(self, present: Sequence[str]) -> "Memory":
        """As it stands with those who are there now: who is new plays as the last, and nobody waits for somebody who has gone."""
        players = (*self.players, *(each for each in present if each not in self.players))
        here = [each for each in players if each in present]
        if not here or self.turn in here:
            return replace(self, players=players)
        return replace(self, players=players, turn=_after(players, self.turn, here))

    def take(self, place: Any, *, player: str, present: Sequence[str]) -> "Memory":
        """Turn a tile. Refused: `not_your_turn`."""
        game = self.with_present(present)
        if type(place) is not int or not 0 <= place < len(game.tiles):
            raise Refused
        if game.turn != player:
            raise Refused("not_your_turn")
        if game.is_missed:
            game = replace(game, open=())
        if game.is_up(place):
            raise Refused
        game = replace(game, open=(*game.open, place))
        return game if len(game.open) < 2 else game._judged(present)

    def _judged(self, present: Sequence[str]) -> "Memory":
        first, second = (self.tiles[place] for place in self.open)
        if first == second:
            return replace(self, open=(), found={**self.found, first: self.turn})
        here = [each for each in self.players if each in present]
        return replace(self, turn=_after(self.players, self.turn, here))

    def passed(self, present: Sequence[str]) -> "Memory":
        """Whoever leads lets the next person go on."""
        game = self.with_present(present)
        here = [each for each in game.players if each in present]
        return replace(game, open=(), turn=_after(game.players, game.turn, here))


def _after(players: Sequence[str], player: str, here: Sequence[str]) -> str:
    """The next of those who are here, in the order of all."""
    start = players.index(player) + 1 if player in players else 0
    around = [*players[start:], *players[:start]]
    return next((each for each in around if each in here), player)
