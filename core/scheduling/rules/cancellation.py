"""Cancelling late.

A policy has up to three levels. Each says: when less than so many hours remain until the start, cancelling counts as this completion type.
The level that applies is the tightest one whose hours are still more than what remains. With levels of 48 and 24 hours: at 24:00 hours
before the start the 48-hour level applies, one second later the 24-hour level. At 48:00 hours and earlier, cancelling is free. Hours are
counted as they pass, not by the clock on the wall: when the clocks change in between, 24 hours are still 24 hours. The remaining time runs
to the start as it is at the moment of cancelling; an appointment that was moved counts from its new start. The policy is the one that was
in force when the appointment was booked. After the start nothing can be cancelled any more: a missed appointment is completed as missed.
docs/rules/cancellation.md has a worked table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True)
class Level:
    """One level: its threshold in hours, and what cancelling below it counts as (shares in percent)."""

    hours_before: int
    name: str
    client_share: int
    wage_share: int
    completion_type_id: Any = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What cancelling now would mean. `level` is None when it is free; `free_until` is the last free instant, if there are levels."""

    level: Level | None
    remaining: timedelta
    free_until: datetime | None

    @property
    def is_free(self) -> bool:
        return self.level is None or self.level.client_share == 0


def consequence(levels: Sequence[Level], *, starts_at: datetime, now: datetime) -> Consequence:
    """Return what cancelling at `now` means for an appointment that starts at `starts_at` (both aware)."""
    remaining = starts_at.astimezone(UTC) - now.astimezone(UTC)
    tighter = [level for level in levels if timedelta(hours=level.hours_before) > remaining]
    charging = [level.hours_before for level in levels if level.client_share > 0]
    free_until = starts_at - timedelta(hours=max(charging)) if charging else None
    return Consequence(min(tighter, key=lambda level: level.hours_before, default=None), remaining, free_until)
