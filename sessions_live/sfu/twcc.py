"""Transport-wide congestion feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01) to publishers."""

import struct

from .rtcp import RTPFB, packet

TICK = 4000  # ticks of 250 µs per second
MOST = 400  # packets that one feedback covers


class Arrivals:
    """Collects when packets arrived by their transport-wide number; hands out feedback packets."""

    def __init__(self) -> None:
        self._seen: dict[int, float] = {}
        self._last = 0  # unwrapped
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._seen)

    def note(self, number: int, now: float) -> None:
        """Note that packet `number` (16 bits) arrived at `now` (seconds, monotonic)."""
        step = (number - self._last + 0x8000 & 0xFFFF) - 0x8000
        unwrapped = self._last + step
        self._last = max(self._last, unwrapped)
        self._seen.setdefault(unwrapped, now)

    def feedback(self, ssrc: int) -> bytes:
        """Return RTCP for what arrived since the last call; `ssrc` is any stream of that publisher."""
        order = sorted(self._seen)
        out = b""
        while order:
            base = order[0]
            window = [number for number in order if number < base + MOST]
            order = order[len(window) :]
            out += self._packet(ssrc, base, window)
        self._seen.clear()
        return out

    def _packet(self, ssrc: int, base: int, window: list[int]) -> bytes:
        reference = int(self._seen[base] * TICK) >> 8  # in 64 ms
        last = reference << 8
        symbols, deltas = [], bytearray()
        for number in range(base, window[-1] + 1):
            at = self._seen.get(number)
            if at is None:
                symbols.append(0)
                continue
            tick = int(at * TICK)
            delta = max(-32768, min(32767, tick - last))
            last += delta
            if 0 <= delta < 256:
                symbols.append(1)
                deltas.append(delta)
            else:
                symbols.append(2)
                deltas += struct.pack("!h", delta)
        head = struct.pack("!IIHH", 1, ssrc, base & 0xFFFF, len(symbols))
        head += (reference & 0xFFFFFF).to_bytes(3, "big") + bytes([self._count & 255])
        self._count += 1
        return packet(RTPFB, 15, head + _chunks(symbols) + bytes(deltas))


def _chunks(symbols: list[int]) -> bytes:
    """Return status chunks: a run length where all are alike, else vectors of seven two-bit symbols."""
    if len(set(symbols)) == 1:
        return struct.pack("!H", symbols[0] << 13 | len(symbols))
    out = bytearray()
    for at in range(0, len(symbols), 7):
        word = 0xC000
        for position, symbol in enumerate(symbols[at : at + 7]):
            word |= symbol << (12 - 2 * position)
        out += struct.pack("!H", word)
    return bytes(out)
