"""One person in a room: their two connections, their rights, and the messages they send."""

import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Protocol

from .errors import ErrorCode, PeerError
from .limits import Bucket
from .messages import SOURCES, Message, error_message, heights_of
from .pointers import Pointers
from .producer import Producer
from .publishing import Publishing
from .subscribing import Subscribing
from .transport import Transport

RIGHT_FOR = {"audio": "audio", "camera": "video", "screen": "screen", "screen-audio": "screen"}
MAX_TILES = 500  # producers whose tile height is remembered
QUALITY_SECONDS = 3.0
OFFERS_PER_SECOND = 4  # each costs milliseconds


class PeerRoom(Protocol):
    """What a peer and its signalling need of the room that it is in."""

    @property
    def new_transport(self) -> Callable[[], Transport]: ...
    @property
    def spawn(self) -> Callable[[Coroutine[Any, Any, None]], None]: ...
    def greeting(self, peer: "Peer", *, resumed: bool) -> Message: ...
    async def leave(self, peer: "Peer", reason: str) -> None: ...
    def made_by(self, peer: str) -> Callable[[], str]: ...
    def producer_added(self, producer: Producer) -> None: ...
    def producer_changed(self, producer: Producer) -> None: ...
    def producer_removed(self, producer: Producer) -> None: ...
    def producer_layered(self, producer: Producer) -> None: ...
    def pointed(self, peer: "Peer", text: str) -> None: ...
    def assign_slots(self, peer: "Peer") -> None: ...
    def demand(self, now: float) -> None: ...
    def rights_changed(self, peer: "Peer") -> None: ...


class Peer:
    """`send` takes messages for the client; while its signalling is lost they are dropped, for it will ask anew."""

    def __init__(self, *, id: str, room: PeerRoom, rights: frozenset[str], send: Callable[[Message], None]) -> None:
        self.id = id
        self.room = room
        self.rights = rights
        self.send = send
        self.turn = 0  # of the worker's clock, in which the room looks after this peer
        self.lost_at: float | None = None
        self.closed = False
        self.publishing: Publishing | None = None
        self.subscribing: Subscribing | None = None
        self.pointers: Pointers | None = None
        self._offers = Bucket(rate=OFFERS_PER_SECOND, burst=20)
        self._quality_sent_at = time.monotonic() - QUALITY_SECONDS + 1.0  # at first when there is a second to tell of
        self._sent_hold = 0

    def allowed(self, source: str) -> bool:
        """Whether this peer may publish `source` (or `data`, its pointer)."""
        return RIGHT_FOR.get(source, source) in self.rights

    def producers(self) -> list[Producer]:
        return list(self.publishing.producers.values()) if self.publishing else []

    def find(self, id: str) -> Producer:
        """Return this peer's own producer; raise PeerError(unknown_producer)."""
        for producer in self.producers():
            if producer.id == id:
                return producer
        raise PeerError(ErrorCode.UNKNOWN_PRODUCER)

    # -- messages --------------------------------------------------------------------------------------------------

    async def handle(self, message: Message) -> None:
        """Do what a checked message asks for; raise PeerError if it cannot be."""
        handler = {
            "publish.offer": self._publish,
            "subscribe.start": self._subscribe,
            "subscribe.answer": self._answered,
            "subscribe.restart": self._restart,
            "subscribe.tiles": self._tiles,
            "mute": self._mute,
            "ping": self._ping,
        }.get(message["type"])
        if handler is None:
            raise PeerError(ErrorCode.ALREADY_JOINED if message["type"] == "join" else ErrorCode.UNKNOWN_TYPE)
        await handler(message)

    async def _publish(self, message: Message) -> None:
        if not self._offers.take(time.monotonic()):
            raise PeerError(ErrorCode.RATE_LIMITED)
        tracks = {}
        for track in message["tracks"]:
            mid, source = (track.get("mid"), track.get("source")) if isinstance(track, dict) else (None, None)
            if not isinstance(mid, str) or not isinstance(source, str):
                raise PeerError(ErrorCode.BAD_MESSAGE, "tracks")
            tracks[mid] = source
        publishing = self._publishing()
        answer = publishing.answer(message["sdp"], tracks, message.get("codec") or "VP8")
        ids = [{"mid": mid, "id": producer.id} for mid, producer in publishing.producers.items()]
        self.send({"type": "publish.answer", "sdp": answer, "producers": ids})

    def _publishing(self) -> Publishing:
        if self.publishing is not None and self.publishing.transport.state == "closed":
            self.publishing.close()
            self.publishing = None
        if self.publishing is None:
            transport = self._transport(self._publishing_state)
            self.publishing = Publishing(
                transport, peer=self.id, made=self.room.made_by(self.id), allowed=self.allowed,
                added=self.room.producer_added, removed=self.room.producer_removed,
                layered=self.room.producer_layered,
            )  # fmt: skip
        return self.publishing

    def _transport(self, on_state: Callable[[Transport, str], Any]) -> Transport:
        transport = self.room.new_transport()
        transport.on_state = lambda state: on_state(transport, state)
        return transport

    def _publishing_state(self, transport: Transport, state: str) -> None:
        if self.publishing is None or self.publishing.transport is not transport:
            return
        if state == "connected" and self.publishing.wants_data and transport.dtls is not None:
            self.pointers = Pointers(transport.dtls, lambda text: self.room.pointed(self, text))
            self.room.spawn(self.pointers.start())
        if state == "closed":
            self.pointers = None
            self.publishing.close()
            self._failed()

    async def _subscribe(self, message: Message) -> None:
        if "subscribe" not in self.rights:
            raise PeerError(ErrorCode.NOT_ALLOWED, "subscribe")
        if self.subscribing is not None and self.subscribing.transport.state != "closed":
            self.subscribing.close()
            old, self.subscribing = self.subscribing, None
            await old.transport.close()
        transport = self._transport(self._subscribing_state)
        self.subscribing = Subscribing(transport, send=lambda message: self.send(message))
        self.subscribing.on_failure = self._subscribing_failed
        self.room.assign_slots(self)
        self.room.demand(time.monotonic())

    def _subscribing_state(self, transport: Transport, state: str) -> None:
        if self.subscribing is None or self.subscribing.transport is not transport:
            return
        if state == "connected":
            self.subscribing.adapt(time.monotonic())
        elif state == "closed":
            self.subscribing.close()
            self._failed()

    async def _subscribing_failed(self, error: PeerError) -> None:
        self.send(error_message(error.code, "subscribe.answer"))
        if self.subscribing is not None:
            await self.subscribing.transport.close()

    def _failed(self) -> None:
        if not self.closed:
            self.send(error_message(ErrorCode.TRANSPORT_FAILED))

    async def _answered(self, message: Message) -> None:
        if self.subscribing is not None:
            self.subscribing.answered(message["sdp"], message["version"])

    async def _restart(self, message: Message) -> None:
        if not self._offers.take(time.monotonic()):
            raise PeerError(ErrorCode.RATE_LIMITED)
        if self.subscribing is not None:
            self.subscribing.restart()

    async def _tiles(self, message: Message) -> None:
        heights = {producer[:100]: height for producer, height in heights_of(message["tiles"]).items()}
        if self.subscribing is None:
            raise PeerError(ErrorCode.BAD_MESSAGE, "tiles before subscribe.start")
        if len(self.subscribing.heights) + len(heights) > MAX_TILES:
            self.subscribing.heights.clear()
        self.subscribing.heights |= heights
        self.room.assign_slots(self)
        self.room.demand(time.monotonic())

    async def _mute(self, message: Message) -> None:
        producer = self.find(message["producer"])
        if producer.muted != message["muted"]:
            producer.muted = message["muted"]
            producer.pause(producer.layers.values())
            self.room.producer_changed(producer)

    async def _ping(self, message: Message) -> None:
        self.send({"type": "pong", "at": message.get("at")})

    # -- rights, quality, end --------------------------------------------------------------------------------------

    async def set_rights(self, rights: frozenset[str]) -> None:
        """Replace the rights; what is no longer allowed ends now."""
        self.rights = rights
        if self.publishing is not None:
            self.publishing.withdraw()
        if "subscribe" not in rights and self.subscribing is not None:
            old, self.subscribing = self.subscribing, None
            old.close()
            await old.transport.close()
        self.room.rights_changed(self)
        self.send({"type": "rights", "rights": sorted(rights)})

    def send_quality(self, now: float) -> None:
        """Tell the client how its connection is, every 3 s, and at once when pictures shall be held back."""
        hold = self.subscribing.link.hold_ms if self.subscribing else 0
        if now - self._quality_sent_at < QUALITY_SECONDS and hold == self._sent_hold:
            return
        self._quality_sent_at, self._sent_hold = now, hold
        empty = {"loss": None, "rtt_ms": None, "jitter_ms": None, "kbps": 0}
        down = self.subscribing.link.quality() if self.subscribing else empty
        up = empty | (self.publishing.quality() if self.publishing else {})
        up["rtt_ms"] = down["rtt_ms"]
        self.send({"type": "quality", "up": up | {"score": score(up)}, "down": down | {"score": score(down)}})

    def take_over(self, send: Callable[[Message], None]) -> None:
        """Go on with new signalling: the old stream, if it still exists, is nobody's any more."""
        self.send = send
        self.lost_at = None

    def catch_up(self) -> None:
        """Say again, after a resumed `joined`, what the client may have missed."""
        if self.subscribing is not None:
            self.subscribing.catch_up()

    def lost(self, send: Callable[[Message], None]) -> None:
        """Note that the signalling that used `send` ended; the call goes on for a while."""
        if self.send == send:
            self.send = lambda message: None
            self.lost_at = time.monotonic()

    async def close(self) -> None:
        """Close both connections; the room has already forgotten this peer."""
        if self.closed:
            return
        self.closed = True
        if self.pointers is not None:
            with suppress(ConnectionError):
                await self.pointers.stop()
        for part in (self.publishing, self.subscribing):
            if part is not None:
                part.close()
                await part.transport.close()
        self.publishing = self.subscribing = self.pointers = None  # they hold this peer, too


def score(part: dict[str, Any]) -> int | None:
    """Return 1 (bad) to 5 (good) from loss and round trip, None while nothing flows."""
    if part["loss"] is None:
        return None
    lost = 0 if part["loss"] < 0.01 else 1 if part["loss"] < 0.03 else 2 if part["loss"] < 0.08 else 3
    far = 0 if (part["rtt_ms"] or 0) < 200 else 1
    return max(1, 5 - lost - far)


assert set(RIGHT_FOR) == set(SOURCES)
