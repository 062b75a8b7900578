"""Which updates of a board's document are taken.

A page may write values of its own only, under the number that the server gave it, and in the order in which it counts them. Items are written
once and never deleted: whoever erases one takes its place away, so that it can come back. An item is written in its author's name. What does not
hold to this is refused whole, before anybody else hears of it.
docs/rules/board-updates.md has a worked table.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter

from sessions_live.boards.format.encoding import BadUpdate, Struct, Update, read_update
from sessions_live.boards.format.items import ITEMS, MAPS, MOST_PAGES, PAGES, BadItem, Writer, check_value

MOST_BYTES = 60_000  # of one update
MOST_STRUCTS = 400_000  # of one document
MOST_CLOCKS = 1_000_000  # values that one document has ever had: a stroke is two or three, each time that one thing is moved another
MOST_CLOCKS_AT_ONCE = 5000  # of one update: a page of ours writes some 250 things at once
MOST_DELETED = 5000  # by one update
SLACK = 2  # what is stored may be beyond the bounds, because several processes check at the same time
Place = tuple[str, str]
_NOWHERE: Place = ("", "")


class BoardFullError(BadUpdate):
    """It would be taken, were there not so much on the board already."""


@dataclass(slots=True)
class Document:
    """What a board's document holds, as far as updates must be compared with it: which map and key each value belongs to."""

    values: dict[int, list[Place]] = field(default_factory=dict)  # by page number, by count
    items: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    count: int = 0  # of structs
    clocks: int = 0  # of values, those that are gone among them

    def add(self, data: bytes) -> None:
        """Take what is stored already. BadUpdate when it is damaged."""
        update = read_update(data, most_structs=MOST_STRUCTS * SLACK)
        if self.clocks + self._growth(update) > MOST_CLOCKS * SLACK:
            raise BadUpdate("it counts too far")
        self._keep(self._placed(update))

    def check(self, data: bytes, writer: Writer) -> list[tuple[Struct, Place]]:
        """What a page's update would add, to be kept by `take`; nothing when it is all known. Errors: BadUpdate when it is not taken, its
        kind BoardFullError when the document has no room for it.
        """
        if len(data) > MOST_BYTES:
            raise BadUpdate("it is too long")
        update = read_update(data)
        growth = self._growth(update)
        if growth > MOST_CLOCKS_AT_ONCE:
            raise BadUpdate("it counts too far at once")
        if self.count + len(update.structs) > MOST_STRUCTS or self.clocks + growth > MOST_CLOCKS:
            raise BoardFullError("the document has too many parts")
        if any(one.author != writer.page_number for one in update.structs):
            raise BadUpdate("another page's number")
        known = self._known(writer.page_number)
        if any(one.clock < known < one.clock + one.length for one in update.structs):
            raise BadUpdate("it is known in part")
        fresh = [one for one in self._placed(update) if one[0].clock >= known]
        for one, place in fresh:
            self._check_struct(one, place, writer)
        self._check_together([place for one, place in fresh if one.is_value])
        self._check_deleted(update, fresh, writer)
        return fresh

    def pictures(self, fresh: list[tuple[Struct, Place]]) -> frozenset[str]:
        """Which pictures those that `check` gave name."""
        items = (one.value for one, place in fresh if one.is_value and place[0] == ITEMS)
        return frozenset(item["picture"] for item in items if "picture" in item)

    def take(self, fresh: list[tuple[Struct, Place]]) -> None:
        """Keep what `check` gave."""
        self._keep(fresh)

    def _check_struct(self, one: Struct, place: Place, writer: Writer) -> None:
        if not one.is_value:
            if place[0] == ITEMS:
                raise BadUpdate("an item that is gone already")
            return
        if place[0] == ITEMS and (place[1] in self.items or one.origin is not None):
            raise BadUpdate("an item is written again")
        try:
            check_value(*place, one.value, writer=writer)
        except BadItem as error:
            raise BadUpdate(str(error)) from None

    def _check_together(self, places: list[Place]) -> None:
        """What each may do, all of them together may not."""
        items = [key for name, key in places if name == ITEMS]
        if len(set(items)) < len(items):
            raise BadUpdate("an item is written twice")
        pages = {key for name, key in places if name == PAGES} - self.pages
        if pages and len(self.pages) + len(pages) > MOST_PAGES:
            raise BadUpdate("too many pages")

    def _check_deleted(self, update: Update, fresh: list[tuple[Struct, Place]], writer: Writer) -> None:
        if sum(length for _, _, length in update.deleted) > MOST_DELETED:
            raise BadUpdate("it deletes too much at once")
        new = {one.clock: place for one, place in fresh}
        own_end = max((one.clock + one.length for one, _ in fresh), default=0)
        for author, clock, length in update.deleted:
            known = self.values.get(author, [])
            end = max(len(known), own_end) if author == writer.page_number else len(known)
            if clock + length > end:
                raise BadUpdate("it deletes what is not there")
            for each in range(clock, clock + length):
                place = known[each] if each < len(known) else new.get(each, _NOWHERE)
                if place[0] == ITEMS:
                    raise BadUpdate("it deletes an item")

    def _known(self, author: int) -> int:
        return len(self.values.get(author, ()))

    def _growth(self, update: Update) -> int:
        """By how many values the document becomes longer."""
        ends = {
            one.author: one.clock + one.length for one in update.structs
        }  # the last one of each author counts farthest
        return sum(max(0, end - self._known(author)) for author, end in ends.items())

    def _placed(self, update: Update) -> list[tuple[Struct, Place]]:
        """Each with its map and key. BadUpdate where there is none. Takes as many steps as there are structs, wherever they lead."""
        structs, blocks = update.structs, _blocks(update)
        for author, (start, clocks) in blocks.items():
            expected = self._known(author)
            for one in structs[start : start + len(clocks)]:
                if one.clock > expected:
                    raise BadUpdate("something is missing before it")
                expected = one.clock + one.length
        found: list[Place | None] = [None] * len(structs)
        for number in range(len(structs)):
            trail: dict[int, None] = {}
            at, place = number, found[number]
            while place is None:
                if at in trail:
                    raise BadUpdate("it leads round in a circle")
                trail[at] = None
                place = self._place_of(structs[at])
                if place is None:
                    at = _followed(structs[at], structs, blocks)
                    place = found[at]
            for each in trail:
                found[each] = place
        return [(one, place) for one, place in zip(structs, found, strict=True) if place is not None]

    def _place_of(self, one: Struct) -> Place | None:
        """Its map and key; None where another struct of the same update leads to them."""
        if one.place is not None:
            if one.place[0] not in MAPS:
                raise BadUpdate("no such map")
            return one.place
        if one.origin is None:
            return _NOWHERE  # what is left of something that nobody needs any more
        author, clock = one.origin
        if author == one.author and clock >= one.clock:
            raise BadUpdate("it follows what comes after it")
        known = self.values.get(author, ())
        return known[clock] if clock < len(known) else None

    def _keep(self, structs: list[tuple[Struct, Place]]) -> None:
        for one, place in sorted(structs, key=lambda each: (each[0].author, each[0].clock)):
            known = self.values.setdefault(one.author, [])
            growth = max(0, one.clock + one.length - len(known))
            known.extend([place] * growth)
            self.clocks += growth
            self.count += 1
            if place[0] == ITEMS:
                self.items.add(place[1])
            elif place[0] == PAGES:
                self.pages.add(place[1])


Blocks = dict[int, tuple[int, list[int]]]  # by author: where their structs begin in the update, and at which clocks


def _blocks(update: Update) -> Blocks:
    blocks: Blocks = {}
    start = 0
    for author, group in groupby(update.structs, key=attrgetter("author")):
        clocks = [one.clock for one in group]
        blocks[author] = (start, clocks)
        start += len(clocks)
    return blocks


def _followed(one: Struct, structs: list[Struct], blocks: Blocks) -> int:
    """The number of the struct that this one follows. BadUpdate where there is none in the update."""
    author, clock = one.origin or (0, 0)
    start, clocks = blocks.get(author, (0, []))
    at = start + bisect_right(clocks, clock) - 1
    if at < start or clock >= structs[at].clock + structs[at].length:
        raise BadUpdate("it follows something that is not there")
    return at
