"""The binary frames of a board's socket, as docs/boards.md describes them. Numbers are unsigned and big-endian."""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sessions_live.boards.rules.board_updates import MOST_BYTES

# From the page.
UPDATE, DRAWING, POINTER = 0x01, 0x02, 0x03
# To the page.
UPDATES, PART, LAST_PART, MOMENTS = 0x11, 0x12, 0x13, 0x14
MOST_MOMENT_BYTES = 6000  # of what is passed on and never stored
PART_BYTES = 48_000

_U32, _U64 = struct.Struct(">I"), struct.Struct(">Q")
_MOMENT = struct.Struct(">IBH")


class BadFrame(Exception):
    """Not a frame that a board's page sends."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that others see at once and nobody keeps: a stroke that grows, a pointer."""

    page_number: int
    kind: int
    content: bytes


def read_frame(data: bytes) -> tuple[int, int, bytes]:
    """Kind, the page's own number of it (of an update) and content. Error: BadFrame."""
    if not data:
        raise BadFrame("empty")
    kind = data[0]
    if kind == UPDATE:
        if not 5 < len(data) <= 5 + MOST_BYTES:
            raise BadFrame("the size of an update")
        return kind, _U32.unpack_from(data, 1)[0], data[5:]
    if kind in (DRAWING, POINTER):
        if len(data) > 1 + MOST_MOMENT_BYTES:
            raise BadFrame("the size of a moment")
        return kind, 0, data[1:]
    raise BadFrame("no such kind")


def update_frame(sequence: int, update: bytes) -> bytes:
    """One update with its sequence."""
    return bytes([UPDATES]) + _U64.pack(sequence) + update


def snapshot_frames(through: int, state: bytes) -> Iterator[bytes]:
    """A snapshot in parts below the limit of a frame; the last one says so, and through which sequence it goes."""
    for start in range(0, len(state), PART_BYTES):
        is_last = start + PART_BYTES >= len(state)
        yield bytes([LAST_PART if is_last else PART]) + _U64.pack(through) + state[start : start + PART_BYTES]


def moments_frame(moments: Iterable[Moment]) -> bytes:
    """What several people do at this moment."""
    return bytes([MOMENTS]) + b"".join(
        _MOMENT.pack(one.page_number, one.kind, len(one.content)) + one.content for one in moments
    )
