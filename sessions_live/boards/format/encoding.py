"""Reads Yjs updates (version 1 of their encoding) as strictly as boards are written.

Only what the page of a board writes is understood: values set by key in named maps, and what was deleted. Everything else is refused before a
library of ours sees it. The encoding is described at https://github.com/yjs/yjs/blob/main/INTERNALS.md and in the sources of lib0.
"""

import math
import struct
from dataclasses import dataclass, field
from typing import Any

MOST_CLOCKS = 2**31  # of one page: far more than anybody draws
MOST_NESTING = 3
_DELETED, _BINARY, _ANY = 1, 3, 8
_GARBAGE, _SKIP = 0, 10
_HAS_ORIGIN, _HAS_RIGHT_ORIGIN, _HAS_KEY = 0x80, 0x40, 0x20

Identifier = tuple[int, int]  # who wrote it (Yjs's client id), and when by their own count


class BadUpdate(Exception):
    """Not an update that a board's page writes; the text is for the log."""


@dataclass(frozen=True, slots=True)
class Struct:
    """One value set, or `length` of them that are gone. `place` is map and key where the update names them, else `origin` leads to them."""

    author: int
    clock: int
    length: int
    place: tuple[str, str] | None
    origin: Identifier | None
    value: Any
    is_value: bool


@dataclass(frozen=True, slots=True)
class Update:
    """What one update says."""

    structs: list[Struct]
    deleted: list[tuple[int, int, int]]  # author, clock, length


@dataclass(slots=True)
class _Reader:
    data: bytes
    at: int = 0
    most_structs: int = field(default=2000)

    def byte(self) -> int:
        if self.at >= len(self.data):
            raise BadUpdate("it ends too early")
        self.at += 1
        return self.data[self.at - 1]

    def number(self) -> int:
        """An unsigned number of 7 bits a byte, at most 2**53."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
            if shift > 53:
                raise BadUpdate("a number is too large")
        if value > 2**53:
            raise BadUpdate("a number is too large")
        return value

    def signed(self) -> int:
        """A number whose first byte carries its sign and 6 bits."""
        byte = self.byte()
        value, is_negative, shift = byte & 0x3F, bool(byte & 0x40), 6
        while byte & 0x80:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if shift > 60:
                raise BadUpdate("a number is too large")
        return -value if is_negative else value

    def take(self, length: int) -> bytes:
        if length > len(self.data) - self.at:
            raise BadUpdate("it ends too early")
        self.at += length
        return self.data[self.at - length : self.at]

    def text(self) -> str:
        try:
            return self.take(self.number()).decode("utf-8")
        except UnicodeDecodeError:
            raise BadUpdate("a text is no UTF-8") from None

    def value(self, nesting: int = 0) -> Any:
        """One value in lib0's `any` encoding."""
        if nesting > MOST_NESTING:
            raise BadUpdate("values are nested too deeply")
        kind = self.byte()
        if kind == 126:
            return None
        if kind == 125:
            return self.signed()
        if kind in (124, 123):
            size, form = (4, ">f") if kind == 124 else (8, ">d")
            number = struct.unpack(form, self.take(size))[0]
            if not math.isfinite(number):
                raise BadUpdate("a number that is none")
            return number
        if kind in (120, 121):
            return kind == 120
        if kind == 119:
            return self.text()
        if kind == 118:
            return {self.text(): self.value(nesting + 1) for _ in range(self.count())}
        if kind == 117:
            return [self.value(nesting + 1) for _ in range(self.count())]
        if kind == 116:
            return self.take(self.number())
        raise BadUpdate(f"a value of kind {kind}")

    def count(self) -> int:
        """How many follow, each of a byte at least."""
        number = self.number()
        if number > len(self.data) - self.at:
            raise BadUpdate("it announces more than it holds")
        return number


def read_update(data: bytes, *, most_structs: int = 2000) -> Update:
    """What an update says. Error: BadUpdate, whatever the bytes are."""
    reader = _Reader(data, most_structs=most_structs)
    structs: list[Struct] = []
    authors: set[int] = set()
    for _ in range(reader.count()):
        number, author, clock = reader.count(), reader.number(), reader.number()
        if author in authors:
            raise BadUpdate("an author twice")
        authors.add(author)
        if len(structs) + number > most_structs:
            raise BadUpdate("it has too many parts")
        for _ in range(number):
            one = _struct(reader, author, clock)
            clock += one.length
            if clock > MOST_CLOCKS:
                raise BadUpdate("it counts too far")
            structs.append(one)
    deleted = _deleted(reader, most_structs)
    if reader.at != len(data):
        raise BadUpdate("something follows")
    return Update(structs, deleted)


def _struct(reader: _Reader, author: int, clock: int) -> Struct:
    info = reader.byte()
    kind = info & 0x1F
    if kind in (_GARBAGE, _SKIP):
        if kind == _SKIP:
            raise BadUpdate("it has a gap")
        return Struct(author, clock, _length(reader), None, None, None, False)
    origin = (reader.number(), reader.number()) if info & _HAS_ORIGIN else None
    if info & _HAS_RIGHT_ORIGIN:
        raise BadUpdate("a value in a list")
    place = None
    if origin is None:
        if reader.number() != 1:
            raise BadUpdate("a value inside another one")
        name = reader.text()
        if not info & _HAS_KEY:
            raise BadUpdate("a value without a key")
        place = (name, reader.text())
    if kind == _DELETED:
        return Struct(author, clock, _length(reader), place, origin, None, False)
    if kind == _ANY:
        if reader.number() != 1:
            raise BadUpdate("several values for one key")
        return Struct(author, clock, 1, place, origin, reader.value(), True)
    if kind == _BINARY:
        return Struct(author, clock, 1, place, origin, reader.take(reader.number()), True)
    raise BadUpdate(f"content of kind {kind}")


def _length(reader: _Reader) -> int:
    length = reader.number()
    if not 0 < length < MOST_CLOCKS:
        raise BadUpdate("a length that cannot be")
    return length


def _deleted(reader: _Reader, most: int) -> list[tuple[int, int, int]]:
    found: list[tuple[int, int, int]] = []
    for _ in range(reader.count()):
        author = reader.number()
        for _ in range(reader.count()):
            found.append((author, reader.number(), _length(reader)))
            if len(found) > most:
                raise BadUpdate("it deletes too much at once")
    return found
