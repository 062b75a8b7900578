"""One outgoing m-line: follows one layer of one producer at a time, as one unbroken stream to its receiver."""

import random
import time

from . import rtcp
from .codecs import PAYLOAD_TYPES, vp8_picture, vp8_rewrite
from .fanout import OSN, flush, send_one
from .layer import HISTORY, Layer
from .producer import Producer
from .rtp import CLOCK, SEQ, TIME, newer
from .transport import Transport

RESEND_SECONDS = 0.1  # between two resends of a packet while the round trip is unknown, and at most
SOONEST_SECONDS = 0.02
REMEMBERED = 500  # resent packets
FILLING = 16  # packets that a probe sends over and over
FILL_AGE = 0.09  # packets per kbit/s: some 0.7 s


Followed = tuple[
    Layer, int, int, int, int, int
]  # a layer, the offsets of numbers, time, picture and TL0, the first number


class Consumer:
    """Rewrites SSRC, sequence number, timestamp and VP8 picture ids of the layer that it follows.

    `seq_off`, `ts_off`, `pid_off` and `tl0_off` are what is added to the layer's numbers. They change only when the
    consumer begins to follow another layer, so that forwarding writes nothing.
    """

    __slots__ = (
        "_base", "_past", "_resent", "cname", "jitter", "kind", "last_at", "last_capture", "last_missed", "last_pid", "last_seq",
        "last_tl0", "last_ts", "layer", "loss", "mid", "missed", "nacks", "octets", "packets", "pid_off", "producer", "ready",
        "resent", "rewrites", "rtt", "rtx_seq", "rtx_ssrc", "seq_off", "sr_sent", "ssrc", "start_seq", "target",
        "tl0_off", "too_soon", "transport", "ts_off", "unknown",
    )  # fmt: skip

    def __init__(self, *, transport: Transport, mid: str, kind: str, cname: str) -> None:
        self.transport = transport
        self.mid = mid
        self.kind = kind
        self.cname = cname
        self.ssrc, self.rtx_ssrc = random.getrandbits(31) | 1, random.getrandbits(31) | 1
        self.ready = False  # the receiver's answer knows this m-line
        self.producer: Producer | None = None
        self.layer: Layer | None = None
        self.target: Layer | None = None  # to be followed from its next key frame on
        self.seq_off = self.ts_off = self.pid_off = self.tl0_off = self.start_seq = 0
        self.rewrites = False
        self.last_seq, self.last_ts = random.getrandbits(15), random.getrandbits(31)
        self.last_pid = self.last_tl0 = -1
        self.last_at = 0.0
        self.last_capture: float | None = None
        self.rtx_seq = random.getrandbits(15)
        self.packets = self.octets = self.nacks = self.resent = self.too_soon = self.unknown = 0
        self.missed = 0  # packets that we sent and the receiver asked for, each counted once
        self.last_missed = -1
        self.loss = self.jitter = 0.0
        self.rtt: float | None = None
        self.sr_sent: list[tuple[int, float]] = []
        self._base = (0, 0)
        self._past: Followed | None = None
        self._resent: dict[int, float] = {}

    # -- what to follow --------------------------------------------------------------------------------------------

    def carry(self, producer: Producer | None) -> None:
        """Carry another producer from now on, or none."""
        if producer is self.producer:
            return
        self.aim(None)
        if self.producer is not None and self in self.producer.consumers:
            self.producer.consumers.remove(self)
        self.producer = producer
        if producer is not None:
            producer.consumers.append(self)

    def aim(self, layer: Layer | None, now: float | None = None) -> None:
        """Follow `layer` from its next key frame on (a voice: its next packet); None stops at once."""
        if self.target is not None and self.target is not layer:
            self.target.waiting.remove(self)
            self.target = None
        if layer is None:
            self._stop()
        elif layer is not self.layer and self.target is None:
            self.target = layer
            layer.waiting.append(self)
        if self.target is not None:
            self.target.request_key(time.monotonic() if now is None else now)

    def wait_again(self) -> None:
        """Stop, and follow the same layer again from its next key frame, because its numbers begin anew."""
        layer = self.layer
        self._stop()
        if self.target is None and layer is not None:
            self.aim(layer)

    def follow(self, layer: Layer, seq: int, ts: int, now: float) -> None:
        """Begin to follow `layer` with packet `seq`, continuing our own numbers."""
        same = self.layer is not None and self.layer.producer is layer.producer
        self._stop()
        began = self.last_at == 0.0
        self.seq_off = (self.last_seq + 1 - seq) & SEQ
        self.ts_off = (self.last_ts + self._elapsed(layer, ts, now, same=same) - ts) & TIME
        if layer.picture is not None:
            number, tl0 = layer.picture
            self.pid_off = 0 if began else (self.last_pid + 1 - number) & 0x7FFF
            self.tl0_off = 0 if began or tl0 < 0 else (self.last_tl0 + 1 - tl0) & 0xFF
        self.rewrites = bool(self.pid_off or self.tl0_off)
        self.start_seq = seq
        self.layer = layer
        self._base = (layer.sent, layer.sent_octets)
        if self.target is layer:
            layer.waiting.remove(self)
            self.target = None
        flush()
        layer.followers.append(self)
        layer.copies = None

    def _elapsed(self, layer: Layer, ts: int, now: float, *, same: bool) -> int:
        """Return by how many clock units our timeline moves on to the first packet of `layer`."""
        if self.last_at == 0.0:
            return 0
        seconds = now - self.last_at
        capture = layer.capture(ts)
        if same and capture is not None and self.last_capture is not None and abs(capture - self.last_capture) < 2:
            seconds = capture - self.last_capture  # two layers of one camera: their sender reports tell exactly
        return max(CLOCK[self.kind] // 1000, int(seconds * CLOCK[self.kind]))

    def _stop(self) -> None:
        layer = self.layer
        if layer is None:
            return
        flush()
        layer.followers.remove(self)
        layer.copies = None
        self.packets += layer.sent - self._base[0]
        self.octets += layer.sent_octets - self._base[1]
        self._past = (layer, self.seq_off, self.ts_off, self.pid_off, self.tl0_off, self.start_seq)
        if layer.max_seq >= 0:
            self.last_seq = (layer.max_seq + self.seq_off) & SEQ
            self.last_ts = (layer.max_ts + self.ts_off) & TIME
            self.last_at = layer.at
            self.last_capture = layer.capture(layer.max_ts)
        if layer.picture is not None:
            self.last_pid = (layer.picture[0] + self.pid_off) & 0x7FFF
            self.last_tl0 = (layer.picture[1] + self.tl0_off) & 0xFF
        self.layer = None

    # -- feedback from the receiver --------------------------------------------------------------------------------

    def sent(self) -> tuple[int, int]:
        """Return (packets, payload octets) sent so far."""
        if self.layer is None:
            return self.packets, self.octets
        packets, octets = self._base
        return self.packets + self.layer.sent - packets, self.octets + self.layer.sent_octets - octets

    def lookup(self, seq: int) -> tuple[int, int, bytes, int, int] | None:
        """Return (marker, timestamp, payload, picture and TL0 offsets) of the packet that we sent as `seq`."""
        found = self._find_sent(seq)
        if found is None:
            return None
        (layer, _, ts_off, pid_off, tl0_off, _), source = found
        entry = layer.history[source % HISTORY] if layer.history else None
        if entry is None or entry[0] != source:
            return None
        return entry[1], (entry[2] + ts_off) & TIME, entry[3], pid_off, tl0_off

    def _find_sent(self, seq: int) -> tuple[Followed, int] | None:
        """Return what we followed when we sent packet `seq`, and the number that it has there."""
        current = None
        if self.layer is not None:
            current = (self.layer, self.seq_off, self.ts_off, self.pid_off, self.tl0_off, self.start_seq)
        for part in (current, self._past):
            if part is not None:
                source = (seq - part[1]) & SEQ
                if (source - part[5]) & SEQ < 0x8000:
                    return part, source
        return None

    def note_missed(self, seq: int) -> None:
        """Note that the receiver asks for packet `seq`; counts it once if we did send it."""
        self.nacks += 1
        found = self._find_sent(seq)
        if self.lookup(seq) is None or found is None:
            self.unknown += 1
        elif found[1] in found[0][0].late:
            return  # because it left here late, too, perhaps behind the request
        elif self.last_missed < 0 or newer(seq, self.last_missed):
            self.last_missed = seq
            self.missed += 1

    def resend(self, seq: int, now: float) -> int:
        """Send packet `seq` again, unless that was done a moment ago; return its size, 0 if nothing was sent."""
        found = self.lookup(seq)
        if found is None or self.producer is None:
            return 0
        if now - self._resent.get(seq, 0.0) < self._pause():
            self.too_soon += 1
            return 0
        if len(self._resent) >= REMEMBERED:
            self._resent.clear()
        self._resent[seq] = now
        self.resent += 1
        return self._send_again(seq, found)

    def fill(self, octets: float) -> int:
        """Send packets of the picture once more, to see what the line carries; return the octets sent.

        Old ones, because recent ones would repair what is lost of the picture before anybody hears of the loss.
        """
        layer, sent = self.layer, 0
        if layer is None or layer.max_seq < 0:
            return 0
        oldest = FILLING + int(layer.kbps * FILL_AGE)
        for back in range(oldest, oldest - FILLING, -1):
            if sent >= octets:
                break
            seq = (layer.max_seq + self.seq_off - back) & SEQ
            found = self.lookup(seq)
            if found is not None:
                sent += self._send_again(seq, found)
        return sent

    def _send_again(self, seq: int, found: tuple[int, int, bytes, int, int]) -> int:
        """Send a kept packet as a resent one; return its size."""
        assert self.producer is not None
        marker, ts, payload, pid_off, tl0_off = found
        resent_type = PAYLOAD_TYPES[self.producer.codec][1]
        if resent_type is None:
            return 0
        body = bytearray(OSN.pack(seq) + payload)
        self._move_picture(body, payload, pid_off, tl0_off)
        send_one(self, marker, self.rtx_seq, ts, bytes(body), payload_type=resent_type, ssrc=self.rtx_ssrc)
        self.rtx_seq = (self.rtx_seq + 1) & SEQ
        return len(body)

    def _pause(self) -> float:
        """Return for how long a resent packet may be under way: asking again sooner is a storm, later a frozen picture."""
        return RESEND_SECONDS if self.rtt is None else min(RESEND_SECONDS, max(SOONEST_SECONDS, 1.5 * self.rtt))

    def _move_picture(self, body: bytearray, payload: bytes, pid_off: int, tl0_off: int) -> None:
        if not (pid_off or tl0_off) or self.producer is None or self.producer.codec != "VP8":
            return
        picture = vp8_picture(payload)
        if picture is not None:
            tl0 = (picture[1] + tl0_off) & 0xFF if picture[1] >= 0 else -1
            vp8_rewrite(memoryview(body), 2, (picture[0] + pid_off) & 0x7FFF, tl0)

    def sender_report(self, now: float) -> bytes:
        """Return a sender report in our clock, or nothing before the publisher has sent one (monotonic `now`)."""
        layer = self.layer
        if layer is None or layer.sr is None:
            return b""
        seconds = time.time()
        ts = layer.sr[1] + int((seconds - layer.sr[0]) * CLOCK[self.kind]) + self.ts_off
        stamp = rtcp.ntp(seconds)
        self.sr_sent = [*self.sr_sent[-3:], (stamp >> 16 & TIME, now)]
        packets, octets = self.sent()
        return rtcp.sender_report(
            ssrc=self.ssrc, stamp=stamp, time=ts & TIME, packets=packets, octets=octets, cname=self.cname
        )

    def reported(self, loss: float, jitter: int, lsr: int, dlsr: int, now: float) -> None:
        """Note a report block about us: `loss` 0–1, `jitter` in clock units; gives the round trip time."""
        self.loss = loss
        self.jitter = jitter / CLOCK[self.kind]
        sent = next((at for stamp, at in self.sr_sent if stamp == lsr), None)
        if sent is not None:
            self.rtt = max(0.0, now - sent - dlsr / 65536)
