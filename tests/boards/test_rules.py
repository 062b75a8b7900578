"""Which updates of a board's document are taken: the table of docs/rules/board-updates.md; and what its colours are chosen by."""

import random

import pytest

from sessions_live.boards.format.encoding import BadUpdate, read_update
from sessions_live.boards.format.items import Writer as Rights
from sessions_live.boards.format.items import base36, read_points
from sessions_live.boards.format.palette import COLOURS, NOTES, PAPER
from sessions_live.boards.rules.board_updates import Document
from tests.boards.pages import Writer, points_of
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
NOW = 1_800_000_000_000.0
TESS, GUS = 11, 12


def _both():
    """What Gus has of a board on which Tess has drawn one stroke."""
    tess, gus = Writer(TESS, "tess", NOW), Writer(GUS, "gus", NOW)
    key, update = tess.stroke()
    gus.document.apply_update(update)
    document = Document()
    document.take(document.check(update, Rights(TESS, "tess", NOW)))
    return document, gus, key


def _set(name, key, value):
    return lambda writer, of_tess: writer.update(lambda maps: maps[name].__setitem__(key or of_tess, value))


PLACE = {"x": 0, "y": 0, "sx": 1, "sy": 1, "z": 9}
UPDATES = {
    "a stroke in one's own name": lambda gus, key: gus.stroke()[1],
    "a stroke in somebody else's name": lambda gus, key: gus.stroke(by="tess")[1],
    "a stroke of two days ago": lambda gus, key: gus.stroke(at=NOW - 48 * 3600 * 1000)[1],
    "a stroke under another page's number": lambda gus, key: Writer(13, "gus", NOW).stroke()[1],
    "an item of somebody else, written anew": _set("items", None, {"kind": "pen"}),
    "an item of somebody else, deleted": lambda gus, key: gus.update(lambda maps: maps["items"].pop(key)),
    "an item of somebody else, moved": _set("places", None, PLACE | {"x": 40}),
    "an item of somebody else, taken off the board": lambda gus, key: gus.update(lambda maps: maps["places"].pop(key)),
    "a place a million miles away": _set("places", None, PLACE | {"x": 1e12}),
    "something besides what an item has": lambda gus, key: gus.stroke(script="x")[1],
    "words of 2,001 letters": _set("texts", None, "x" * 2001),
    "a value in a map that boards do not have": lambda gus, key: gus.update(
        lambda maps: gus.document.get("other", type=type(maps["items"])).__setitem__("a", 1)
    ),
    "an update that follows one that is missing": lambda gus, key: (gus.stroke(), gus.stroke())[1][1],
    "bytes that are no update": lambda gus, key: b"\x05\x04\x03\x02\x01",
}


@pytest.mark.parametrize(("update", "taken"), rows("board-updates"))
def test_update_is_taken_or_refused(update, taken):
    document, gus, key = _both()
    data = UPDATES[update](gus, key)
    rights = Rights(GUS, "gus", NOW)
    if taken == "yes":
        document.take(document.check(data, rights))
    else:
        with pytest.raises(BadUpdate):
            document.check(data, rights)


def test_table_and_cases_are_the_same():
    assert [update for update, _ in rows("board-updates")] == list(UPDATES)


def test_stored_document_is_read_again_with_everything_that_was_moved_and_taken_away():
    tess = Writer(TESS, "tess", NOW)
    key, _ = tess.stroke()
    for step in range(5):
        tess.update(lambda maps, x=step: maps["places"].__setitem__(key, PLACE | {"x": x}))
    tess.update(lambda maps: maps["places"].pop(key))
    document = Document()
    document.add(tess.document.get_update())
    assert document.items == {key}
    document.take(document.check(tess.stroke()[1], Rights(TESS, "tess", NOW)))


def test_ten_thousand_damaged_updates_raise_nothing_but_a_refusal():
    """As they come from a page that has gone mad: bits turned, cut, repeated, put together."""
    chance = random.Random(7)
    good = [Writer(TESS, "tess", NOW).stroke()[1] for _ in range(3)]
    refused = 0
    for _ in range(10_000):
        update = bytearray(chance.choice(good))
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(update) + 1)
            how = chance.randint(0, 3)
            if how == 0 and at < len(update):
                update[at] ^= 1 << chance.randrange(8)
            elif how == 1:
                del update[at:]
            elif how == 2:
                update[at:at] = chance.randbytes(chance.randint(1, 9))
            else:
                update += update[:at]
        document = Document()
        try:
            document.check(bytes(update), Rights(TESS, "tess", NOW))
        except BadUpdate:
            refused += 1
    assert refused > 8000  # a bit of a coordinate may turn, and it is another coordinate


@pytest.mark.parametrize(
    "data", [b"\xff" * 200, b"\x01" * 200, b"\x00\x01\x05\xff\xff\xff\xff\x0f\x00\xff\xff\xff\x0f"]
)
def test_announcements_that_nothing_keeps_cost_nothing(data):
    with pytest.raises(BadUpdate):
        document = Document()
        document.check(data, Rights(TESS, "tess", NOW))


def test_points_come_back_as_they_were():
    points = [(0.0, 0.0, 0.0), (12.25, -3.5, 1.0), (-400.75, 8000.0, 0.4)]
    assert read_points(points_of(*points)) == [(x, y, pytest.approx(p, abs=0.01)) for x, y, p in points]


def test_update_is_read_as_the_library_wrote_it():
    key, data = Writer(TESS, "tess", NOW).stroke()
    update = read_update(data)
    assert {one.place for one in update.structs} == {("items", key), ("places", key)}
    assert key == f"{base36(TESS)}-1"


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_is_read_on_paper_and_on_notes(colour):
    for ground in (PAPER, NOTES[0]) if colour == COLOURS[0] else (PAPER,):
        assert _contrast(colour, ground) >= 4.5


def _contrast(one, other):
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour):
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
