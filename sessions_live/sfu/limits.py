"""Rate limits."""


class Bucket:
    """A token bucket: `rate` a second on average, `burst` at once. Times are seconds of a monotonic clock."""

    __slots__ = ("_at", "_left", "burst", "rate")

    def __init__(self, *, rate: float, burst: float) -> None:
        self.rate = rate
        self.burst = burst
        self._left = burst
        self._at: float | None = None

    def take(self, now: float, amount: float = 1.0) -> bool:
        """Take `amount` if it is there."""
        if self._at is not None:
            self._left = min(self.burst, self._left + (now - self._at) * self.rate)
        self._at = now
        if self._left < amount:
            return False
        self._left -= amount
        return True

    def owe(self, amount: float) -> None:
        """Take `amount` although it may not be there; `take` refuses until the debt is paid."""
        self._left -= amount
