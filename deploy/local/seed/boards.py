"""A board that somebody has drawn on, so that it can be opened, gone on with and saved."""

import math
from datetime import datetime
from typing import Any

from pycrdt import Doc, Map

from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice
from sessions_live.boards.actions.boards import create_board, ensure_author
from sessions_live.boards.actions.updates import append_update
from sessions_live.boards.format.items import Writer, base36
from sessions_live.boards.rules.board_updates import Document

PAGE_NUMBER = 7
TITLES = {
    "clinic": ("Sounds of the week", "squared", "S as in sun", "Say it slowly, then in a sentence."),
    "school": ("Lesson sketches", "staff", "Scale in C", "Left hand first, then both."),
}


def draw_board(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """On the first client's board: a title, a sun in pen, an arrow and a note."""
    client = cast.clients[0]
    by = client.assignments.select_related("practitioner__user").first().practitioner.user  # type: ignore[union-attr]
    title, paper, heading, advice = TITLES[practice.blueprint]
    board = create_board(client=client, title=title, client_access="draw", by=by, now=now)
    key, milliseconds = ensure_author(board, by=by).key, int(now.timestamp() * 1000)
    document: Doc = Doc(client_id=PAGE_NUMBER)
    maps = {name: document.get(name, type=Map) for name in ("items", "places", "texts", "pages")}
    with document.transaction():
        maps["pages"]["1"] = {"rank": 0, "paper": paper}
        for number, (item, words) in enumerate(_things(heading, advice), 1):
            name = f"{base36(PAGE_NUMBER)}-{number}"
            maps["items"][name] = {"by": key, "at": milliseconds, "page": "1", "colour": 0, "width": 3, **item}
            maps["places"][name] = {"x": 0, "y": 0, "sx": 1, "sy": 1, "z": number}
            if words:
                maps["texts"][name] = words
    update = document.get_update()
    Document().check(update, Writer(PAGE_NUMBER, key, milliseconds))
    append_update(board, update, by=by, now=now)


def _things(heading: str, advice: str) -> list[tuple[dict[str, Any], str]]:
    circle = [(260 + 70 * math.cos(turn / 8), 220 + 70 * math.sin(turn / 8), 0.5 + turn / 200) for turn in range(53)]
    rays = [
        [(260 + reach * math.cos(turn), 220 + reach * math.sin(turn), 0.6) for reach in (86, 98, 112)]
        for turn in (step * math.pi / 4 for step in range(8))
    ]
    strokes = [({"kind": "pen", "colour": 2, "width": 4, "points": encoded(points)}, "") for points in (circle, *rays)]
    return [
        ({"kind": "text", "x": 40, "y": 40, "w": 420, "h": 0, "width": 30}, heading),
        *strokes,
        ({"kind": "arrow", "x": 400, "y": 230, "w": 90, "h": 0, "colour": 5}, ""),
        ({"kind": "note", "x": 510, "y": 160, "w": 190, "h": 120, "width": 16, "colour": 0}, advice),
    ]


def encoded(points: list[tuple[float, float, float]]) -> bytes:
    """Points as a board's document keeps them (`sessions_live.boards.format.items.read_points`)."""
    written, before = bytearray(), (0, 0)
    for x, y, pressure in points:
        at = (round(x * 4), round(y * 4))
        for step in (at[0] - before[0], at[1] - before[1]):
            zigzag = step * 2 if step >= 0 else -step * 2 - 1
            while zigzag > 0x7F:
                written.append(zigzag & 0x7F | 0x80)
                zigzag >>= 7
            written.append(zigzag)
        written.append(round(min(1.0, pressure) * 255))
        before = at
    return bytes(written)
