"""What a page may send on a room's socket: shapes, size and rate."""

import json
import math
import time
from collections.abc import Mapping
from typing import Any, Never

from core.kernel.plain_text import is_plain_throughout
from sessions_live.sfu.errors import ErrorCode, PeerError
from sessions_live.sfu.limits import Bucket
from sessions_live.sfu.messages import FROM_CLIENT, MAX_BYTES, NONE, P2P, Shape, checked

Message = dict[str, Any]

ROOM: dict[str, dict[str, tuple[type, ...]]] = {
    "hello": {"resume": (bool, NONE)},
    "chat": {"text": (str,), "admission": (str, NONE)},
    "admit": {"admission": (str,)},
    "admit_all": {},
    "deny": {"admission": (str,)},
    "block": {"admission": (str,)},
    "remove": {"admission": (str,)},
    "end": {},
    "leave": {},
    "ping": {"at": (int, float, NONE)},
}
RECORDING: dict[str, dict[str, tuple[type, ...]]] = {
    "record": {},
    "stop_recording": {},
    "consent": {"recording": (str,), "version": (str,), "agrees": (bool,)},
}
WORK_AREA: dict[str, dict[str, tuple[type, ...]]] = {
    "work_area": {"hidden": (bool,)},
    "lead": {"tab": (str, NONE), "view": (dict, NONE)},
}
VIDEO: dict[str, dict[str, tuple[type, ...]]] = {
    "video_open": {"address": (str,)},
    "video_steer": {"playing": (bool,), "position": (int, float)},
    "video_close": {},
}
SHOWING: dict[str, dict[str, tuple[type, ...]]] = {
    "show": {"resource": (str, NONE), "client_file": (str, NONE), "dice": (bool, NONE)},
    "play": {"showing": (str,), "act": (str,), "seen": (int,)},
    "showing_steer": {"showing": (str,), "playing": (bool,), "position": (int, float)},
    "showing_close": {},
}
HANDS: dict[str, dict[str, tuple[type, ...]]] = {
    "hand": {"up": (bool,), "admission": (str, NONE)},
    "mute_guests": {"admission": (str, NONE)},
}
IN_CALL: dict[str, dict[str, tuple[type, ...]]] = {
    "lock": {"locked": (bool,)},
    "rename": {"admission": (str,), "name": (str,)},
    "spotlight": {"admission": (str, NONE)},
    "reaction": {"reaction": (str,)},
    "private": {"to": (str,), "text": (str,)},
}
MEDIA = {name: shape for name, shape in {**FROM_CLIENT, **P2P}.items() if name not in ("join", *ROOM)}
SHAPES = {**MEDIA, **ROOM, **RECORDING, **WORK_AREA, **VIDEO, **SHOWING, **HANDS, **IN_CALL}
# What the page of the connection test sends; `media` carries a message of docs/live-protocol.md.
CONNECTION_TEST: dict[str, dict[str, tuple[type, ...]]] = {
    "hello": {},
    "try": {"transport": (str,)},
    "media": {"transport": (str,), "side": (str,), "message": (dict,)},
    "done": {"transport": (str,)},
    "ping": {"at": (int, float, NONE)},
}
MOST = 2**63  # of a whole number
REFUSALS = 200  # after as many refused messages the page is not ours, or broken


class NotPlainError(PeerError):
    """A text with control characters or half a letter in it: the person hears what every form says of that."""

    def __init__(self) -> None:
        super().__init__(ErrorCode.BAD_MESSAGE, "control characters")


class MessageReader:
    """Reads what one page sends; refuses what is malformed, too large or too often."""

    def __init__(self, shapes: Mapping[str, Shape] = SHAPES) -> None:
        self._shapes = shapes
        self._all = Bucket(rate=60, burst=180)
        self._chat = Bucket(rate=1, burst=8)
        self._hello = Bucket(rate=0.5, burst=6)
        self._reactions = Bucket(rate=0.5, burst=4)
        self._moves = Bucket(rate=6, burst=24)
        self.refused = 0
        self.about = ""  # the type of the message that was read last, as far as it is one that we know

    def read(self, text: str | None, binary: bytes | None) -> Message:
        """The message; PeerError with its code otherwise."""
        self.about = ""
        try:
            return self._read(text, binary)
        except PeerError:
            self.refused += 1
            raise

    @property
    def is_flooded(self) -> bool:
        """Whether so much has been refused that the socket should close."""
        return self.refused > REFUSALS

    def _read(self, text: str | None, binary: bytes | None) -> Message:
        now = time.monotonic()
        if not self._all.take(now):
            raise PeerError(ErrorCode.RATE_LIMITED)
        if text is None or binary:
            raise PeerError(ErrorCode.BAD_MESSAGE, "binary")
        if len(text) > MAX_BYTES:
            raise PeerError(ErrorCode.TOO_LARGE)
        parsed = _parsed(text)
        kind = parsed.get("type") if isinstance(parsed, dict) else None
        self.about = kind if isinstance(kind, str) and kind in self._shapes else ""
        if not is_plain_throughout(parsed):
            raise NotPlainError
        message = checked(parsed, self._shapes)
        bucket = self._bucket_of(message["type"])
        if bucket is not None and not bucket.take(now):
            raise PeerError(ErrorCode.RATE_LIMITED)
        return message

    def _bucket_of(self, kind: str) -> Bucket | None:
        """What people write, publicly or privately, and how they react and play has a pace of its own."""
        if kind in ("chat", "private"):
            return self._chat
        return {"hello": self._hello, "reaction": self._reactions, "play": self._moves}.get(kind)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_number, parse_float=_number, parse_int=_whole)
    except (ValueError, RecursionError):
        raise PeerError(ErrorCode.BAD_MESSAGE, "no JSON") from None


def _number(text: str) -> float:
    """What is no number to a browser's JSON would end the socket of whoever it is passed on to."""
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _whole(text: str) -> int:
    """What no column holds and no float reaches is no number of ours either."""
    number = int(text)
    return number if abs(number) < MOST else _no_number(text)


def _no_number(text: str) -> Never:
    raise ValueError(text[:20])
