"""Which updates of a board's document are taken.

A page may write values of its own only, under the number that the server gave it, and in the order in which it counts them. Items are written
once and never deleted: whoever erases one takes its place away, so that it can come back. An item is written in its author's name. What does not
hold to this is refused whole, before anybody else hears of it.
docs/rules/board-updates.md has a worked table.
"""

from dataclasses import dataclass, field

from sessions_live.boards.format.encoding import BadUpdate, Identifier, Struct, Update, read_update
from sessions_live.boards.format.items import ITEMS, MAPS, MOST_PAGES, PAGES, BadItem, Writer, check_value

MOST_BYTES = 60_000  # of one update
MOST_STRUCTS = 400_000  # of one document
MOST_DELETED = 5000  # by one update
Place = tuple[str, str]
_NOWHERE: Place = ("", "")


@dataclass(slots=True)
class Document:
    """What a board's document holds, as far as updates must be compared with it: which map and key each value belongs to."""

    values: dict[int, list[Place]] = field(default_factory=dict)  # by page number, by count
    items: set[str] = field(default_factory=set)
    pages: set[str] = field(default_factory=set)
    count: int = 0

    def add(self, data: bytes) -> None:
        """Take what is stored already. BadUpdate when it is damaged."""
        self._keep(self._placed(read_update(data, most_structs=MOST_STRUCTS)))

    def check(self, data: bytes, writer: Writer) -> list[tuple[Struct, Place]]:
        """What a page's update would add, to be kept by `take`; nothing when it is all known. BadUpdate when it is not taken."""
        if len(data) > MOST_BYTES:
            raise BadUpdate("it is too long")
        update = read_update(data)
        if self.count + len(update.structs) > MOST_STRUCTS:
            raise BadUpdate("the document has too many parts")
        if any(one.author != writer.page_number for one in update.structs):
            raise BadUpdate("another page's number")
        known = self._known(writer.page_number)
        if any(one.clock < known < one.clock + one.length for one in update.structs):
            raise BadUpdate("it is known in part")
        fresh = [one for one in self._placed(update) if one[0].clock >= known]
        for one, place in fresh:
            self._check_struct(one, place, writer)
        self._check_deleted(update, fresh, writer)
        return fresh

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
        if place[0] == PAGES and place[1] not in self.pages and len(self.pages) >= MOST_PAGES:
            raise BadUpdate("too many pages")
        try:
            check_value(*place, one.value, writer=writer)
        except BadItem as error:
            raise BadUpdate(str(error)) from None

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

    def _placed(self, update: Update) -> list[tuple[Struct, Place]]:
        """Each with its map and key, in an order in which none comes before the one that leads to it. BadUpdate where there is none."""
        found: list[tuple[Struct, Place]] = []
        within: dict[Identifier, Place] = {}
        expected: dict[int, int] = {}
        waiting: list[Struct] = []
        for one in update.structs:
            if one.clock > expected.get(one.author, self._known(one.author)):
                raise BadUpdate("something is missing before it")
            expected[one.author] = one.clock + one.length
            waiting.append(one)
        while waiting:
            left: list[Struct] = []
            for one in waiting:
                place = self._place_of(one, within)
                if place is None:
                    left.append(one)
                    continue
                found.append((one, place))
                within |= {(one.author, one.clock + step): place for step in range(one.length)}
            if len(left) == len(waiting):
                raise BadUpdate("it follows something that is not there")
            waiting = left
        return found

    def _place_of(self, one: Struct, within: dict[Identifier, Place]) -> Place | None:
        if one.place is not None:
            if one.place[0] not in MAPS:
                raise BadUpdate("no such map")
            return one.place
        if one.origin is None:
            return _NOWHERE  # what is left of something that nobody needs any more
        author, clock = one.origin
        known = self.values.get(author, ())
        return known[clock] if clock < len(known) else within.get(one.origin)

    def _keep(self, structs: list[tuple[Struct, Place]]) -> None:
        for one, place in sorted(structs, key=lambda each: (each[0].author, each[0].clock)):
            known = self.values.setdefault(one.author, [])
            known.extend([place] * (one.clock + one.length - len(known)))
            self.count += 1
            if place[0] == ITEMS:
                self.items.add(place[1])
            elif place[0] == PAGES:
                self.pages.add(place[1])
