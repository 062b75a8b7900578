"""Reminders.

How long before is said by the organization (24 hours, unless it chose otherwise), by a service, and by each login for itself and for single
clients. The most specific word counts alone: the login's for this client, then the login's, then the service's, then the organization's. Each
can name several times, or none. Practitioners are reminded of their own schedule, by the organization's word for them or by their own.

Every login that is linked to a client, and may see the client's upcoming appointments, is reminded. Who that is, and how long before, is
decided at that moment. A reminder of half a day or more gathers the day: the first appointment of a day to come within that time triggers one
message, the agenda of that day, with every appointment of every client the login is linked to that is to be reminded of at that time and that no
message has reminded of, each in its client's time zone. A shorter one tells of what begins within that time. All of them then count as reminded.
An appointment booked or moved within that time before its start is told of once: by the mail about the booking or the move, which counts as its
reminder. Who has muted that mail, but not reminders, is mailed the reminder at once instead. A moved appointment has a new start and is reminded of
anew; a cancelled one is not mentioned. Nobody is reminded of what has begun.
docs/rules/reminders.md has worked tables.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from uuid import UUID

LEAD = timedelta(hours=24)
GATHERS_FROM = timedelta(hours=12)
DAY, HOUR = 24 * 60, 60
OFFERED = (7 * DAY, 3 * DAY, 2 * DAY, DAY, 12 * HOUR, 4 * HOUR, 2 * HOUR, HOUR, 30, 15)  # minutes before the start
MOST = 4


class Source(StrEnum):
    """Whose word counts."""

    ORGANIZATION = "organization"
    SERVICE = "service"
    LOGIN = "login"
    CLIENT = "client"


Leads = Sequence[int]


def leads_in_force(
    *, organization: Leads, service: Leads | None, login: Leads | None, client: Leads | None
) -> tuple[tuple[int, ...], Source]:
    """How many minutes before, the earliest reminder first, and whose word that is. None: nothing was said there."""
    said: tuple[tuple[Source, Leads | None], ...] = (
        (Source.CLIENT, client),
        (Source.LOGIN, login),
        (Source.SERVICE, service),
    )
    source, leads = next(
        ((source, leads) for source, leads in said if leads is not None), (Source.ORGANIZATION, organization)
    )
    return tuple(sorted(set(leads or ()), reverse=True)), source


@dataclass(frozen=True, slots=True)
class Entry:
    """One client's appointment, as the agenda of a login sees it; on somebody's own schedule without a client."""

    appointment_id: UUID
    client_id: UUID | None
    zone: tzinfo
    starts_at: datetime


def due_at(starts_at: datetime, *, now: datetime, lead: timedelta = LEAD) -> datetime | None:
    """When to remind of an appointment that was just booked or moved: `lead` before, never when that has passed."""
    remind_at = starts_at - lead
    return remind_at if remind_at > now else None


def is_reminder_itself(starts_at: datetime, *, now: datetime, lead: timedelta = LEAD) -> bool:
    """Whether a mail about a booking or a move that leaves now is also the reminder: it begins within that time."""
    return now < starts_at <= now + lead


def gathers(lead: timedelta) -> bool:
    """Whether a reminder so long before is the agenda of a day."""
    return lead >= GATHERS_FROM


def key(appointment_id: UUID, starts_at: datetime, *, sequence: int, minutes: int = DAY) -> str:
    """One promise per appointment, start time, change of the appointment, and time before.

    The change belongs to it because an appointment can be moved away and back: the promise of the first time may have been voided meanwhile.
    That nobody is reminded twice of one start time is the unique row of the reminder that was sent.
    """
    return f"{key_of_start(appointment_id, starts_at)}{sequence}{_lead_in_key(minutes)}"


def key_of_start(appointment_id: UUID, starts_at: datetime) -> str:
    """How the keys of all promises about one start begin."""
    return f"reminders:{appointment_id}:{starts_at:%Y%m%dT%H%M%S}:"


def key_of_login(
    user_id: UUID, appointment_id: UUID, starts_at: datetime, *, sequence: int, minutes: int = DAY, channel: str = ""
) -> str:
    """The promise to one of the logins found when it was time; by mail, unless another `channel` is named."""
    known = f"reminder:{user_id}:{appointment_id}:{starts_at:%Y%m%dT%H%M%S}:{sequence}{_lead_in_key(minutes)}"
    return f"{known}:{channel}" if channel else known


def _lead_in_key(minutes: int) -> str:
    return "" if minutes == DAY else f":{minutes}"  # because promises of earlier releases know one time only


def agenda(
    trigger: Entry,
    entries: Iterable[Entry],
    *,
    now: datetime,
    lead: timedelta = LEAD,
    reminded: Container[tuple[UUID, datetime]] = (),
) -> list[Entry]:
    """What the message tells of, in order of time: those of `entries` that have not begun, are not `reminded` of (appointment and start) and
    fall on the trigger's local day (each by its client's clock), or within a lead that does not gather the day."""
    day = trigger.starts_at.astimezone(trigger.zone).date()
    until = max(now + lead, trigger.starts_at)

    def belongs(entry: Entry) -> bool:
        if gathers(lead):
            return entry.starts_at.astimezone(entry.zone).date() == day
        return entry.starts_at <= until

    chosen = [
        entry
        for entry in entries
        if entry.starts_at > now and belongs(entry) and (entry.appointment_id, entry.starts_at) not in reminded
    ]
    return sorted(chosen, key=lambda entry: (entry.starts_at, str(entry.appointment_id), str(entry.client_id)))
