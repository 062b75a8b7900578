"""Reminders.

Every login that is linked to a client, and may see the client's upcoming appointments, is reminded 24 hours before the client's appointment.
Who that is is decided at that moment. The first appointment of a day to come within 24 hours triggers one message: the agenda of that day, with
every appointment of every client the login is linked to that no message has reminded of, each in its client's time zone. All of them then count
as reminded. An appointment booked or moved within the last 24 hours before its start is told of once: by the mail about the booking or the move,
which counts as its reminder. A moved appointment has a new start and is reminded of anew; a cancelled one is not mentioned. Nobody is reminded
of what has begun.
docs/rules/reminders.md has a worked table.
"""

from collections.abc import Container, Iterable
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
    """When to remind of an appointment that was just booked or moved: 24 hours before, never when that has passed."""
    remind_at = starts_at - LEAD
    return remind_at if remind_at > now else None


def is_reminder_itself(starts_at: datetime, *, now: datetime) -> bool:
    """Whether a mail about a booking or a move that leaves now is also the reminder: it begins within 24 hours."""
    return now < starts_at <= now + LEAD


def key(appointment_id: UUID, starts_at: datetime, *, sequence: int) -> str:
    """One promise per appointment, start time and change of the appointment.

    The change belongs to it because an appointment can be moved away and back: the promise of the first time may have been voided meanwhile.
    That nobody is reminded twice of one start time is the unique row of the reminder that was sent.
    """
    return f"reminders:{appointment_id}:{starts_at:%Y%m%dT%H%M%S}:{sequence}"


def key_of_login(user_id: UUID, appointment_id: UUID, starts_at: datetime, *, sequence: int) -> str:
    """The promise to one of the logins found when it was time."""
    return f"reminder:{user_id}:{appointment_id}:{starts_at:%Y%m%dT%H%M%S}:{sequence}"


def agenda(
    trigger: Entry, entries: Iterable[Entry], *, now: datetime, reminded: Container[tuple[UUID, datetime]] = ()
) -> list[Entry]:
    """Those of `entries` that fall on the trigger's local day (each by its client's clock), have not begun and are not `reminded` of
    (appointment and start), in order of time."""
    day = trigger.starts_at.astimezone(trigger.zone).date()
    chosen = [
        entry
        for entry in entries
        if entry.starts_at > now
        and entry.starts_at.astimezone(entry.zone).date() == day
        and (entry.appointment_id, entry.starts_at) not in reminded
    ]
    return sorted(chosen, key=lambda entry: (entry.starts_at, str(entry.appointment_id), str(entry.client_id)))
