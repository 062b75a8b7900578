"""What must be known about payloads without decoding them: where key frames start, and VP8's picture ids."""

from collections.abc import Callable

# Towards subscribers every codec has one payload type and one for its resent packets.
PAYLOAD_TYPES = {"opus": (111, None), "VP8": (96, 97), "H264": (102, 103), "VP9": (98, 99), "AV1": (45, 46)}
RTPMAP = {"opus": "opus/48000/2", "VP8": "VP8/90000", "H264": "H264/90000", "VP9": "VP9/90000", "AV1": "AV1/90000"}
FORMAT = {
    "opus": "minptime=10;useinbandfec=1",
    "VP8": "",
    "H264": "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f",
    "VP9": "profile-id=0",
    "AV1": "",
}
BY_KIND = {"audio": ("opus",), "video": ("VP8", "H264", "VP9", "AV1")}


def vp8_key(payload: bytes) -> bool:
    """Whether this VP8 payload (RFC 7741) begins a key frame."""
    if len(payload) < 4 or payload[0] & 0x17 != 0x10:  # start of partition 0
        return False
    at = vp8_descriptor(payload)
    return at < len(payload) and not payload[at] & 1


def vp8_descriptor(payload: bytes) -> int:
    """Return the length of the payload descriptor; may exceed the payload if that is malformed."""
    if not payload or not payload[0] & 0x80:
        return 1
    if len(payload) < 3:
        return len(payload)
    flags = payload[1]
    at = 2
    if flags & 0x80:
        at += 2 if payload[2] & 0x80 else 1
    return at + bool(flags & 0x40) + bool(flags & 0x30)


def vp8_picture(payload: bytes) -> tuple[int, int] | None:
    """Return (picture id of 15 bits, TL0PICIDX or -1), or None if the packet has no long picture id."""
    if len(payload) < 5 or not payload[0] & 0x80 or not payload[1] & 0x80 or not payload[2] & 0x80:
        return None
    return (payload[2] & 0x7F) << 8 | payload[3], payload[4] if payload[1] & 0x40 else -1


def vp8_rewrite(view: memoryview, at: int, picture: int, tl0: int) -> None:
    """Write picture id and (if not negative) TL0PICIDX into the VP8 payload that begins at `at`."""
    view[at + 2] = 0x80 | picture >> 8 & 0x7F
    view[at + 3] = picture & 0xFF
    if tl0 >= 0:
        view[at + 4] = tl0 & 0xFF


def h264_key(payload: bytes) -> bool:
    """Whether this H.264 payload (RFC 6184) begins with an IDR picture or parameter set."""
    if len(payload) < 2:
        return False
    kind = payload[0] & 31
    if kind == 24:  # STAP-A
        return len(payload) > 3 and payload[3] & 31 in (5, 7)
    if kind == 28:  # FU-A, first fragment
        return bool(payload[1] & 0x80) and payload[1] & 31 in (5, 7)
    return kind in (5, 7)


def vp9_key(payload: bytes) -> bool:
    """Whether this VP9 payload (RFC 9628) begins a frame that refers to no other."""
    return len(payload) > 1 and payload[0] & 0x48 == 0x08


def vp9_descriptor(payload: bytes) -> int:
    """Return the length of the payload descriptor (RFC 9628, 4.2); may exceed the payload if that is malformed."""
    flags = payload[0] if payload else 0
    at = 1
    if flags & 0x80:  # picture id
        at += 2 if at < len(payload) and payload[at] & 0x80 else 1
    if flags & 0x20:  # layer indices
        at += 1 if flags & 0x10 else 2
    if flags & 0x50 == 0x50:  # up to three references
        for _ in range(3):
            at += 1
            if at > len(payload) or not payload[at - 1] & 1:
                break
    return _vp9_structure(payload, at) if flags & 0x02 else at


def _vp9_structure(payload: bytes, at: int) -> int:
    """Return where a scalability structure that begins at `at` ends."""
    if at >= len(payload):
        return at + 1
    head = payload[at]
    at += 1 + ((head >> 5) + 1) * (4 if head & 0x10 else 0)
    if head & 0x08 and at < len(payload):
        pictures = payload[at]
        at += 1
        for _ in range(pictures):
            at += 1 + (payload[at] >> 2 & 3 if at < len(payload) else 0)
    return at


def av1_key(payload: bytes) -> bool:
    """Whether this AV1 payload begins a new coded video sequence (the N bit of its aggregation header)."""
    return len(payload) > 1 and bool(payload[0] & 0x08)


KEY: dict[str, Callable[[bytes], bool]] = {"VP8": vp8_key, "H264": h264_key, "VP9": vp9_key, "AV1": av1_key}
