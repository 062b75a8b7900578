"""A peer's publishing connection: the browser offers, we answer; packets are sorted to layers, feedback goes back."""

import time
from collections.abc import Callable
from typing import Any

from . import rtcp, rtp, sdp
from .codecs import BY_KIND
from .errors import ErrorCode, PeerError
from .layer import Layer
from .messages import RIDS, SOURCES
from .private import RX_VIEW
from .producer import Producer
from .transport import Transport, require_sha
from .twcc import Arrivals

FEEDBACK = {
    "audio": ("transport-cc",),
    "video": ("transport-cc", "ccm fir", "nack", "nack pli"),
}
MAX_STREAMS = 64  # SSRCs of one connection; a browser needs a handful, each costs memory in libsrtp
MAX_PRODUCERS = 8
FEEDBACK_SECONDS = {True: 0.05, False: 0.2}  # with and without video
SCTP_PORT = 5000


class Publishing:
    """`made()` gives ids to producers, `allowed(source)` decides about rights.

    `added` and `removed` get producers as they come and go, `layered` one of which a new encoding came.
    """

    def __init__(
        self, transport: Transport, *, peer: str, made: Callable[[], str], allowed: Callable[[str], bool],
        added: Callable[[Producer], None], removed: Callable[[Producer], None], layered: Callable[[Producer], None],
    ) -> None:  # fmt: skip
        self.transport = transport
        self.peer = peer
        self.made = made
        self.allowed = allowed
        self.added = added
        self.removed = removed
        self.layered = layered
        self.producers: dict[str, Producer] = {}  # by mid
        self.wants_data = False  # the browser asked for a data channel and may have one
        self._by_ssrc: dict[int, Layer] = {}
        self._ids: dict[str, int] = {}  # header extension → id
        self._transport_id = self._level_id = 0
        self._arrivals = Arrivals()
        self._fed_back = self._reported = 0.0
        self._streams = 0
        self._version = 0
        self._fragment = ""
        transport.on_rtp = self._on_rtp
        transport.on_rtcp = self._on_rtcp

    # -- negotiation -----------------------------------------------------------------------------------------------

    def answer(self, text: str, tracks: dict[str, str], codec: str) -> str:
        """Return the answer to an offer. `tracks` is mid → source; `codec` the wished one for pictures.

        Raises PeerError (bad_sdp, codec_unsupported, not_allowed) before anything has changed.
        """
        offer = sdp.parse(text)
        for source in tracks.values():
            if SOURCES.get(source) is None:
                raise PeerError(ErrorCode.BAD_MESSAGE, "source")
            if not self.allowed(source):
                raise PeerError(ErrorCode.NOT_ALLOWED, source)
        fingerprint = require_sha(offer.fingerprint)
        chosen = [self._check(section, tracks, codec) for section in offer.sections]
        for section, choice in zip(offer.sections, chosen, strict=True):
            if section.kind != "application":
                self._apply(section, tracks.get(section.mid), choice)
        if self._fragment not in ("", offer.fragment):
            self.transport.ice.restart()
        self._fragment = offer.fragment
        self._version += 1
        setup = "active" if offer.setup == "passive" else "passive"
        bodies = [self._lines(section, choice, setup) for section, choice in zip(offer.sections, chosen, strict=True)]
        # Because a browser takes no answer that bundles a refused section.
        bundled = [section.mid for section, body in zip(offer.sections, bodies, strict=True) if " 0 " not in body[0]]
        self.transport.start(fingerprint, server=setup == "passive")
        return sdp.text([*sdp.session_lines(bundled, self._version), *(line for body in bodies for line in body)])

    def _check(self, section: sdp.Section, tracks: dict[str, str], codec: str) -> tuple[int, str] | None:
        """Return (payload type, codec) for one m-line, or None if it cannot carry anything for us."""
        source = tracks.get(section.mid)
        if section.kind == "application":
            return None
        if source is not None and SOURCES[source] != section.kind:
            raise PeerError(ErrorCode.BAD_MESSAGE, f"source {source} on {section.kind}")
        chosen = _choose(section, codec)
        if source is not None and _sends(section) and chosen is None:
            raise PeerError(ErrorCode.CODEC_UNSUPPORTED)
        return chosen

    def _apply(self, section: sdp.Section, source: str | None, chosen: tuple[int, str] | None) -> None:
        """Take up, keep or end what one m-line publishes."""
        if source is None or chosen is None or not _sends(section):
            self._end(section.mid)
            return
        present = self.producers.get(section.mid)
        if present is not None and (present.source, present.codec) != (source, chosen[1]):
            self._end(section.mid)
            present = None
        if present is None:
            self._begin(section, source, chosen)

    def _begin(self, section: sdp.Section, source: str, chosen: tuple[int, str]) -> None:
        if len(self.producers) >= MAX_PRODUCERS:
            raise PeerError(ErrorCode.TOO_LARGE, "producers")
        payload_type, codec = chosen
        rids = [rid for rid in section.rids() if rid in RIDS]
        producer = Producer(
            id=self.made(), peer=self.peer, transport=self.transport, mid=section.mid, source=source,
            kind=section.kind, codec=codec, payload_type=payload_type,
            resent_type=section.resent_by(payload_type), rids=rids,
        )  # fmt: skip
        self.producers[section.mid] = producer
        self._ids |= section.extension_ids(rtp.FROM_PUBLISHER[section.kind])
        self._transport_id = self._ids.get(rtp.TRANSPORT, 0)
        self._level_id = self._ids.get(rtp.LEVEL, 0)
        ssrcs = section.ssrcs()
        if ssrcs and not rids:
            layer = producer.layers[""] = Layer(producer, "", ssrcs[0])
            for ssrc in ssrcs:
                self._by_ssrc[ssrc] = layer
        self.added(producer)

    def _end(self, mid: str) -> None:
        producer = self.producers.pop(mid, None)
        if producer is None:
            return
        self._by_ssrc = {ssrc: layer for ssrc, layer in self._by_ssrc.items() if layer.producer is not producer}
        for consumer in list(producer.consumers):
            consumer.carry(None)
        self.removed(producer)
        producer.layers.clear()  # with the packets that they keep; producer and layers hold each other

    def withdraw(self) -> None:
        """End what the peer's rights no longer allow."""
        for mid, producer in list(self.producers.items()):
            if not self.allowed(producer.source):
                self._end(mid)

    def _lines(self, section: sdp.Section, chosen: tuple[int, str] | None, setup: str) -> list[str]:
        if section.kind == "application":
            return self._data_lines(section, setup)
        accepted = chosen is not None and not section.rejected
        formats = [str(chosen[0])] if chosen else section.formats[:1]
        resent = section.resent_by(chosen[0]) if chosen else None
        if resent is not None:
            formats.append(str(resent))
        producer = self.producers.get(section.mid)
        lines = [
            f"m={section.kind} {9 if accepted else 0} UDP/TLS/RTP/SAVPF {' '.join(formats)}",
            "c=IN IP4 0.0.0.0",
            *sdp.transport_lines(self.transport, section.mid, setup),
            "a=recvonly" if producer is not None else "a=inactive",
            "a=rtcp-mux",
            "a=rtcp-rsize",
        ]
        if chosen is None:
            return lines
        payload_type, _ = chosen
        names = dict(sdp.numbered(section.all("rtpmap")))
        lines += sdp.rtp_lines(payload_type, names[payload_type], section.payloads()[payload_type][1], resent)
        lines += sdp.feedback_lines(payload_type, FEEDBACK[section.kind])
        ids = section.extension_ids(rtp.FROM_PUBLISHER[section.kind])
        lines += [f"a=extmap:{number} {uri}" for uri, number in ids.items()]
        if producer is not None and producer.rids:
            lines += [f"a=rid:{rid} recv" for rid in producer.rids]
            lines.append(f"a=simulcast:recv {';'.join(producer.rids)}")
        return lines

    def _data_lines(self, section: sdp.Section, setup: str) -> list[str]:
        self.wants_data = self.allowed("data")
        lines = [
            f"m=application {9 if self.wants_data else 0} UDP/DTLS/SCTP webrtc-datachannel",
            "c=IN IP4 0.0.0.0",
            *sdp.transport_lines(self.transport, section.mid, setup),
        ]
        return [*lines, f"a=sctp-port:{SCTP_PORT}", "a=max-message-size:16384"] if self.wants_data else lines

    # -- packets ---------------------------------------------------------------------------------------------------

    def _on_rtp(self, size: int) -> None:
        """Take the RTP packet of `size` bytes in RX_VIEW."""
        view = RX_VIEW
        flags, marker, seq, ts, ssrc = rtp.HEADER.unpack_from(view)
        now = time.monotonic()
        start = 12 + 4 * (flags & 15)
        first = end = start
        level = 127
        if flags & 0x10:
            first = start + 4
            end = start = first + (view[first - 2] << 8 | view[first - 1]) * 4
            if end > size or view[first - 4] != 0xBE:
                raise ValueError("header extension")
            at = first
            while at < end:
                head = view[at]
                if head == 0:
                    at += 1
                    continue
                number = head >> 4
                if number == self._transport_id:
                    self._arrivals.note(view[at + 1] << 8 | view[at + 2], now)
                elif number == self._level_id:
                    level = view[at + 1]
                at += (head & 15) + 2
        if flags & 0x20:
            size -= view[size - 1]
        if size < start:
            raise ValueError("padding")
        layer = self._by_ssrc.get(ssrc)
        if layer is None:
            layer = self._bind(ssrc, marker & 0x7F, rtp.extensions(view, first, end))
            if layer is None:
                return
        payload = bytes(view[start:size])
        resent = marker & 0x7F == layer.producer.resent_type
        if resent:
            if len(payload) < 2:
                return
            seq, payload = payload[0] << 8 | payload[1], payload[2:]
        layer.receive(marker & 0x80, seq, ts, payload, level=level, now=now, resent=resent)

    def _bind(self, ssrc: int, payload_type: int, extensions: dict[int, bytes]) -> Layer | None:
        """Find out what an unknown stream is: by mid and rid, else by a payload type that only one producer uses."""
        if self._streams >= MAX_STREAMS:
            return None
        named = {uri: extensions.get(number, b"").decode("ascii", "replace") for uri, number in self._ids.items()}
        producer = self.producers.get(named.get(rtp.MID, "")) or self._only(payload_type)
        if producer is None:
            return None
        resent = payload_type == producer.resent_type
        rid = (named.get(rtp.REPAIRED) or named.get(rtp.RID, "")) if resent else named.get(rtp.RID, "")
        if (producer.rids or [""]).count(rid) == 0 or payload_type not in (producer.payload_type, producer.resent_type):
            return None
        layer = producer.layers.get(rid)
        if layer is None:
            if resent:
                return None
            layer = producer.layers[rid] = Layer(producer, rid, ssrc)
            self.layered(producer)
        elif not resent:
            self._by_ssrc.pop(layer.ssrc, None)
            layer.begin(ssrc)
        self._streams += 1
        self._by_ssrc[ssrc] = layer
        return layer

    def _only(self, payload_type: int) -> Producer | None:
        using = [one for one in self.producers.values() if payload_type in (one.payload_type, one.resent_type)]
        return using[0] if len(using) == 1 else None

    def _on_rtcp(self, compound: bytes) -> None:
        now = time.monotonic()
        for kind, _, body in rtcp.parts(compound):
            if kind == rtcp.SR and (found := rtcp.sender_info(body)) is not None:
                ssrc, stamp, ts = found
                layer = self._by_ssrc.get(ssrc)
                if layer is not None and layer.ssrc == ssrc:
                    layer.sender_report(stamp, ts, now)

    # -- timers ----------------------------------------------------------------------------------------------------

    def layers(self) -> list[Layer]:
        return [layer for producer in self.producers.values() for layer in producer.layers.values()]

    def tick(self, now: float) -> None:
        """Send what feedback is due; called every 25 ms with monotonic seconds."""
        if self.transport.state != "connected":
            return
        layers = self.layers()
        for layer in layers:
            if layer.missing:
                layer.repeat_nacks(now)
            if layer.waiting:
                layer.request_key(now)
        video = any(layer.kind == "video" for layer in layers)
        if self._arrivals and now - self._fed_back >= FEEDBACK_SECONDS[video]:
            self._fed_back = now
            self.transport.send_rtcp(self._arrivals.feedback(layers[0].ssrc if layers else 0))
        if now - self._reported >= 1.0:
            self._reported = now
            self.transport.send_rtcp(rtcp.receiver_report([layer.report(now) for layer in layers if layer.packets]))

    def quality(self) -> dict[str, Any]:
        """Return loss (0–1), jitter (ms) and kbit/s of what this peer sends."""
        layers = [layer for layer in self.layers() if layer.kbps > 0]
        if not layers:
            return {"loss": None, "jitter_ms": None, "kbps": 0}
        weight = sum(layer.kbps for layer in layers)
        return {
            "loss": round(sum(layer.fraction * layer.kbps for layer in layers) / weight, 3),
            "jitter_ms": round(max(layer.jitter / rtp.CLOCK[layer.kind] for layer in layers) * 1000, 1),
            "kbps": round(weight),
        }

    def close(self) -> None:
        """End all producers; the transport itself is closed by its owner."""
        for mid in list(self.producers):
            self._end(mid)


def _sends(section: sdp.Section) -> bool:
    return section.direction in ("sendrecv", "sendonly") and not section.rejected


def _choose(section: sdp.Section, codec: str) -> tuple[int, str] | None:
    """Return (payload type, codec) that we take from an offer: the wished codec, else the first that we pass on."""
    offered = section.payloads()
    for wanted in dict.fromkeys((codec, *BY_KIND[section.kind])):
        if wanted not in BY_KIND[section.kind]:
            continue
        for payload_type, (name, fmt) in offered.items():
            if name.lower() == wanted.lower() and _passable(wanted, fmt):
                return payload_type, wanted
    return None


def _passable(codec: str, fmt: str) -> bool:
    if codec == "H264":
        return "packetization-mode=1" in fmt and "profile-level-id=42e01f" in fmt.lower()
    if codec == "VP9":
        return "profile-id=0" in fmt or "profile-id" not in fmt
    return True
