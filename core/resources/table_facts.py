"""A table as pages read it: what lies up, and nothing of what lies face down."""

from collections.abc import Callable, Mapping
from typing import Any

from core.resources.models import Card
from core.resources.rules.games.chance import Dice, Spinner
from core.resources.rules.games.deck import Deck
from core.resources.rules.games.faces import BACK, FRONT, Face
from core.resources.rules.games.matching import Matching
from core.resources.rules.games.memory import Memory
from core.resources.rules.games.table import Table

Facts = dict[str, Any]
MARKS = "marks"  # what only those read who lead


def table_facts(table: Table, cards: Mapping[str, Card], *, page_of: Callable[[str], str], now: float) -> Facts:
    """`page_of(player)`: how pages call somebody who plays; empty for who has gone. `now`: the server's clock, in seconds."""
    reader = _READERS[type(table.play)]
    return {
        "game": table.game.value,
        "open": table.open_to_all,
        "moves": table.moves,
        "timer": {"seconds": table.seconds, "since": table.since, "now": now},
        table.game.value: reader(table.play, cards, page_of),
    }


def face_facts(face: Face, cards: Mapping[str, Card]) -> Facts:
    """One side of a card. `picture` and `sound` say whether there is one; the page knows the address."""
    card = cards.get(face.card)
    if card is None:
        return {"card": face.card, "side": face.side, "gone": True}
    side = face.side
    return {
        "card": face.card,
        "side": side,
        "text": getattr(card, f"{side}_text"),
        "picture": getattr(card, f"{side}_picture_id") is not None,
        "sound": getattr(card, f"{side}_sound_id") is not None,
    }


def _deck(deck: Deck, cards: Mapping[str, Card], page_of: Callable[[str], str]) -> Facts:
    if not deck.order:
        return {"count": 0, "at": 0, "turned": False, "backs_first": deck.backs_first, MARKS: {}}
    top = cards.get(deck.order[deck.at])
    after = deck.order[deck.at + 1 : deck.at + 2]
    return {
        "top": face_facts(deck.top, cards),
        "next": [face_facts(Face(card, BACK if deck.backs_first else FRONT), cards) for card in after],
        "at": deck.at,
        "count": len(deck.order),
        "turned": deck.is_turned,
        "two_sided": top is not None and top.has("front") and top.has("back"),
        "backs_first": deck.backs_first,
        MARKS: dict(deck.marks),
    }


def _memory(memory: Memory, cards: Mapping[str, Card], page_of: Callable[[str], str]) -> Facts:
    up = [memory.is_up(place) for place in range(len(memory.tiles))]
    return {
        "tiles": [face_facts(memory.face(place), cards) if shown else None for place, shown in enumerate(up)],
        "open": list(memory.open),
        "missed": memory.is_missed,
        "over": memory.is_over,
        "found": len(memory.found),
        "turn": page_of(memory.turn),
        "players": [{"peer": page_of(each), "points": memory.points(each)} for each in memory.players],
    }


def _matching(matching: Matching, cards: Mapping[str, Card], page_of: Callable[[str], str]) -> Facts:
    return {
        "fronts": [face_facts(Face(card), cards) for card in matching.fronts],
        "backs": [face_facts(Face(card, BACK), cards) for card in matching.backs],
        "found": list(matching.found),
        "wrong": list(matching.wrong),
        "tries": matching.tries,
        "over": matching.is_over,
    }


def _spinner(spinner: Spinner, cards: Mapping[str, Card], page_of: Callable[[str], str]) -> Facts:
    return {
        "parts": [face_facts(Face(card), cards) for card in spinner.left],
        "out": len(spinner.out),
        "result": face_facts(Face(spinner.result), cards) if spinner.result else None,
        "spins": spinner.spins,
    }


def _dice(dice: Dice, cards: Mapping[str, Card], page_of: Callable[[str], str]) -> Facts:
    return {"number": dice.number, "sides": dice.sides, "thrown": list(dice.thrown), "throws": dice.throws}


_READERS: dict[type[Any], Callable[..., Facts]] = {
    Deck: _deck, Memory: _memory, Matching: _matching, Spinner: _spinner, Dice: _dice,
}  # fmt: skip
