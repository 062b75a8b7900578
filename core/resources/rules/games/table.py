"""The table: which game lies on it, whether everybody may play, how much time is left; and which move changes it how.

Whoever leads may do everything. The others play where that is open to everybody: they turn and choose cards, match, spin and throw; in a game of
memory the one whose turn it is. Which game it is, its order, the time, what was right, and who may play stays with whoever leads. A throw, a
shuffle or a new game that was asked for when the table looked otherwise does nothing, so that two presses are one.
docs/rules/games.md has the table of who may do what.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from random import Random
from typing import Any

from core.resources.rules.games.chance import Dice, Spinner
from core.resources.rules.games.deck import Deck
from core.resources.rules.games.faces import Refused
from core.resources.rules.games.matching import Matching
from core.resources.rules.games.memory import Memory

SHORTEST, LONGEST = 5, 3600  # seconds of a timer
PAIRS = 8  # unless somebody wants more or fewer


class Game(StrEnum):
    """What is played."""

    DECK = "deck"
    MEMORY = "memory"
    MATCHING = "matching"
    SPINNER = "spinner"
    DICE = "dice"


Play = Deck | Memory | Matching | Spinner | Dice
KINDS: dict[Game, type[Any]] = {
    Game.DECK: Deck, Game.MEMORY: Memory, Game.MATCHING: Matching, Game.SPINNER: Spinner, Game.DICE: Dice,
}  # fmt: skip
LED = frozenset({Game.DECK})  # begun by whoever leads alone; the others are open to everybody
OPEN = frozenset({"go", "turn", "take", "join", "spin", "throw", "take_off", "put_back"})
FRESH = frozenset({"spin", "throw", "shuffle", "new"})


@dataclass(frozen=True, slots=True)
class Cards:
    """The cards of the set, in order, and those of them that have both sides."""

    all: tuple[str, ...] = ()
    two_sided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """What somebody does. `seen`: how many moves there had been when they did it. `player` and `present` name people, `at` is in seconds."""

    act: str
    value: Any = None
    seen: int = 0
    player: str = ""
    present: tuple[str, ...] = ()
    leads: bool = False
    at: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """A game with what is around it. `seconds` of a timer that began at `since`; 0 for none."""

    game: Game
    play: Play
    open_to_all: bool = False
    moves: int = 0
    seconds: int = 0
    since: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Table":
        """What was kept."""
        game = Game(kept["game"])
        return cls(**{**kept, "game": game, "play": _play(KINDS[game], kept["play"])})


def lay(
    game: Game, cards: Cards, *, present: Sequence[str] = (), pairs: int = PAIRS, sides: bool = False, random: Random
) -> Table:
    """A game as it begins. `sides`: in a game of memory, a card's front and its back belong together. Refused: `few_cards`, `few_sides`."""
    return Table(game, _laid(game, cards, present, pairs, sides, random), open_to_all=game not in LED)


def moved(table: Table, move: Move, cards: Cards, random: Random) -> Table:
    """The table after a move. Refused: `not_allowed`, `not_your_turn` and those of the games; without a code when nothing is to be said."""
    if not (move.leads or (table.open_to_all and move.act in OPEN)):
        raise Refused("not_allowed")
    if move.act in FRESH and move.seen != table.moves:
        raise Refused
    table = kept(table, cards)
    around = _around(table, move, cards, random)
    after = around if around is not None else replace(table, play=_played(table.play, move, cards, random))
    return replace(after, moves=table.moves + 1)


def kept(table: Table, cards: Cards) -> Table:
    """The table with the cards that the set has by now."""
    return replace(table, play=table.play.kept(cards.all)) if isinstance(table.play, Deck) else table


def _around(table: Table, move: Move, cards: Cards, random: Random) -> Table | None:
    """What is not a move of the game itself."""
    value = move.value
    if move.act == "open":
        return replace(table, open_to_all=bool(value))
    if move.act == "timer":
        if type(value) is not int or not (value == 0 or SHORTEST <= value <= LONGEST):
            raise Refused
        return replace(table, seconds=value, since=move.at)
    if move.act == "new":
        wanted = value if isinstance(value, dict) else {}
        if wanted.get("game", table.game) not in list(Game):
            raise Refused
        game = Game(wanted.get("game", table.game))
        if (game is Game.DICE) != (table.game is Game.DICE):
            raise Refused
        pairs = wanted.get("pairs", PAIRS)
        pairs = pairs if type(pairs) is int else PAIRS
        return lay(game, cards, present=move.present, pairs=pairs, sides=bool(wanted.get("sides")), random=random)
    return None


def _laid(game: Game, cards: Cards, present: Sequence[str], pairs: int, sides: bool, random: Random) -> Play:
    if game is Game.DICE:
        return Dice()
    if not cards.all:
        raise Refused("few_cards")
    if game is Game.MEMORY:
        if sides and len(cards.two_sided) < 2:
            raise Refused("few_sides")
        return Memory.lay(
            cards.two_sided if sides else cards.all, pairs=pairs, with_backs=sides, players=present, random=random
        )
    if game is Game.MATCHING:
        return Matching.lay(cards.two_sided, pairs=pairs, random=random)
    return Spinner.lay(cards.all) if game is Game.SPINNER else Deck(cards.all)


def _played(play: Play, move: Move, cards: Cards, random: Random) -> Play:
    acts = {
        Deck: _in_deck, Memory: _in_memory, Matching: _in_matching, Spinner: _on_spinner, Dice: _with_dice,
    }  # fmt: skip
    after: Play | None = acts[type(play)](play, move, cards, random)  # type: ignore[operator]
    if after is None:
        raise Refused
    return after


def _in_deck(deck: Deck, move: Move, cards: Cards, random: Random) -> Deck | None:
    value = move.value
    if move.act == "mark":
        card, is_right = value if isinstance(value, list) and len(value) == 2 else (None, None)
        return deck.mark(card, is_right)
    return {
        "go": lambda: deck.go(value),
        "turn": lambda: deck.turn(value),
        "shuffle": lambda: deck.shuffle(random),
        "sort": lambda: deck.sort(cards.all),
        "backs_first": lambda: deck.begin_with_backs(value),
    }.get(move.act, lambda: None)()


def _in_memory(memory: Memory, move: Move, cards: Cards, random: Random) -> Memory | None:
    if move.act == "take":
        return memory.take(move.value, player=move.player, present=move.present)
    return memory.passed(move.present) if move.act == "pass" else None


def _in_matching(matching: Matching, move: Move, cards: Cards, random: Random) -> Matching | None:
    if move.act != "join" or not isinstance(move.value, list) or len(move.value) != 2:
        return None
    return matching.join(*move.value)


def _on_spinner(spinner: Spinner, move: Move, cards: Cards, random: Random) -> Spinner | None:
    acts = {"spin": lambda: spinner.spin(random), "take_off": spinner.take_off, "put_back": spinner.put_back}
    return acts.get(move.act, lambda: None)()


def _with_dice(dice: Dice, move: Move, cards: Cards, random: Random) -> Dice | None:
    if move.act == "throw":
        return dice.throw(random)
    if move.act == "dice" and isinstance(move.value, list) and len(move.value) == 2:
        return dice.choose(*move.value)
    return None


def _play(kind: type[Any], kept: dict[str, Any]) -> Play:
    """Lists of JSON are tuples again."""
    known = {each.name for each in fields(kind)}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in kept.items() if name in known}
    play: Play = kind(**values)
    return play
