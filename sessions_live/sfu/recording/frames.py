"""Frames out of packets: waits a little for what is resent, goes on at the next key frame when it never comes."""

from collections.abc import Callable
from dataclasses import dataclass

from ..codecs import vp8_descriptor, vp8_key, vp9_descriptor, vp9_key

PATIENCE = 0.6  # seconds that a gap may last before what lies behind it is written
KEEP = 2000  # packets


@dataclass(frozen=True)
class Frame:
    """One picture: its payload, its RTP time, whether it stands alone, and when its first packet came (monotonic)."""

    data: bytes
    ts: int
    key: bool
    at: float


@dataclass(frozen=True)
class Format:
    """How pictures of one codec lie in packets: where one begins, what stands before it, how large a key frame is."""

    name: str
    is_key: Callable[[bytes], bool]
    descriptor: Callable[[bytes], int]
    size: Callable[[bytes], tuple[int, int] | None]


class Frames:
    """Puts the packets of one stream together. `lost` counts the times that a gap stayed open."""

    def __init__(self, format: Format) -> None:
        self.format = format
        self._packets: dict[int, tuple[int, int, bytes, float]] = {}
        self._next: int | None = None  # the number of the next frame's first packet; None until a key frame
        self.lost = 0

    def add(self, seq: int, marker: int, ts: int, payload: bytes, now: float) -> list[Frame]:
        """Take a packet and return the frames that are now complete, in order."""
        if not payload or (self._next is not None and (seq - self._next) & 0xFFFF >= 0x8000):
            return []
        self._packets[seq] = (marker, ts, payload, now)
        if self._next is None:
            self._next = self._first_key()
        frames = self._complete()
        if self._next is not None and self._packets and self._stuck(now):
            self.lost += 1
            self._next = self._first_key()
            frames += self._complete()
        while len(self._packets) > KEEP:
            del self._packets[next(iter(self._packets))]
        return frames

    @property
    def waiting(self) -> bool:
        """Whether nothing can be written before the next key frame."""
        return self._next is None

    def _stuck(self, now: float) -> bool:
        oldest = min(entry[3] for entry in self._packets.values())
        return now - oldest > PATIENCE

    def _first_key(self) -> int | None:
        """Return the number of the earliest key frame's first packet, dropping what lies before it."""
        keys = [seq for seq, entry in self._packets.items() if self.format.is_key(entry[2])]
        if not keys:
            self._packets.clear()
            return None
        first = min(keys, key=lambda seq: (seq - keys[0] + 0x8000) & 0xFFFF)
        self._packets = {seq: entry for seq, entry in self._packets.items() if (seq - first) & 0xFFFF < 0x8000}
        return first

    def _complete(self) -> list[Frame]:
        frames: list[Frame] = []
        while self._next is not None and self._next in self._packets:
            numbers = self._frame_from(self._next)
            if numbers is None:
                break
            parts = [self._packets.pop(number) for number in numbers]
            data = b"".join(part[2][self.format.descriptor(part[2]) :] for part in parts)
            frames.append(Frame(data, parts[0][1], self.format.is_key(parts[0][2]), parts[0][3]))
            self._next = (numbers[-1] + 1) & 0xFFFF
        return frames

    def _frame_from(self, seq: int) -> list[int] | None:
        """Return the numbers of the frame that begins at `seq`, if it is complete."""
        ts = self._packets[seq][1]
        numbers = []
        while (entry := self._packets.get(seq)) is not None and entry[1] == ts:
            numbers.append(seq)
            if entry[0]:
                return numbers
            seq = (seq + 1) & 0xFFFF
        # Because a sender may leave the marker out, a packet of the next frame ends this one, too.
        return numbers if numbers and entry is not None else None


def vp8_size(data: bytes) -> tuple[int, int] | None:
    """Return (width, height) of a VP8 key frame."""
    if len(data) < 10 or data[3:6] != b"\x9d\x01\x2a":
        return None
    return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF


def vp9_size(data: bytes) -> tuple[int, int] | None:
    """Return (width, height) of a key frame of VP9's profile 0, the only one that is negotiated."""
    if len(data) < 10 or data[0] & 0xF4 != 0x80 or data[1:4] != b"\x49\x83\x42" or data[4] >> 5 == 7:
        return None
    sizes = int.from_bytes(data[4:9], "big") >> 4  # after four bits of colour, sixteen of each, less one
    return (sizes >> 16 & 0xFFFF) + 1, (sizes & 0xFFFF) + 1


FORMATS = {
    "VP8": Format("vp8", vp8_key, vp8_descriptor, vp8_size),
    "VP9": Format("vp9", vp9_key, vp9_descriptor, vp9_size),
}
