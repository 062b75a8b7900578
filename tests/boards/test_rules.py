"""Which updates of a board's document are taken: the table of docs/rules/board-updates.md; and what its colours are chosen by."""

import random

import pytest

from sessions_live.boards.format.encoding import BadUpdate, _Reader, read_update
from sessions_live.boards.format.items import Writer as Rights
from sessions_live.boards.format.items import base36, read_points
from sessions_live.boards.format.palette import COLOURS, NOTES, PAPER
from sessions_live.boards.rules.board_updates import MOST_CLOCKS, MOST_CLOCKS_AT_ONCE, BoardFullError, Document
from tests.boards.handmade import KEYED, following, gone, keyed, number, text
from tests.boards.handmade import update as handmade
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


def _item():
    """A stroke in Gus's name, in lib0's `any` encoding, out of an update that the library wrote."""
    key, data = Writer(GUS, "gus", NOW).stroke()
    start = data.index(text(key)) + len(text(key)) + 1
    reader = _Reader(data, start)
    reader.value()
    return data[start : reader.at]


PLACE = {"x": 0, "y": 0, "sx": 1, "sy": 1, "z": 9}


def _pages(gus, key):
    return gus.update(
        lambda maps: [maps["pages"].__setitem__(f"p{each}", {"rank": each, "paper": "plain"}) for each in range(51)]
    )


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
    "words with a character that no file may hold": _set("texts", None, "a\uffffb"),
    "a run of two thousand million values that are gone": lambda gus, key: handmade(gone(2**31 - 1)),
    "a value in a map that boards do not have": lambda gus, key: gus.update(
        lambda maps: gus.document.get("other", type=type(maps["items"])).__setitem__("a", 1)
    ),
    "an update that follows one that is missing": lambda gus, key: (gus.stroke(), gus.stroke())[1][1],
    "a value that follows one which comes after it": lambda gus, key: handmade(following(1), keyed("texts", key)),
    "an item written twice": lambda gus, key: handmade(*[keyed("items", f"{base36(GUS)}-1", _item())] * 2),
    "fifty-one pages at once": _pages,
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


@pytest.mark.parametrize(
    "structs",
    [
        [gone(2**31 - 1)],
        [gone(MOST_CLOCKS_AT_ONCE + 1)],
        [gone(MOST_CLOCKS_AT_ONCE // 2)] * 3,
        [bytes([1 | KEYED]) + number(1) + text("places") + text("c-1") + number(2**30)],
    ],
)
def test_run_of_values_that_are_gone_is_refused_and_the_board_stays_as_it_was(structs):
    document, gus, key = _both()
    before = (dict(document.values), set(document.items), document.count, document.clocks)
    with pytest.raises(BadUpdate, match="at once"):
        document.check(handmade(*structs), Rights(GUS, "gus", NOW))
    assert (dict(document.values), set(document.items), document.count, document.clocks) == before
    document.take(document.check(gus.stroke()[1], Rights(GUS, "gus", NOW)))


def test_stored_run_of_values_that_nothing_can_hold_is_damage():
    document = Document()
    with pytest.raises(BadUpdate, match="too far"):
        document.add(handmade(gone(2**31 - 1)))
    assert not document.values


def test_board_on_which_much_was_done_takes_no_more_and_still_takes_what_only_goes_away():
    document, gus, key = _both()
    rights = Rights(GUS, "gus", NOW)
    for at in range(0, MOST_CLOCKS - document.clocks - MOST_CLOCKS_AT_ONCE, MOST_CLOCKS_AT_ONCE):
        document.take(document.check(handmade(gone(MOST_CLOCKS_AT_ONCE), clock=at), rights))
    assert document.clocks <= MOST_CLOCKS
    with pytest.raises(BoardFullError):
        for _ in range(2):
            data = handmade(gone(MOST_CLOCKS_AT_ONCE), clock=len(document.values[GUS]))
            document.take(document.check(data, rights))
    assert document.clocks <= MOST_CLOCKS
    away = gus.update(lambda maps: maps["places"].pop(key))
    assert document.check(away, rights) == []


def test_runs_that_strokes_leave_behind_are_far_below_the_bound():
    """What a page writes at once is some 250 things; a stroke is two values, and one with words three."""
    tess = Writer(TESS, "tess", NOW)
    _, data = tess.stroke()
    assert sum(one.length for one in read_update(data).structs) == 2

    def many(maps):
        for each in range(250):
            maps["places"][f"{base36(TESS)}-{each}"] = PLACE
            maps["places"][f"{base36(TESS)}-{each}"] = PLACE | {"x": 1}

    length = sum(one.length for one in read_update(tess.update(many)).structs)
    assert 250 <= length <= MOST_CLOCKS_AT_ONCE // 5


class Steps(dict):
    """Counts how often the document looks up what an author has written."""

    def __init__(self, *before):
        super().__init__(*before)
        self.count = 0

    def get(self, key, default=None):
        self.count += 1
        return super().get(key, default)


@pytest.mark.parametrize("count", [500, 1000, 2000])
def test_check_takes_as_many_steps_as_there_are_parts_wherever_they_lead(count):
    """Each follows the one before; stored, in an order in which the last is the one that all of the others wait for."""
    document, _, key = _both()
    rights = Rights(GUS, "gus", NOW)
    document.values = Steps(document.values)
    structs = [keyed("texts", key, b"\x77\x00"), *(following(each, b"\x77\x00") for each in range(count - 1))]
    fresh = document.check(handmade(*structs), rights)
    assert [place for _, place in fresh] == [("texts", key)] * count
    assert document.values.count < 4 * count

    stored, authors = Document(), range(100, 100 + count)
    stored.values = Steps()
    blocks = [number(1) + number(author) + number(0) + following(0, author=author + 1) for author in authors]
    last = number(1) + number(100 + count) + number(0) + keyed("texts", key)
    stored.add(number(count + 1) + b"".join([*blocks, last]) + number(0))
    assert stored.values[100] == [("texts", key)]
    assert stored.values.count < 8 * count


def test_values_that_lead_round_in_a_circle_are_damage():
    blocks = [number(1) + number(author) + number(0) + following(0, author=other) for author, other in ((1, 2), (2, 1))]
    with pytest.raises(BadUpdate, match="circle"):
        Document().add(number(2) + b"".join(blocks) + number(0))


def test_author_who_comes_twice_in_one_update_is_refused():
    """The library and we might take another one of two values for the one that counts."""
    block = number(1) + number(GUS) + number(0) + keyed("texts", "c-1")
    with pytest.raises(BadUpdate, match="twice"):
        read_update(number(2) + block + block + number(0))


@pytest.mark.parametrize("letter", ["\x00", "\x0b", "\x7f", "\x9b", "\ufffe", "\uffff"])
def test_character_that_no_file_or_table_may_hold_is_refused_in_words(letter):
    document, gus, key = _both()
    with pytest.raises(BadUpdate, match="text"):
        document.check(_set("texts", None, f"a{letter}b")(gus, key), Rights(GUS, "gus", NOW))


def test_half_of_a_letter_is_refused_in_words():
    document, _, key = _both()
    with pytest.raises(BadUpdate, match="UTF-8"):
        document.check(handmade(keyed("texts", key, b"\x77\x03\xed\xa0\x80")), Rights(GUS, "gus", NOW))


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
