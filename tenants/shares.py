"""Each organization has a share of this process: how many of its requests are at work at once, how many may wait, and who gives way.

All requests of a process share one interpreter and one pool of connections. Without a limit, whoever asks most gets most, and a neighbour waits
behind them. Here an organization has at most a part of the places; a place that falls free goes to whoever has had least lately; and a
request of somebody who has had much stops before its next question to the database, for a moment, while a neighbour who has had little is served.
What does not get a place in time is told to come again (429), without a thread or a connection having been spent on it.
"""

import asyncio
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field

MOST_WAITING = 250  # per organization
LONGEST_WAIT = 6.0  # seconds
LONGEST_WAIT_SENT = 25.0  # because whoever is told to come again types again, or does not know whether it was done
HALF_LIFE = 1.0  # seconds after which what somebody has had counts half
MUCH_MORE = 2.0  # so many times as much as a neighbour has had
LONGEST_PAUSE = 0.3  # seconds for which one request stops for others, in all


class TooMuchError(Exception):
    """The organization has more requests waiting than it may have, or this one has waited too long."""


@dataclass
class _Account:
    """What one organization has at work and waiting, and has had lately, in seconds that fade."""

    running: int = 0
    waiting: deque[asyncio.Future[None]] = field(default_factory=deque)
    had: float = 0.0
    at: float = 0.0

    def lately(self, now: float) -> float:
        return self.had * 0.5 ** ((now - self.at) / HALF_LIFE)

    def add(self, seconds: float, now: float) -> None:
        self.had, self.at = self.lately(now) + seconds, now


@dataclass
class Place:
    """A request at work."""

    account: _Account
    since: float
    paused: float = 0.0


_place: ContextVar[Place | None] = ContextVar("place", default=None)


class Shares:
    """`await enter(name)` before the work, `leave(place)` after it; both on the event loop. `give_way()` in the thread of the work."""

    def __init__(self, places: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.places = max(2, places)
        self.most = max(1, self.places // 2)
        self._clock = clock
        self._accounts: dict[str, _Account] = defaultdict(_Account)
        self._running = 0
        self._changed = threading.Condition()

    async def enter(self, name: str, *, is_sent: bool = False) -> Place:
        """A place for one request of `name`; raises TooMuchError when there is none in time. `is_sent`: it brings something."""
        account = self._accounts[name]
        if self._running >= self.places or account.running >= self.most or account.waiting:
            await self._wait(account, LONGEST_WAIT_SENT if is_sent else LONGEST_WAIT)
        else:
            self._take(account)
        place = Place(account, self._clock())
        _place.set(place)
        return place

    def leave(self, place: Place) -> None:
        """The work is done: the next gets the place."""
        now = self._clock()
        place.account.add(now - place.since - place.paused, now)
        place.account.running -= 1
        self._running -= 1
        self._pass_on(now)
        with self._changed:
            self._changed.notify_all()
        if len(self._accounts) > 1000:
            self._forget_idle(now)

    def give_way(self) -> None:
        """Stop for a moment while a neighbour who has had much less is served. Costs next to nothing when there is none."""
        place = _place.get()
        if place is None or self._running <= place.account.running:
            return
        began = self._clock()
        with self._changed:
            while place.paused + self._clock() - began < LONGEST_PAUSE and self._somebody_lighter(place.account):
                self._changed.wait(0.02)
        place.paused += self._clock() - began

    def _somebody_lighter(self, account: _Account) -> bool:
        now = self._clock()
        mine = account.lately(now)
        others = [other for other in list(self._accounts.values()) if other.running and other is not account]
        return any(other.lately(now) * MUCH_MORE < mine for other in others)

    async def _wait(self, account: _Account, longest: float) -> None:
        if len(account.waiting) >= MOST_WAITING:
            raise TooMuchError
        turn = asyncio.get_running_loop().create_future()
        account.waiting.append(turn)
        try:
            await asyncio.wait_for(asyncio.shield(turn), longest)
        except BaseException as error:
            if turn in account.waiting:
                account.waiting.remove(turn)
            elif turn.done():  # the place came at the very moment
                account.running -= 1
                self._running -= 1
                self._pass_on(self._clock())
            if isinstance(error, TimeoutError):
                raise TooMuchError from error
            raise

    def _take(self, account: _Account) -> None:
        account.running += 1
        self._running += 1

    def _pass_on(self, now: float) -> None:
        while self._running < self.places:
            ready = [one for one in self._accounts.values() if one.waiting and one.running < self.most]
            if not ready:
                return
            account = min(ready, key=lambda one: (one.running, one.lately(now)))
            self._take(account)
            account.waiting.popleft().set_result(None)

    def _forget_idle(self, now: float) -> None:
        for name, account in list(self._accounts.items()):
            if not account.running and not account.waiting and account.lately(now) < 0.01:
                del self._accounts[name]


_in_force: Shares | None = None


def give_way() -> None:
    """Asked by the database backend before each question."""
    if _in_force is not None:
        _in_force.give_way()


def put_in_force(shares: Shares) -> Shares:
    """These are the shares of this process."""
    global _in_force
    _in_force = shares
    return shares
