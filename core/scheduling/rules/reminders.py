"""Reminders.

Every login that is linked to a client is reminded 24 hours before the client's appointment. The first appointment of a day to come within 24
hours triggers one message: the agenda of that day, with every appointment of every client the login is linked to, each in its client's time
zone. All of them then count as reminded. An appointment booked later than 24 hours before its start is announced at once, and once. A moved
appointment has a new start and is reminded of anew; a cancelled one is not mentioned. Nobody is reminded of what has begun.
docs/rules/reminders.md has a worked table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

LEAD = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Entry:
    """One client's appointment, as the agenda of a login sees it."""

    appointment_id: UUID
    client_id: UUID
    zone: tzinfo
    starts_at: datetime


def due_at(starts_at: datetime, *, now: datetime) -> datetime | None:
    """When to remind of an appointment: 24 hours before, at once if that has passed, never when it has begun."""
    if starts_at <= now:
        return None
    return max(starts_at - LEAD, now)


def key(user_id: UUID, appointment_id: UUID, starts_at: datetime, *, sequence: int) -> str:
    """One promise per login, appointment, start time and change of the appointment.

    The change belongs to it because an appointment can be moved away and back: the promise of the first time may have been voided meanwhile.
    That nobody is reminded twice of one start time is the unique row of the reminder that was sent.
    """
    return f"reminder:{user_id}:{appointment_id}:{starts_at:%Y%m%dT%H%M%S}:{sequence}"


def agenda(trigger: Entry, entries: Iterable[Entry], *, now: datetime) -> list[Entry]:
    """Those of `entries` that fall on the trigger's local day (each by its client's clock) and have not begun, in order of time."""
    day = trigger.starts_at.astimezone(trigger.zone).date()
    chosen = [
        entry for entry in entries if entry.starts_at > now and entry.starts_at.astimezone(entry.zone).date() == day
    ]
    return sorted(chosen, key=lambda entry: (entry.starts_at, str(entry.appointment_id), str(entry.client_id)))
