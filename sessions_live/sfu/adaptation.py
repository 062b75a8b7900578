"""Which encoding of each picture a subscriber gets: the size of its tile, and what its network carries.

Loss is the signal, because receivers behind a policer go on to report room that is not there. More than a tenth lost:
take what arrived as the ceiling. No loss for a while: probe the line for the next step with packets that the receiver has
already, so that nobody sees a probe that fails; only then take the step. If either loses, go back and wait twice as long
before the next probe. A receiver's own estimate (REMB) is believed only when it is lower than what we send.
"""

import math
from dataclasses import dataclass

HIGH_LOSS = 0.10
ALARMING = 0.25  # of the last moments' packets
HOPELESS_LOSS = 0.20
HOPELESS_REPORTS = 3  # in a row with only the smallest pictures left, before sound goes on alone
LOW_LOSS = 0.03
REACT_SECONDS = 0.9  # between two cuts: one report interval, so that each cut is judged before the next
FIRST_HOLD = 3.0
LONGEST_HOLD = 30.0
PROBE_SECONDS = 2.0  # long enough to empty the bucket of a policer
VERDICT_SECONDS = 1.2  # after a probe, until the receiver's report about it must have come
TRIAL_SECONDS = 6.0  # after a step up, in which a cut counts against it
HEADROOM = 0.85
NOMINAL = {"q": 120.0, "h": 350.0, "f": 1200.0, "": 800.0}  # kbit/s of an encoding that has not been measured


@dataclass
class Option:
    """An encoding as a subscriber may get it. `usable`: packets come, and come whole."""

    rid: str
    kbps: float
    usable: bool = True


@dataclass
class Picture:
    """One picture of a subscriber. `options` from small to large; `most` is the highest index that its tile can use.

    `now` is the index that it gets at present, -1 for none.
    """

    producer: str
    options: list[Option]
    most: int
    height: int = 0
    now: int = -1


@dataclass
class Downlink:
    """What we believe one subscriber's network carries, in kbit/s. Times are monotonic seconds."""

    ceiling: float = math.inf
    hold: float = FIRST_HOLD
    changed_at: float = -math.inf
    probe_until: float = 0.0  # 0 when none runs and none waits for its verdict
    probed: float = 0.0  # the ceiling that the probe tries out
    trial_until: float = 0.0
    before_trial: float = math.inf
    wants_more: float = 0.0  # the ceiling that the next step up would need; 0 when nothing is held back
    smallest: bool = False  # all pictures are as small as they can be
    starved: bool = False  # not even those go through
    hopeless: int = 0

    def report(self, *, loss: float, sent: float, now: float, remb: float | None = None) -> None:
        """Take the loss (0–1) and the kbit/s sent over the last interval, and REMB in kbit/s if there is one."""
        if sent <= 0:
            return
        overused = loss > HIGH_LOSS or (remb is not None and loss > LOW_LOSS and remb < 0.8 * sent)
        if overused and now - self.changed_at >= REACT_SECONDS:
            self._cut(loss, sent, now, remb)
        elif self.probe_until:
            self._judge(loss, now)
        elif loss < LOW_LOSS and self.wants_more and now - self.changed_at >= self.hold:
            self.probe_until, self.probed = now + PROBE_SECONDS, self.wants_more
        elif self.trial_until and now > self.trial_until and loss < LOW_LOSS:
            self.trial_until = 0.0
            self.hold = max(FIRST_HOLD, self.hold / 2)
        if loss < HOPELESS_LOSS:
            self.hopeless = 0

    def probing(self, now: float) -> float:
        """Return up to how many kbit/s the line shall be filled at the moment, 0 for no probe."""
        return self.probed if now < self.probe_until else 0.0

    def alarm(self, share: float, *, sent: float, now: float) -> None:
        """Take what the receiver asked for again in the last moments, a share (0–1): nobody waits for a report then."""
        if self.probe_until:
            self.end_probe(now)
        elif share > ALARMING and now - self.changed_at >= REACT_SECONDS / 2:
            self._cut(share, sent, now, None)

    def _judge(self, loss: float, now: float) -> None:
        """Take the step that was probed for if nothing was lost."""
        if loss >= LOW_LOSS or not self.wants_more:
            self.end_probe(now)
        elif now >= self.probe_until + VERDICT_SECONDS:
            self.probe_until = 0.0
            self.before_trial = self.ceiling
            self.ceiling = max(self.ceiling, min(self.probed, self.wants_more))
            self.changed_at = now
            self.trial_until = now + TRIAL_SECONDS

    def end_probe(self, now: float) -> None:
        """Note that the line does not carry what was probed."""
        self.probe_until = 0.0
        self.changed_at = now
        self.hold = min(LONGEST_HOLD, self.hold * 2)

    def _cut(self, loss: float, sent: float, now: float, remb: float | None) -> None:
        arrived = sent * (1 - loss) * 0.95
        if remb is not None and remb < arrived:
            arrived = remb
        if now < self.trial_until:
            self.hold = min(LONGEST_HOLD, self.hold * 2)
            arrived = min(max(arrived, 1.0), self.before_trial)
        self.trial_until = self.probe_until = 0.0
        self.ceiling = min(self.ceiling, arrived)
        self.changed_at = now
        self.hopeless = self.hopeless + 1 if self.smallest and loss > HOPELESS_LOSS else 0
        self.starved = self.starved or self.hopeless >= HOPELESS_REPORTS


def share(pictures: list[Picture], downlink: Downlink, *, other: float) -> dict[str, int]:
    """Return producer → index of the option to send, -1 for none; `other` is the kbit/s that everything else takes.

    Everybody gets the smallest encoding first, then the largest tiles get more. What is already sent may fill the
    ceiling; a step up must leave headroom. The smallest encodings are given up only when they are hopeless. Notes in
    `downlink` what the first refused step would need, and whether only the smallest are left.
    """
    chosen = {picture.producer: -1 for picture in pictures}
    used = other
    downlink.wants_more = 0.0
    order = sorted(pictures, key=lambda picture: -picture.height)
    for step in range(max((picture.most + 1 for picture in pictures), default=0)):
        for picture in order:
            if step > picture.most or step >= len(picture.options) or not picture.options[step].usable:
                continue
            at = chosen[picture.producer]
            needed = used + picture.options[step].kbps - (picture.options[at].kbps if at >= 0 else 0)
            room = downlink.ceiling * (1.0 if step <= picture.now else HEADROOM)
            if needed <= room or (at < 0 and not downlink.starved):
                used = max(used, needed)
                chosen[picture.producer] = step
            elif not downlink.wants_more:
                downlink.wants_more = needed / HEADROOM * 1.02
    _note(pictures, chosen, downlink)
    return chosen


def _note(pictures: list[Picture], chosen: dict[str, int], downlink: Downlink) -> None:
    first = {
        picture.producer: next((at for at, option in enumerate(picture.options) if option.usable), -1)
        for picture in pictures
        if picture.most >= 0
    }
    downlink.smallest = all(chosen[producer] <= at for producer, at in first.items())
    if downlink.starved and all(chosen[producer] >= 0 for producer, at in first.items() if at >= 0):
        downlink.starved = False


def most_for(height: int, options: int) -> int:
    """Return the highest useful index for a tile of `height` device pixels; -1 if it is not visible.

    Cameras publish 180, 360 and 720 lines; an encoding may be enlarged by a third before the next one is worth it.
    """
    if height <= 0:
        return -1
    wanted = 0 if height <= 240 else 1 if height <= 480 else 2
    return min(wanted, options - 1)
