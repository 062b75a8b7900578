"""The messages of docs/live-protocol.md: their types and fields, and the check that incoming ones have that shape."""

import json
from collections.abc import Mapping
from typing import Any

from .errors import ErrorCode, PeerError

MAX_BYTES = 256 * 1024
MAX_HEIGHT = 10_000  # pixels of a tile
MAX_ITEMS = 200  # entries in a list of a message
RIDS = ("q", "h", "f")
SOURCES = {"audio": "audio", "camera": "video", "screen": "video", "screen-audio": "audio"}  # source -> kind

Message = dict[str, Any]
Shape = Mapping[str, tuple[type, ...]]

# Required fields with their types; a type of None in the tuple makes the field optional.
NONE = type(None)
FROM_CLIENT: dict[str, Shape] = {
    "join": {"token": (str,), "resume": (bool, NONE)},
    "publish.offer": {"sdp": (str,), "tracks": (list,), "codec": (str, NONE)},
    "subscribe.start": {},
    "subscribe.answer": {"sdp": (str,), "version": (int,)},
    "subscribe.restart": {},
    "subscribe.tiles": {"tiles": (list,)},
    "mute": {"producer": (str,), "muted": (bool,)},
    "leave": {},
    "ping": {"at": (int, float, NONE)},
}
TO_CLIENT = (
    "joined",
    "publish.answer",
    "subscribe.offer",
    "subscribe.slots",
    "peer.joined",
    "peer.left",
    "producer.added",
    "producer.changed",
    "producer.removed",
    "layer",
    "demand",
    "speakers",
    "quality",
    "rights",
    "recording",
    "kicked",
    "drain",
    "rejoin",
    "pong",
    "error",
)
CONTROL: dict[str, Shape] = {
    "control.hello": {"token": (str,)},
    "control.open": {"room": (str,), "capacity": (int, NONE)},
    "control.rights": {"room": (str,), "peer": (str,), "rights": (list,)},
    "control.revoke": {"room": (str,), "peer": (str,), "reason": (str,)},
    "control.record": {"room": (str,), "recording": (str,)},
    "control.stop": {"room": (str,)},
    "control.stats": {"room": (str, NONE)},
    "control.close": {"room": (str,), "reason": (str,)},
    "control.drain": {"seconds": (int, float)},
}
CONTROL_ANSWER = "control.ok"
P2P: dict[str, Shape] = {
    "p2p.description": {"description": (dict,)},
    "p2p.candidate": {"candidate": (dict, NONE)},
    "p2p.tracks": {"tracks": (list,)},
}
P2P_BETWEEN = ("p2p.hello", "p2p.here", "p2p.bye")
P2P_TO_CLIENT = ("p2p.peer",)
ENGINE = "engine"

# What a browser may send on its socket for the relay to pass on. `join` is not among them: the relay sends it.
BROWSER_TYPES = frozenset(FROM_CLIENT) - {"join"} | frozenset(P2P)


def parse(line: bytes | str, shapes: Mapping[str, Shape]) -> Message:
    """Return the message in `line`, checked against `shapes`; raise PeerError with the reason otherwise."""
    if len(line) > MAX_BYTES:
        raise PeerError(ErrorCode.TOO_LARGE)
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        raise PeerError(ErrorCode.BAD_MESSAGE, "no JSON") from None
    return checked(message, shapes)


def checked(message: object, shapes: Mapping[str, Shape]) -> Message:
    """Return `message` if it has one of `shapes`; raise PeerError(bad_message | unknown_type) otherwise."""
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise PeerError(ErrorCode.BAD_MESSAGE, "no type")
    shape = shapes.get(message["type"])
    if shape is None:
        raise PeerError(ErrorCode.UNKNOWN_TYPE, message["type"][:40])
    for name, types in shape.items():
        value = message.get(name)
        # Because bool is an int to Python, but not to this protocol.
        if not isinstance(value, types) or (isinstance(value, bool) and bool not in types):
            raise PeerError(ErrorCode.BAD_MESSAGE, f"{message['type']}.{name}")
        if isinstance(value, list) and len(value) > MAX_ITEMS:
            raise PeerError(ErrorCode.TOO_LARGE, f"{message['type']}.{name}")
    return message


def encode(message: Message) -> bytes:
    """Return the line for `message`."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def error_message(code: str, about: str | None = None) -> Message:
    """Return the `error` message for `code`; `about` is the type of the message that caused it."""
    return {"type": "error", "code": code} | ({"for": about} if about else {})


def heights_of(tiles: list[Any]) -> dict[str, int]:
    """Return the wanted height in pixels by producer, from `subscribe.tiles`; raise PeerError(bad_message) for what is no tile."""
    heights = {}
    for tile in tiles:
        producer, height = (tile.get("producer"), tile.get("height")) if isinstance(tile, dict) else (None, None)
        if not isinstance(producer, str) or not isinstance(height, int | float) or not 0 <= height <= MAX_HEIGHT:
            raise PeerError(ErrorCode.BAD_MESSAGE, "tiles")
        heights[producer] = int(height)
    return heights


def parse_any(line: bytes) -> Message:
    """Return a message that one of our own wrote; raise PeerError(bad_message) if it is none."""
    message = json.loads(line)
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise PeerError(ErrorCode.BAD_MESSAGE)
    return message
