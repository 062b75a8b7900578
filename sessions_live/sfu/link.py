"""The network link to one subscriber: what is lost on it, what is sent again, how much more it would carry."""

from collections import deque
from collections.abc import Iterable
from typing import Any

from .adaptation import HIGH_LOSS, Downlink
from .consumer import Consumer
from .layer import Layer
from .limits import Bucket
from .slots import Slot

RESENT_SHARE = 0.25  # of what was sent, which may be sent again
FILL_SECONDS = 0.025
FILL_MOST = 8000  # octets of a probe in that time
ALARM_SECONDS = 1.0
PROBE_MISSES, ALARM_MISSES = 3, 8  # packets asked for again since a probe began; in the last moments
REPAIRED = 0.02  # share of packets that come by a resend from which pictures are held back
HOLD_LEAST, HOLD_MOST = 150, 400  # ms; a browser that knows no round trip asks again after 100
HOLD_SECONDS = 10.0


class Link:
    """Counts for all `slots` of a connection and reports to `downlink`.

    A packet is lost on this link if the receiver asks for it and we did send it: receivers' reports also count what never
    came to us, which is the publisher's network, where to send less would not help. They are believed from receivers that ask for nothing.
    """

    def __init__(self, slots: list[Slot], downlink: Downlink) -> None:
        self.slots = slots
        self.downlink = downlink
        self.kbps = 0.0
        self.hold_ms = 0  # for how long the receiver shall hold pictures back
        self.withheld = 0  # packets that were asked for when the budget for resending was spent
        self._resends = Bucket(rate=10_000, burst=30_000)
        self._lately: deque[tuple[int, int]] = deque(maxlen=4)  # (missed, sent) of the last moments
        self._watched_until = 0.0
        self._probe_missed = 0
        self._lost = 0.0
        self._then: tuple[int, int, int, float] | None = None
        self._repaired = 0.0
        self._hold_until = 0.0

    # -- counts ----------------------------------------------------------------------------------------------------

    def _followed(self) -> list[tuple[Consumer, Layer]]:
        """Return what is sent at the moment: pictures, or voices where there are none."""
        pictures = [(slot.video, slot.video.layer) for slot in self.slots]
        voices = [(slot.audio, slot.audio.layer) for slot in self.slots]
        found = [(consumer, layer) for consumer, layer in pictures if layer is not None]
        return found or [(consumer, layer) for consumer, layer in voices if layer is not None]

    def sent(self) -> tuple[int, int]:
        """Return (packets, payload octets) sent so far."""
        each = [consumer.sent() for slot in self.slots for consumer in slot.consumers]
        return sum(packets for packets, _ in each), sum(octets for _, octets in each)

    def _counts(self) -> tuple[int, int]:
        """Return (packets missed, packets sent) of all pictures so far."""
        pictures = [slot.video for slot in self.slots]
        return sum(one.missed for one in pictures), sum(one.sent()[0] for one in pictures)

    def loss(self) -> float:
        """Return the share of packets (0–1) that was lost lately."""
        has_nacks = any(slot.video.nacks for slot in self.slots) and any(slot.video.layer for slot in self.slots)
        if has_nacks:
            return self._lost
        followed = self._followed()
        weights = sum(max(1.0, layer.kbps) for _, layer in followed)
        total = sum(max(0.0, consumer.loss - layer.gap) * max(1.0, layer.kbps) for consumer, layer in followed)
        return total / weights if weights else 0.0

    def repairs(self) -> dict[str, int]:
        """Return how often packets were asked for again and sent again, and why not, since the beginning."""
        pictures = [slot.video for slot in self.slots]
        return {
            "asked": sum(consumer.nacks for consumer in pictures),
            "missed": sum(consumer.missed for consumer in pictures),
            "resent": sum(consumer.resent for consumer in pictures),
            "too_soon": sum(consumer.too_soon for consumer in pictures),
            "unknown": sum(consumer.unknown for consumer in pictures),
            "withheld": self.withheld,
        }

    # -- what is sent again ----------------------------------------------------------------------------------------

    def resend(self, consumer: Consumer, numbers: Iterable[int], now: float) -> None:
        """Send again what the receiver asked for, within the budget."""
        self._watched_until = now + ALARM_SECONDS
        before = consumer.missed
        for seq in numbers:
            consumer.note_missed(seq)
            if self._resends.take(now, 0):
                self._resends.owe(consumer.resend(seq, now))
            else:
                self.withheld += 1
        if self.downlink.probe_until:
            self._probe_missed += consumer.missed - before
            if self._probe_missed >= PROBE_MISSES:
                self.downlink.end_probe(now)  # at once, because until then it costs packets of the picture

    def tick(self, now: float) -> None:
        """Every 25 ms: fill the link up to what is probed for."""
        wanted = self.downlink.probing(now)
        if not wanted:
            self._probe_missed = 0
            return
        octets = min(FILL_MOST, max(0.0, wanted - self.kbps) * 125 * FILL_SECONDS)
        pictures = [slot.video for slot in self.slots if slot.video.layer is not None]
        if pictures:
            max(pictures, key=_kbps).fill(octets)

    def refilled(self, loss: float, now: float) -> None:
        """Take the loss (0–1) of resent packets: in a probe, most of what is sent are those."""
        if loss > HIGH_LOSS and self.downlink.probe_until:
            self.downlink.end_probe(now)

    # -- what follows from it --------------------------------------------------------------------------------------

    def watch(self, now: float) -> None:
        """Every 250 ms: raise the alarm if much of what was sent in the last moments was lost."""
        if now > self._watched_until:
            self._lately.clear()
            return
        self._lately.append(self._counts())
        missed, sent = (self._lately[-1][at] - self._lately[0][at] for at in (0, 1))
        if missed >= ALARM_MISSES and sent > 0:
            self.downlink.alarm(missed / sent, sent=self.kbps, now=now)

    def measure(self, now: float, *, remb: float | None) -> None:
        """Every second: bit rate, budget for resending, loss."""
        missed, sent = self._counts()
        octets = self.sent()[1]
        before = self._then or (missed, sent, octets, now - 1.0)
        self._then = (missed, sent, octets, now)
        self.kbps = (octets - before[2]) * 0.008 / max(0.001, now - before[3])
        self._lost = min(1.0, (missed - before[0]) / max(1, sent - before[1]))
        self._resends.rate = max(10_000.0, self.kbps * 125 * RESENT_SHARE)
        self._resends.burst = max(30_000.0, self._resends.rate)
        self.downlink.report(loss=self.loss(), sent=self.kbps, now=now, remb=remb)
        self._hold(now)

    def _hold(self, now: float) -> None:
        """Decide for how long the receiver shall hold pictures back, so that what is sent again comes in time.

        Because a browser throws away pictures that come late by one resend, where no others build upon them.
        """
        pictures = [(consumer, layer) for consumer, layer in self._followed() if consumer.kind == "video"]
        share = self._lost + max((layer.gap for _, layer in pictures), default=0.0)
        self._repaired += (
            share - self._repaired
        ) * 0.4  # averaged, because one lost packet is no reason to fall behind
        if self._repaired > REPAIRED and pictures:
            trips = max((consumer.rtt or 0.0) + (layer.repair_seconds or 0.0) for consumer, layer in pictures)
            self._hold_until = now + HOLD_SECONDS
            self.hold_ms = max(self.hold_ms, min(HOLD_MOST, HOLD_LEAST + round(trips * 20) * 50))
        elif now > self._hold_until:
            self.hold_ms = 0

    def quality(self) -> dict[str, Any]:
        """Return loss (0–1), round trip and jitter (ms), kbit/s, and for how long to hold pictures back (ms)."""
        active = [consumer for slot in self.slots for consumer in slot.consumers if consumer.layer is not None]
        rtts = [consumer.rtt for consumer in active if consumer.rtt is not None]
        return {
            "loss": round(self.loss(), 3) if active else None,
            "rtt_ms": round(min(rtts) * 1000) if rtts else None,
            "jitter_ms": round(max(consumer.jitter for consumer in active) * 1000, 1) if active else None,
            "kbps": round(self.kbps),
            "hold_ms": self.hold_ms,
        }


def _kbps(consumer: Consumer) -> float:
    return consumer.layer.kbps if consumer.layer is not None else 0.0
