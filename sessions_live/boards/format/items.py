"""What may lie on a board. An item is written once, by the one who draws it, and never again; where it lies, its words and its page's paper change.

| map    | key                                    | value                                                               |
|--------|----------------------------------------|---------------------------------------------------------------------|
| items  | the page's number, a dash, a count     | kind, author, time, page, colour, width, and points or a frame      |
| places | an item's key                          | how it was moved and scaled, and its rank; none: it is not shown    |
| texts  | an item's key                          | its words                                                           |
| pages  | a page's key                           | its rank and its paper                                              |

Lengths are in board units: a unit is a pixel of the screen where nothing is zoomed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ITEMS, PLACES, TEXTS, PAGES = "items", "places", "texts", "pages"
MAPS = frozenset({ITEMS, PLACES, TEXTS, PAGES})
STROKES = frozenset({"pen", "marker"})
FRAMED = frozenset({"line", "arrow", "rectangle", "ellipse", "text", "note", "image"})
WITH_WORDS = frozenset({"text", "note"})
PAPERS = frozenset({"plain", "ruled", "squared", "staff"})
COLOURS = 8
FARTHEST = 1_000_000.0  # board units from the middle
WIDEST = 64.0
MOST_POINT_BYTES = 24_000
LONGEST_TEXT = 2000
MOST_PAGES = 50
OLDEST_MS, NEWEST_MS = 24 * 3600 * 1000, 120 * 1000  # drawn without a line, and by a clock that is a little fast
_KEY = re.compile(r"[0-9a-z]{1,12}-[0-9a-z]{1,8}\Z")
_PAGE = re.compile(r"[0-9a-z]{1,12}(-[0-9a-z]{1,8})?\Z")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
# Control characters but the tab and the end of a line, halves of letters, and what no XML may hold.
NO_TEXT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


class BadItem(Exception):
    """Not a thing that a board's page makes; the text is for the log."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: the number that the server gave their page, the key that stands for them on this board, and the moment in ms of the epoch."""

    page_number: int
    key: str
    now_ms: float


def base36(number: int) -> str:
    """As scripts write a number in base 36."""
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[rest] + digits
        if not number:
            return digits


def check_value(map_name: str, key: str, value: Any, *, writer: Writer | None) -> None:
    """Error: BadItem. Without a writer (what is stored already) authorship and time are taken as they stand."""
    if map_name == ITEMS:
        _check_item(key, value, writer)
    elif map_name == PLACES:
        _check_key(key)
        _check_place(value)
    elif map_name == TEXTS:
        _check_key(key)
        if not isinstance(value, str) or len(value) > LONGEST_TEXT or NO_TEXT.search(value):
            raise BadItem("no text, or too long a one")
    elif map_name == PAGES:
        _check_page(key, value)
    else:
        raise BadItem("no such map")


def _check_key(key: str) -> None:
    if not _KEY.match(key):
        raise BadItem("no key of an item")


def _check_item(key: str, value: Any, writer: Writer | None) -> None:
    _check_key(key)
    if not isinstance(value, Mapping):
        raise BadItem("no item")
    if writer is not None:
        if key.partition("-")[0] != base36(writer.page_number):
            raise BadItem("another page's key")
        if value.get("by") != writer.key:
            raise BadItem("in somebody else's name")
        at = _number(value.get("at"), 0, 1e15)
        if not writer.now_ms - OLDEST_MS <= at <= writer.now_ms + NEWEST_MS:
            raise BadItem("at another time")
    kind = value.get("kind")
    if not isinstance(kind, str) or not isinstance(value.get("page"), str) or not _PAGE.match(value["page"]):
        raise BadItem("no kind or no page")
    _number(value.get("colour"), 0, COLOURS - 1)
    _number(value.get("width"), 0.25, WIDEST)
    if kind in STROKES:
        points = value.get("points")
        if not isinstance(points, bytes) or not 3 <= len(points) <= MOST_POINT_BYTES:
            raise BadItem("no points, or too many")
        read_points(points)
        _only(value, {"points"})
    elif kind in FRAMED:
        for side in ("x", "y", "w", "h"):
            _number(value.get(side), -FARTHEST, FARTHEST)
        if kind == "image" and not (isinstance(value.get("picture"), str) and _UUID.match(value["picture"])):
            raise BadItem("no picture")
        _only(value, {"x", "y", "w", "h"} | ({"picture"} if kind == "image" else set()))
    else:
        raise BadItem("no such kind")


def _only(value: Mapping[str, Any], more: set[str]) -> None:
    if set(value) - {"kind", "by", "at", "page", "colour", "width"} - more:
        raise BadItem("something besides")


def _check_place(value: Any) -> None:
    if not isinstance(value, Mapping) or set(value) != {"x", "y", "sx", "sy", "z"}:
        raise BadItem("no place")
    for name in ("x", "y", "z"):
        _number(value[name], -FARTHEST * 4, FARTHEST * 4)
    for name in ("sx", "sy"):
        if abs(_number(value[name], -1000, 1000)) < 0.001:
            raise BadItem("squeezed to nothing")


def _check_page(key: str, value: Any) -> None:
    if not _PAGE.match(key) or not isinstance(value, Mapping) or set(value) != {"rank", "paper"}:
        raise BadItem("no page")
    _number(value["rank"], -FARTHEST, FARTHEST)
    if value["paper"] not in PAPERS:
        raise BadItem("no such paper")


def _number(value: Any, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise BadItem("a number out of bounds")
    return value


def read_points(points: bytes) -> list[tuple[float, float, float]]:
    """Where the pen went: x, y in board units, pressure from 0 to 1. Quarter units, each as the difference to the one before. Error: BadItem."""
    found: list[tuple[float, float, float]] = []
    at = x = y = 0
    while at < len(points):
        step_x, at = _step(points, at)
        step_y, at = _step(points, at)
        if at >= len(points):
            raise BadItem("half a point")
        x, y = x + step_x, y + step_y
        if abs(x) > FARTHEST * 4 or abs(y) > FARTHEST * 4:
            raise BadItem("a point out of bounds")
        found.append((x / 4, y / 4, points[at] / 255))
        at += 1
    return found


def _step(points: bytes, at: int) -> tuple[int, int]:
    """One zigzag number and where the next one begins."""
    value = shift = 0
    while True:
        if at >= len(points) or shift > 28:
            raise BadItem("half a point")
        byte = points[at]
        at += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if not byte & 0x80:
            return (value >> 1) ^ -(value & 1), at
