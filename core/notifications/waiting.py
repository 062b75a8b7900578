"""Until when push waits for somebody. Quiet hours are known to an app above, which says here how it finds them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

Waits = Callable[[Any, datetime | None, datetime], datetime | None]
_waits: list[Waits] = []


def register(waits: Waits) -> None:
    """Ask this function from now on: login, when what it is about begins (or None), now. At start-up."""
    _waits.append(waits)


def until(user_id: Any, *, happens_at: datetime | None, now: datetime) -> datetime | None:
    """The moment until which nothing disturbs this login; None when it may be disturbed now."""
    return max((at for waits in _waits if (at := waits(user_id, happens_at, now)) is not None), default=None)
