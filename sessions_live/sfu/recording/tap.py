"""Where the loop hands a producer's packets to the thread that writes."""

import queue
from typing import NamedTuple

from ..layer import Layer
from ..producer import Producer

MAX_WAITING = 20_000  # packets that the disk is behind; more are dropped, for the call must not wait for it


class Packet(NamedTuple):
    """What the loop hands to the thread. Without a layer, `payload` is `begin` or `end` of the tap's producer."""

    tap: "Tap"
    layer: Layer | None
    marker: int
    seq: int
    ts: int
    payload: bytes
    now: float


class Tap:
    """Takes the packets of one producer: the largest encoding that comes, changed at key frames only."""

    def __init__(self, producer: Producer, holder: str, packets: "queue.SimpleQueue[Packet | None]") -> None:
        self.producer = producer
        self.holder = holder
        self.clock = 0.0  # wall time minus monotonic time, as the writer uses it
        self.need_key = True  # set by the writer when it lost frames
        self._packets = packets
        self._layer: Layer | None = None

    def __call__(self, layer: Layer, marker: int, seq: int, ts: int, payload: bytes, now: float) -> None:
        """A sink of the producer."""
        if layer is not self._layer and not self._take_over(layer, payload, now):
            return
        if self.need_key:
            layer.request_key(now)
        if self._packets.qsize() < MAX_WAITING:
            self._packets.put(Packet(self, layer, marker, seq, ts, payload, now))
        else:
            self.need_key = True

    def _take_over(self, layer: Layer, payload: bytes, now: float) -> bool:
        """Whether to follow `layer` from this packet on."""
        current = self._layer
        if layer.kind == "video":
            ranks = self.producer.ranked()
            better = current is None or not current.alive(now) or ranks.index(layer) > ranks.index(current)
            if not better:
                return False
            if not layer.is_key(payload):
                layer.request_key(now)
                return False
        self._layer = layer
        return True
