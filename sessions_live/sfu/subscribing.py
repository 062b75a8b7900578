"""A peer's subscribing connection: we offer slots, the browser answers; slots change hands without new offers."""

import asyncio
import math
import time
from collections.abc import Awaitable, Callable

from . import rtcp, sdp
from .adaptation import NOMINAL, Downlink, Option, Picture, most_for, share
from .codecs import BY_KIND
from .consumer import Consumer
from .errors import ErrorCode, PeerError
from .layer import Layer
from .link import Link
from .messages import SOURCES, Message
from .producer import Producer
from .slots import Slot, holder_of, offer_section
from .transport import Transport, require_sha

ANSWER_SECONDS = 10
DEFAULT_HEIGHT = 360
MAX_PICTURES = 16  # shown to a client that never said which it wants
MAX_SLOTS = 50
LOSSY = 0.1  # loss between publisher and us above which a smaller encoding is better

Send = Callable[[Message], None]


class Subscribing:
    """Offers, slots, and what each subscriber gets. `send` takes messages for the client."""

    def __init__(self, transport: Transport, *, send: Send) -> None:
        self.transport = transport
        self.send = send
        self.slots: list[Slot] = []
        self.heights: dict[str, int] = {}  # by producer
        self.downlink = Downlink()
        self.link = Link(self.slots, self.downlink)
        self.codecs: set[str] = set()
        self.remb: float | None = None
        self._offered = 0  # slots in the last answered offer
        self._version = 0
        self._answer: asyncio.Future[sdp.Description] | None = None
        self._negotiation: asyncio.Task[None] | None = None
        self._restart = False
        self._fragment = ""
        self._sent_slots: list[tuple[str, str | None]] = []
        self._sent_layers: dict[str, tuple[str | None, str]] = {}
        self._by_ssrc: dict[int, Consumer] = {}
        self._settled: list[object] | None = None
        self.on_failure: Callable[[PeerError], Awaitable[None]] | None = None
        transport.on_rtcp = self._on_rtcp

    # -- slots -----------------------------------------------------------------------------------------------------

    def assign_slots(self, producers: list[Producer]) -> None:
        """Give slots to everybody whose voice or picture this peer gets; `producers` are those of all others."""
        by_holder: dict[tuple[str, bool], list[Producer]] = {}
        for producer in producers:
            by_holder.setdefault(holder_of(producer), []).append(producer)
        wanted = self._wanted(producers)
        for slot in self.slots:
            if slot.holder not in wanted:
                slot.holder = None
        served = {slot.holder for slot in self.slots}
        for holder in wanted:
            if holder not in served and (free := self._free_slot()) is not None:
                free.holder = holder
        for slot in self.slots:
            self._fill(slot, by_holder.get(slot.holder, []) if slot.holder else [])
        self._send_slots()
        self._send_hidden_layers({producer.id for producer in producers})
        self._negotiate()
        self.adapt(time.monotonic())

    def _wanted(self, producers: list[Producer]) -> dict[tuple[str, bool], None]:
        """Return who needs a slot, in order: heard voices, then visible pictures."""
        pictures = [producer for producer in producers if producer.kind == "video"]
        visible = [one for position, one in enumerate(pictures) if self.height(one, position) > 0]
        heard = [producer for producer in producers if producer.kind == "audio" and producer.audible]
        return dict.fromkeys(holder_of(producer) for producer in heard + visible)

    def _free_slot(self) -> Slot | None:
        free = next((slot for slot in self.slots if slot.holder is None), None)
        if free is None and len(self.slots) < MAX_SLOTS:
            number = len(self.slots)
            audio, video = (
                Consumer(transport=self.transport, mid=str(number * 2 + position), kind=kind, cname=f"slot{number}")
                for position, kind in enumerate(("audio", "video"))
            )
            free = Slot(audio, video)
            self.slots.append(free)
            for consumer in free.consumers:
                self._by_ssrc[consumer.ssrc] = self._by_ssrc[consumer.rtx_ssrc] = consumer
        return free

    def _fill(self, slot: Slot, producers: list[Producer]) -> None:
        for consumer in slot.consumers:
            producer = next((one for one in producers if one.kind == consumer.kind and one.audible), None)
            consumer.carry(producer)

    def _send_slots(self) -> None:
        slots = [
            (consumer.mid, consumer.producer.id if consumer.producer else None)
            for slot in self.slots
            for consumer in slot.consumers
        ]
        if slots != self._sent_slots:
            self._sent_slots = slots
            self.send({"type": "subscribe.slots", "slots": [{"mid": mid, "producer": id} for mid, id in slots]})

    def _send_hidden_layers(self, present: set[str]) -> None:
        """Tell of pictures that are hidden so thoroughly that not even a slot is left for them."""
        carried = {slot.video.producer.id for slot in self.slots if slot.video.producer is not None}
        for producer in [id for id in self._sent_layers if id not in carried]:
            rid, _ = self._sent_layers.pop(producer)
            if producer in present and rid is not None:
                self.send({"type": "layer", "producer": producer, "rid": None, "reason": "hidden"})

    # -- negotiation -----------------------------------------------------------------------------------------------

    def restart(self) -> None:
        """Offer anew with new ICE credentials."""
        self._restart = True
        self._negotiate()

    def _negotiate(self) -> None:
        """Offer if there is something new; one offer at a time, so that bursts of joins make few of them."""
        running = self._negotiation is not None and not self._negotiation.done()
        if not running and (self._restart or len(self.slots) > self._offered) and self.transport.state != "closed":
            self._negotiation = asyncio.create_task(self._offers())

    async def _offers(self) -> None:
        try:
            while self._restart or len(self.slots) > self._offered:
                await self._offer()
        except PeerError as error:
            if self.on_failure is not None:
                await self.on_failure(error)

    async def _offer(self) -> None:
        count = len(self.slots)
        if self._restart:
            self._restart = False
            if self._fragment:
                self.transport.ice.restart()
        self._version += 1
        self._answer = asyncio.get_running_loop().create_future()
        self.send({"type": "subscribe.offer", "sdp": self._text(), "version": self._version})
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                answer = await self._answer
        except TimeoutError:
            raise PeerError(ErrorCode.TRANSPORT_FAILED, "no answer to our offer") from None
        if len(answer.sections) != count * 2:
            raise PeerError(ErrorCode.BAD_SDP, "sections of the answer")
        self._accept(answer)
        self._offered = count

    def answered(self, text: str, version: int) -> None:
        """Take the client's answer to the offer `version`; older ones are ignored."""
        if self._answer is None or self._answer.done() or version != self._version:
            return
        self._answer.set_result(sdp.parse(text))

    def _accept(self, answer: sdp.Description) -> None:
        if answer.setup not in ("active", "passive"):
            raise PeerError(ErrorCode.BAD_SDP, "setup of the answer")
        self.transport.start(require_sha(answer.fingerprint), server=answer.setup == "active")
        self._fragment = answer.fragment
        self._settled = None
        by_mid = {consumer.mid: consumer for slot in self.slots for consumer in slot.consumers}
        for section in answer.sections:
            consumer = by_mid.get(section.mid)
            if consumer is not None and not section.rejected and section.direction in ("recvonly", "sendrecv"):
                consumer.ready = True
                self.codecs |= {name for name, _ in section.payloads().values()}
        self.adapt(time.monotonic())

    def _text(self) -> str:
        consumers = [consumer for slot in self.slots for consumer in slot.consumers]
        lines = sdp.session_lines([consumer.mid for consumer in consumers], self._version)
        for consumer in consumers:
            lines += offer_section(consumer)
        return sdp.text(lines)

    # -- what is sent ----------------------------------------------------------------------------------------------

    def height(self, producer: Producer, position: int) -> int:
        """Return the height of this producer's tile: as the client said, else the default for the first few."""
        return self.heights.get(producer.id, DEFAULT_HEIGHT if position < MAX_PICTURES else 0)

    def adapt(self, now: float) -> None:
        """Aim every consumer at what its subscriber shall get now."""
        if self.transport.state != "connected":
            return
        situation = self._situation(now)
        if situation == self._settled:
            return  # because with a hundred subscribers, four times a second, choosing anew what is chosen adds up
        for slot in self.slots:
            producer = slot.audio.producer
            if producer is not None and slot.audio.ready:
                layer = next(iter(producer.layers.values()), None)
                slot.audio.aim(None if producer.muted else layer, now)
        carried = [slot.video for slot in self.slots if slot.video.producer is not None and slot.video.ready]
        pictures = [self._picture(consumer, position, now) for position, consumer in enumerate(carried)]
        chosen = share(pictures, self.downlink, other=self._other_kbps())
        for consumer, picture in zip(carried, pictures, strict=True):
            self._aim(consumer, picture, chosen[picture.producer], now)
        self._settled = self._situation(now)

    def _situation(self, now: float) -> list[object]:
        """Return everything that `adapt` decides by; bit rates only while the network sets a limit."""
        limited = self.downlink.ceiling < math.inf
        found: list[object] = [self.downlink.ceiling, self.downlink.starved]
        for slot in self.slots:
            for consumer in slot.consumers:
                producer = consumer.producer if consumer.ready else None
                if producer is None:
                    found.append(None)
                    continue
                layers = producer.layers.values()
                usable = [(one, _usable(one, consumer, now), limited and one.kbps) for one in layers]
                height = self.heights.get(producer.id)
                found.append((producer, producer.muted, height, consumer.layer, consumer.target, usable))
        return found

    def _picture(self, consumer: Consumer, position: int, now: float) -> Picture:
        producer = consumer.producer
        assert producer is not None
        layers = producer.ranked()
        options = [
            Option(layer.rid, layer.kbps or NOMINAL.get(layer.rid, 800.0), _usable(layer, consumer, now))
            for layer in layers
        ]
        if options and not any(option.usable for option in options):
            options[0].usable = True  # because a picture that pauses or comes with losses is still the picture
        visible = not producer.muted and producer.codec in self.codecs
        height = self.height(producer, position) if visible else 0
        most = most_for(height, len(options))
        if most >= 0 and not any(option.usable for option in options[: most + 1]):
            most = next(at for at, option in enumerate(options) if option.usable)
        current = next((at for at, layer in enumerate(layers) if layer is (consumer.target or consumer.layer)), -1)
        return Picture(producer.id, options, most, height, current)

    def _aim(self, consumer: Consumer, picture: Picture, index: int, now: float) -> None:
        producer = consumer.producer
        assert producer is not None
        layers = producer.ranked()
        layer = layers[index] if 0 <= index < len(layers) else None
        consumer.aim(layer, now)
        reason = "size"
        if layer is None and layers:
            reason = "muted" if producer.muted else "hidden" if picture.most < 0 else "bandwidth"
        elif index < picture.most:
            reason = "bandwidth" if picture.options[picture.most].usable else "publisher"
        chosen_layer = (layer.rid if layer else None, reason)
        if layers and self._sent_layers.get(producer.id) != chosen_layer:
            self._sent_layers[producer.id] = chosen_layer
            self.send({"type": "layer", "producer": producer.id, "rid": chosen_layer[0], "reason": reason})

    def _other_kbps(self) -> float:
        return sum(
            next(iter(slot.audio.producer.layers.values())).kbps
            for slot in self.slots
            if slot.audio.producer is not None and slot.audio.layer is not None
        )

    # -- feedback --------------------------------------------------------------------------------------------------

    def _on_rtcp(self, compound: bytes) -> None:
        now = time.monotonic()
        for kind, form, body in rtcp.parts(compound):
            if kind in (rtcp.SR, rtcp.RR):
                for ssrc, loss, jitter, lsr, dlsr in rtcp.report_blocks(kind, body):
                    consumer = self._by_ssrc.get(ssrc)
                    if consumer is not None and consumer.ssrc == ssrc:
                        consumer.reported(loss, jitter, lsr, dlsr, now)
                    elif consumer is not None:
                        self.link.refilled(loss, now)
            elif kind == rtcp.RTPFB and form == 1 and len(body) >= 12:
                self._resend(body, now)
            elif kind == rtcp.PSFB and len(body) >= 8:
                self._picture_feedback(form, body, now)

    def _resend(self, body: bytes, now: float) -> None:
        consumer = self._by_ssrc.get(int.from_bytes(body[4:8], "big"))
        if consumer is not None and consumer.kind == "video":
            self.link.resend(consumer, rtcp.nacked(body), now)

    def _picture_feedback(self, form: int, body: bytes, now: float) -> None:
        if form == 15:
            bits = rtcp.remb(body)
            self.remb = bits / 1000 if bits else self.remb
            return
        ssrc = int.from_bytes(body[8:12] if form == 4 and len(body) >= 12 else body[4:8], "big")
        consumer = self._by_ssrc.get(ssrc)
        layer = consumer and (consumer.target or consumer.layer)
        if form in (1, 4) and layer:
            layer.request_key(now)

    def measure(self, now: float) -> None:
        """Take stock of the last second, then send sender reports."""
        self.link.measure(now, remb=self.remb)
        self._send_reports(now)

    def _send_reports(self, now: float) -> None:
        batch = b""
        for slot in self.slots:
            for consumer in slot.consumers:
                report = consumer.sender_report(now)
                if len(batch) + len(report) > 1100:
                    self.transport.send_rtcp(batch)
                    batch = b""
                batch += report
        if batch:
            self.transport.send_rtcp(batch)

    def catch_up(self) -> None:
        """Tell a client with new signalling what it may have missed, and offer anew."""
        self._sent_slots = []
        self._sent_layers = {}
        self._settled = None
        self._send_slots()
        self._restart = True
        if self._answer is not None and not self._answer.done():
            self._answer.cancel()
        self._negotiation = None
        self._negotiate()

    def close(self) -> None:
        """Stop following anybody; the transport itself is closed by its owner."""
        for slot in self.slots:
            for consumer in slot.consumers:
                consumer.carry(None)
        if self._negotiation is not None:
            self._negotiation.cancel()


def _usable(layer: Layer, consumer: Consumer, now: float) -> bool:
    """Whether packets of `layer` come and come whole; and, unless it is followed already, have done so for a while."""
    return layer.alive(now) and layer.fraction < LOSSY and (layer.steady(now) or layer is consumer.layer)


assert set(SOURCES.values()) == set(BY_KIND)
