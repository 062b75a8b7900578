"""One incoming RTP stream: a simulcast encoding of a picture, a picture with one encoding, or a voice."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from . import rtcp
from .codecs import KEY, PAYLOAD_TYPES, vp8_picture
from .copies import Copies, Outgoing
from .fanout import fan_out
from .rtp import CLOCK, SEQ, TIME
from .transport import Transport

HISTORY = 512  # packets kept for resending, about 4 s of the largest picture
JUMP = 1000  # sequence numbers; a larger step is a new beginning
KEY_SECONDS = 0.3  # between two requests for a key frame
NACK_TRIES = 10
NACK_SECONDS = 0.05  # before asking again, until it is known how long an answer takes
NACK_SOONEST, NACK_LATEST = 0.02, 0.25
MAX_MISSING = 300
REMEMBERED = 64  # late packets
ALIVE_SECONDS = 0.6
STEADY_SECONDS, STEADIEST_SECONDS = 1.0, 8.0  # before an encoding that went away is used again; doubled each time
FORGIVEN_SECONDS = 30.0


class Published(Protocol):
    """What a layer needs of the producer that it is an encoding of."""

    kind: str
    codec: str
    resent_type: int | None
    nacks: bool

    @property
    def transport(self) -> Transport: ...
    @property
    def sinks(self) -> Sequence["Sink"]: ...
    def clock_offset(self, stamp: float) -> float: ...


class Follower(Outgoing, Protocol):
    """What a layer and its producer need of a consumer."""

    def follow(self, layer: "Layer", seq: int, ts: int, now: float) -> None: ...
    def wait_again(self) -> None: ...
    def carry(self, producer: None) -> None: ...


class Layer:
    """Sequence numbers, losses and jitter of the stream; who follows it, and who waits for its next key frame."""

    __slots__ = (
        "asked", "at", "bad_seq", "codec", "copies", "cycles", "descriptor", "asked_then", "expected_then", "first_seq", "followers",
        "fraction", "gap", "history", "is_key",
        "jitter", "key_asked", "keys_asked", "kbps", "kind", "level_sum", "lapses", "late", "lost", "max_seq", "max_ts", "missing", "octets",
        "octets_then", "packets", "packets_then", "paused", "payload_type", "picture", "producer", "repair_seconds", "repaired", "rid", "rtx_ssrc",
        "send", "sent", "sent_octets", "sr", "ssrc", "steady_at", "transit", "unrepaired", "waiting", "window",
    )  # fmt: skip

    def __init__(self, producer: Published, rid: str, ssrc: int) -> None:
        self.producer = producer
        self.kind = producer.kind
        self.codec = producer.codec
        self.payload_type = PAYLOAD_TYPES[producer.codec][0]
        self.is_key: Callable[[bytes], bool] = KEY.get(producer.codec, lambda payload: True)
        self.send: Callable[[Any, Any], int] = producer.transport.port.socket.sendto
        self.descriptor = producer.transport.port.socket.fileno()
        self.rid = rid
        self.followers: list[Follower] = []
        self.copies: Copies | None = None  # made of `followers` when the compiled loop wants them
        self.waiting: list[Follower] = []
        self.packets = self.octets = self.sent = self.sent_octets = 0
        self.packets_then = self.octets_then = self.expected_then = self.asked_then = 0
        # `fraction` of the packets never came, `gap` had to be asked for at least.
        self.kbps = self.fraction = self.gap = 0.0
        self.lost = self.asked = self.repaired = self.unrepaired = self.keys_asked = self.level_sum = 0
        self.repair_seconds: float | None = None  # from asking for a packet to its coming, averaged
        self.window = time.monotonic()
        self.key_asked = self.at = self.steady_at = 0.0
        self.lapses = 0
        self.paused = False  # for it was asked to; its silence says nothing about the network
        self.sr: tuple[float, int, int, float] | None = None
        self.begin(ssrc)

    def begin(self, ssrc: int) -> None:
        """Start anew: the first packet of a stream, a publisher that changed its SSRC, or numbers that jumped."""
        for consumer in list(getattr(self, "followers", ())):
            consumer.wait_again()
        self.ssrc = ssrc
        self.rtx_ssrc = 0
        self.max_seq = -1
        self.first_seq = self.cycles = self.max_ts = 0
        self.bad_seq = -1
        self.missing: dict[int, tuple[float, int]] = {}
        self.late: deque[int] = deque(maxlen=REMEMBERED)  # numbers that came only when asked for
        self.history: list[tuple[int, int, int, bytes] | None] = [None] * (HISTORY if self.kind == "video" else 0)
        self.transit: float | None = None
        self.jitter = 0.0
        self.picture: tuple[int, int] | None = None
        self.sr = None
        self.expected_then = self.packets_then = 0
        self.packets = 0

    def receive(
        self, marker: int, seq: int, ts: int, payload: bytes, *, level: int, now: float, resent: bool = False
    ) -> None:
        """Take one packet; `now` is monotonic. Duplicates and packets from before a jump are dropped."""
        step = (seq - self.max_seq) & SEQ
        late = False
        if self.max_seq < 0:
            self.first_seq = seq
            self._advance(seq, ts, now)
        elif 0 < step <= JUMP:
            if step > 1:
                self._note_gap(seq, step, now)
            self._advance(seq, ts, now)
        elif (asked := self.missing.pop(seq, None)) is not None:
            late = True
            self.late.append(seq)
            self.repaired += 1
            if asked[1] == 0:
                self._note_repair(now - asked[0])
        elif step == 0 or resent or step > 0x10000 - JUMP or not self._jumped(seq):
            return
        else:
            self.begin(self.ssrc)
            self.first_seq = seq
            self._advance(seq, ts, now)
        self.packets += 1
        self.octets += len(payload)
        if not resent and not late:
            self._note_jitter(ts, now)
        self._pass_on(marker, seq, ts, payload, level=level, now=now, late=late)

    def _advance(self, seq: int, ts: int, now: float) -> None:
        if seq < self.max_seq:
            self.cycles += 1
        self.max_seq = seq
        self.max_ts = ts
        if now - self.at > ALIVE_SECONDS:
            self._revive(now)
        self.at = now

    def _revive(self, now: float) -> None:
        """Note that packets come again: the publisher's network gives the encoding up, and tries it anew, perhaps often."""
        if self.at and not self.paused:
            self.lapses = self.lapses + 1 if now - self.steady_at < FORGIVEN_SECONDS else 1
            self.steady_at = now + min(STEADIEST_SECONDS, STEADY_SECONDS * 2**self.lapses)
        self.paused = False

    def _jumped(self, seq: int) -> bool:
        """Whether the numbers really begin anew: believed at the second packet in a row (RFC 3550, A.1)."""
        believed = seq == self.bad_seq
        self.bad_seq = (seq + 1) & SEQ
        return believed

    def _note_gap(self, seq: int, step: int, now: float) -> None:
        if self.kind != "video":
            return
        for back in range(step - 1, 0, -1):
            self.missing[(seq - back) & SEQ] = (now, 0)
        self.asked += step - 1
        while len(self.missing) > MAX_MISSING:
            del self.missing[next(iter(self.missing))]
            self.unrepaired += 1
        self._send_nack([number for number, (at, _) in self.missing.items() if at == now])

    def _note_repair(self, seconds: float) -> None:
        """Learn from a packet that came when it had been asked for once."""
        before = self.repair_seconds
        self.repair_seconds = seconds if before is None else before + (seconds - before) / 8

    def _note_jitter(self, ts: int, now: float) -> None:
        transit = now * CLOCK[self.kind] - ts
        if self.transit is not None:
            difference = abs(transit - self.transit)
            if difference < 0x7FFFFFFF:
                self.jitter += (difference - self.jitter) / 16
        self.transit = transit

    def _pass_on(self, marker: int, seq: int, ts: int, payload: bytes, *, level: int, now: float, late: bool) -> None:
        if self.kind == "video":
            self.history[seq % HISTORY] = (seq, marker, ts, payload)
            if not late and self.codec == "VP8":
                self.picture = vp8_picture(payload) or self.picture
        else:
            self.level_sum += 127 - (level & 127)
        if self.waiting and not late and (self.kind == "audio" or self.is_key(payload)):
            for consumer in tuple(self.waiting):
                consumer.follow(self, seq, ts, now)
        if self.followers:
            fan_out(self, marker, seq, ts, payload, level, late=late)
        for sink in self.producer.sinks:
            sink(self, marker, seq, ts, payload, now)

    # -- feedback to the publisher ---------------------------------------------------------------------------------

    def request_key(self, now: float) -> None:
        """Ask for a key frame, unless that was done a moment ago."""
        if self.kind == "video" and now - self.key_asked > KEY_SECONDS:
            self.key_asked = now
            self.keys_asked += 1
            self.producer.transport.send_rtcp(rtcp.pli(self.ssrc))

    def repeat_nacks(self, now: float) -> None:
        """Ask again for what is still missing as soon as the answer is overdue; give up after some tries."""
        again = []
        usual = NACK_SECONDS if self.repair_seconds is None else 1.5 * self.repair_seconds
        pause = min(NACK_LATEST, max(NACK_SOONEST, usual))
        for seq, (at, tries) in list(self.missing.items()):
            if tries >= NACK_TRIES:
                del self.missing[seq]
                self.unrepaired += 1
            elif now - at > pause * (1 + tries / 2):  # ever later, because on a narrow line asking makes it worse
                self.missing[seq] = (now, tries + 1)
                again.append(seq)
        self._send_nack(again)

    def _send_nack(self, missing: list[int]) -> None:
        if missing and self.producer.nacks:
            self.producer.transport.send_rtcp(rtcp.nack(self.ssrc, missing))

    def report(self, now: float) -> bytes:
        """Return the report block for the last interval (RFC 3550, A.3), and measure bit rate and loss over it."""
        expected = (self.cycles << 16) + max(self.max_seq, 0) - self.first_seq + 1 if self.max_seq >= 0 else 0
        interval, got = expected - self.expected_then, self.packets - self.packets_then
        self.lost = expected - self.packets
        self.fraction = max(0.0, min(1.0, (interval - got) / interval)) if interval > 0 else 0.0
        gap = max(self.fraction, (self.asked - self.asked_then) / interval) if interval > 0 else 0.0
        self.gap = max(gap, self.gap / 2)  # fading, because receivers report about other intervals than ours
        self.asked_then = self.asked
        self.kbps = (self.octets - self.octets_then) * 0.008 / max(0.001, now - self.window)
        self.expected_then, self.packets_then, self.octets_then, self.window = expected, self.packets, self.octets, now
        lsr, dlsr = 0, 0
        if self.sr is not None:
            lsr, dlsr = self.sr[2], int((now - self.sr[3]) * 65536)
        return rtcp.report_block(
            ssrc=self.ssrc,
            fraction=min(255, int(self.fraction * 256)),
            lost=min(0x7FFFFF, max(0, self.lost)),
            highest=(self.cycles << 16) + max(self.max_seq, 0),
            jitter=int(self.jitter) & TIME,
            lsr=lsr,
            dlsr=min(dlsr, TIME),
        )

    def alive(self, now: float) -> bool:
        """Whether packets are coming."""
        return now - self.at < ALIVE_SECONDS

    def steady(self, now: float) -> bool:
        """Whether they have come for long enough to be relied on."""
        return now >= self.steady_at

    # -- clocks ----------------------------------------------------------------------------------------------------

    def sender_report(self, stamp: int, ts: int, now: float) -> None:
        """Note a sender report: `stamp` in NTP time of the publisher's clock, which may be hours off ours."""
        offset = self.producer.clock_offset(rtcp.from_ntp(stamp))
        self.sr = (rtcp.from_ntp(stamp) + offset, ts, stamp >> 16 & TIME, now)

    def capture(self, ts: int) -> float | None:
        """Return when `ts` was captured, in seconds since 1970 by our clock, once a sender report tells."""
        if self.sr is None:
            return None
        step = (ts - self.sr[1] + 0x80000000 & TIME) - 0x80000000
        return self.sr[0] + step / CLOCK[self.kind]


Sink = Callable[[Layer, int, int, int, bytes, float], None]  # what else gets a layer's packets: a recording
