"""Quiet hours.

Reminders that would leave in the quiet hours wait until these end, by the clock of whoever reads them. Where the appointment would then begin
in less than 30 minutes, the reminder does not wait. Somebody's own quiet hours count instead of the organization's; somebody can also have none.
Quiet hours may go over midnight. A time that the clock skips is the moment after the change, one that it shows twice is the first.
What is shown inside the app does not wait. Push of what is no reminder waits in the same way; what is about a session that begins does not.
docs/rules/quiet-hours.md has a worked table.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo

SPARE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when, on the wall; equal times mean none."""

    begins: time
    ends: time


def quiet_until(quiet: QuietHours | None, zone: tzinfo, *, now: datetime) -> datetime | None:
    """When the quiet hours end in which `now` lies; None outside them."""
    if quiet is None or quiet.begins == quiet.ends:
        return None
    local = now.astimezone(zone)
    clock = local.time()
    over_midnight = quiet.begins > quiet.ends
    inside = (clock >= quiet.begins or clock < quiet.ends) if over_midnight else quiet.begins <= clock < quiet.ends
    if not inside:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and clock >= quiet.begins else 0)
    ends = datetime.combine(day, quiet.ends, zone).astimezone(UTC)  # a gap moves forward, a fold takes the first
    return ends if ends > now else None


def held_until(quiet: QuietHours | None, zone: tzinfo, *, starts_at: datetime, now: datetime) -> datetime | None:
    """Until when a reminder of what begins at `starts_at` waits; None when it leaves now."""
    ends = quiet_until(quiet, zone, now=now)
    return ends if ends is not None and starts_at - ends >= SPARE else None
