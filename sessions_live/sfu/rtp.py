"""RTP on the wire (RFC 3550, RFC 8285): the header, and the extensions that we use."""

import struct

HEADER = struct.Struct("!BBHII")  # flags, marker and payload type, sequence number, timestamp, SSRC
MIDDLE = struct.Struct("!HII")  # sequence number, timestamp, SSRC: what differs between the copies of a packet
SEQ = 0xFFFF
TIME = 0xFFFFFFFF
CLOCK = {"audio": 48000, "video": 90000}

MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
REPAIRED = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
SENT_AT = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
TRANSPORT = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

# What a publisher may send, and what subscribers get under which id. The ids and lengths towards subscribers are the
# same for all of them, so that the extension block of a packet is written once for all its copies.
FROM_PUBLISHER = {"audio": (MID, LEVEL, SENT_AT, TRANSPORT), "video": (MID, RID, REPAIRED, SENT_AT, TRANSPORT)}
TO_SUBSCRIBER = {"audio": {LEVEL: 2, SENT_AT: 3}, "video": {SENT_AT: 3}}
AUDIO_EXTENSIONS = struct.Struct("!HHBBBBHH")  # 0xBEDE, words, level id, level, sent id, sent (24 bits), padding
VIDEO_EXTENSIONS = struct.Struct("!HHBBH")
START = {"audio": 12 + AUDIO_EXTENSIONS.size, "video": 12 + VIDEO_EXTENSIONS.size}  # where the payload begins


def newer(a: int, b: int) -> bool:
    """Whether sequence number `a` comes after `b`, across the wrap."""
    return a != b and (a - b) & SEQ < 0x8000


def write_extensions(view: memoryview, kind: str, level: int, now: float) -> None:
    """Write the extension block towards subscribers behind the fixed header in `view`.

    `level` is the audio level as received (voice flag and 0–127 below full scale); `now` seconds since 1970, sent as
    24 bits of 6.18 fixed point.
    """
    sent = int(now * 262144) & 0xFFFFFF
    if kind == "audio":
        AUDIO_EXTENSIONS.pack_into(view, 12, 0xBEDE, 2, 0x20, level, 0x32, sent >> 16, sent & 0xFFFF, 0)
    else:
        VIDEO_EXTENSIONS.pack_into(view, 12, 0xBEDE, 1, 0x32, sent >> 16, sent & 0xFFFF)


def extensions(packet: memoryview, start: int, end: int) -> dict[int, bytes]:
    """Return all one-byte extensions between `start` and `end` by id; used for packets of unknown streams."""
    found: dict[int, bytes] = {}
    at = start
    while at < end:
        head = packet[at]
        if head == 0:
            at += 1
            continue
        length = (head & 15) + 1
        if head >> 4 == 15 or at + 1 + length > end:
            break
        found[head >> 4] = bytes(packet[at + 1 : at + 1 + length])
        at += 1 + length
    return found
