"""RTCP on the wire (RFC 3550, 4585, 5104): what we send, and the parts of what we receive."""

import struct
from collections.abc import Iterable, Iterator

SR, RR, SDES, BYE, RTPFB, PSFB = 200, 201, 202, 203, 205, 206
NTP_EPOCH = 2208988800  # seconds from 1900 to 1970
_BLOCK = struct.Struct("!IIIIII")
_SENDER = struct.Struct("!IQIII")


def ntp(seconds: float) -> int:
    """Return seconds since 1970 as a 64-bit NTP time."""
    return int((seconds + NTP_EPOCH) * 4294967296) & 0xFFFFFFFFFFFFFFFF


def from_ntp(stamp: int) -> float:
    """Return a 64-bit NTP time as seconds since 1970."""
    return stamp / 4294967296 - NTP_EPOCH


def packet(kind: int, count: int, body: bytes) -> bytes:
    """Return one RTCP packet; `body` is padded to words."""
    body += bytes(-len(body) % 4)
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def pli(ssrc: int) -> bytes:
    """Ask for a key frame."""
    return packet(PSFB, 1, struct.pack("!II", 1, ssrc))


def nack(ssrc: int, missing: Iterable[int]) -> bytes:
    """Ask for packets again; `missing` are sequence numbers in ascending order of sending."""
    pairs: list[list[int]] = []
    for seq in missing:
        gap = (seq - pairs[-1][0]) & 0xFFFF if pairs else 0
        if pairs and 0 < gap <= 16:
            pairs[-1][1] |= 1 << (gap - 1)
        else:
            pairs.append([seq, 0])
    return packet(RTPFB, 1, struct.pack("!II", 1, ssrc) + b"".join(struct.pack("!HH", *pair) for pair in pairs))


def nacked(body: bytes) -> Iterator[int]:
    """Yield the sequence numbers that a NACK asks for."""
    for at in range(8, len(body) - 3, 4):
        seq, mask = struct.unpack_from("!HH", body, at)
        yield seq
        for bit in range(16):
            if mask >> bit & 1:
                yield (seq + bit + 1) & 0xFFFF


def report_block(*, ssrc: int, fraction: int, lost: int, highest: int, jitter: int, lsr: int, dlsr: int) -> bytes:
    """Return a report block: `fraction` of 256, `lost` cumulative, `jitter` in clock units (RFC 3550, 6.4.1)."""
    return _BLOCK.pack(ssrc, fraction << 24 | max(0, lost) & 0xFFFFFF, highest & 0xFFFFFFFF, jitter, lsr, dlsr)


def receiver_report(blocks: list[bytes]) -> bytes:
    """Return receiver reports for up to 31 blocks each."""
    chunks = [blocks[at : at + 31] for at in range(0, len(blocks), 31)]
    return b"".join(packet(RR, len(chunk), struct.pack("!I", 1) + b"".join(chunk)) for chunk in chunks)


def sender_report(*, ssrc: int, stamp: int, time: int, packets: int, octets: int, cname: str) -> bytes:
    """Return a sender report with its source description."""
    name = cname.encode()
    item = struct.pack("!IBB", ssrc, 1, len(name)) + name + b"\0"
    return packet(SR, 0, _SENDER.pack(ssrc, stamp, time, packets & 0xFFFFFFFF, octets & 0xFFFFFFFF)) + packet(
        SDES, 1, item
    )


def parts(compound: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield (packet type, count or format, body) of each packet; stops where the lengths make no sense."""
    at = 0
    while at + 4 <= len(compound):
        first, kind, words = struct.unpack_from("!BBH", compound, at)
        end = at + 4 + words * 4
        if first >> 6 != 2 or end > len(compound):
            return
        yield kind, first & 31, compound[at + 4 : end]
        at = end


def sender_info(body: bytes) -> tuple[int, int, int] | None:
    """Return (SSRC, NTP time, RTP time) of a sender report's body."""
    return struct.unpack_from("!IQI", body) if len(body) >= 24 else None


def report_blocks(kind: int, body: bytes) -> Iterator[tuple[int, float, int, int, int]]:
    """Yield (SSRC, fraction lost 0–1, jitter, LSR, DLSR) of each report block in an SR or RR body."""
    for at in range(24 if kind == SR else 4, len(body) - 23, 24):
        ssrc, loss, _, jitter, lsr, dlsr = _BLOCK.unpack_from(body, at)
        yield ssrc, (loss >> 24) / 256, jitter, lsr, dlsr


def remb(body: bytes) -> int | None:
    """Return the bits per second of a REMB message's body, or None if it is another application's."""
    if len(body) < 16 or body[8:12] != b"REMB":
        return None
    return ((body[13] & 3) << 16 | body[14] << 8 | body[15]) << (body[13] >> 2)
