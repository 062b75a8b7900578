"""Slots of a subscribing connection: pairs of m-lines that change hands without a new offer."""

from dataclasses import dataclass

from . import rtp, sdp
from .codecs import BY_KIND, FORMAT, PAYLOAD_TYPES, RTPMAP
from .consumer import Consumer
from .producer import Producer

FEEDBACK = {"audio": (), "video": ("goog-remb", "ccm fir", "nack", "nack pli")}


@dataclass
class Slot:
    """A pair of m-lines, audio and video, with a common stream id; `holder` is (peer, whether it is their screen)."""

    audio: Consumer
    video: Consumer
    holder: tuple[str, bool] | None = None

    @property
    def consumers(self) -> tuple[Consumer, Consumer]:
        return self.audio, self.video


def holder_of(producer: Producer) -> tuple[str, bool]:
    return producer.peer, producer.source.startswith("screen")


def offer_section(consumer: Consumer) -> list[str]:
    """Return the lines of one m-line in our offer: every codec that we pass on, under the numbers that all subscribers share."""
    codecs = BY_KIND[consumer.kind]
    types = [pt for codec in codecs for pt in PAYLOAD_TYPES[codec] if pt is not None]
    lines = [
        f"m={consumer.kind} 9 UDP/TLS/RTP/SAVPF {' '.join(map(str, types))}",
        "c=IN IP4 0.0.0.0",
        *sdp.transport_lines(consumer.transport, consumer.mid, "actpass"),
        "a=sendonly",
        "a=rtcp-mux",
        "a=rtcp-rsize",
        f"a=msid:{consumer.cname} {consumer.cname}-{consumer.kind}",
    ]
    for codec in codecs:
        payload_type, resent = PAYLOAD_TYPES[codec]
        assert payload_type is not None
        lines += sdp.rtp_lines(payload_type, RTPMAP[codec], FORMAT[codec], resent)
        lines += sdp.feedback_lines(payload_type, FEEDBACK[consumer.kind])
    lines += [f"a=extmap:{number} {uri}" for uri, number in rtp.TO_SUBSCRIBER[consumer.kind].items()]
    if consumer.kind == "video":
        lines.append(f"a=ssrc-group:FID {consumer.ssrc} {consumer.rtx_ssrc}")
    lines.append(f"a=ssrc:{consumer.ssrc} cname:{consumer.cname}")  # first, because Chromium takes the first one
    return [*lines, f"a=ssrc:{consumer.rtx_ssrc} cname:{consumer.cname}"] if consumer.kind == "video" else lines
