"""One thing that a peer publishes: a voice, a camera, a screen."""

import time
from collections.abc import Iterable
from typing import Any

from .layer import Follower, Layer, Sink
from .messages import RIDS
from .transport import Transport

CLOCK_SLIP = 0.5  # seconds by which a publisher's clock may drift before we take a new offset
UNWATCHED_SECONDS = 2.0  # before a publisher is told to stop sending an encoding


class Producer:
    """`id` names it to everybody; `layers` are its encodings by rid, the empty rid for a single one."""

    def __init__(
        self, *, id: str, peer: str, transport: Transport, mid: str, source: str, kind: str, codec: str,
        payload_type: int, resent_type: int | None, rids: list[str],
    ) -> None:  # fmt: skip
        self.id = id
        self.peer = peer
        self.transport = transport
        self.mid = mid
        self.source = source
        self.kind = kind
        self.codec = codec
        self.payload_type = payload_type
        self.resent_type = resent_type
        self.rids = rids
        self.nacks = kind == "video"
        self.muted = False
        self.audible = True  # among those whose voices are forwarded
        self.layers: dict[str, Layer] = {}
        self.consumers: list[Follower] = []
        self.sinks: list[Sink] = []
        self.loudness = 0.0
        self.spoke_at = 0.0
        self._offset: float | None = None
        self._level_then = (0, 0)
        self._demanded: tuple[str, ...] | None = None
        self._unwatched_since: float | None = None

    def describe(self) -> dict[str, Any]:
        """Return what the others are told about it."""
        return {"id": self.id, "peer": self.peer, "source": self.source, "kind": self.kind, "muted": self.muted}

    def clock_offset(self, stamp: float) -> float:
        """Return what to add to this publisher's clock to get ours; steady, so that lips and voice stay together."""
        offset = time.time() - stamp
        if self._offset is None or abs(offset - self._offset) > CLOCK_SLIP:
            self._offset = offset
        return self._offset

    def ranked(self) -> list[Layer]:
        """Return the layers from small to large."""
        order = {rid: rank for rank, rid in enumerate(RIDS)}
        return sorted(self.layers.values(), key=lambda layer: order.get(layer.rid, 9))

    def pause(self, layers: Iterable[Layer]) -> None:
        """Note that these encodings stop because they shall."""
        for layer in layers:
            layer.paused = True

    def measure_loudness(self, now: float) -> float:
        """Return the average level since the last call, 0 (silent) to 127; also remembers when it last was speech."""
        layer = next(iter(self.layers.values()), None)
        if layer is None or self.kind != "audio" or self.muted:
            self.loudness = 0.0
            return 0.0
        packets, total = layer.packets - self._level_then[0], layer.level_sum - self._level_then[1]
        self._level_then = (layer.packets, layer.level_sum)
        self.loudness = total / packets if packets > 0 else 0.0
        if self.loudness > 70:  # louder than -57 dB below full scale: somebody speaks, not the room
            self.spoke_at = now
        return self.loudness

    def demand(self, wanted: int, now: float) -> list[str] | None:
        """Return the encodings that shall be sent, if that changed; `wanted` is the highest rank in use, -1 for none.

        More is asked for at once, less after a while, because people flip through pages of pictures.
        """
        order = [rid for rid in RIDS if rid in self.rids] or [""]
        rids = tuple(order[: wanted + 1])
        if rids == self._demanded or (self._demanded is None and len(rids) == len(order)):
            self._unwatched_since = None
            return None
        if self._demanded is None or len(rids) < len(self._demanded):
            if self._unwatched_since is None:
                self._unwatched_since = now
            if now - self._unwatched_since < UNWATCHED_SECONDS:
                return None
        self._unwatched_since = None
        self._demanded = rids
        self.pause([layer for rid, layer in self.layers.items() if rid not in rids])
        return list(rids)
