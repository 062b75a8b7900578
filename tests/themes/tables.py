"""A table of cards as the room's server keeps it, for pages that play on it: the product's own rules, without a database."""

import json
from random import Random
from typing import Any
from uuid import UUID

from core.resources.models import Card
from core.resources.rules.games.faces import Refused
from core.resources.rules.games.table import Cards, Game, Move, lay, moved
from core.resources.table_facts import table_facts
from tests.themes.live_page import Server

WORDS = (
    ("sun", "Sonne"), ("sea", "Meer"), ("sand", "Sand"), ("sail", "Segel"), ("seal", "Seehund"), ("soap", "Seife"), ("sock", "Socke"),
    ("six", "sechs"), ("a sentence that is so long that it does not fit on a line of a card", "ein langer Satz"),
)  # fmt: skip


def cards(*, pictures: bool = False) -> dict[str, Card]:
    """Cards that no database has; with pictures, the front of each has one."""
    made = {}
    for number, (front, back) in enumerate(WORDS, start=1):
        pk = UUID(int=number)
        picture = UUID(int=100 + number) if pictures else None
        made[str(pk)] = Card(pk=pk, position=number, front_text=front, back_text=back, front_picture_id=picture)
    return made


class PlayedTable:
    """Answers what a page plays, as the server does; everybody on it is named by their page."""

    def __init__(self, server: Server, game: str = "deck", *, pictures: bool = False, seed: int = 4) -> None:
        self.server, self.random, self.cards = server, Random(seed), cards(pictures=pictures)
        self.known = Cards(tuple(self.cards), tuple(self.cards)) if game != "dice" else Cards()
        self.present: tuple[str, ...] = ("tess", "gus")
        self.table = lay(Game(game), self.known, present=self.present, random=self.random)
        self.leads = bool(server.welcome["host"])
        self.me = "gus"
        listening = server._received

        def received(text: str | bytes) -> None:
            listening(text)
            message = json.loads(text)
            if message["type"] == "play":
                self.play(message["act"], message.get("value"), seen=message["seen"])

        server.socket.on_message(received)  # type: ignore[union-attr]

    def play(
        self, act: str, value: Any = None, *, seen: int | None = None, by: str = "", leads: bool | None = None
    ) -> None:
        """A move, of this page's person or of another one; what is refused is said as the server says it."""
        move = Move(
            act, value, self.table.moves if seen is None else seen, player=by or self.me, present=self.present,
            leads=self.leads if leads is None else leads, at=1000.0,
        )  # fmt: skip
        try:
            self.table = moved(self.table, move, self.known, self.random)
        except Refused as refused:
            self.server.send({"type": "error", "code": refused.code, "message": refused.code, "for": "play"})
        self.tell()

    def tell(self) -> None:
        """What everybody sees."""
        facts = table_facts(self.table, self.cards, page_of=lambda player: player, now=1000.0)
        kind = "dice" if self.table.game is Game.DICE else "cards"
        self.server.send({
            "type": "showing", "showing": "words", "kind": kind, "title": "" if kind == "dice" else "Words", "pages": None, "picture": False,
            "address": "", "playing": False, "position": 0, "at": 1000, "now": 1000, "table": json.loads(json.dumps(facts)),
        })  # fmt: skip
