"""Another time for what is booked, chosen by those whom it is for: by the link in their mail, without signing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.booking import queries
from core.booking.actions.confirming import check_day
from core.booking.actions.holding import taken
from core.booking.audit_codes import BookingAudit
from core.booking.models import BookableService, BookingSettings
from core.booking.permissions import can_book_for
from core.booking.queries import Wanted
from core.booking.rules import slots
from core.booking.rules.slots import Minutes
from core.kernel import audit
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.people.models import Client, User
from core.scheduling.actions import calendar_locks, move_appointment
from core.scheduling.appointment_links import OpenLink
from core.scheduling.models import Appointment
from core.scheduling.queries import consequence_of
from core.scheduling.rules import wall_time


@dataclass(frozen=True, slots=True)
class Movable:
    """What is booked, as a service that can be booked online."""

    appointment: Appointment
    client: Client
    wanted: Wanted
    by: User

    def times(self, *, now: datetime, only: datetime | None = None) -> Sequence[Minutes]:
        """When else it could begin, with the same practitioner."""
        practitioner = self.appointment.practitioner
        found = queries.free_times(
            self.wanted, [practitioner], now=now, only=only, client=self.client, moved=self.appointment
        )[practitioner.pk]
        present = slots.number_of(self.appointment.starts_at)
        return [each for each in found if each != present]


def movable_by(link: OpenLink, *, now: datetime) -> Movable | None:
    """What the holder of the link may move themselves; None where they cannot.

    For one client whom they may book for, where both gates of cancelling are open, while cancelling is free, and as long as it can be booked
    online in the same way. Never a group, also while only one is in it.
    """
    appointment, settings = link.appointment, BookingSettings.current()
    if not settings.is_open or not isinstance(link.holder, User) or not link.can_cancel:
        return None
    if (
        appointment.is_open_group
        or len(appointment.attending) != 1
        or consequence_of(appointment, now=now).level is not None
    ):
        return None
    found = BookableService.objects.filter(
        service_id=appointment.service_id, modes__contains=[appointment.mode], places=None
    )
    bookable = found.prefetch_related("resources").first()
    people = queries.bookable_practitioners(appointment.service_id)
    if bookable is None or all(person.practitioner_id != appointment.practitioner_id for person in people):
        return None
    if not can_book_for(link.holder, link.participants[0].client, settings):
        return None
    wanted = Wanted(bookable, appointment.minutes, appointment.mode, settings)
    return Movable(appointment, link.participants[0].client, wanted, link.holder)


def move_by_link(link: OpenLink, *, seen_at: datetime, starts_at: datetime, now: datetime) -> Appointment:
    """Give it another free time. `seen_at`: the time that its holder was shown.

    ConflictError when it is another one by now, when it cannot be moved like this any more, or when somebody else was faster.
    DomainError `day_full`.
    """
    with calendar_locks.calendar_transaction():
        appointment = calendar_locks.lock_appointment(link.appointment.pk)
        if appointment.starts_at != seen_at:
            raise ConflictError("moved_since", translate("It has another time by now. Look at it, then answer again."))
        movable = movable_by(link, now=now)
        if movable is None:
            raise ConflictError(
                "not_movable", translate("The time cannot be changed here any more. Please get in touch with us.")
            )
        if slots.number_of(starts_at) not in movable.times(now=now, only=starts_at):
            raise taken(movable.wanted)
        if not _is_same_day(starts_at, seen_at, movable.client):
            check_day(movable.client, starts_at, movable.wanted.settings, apart_from=appointment)
        moved = move_appointment(
            appointment,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=movable.wanted.minutes),
            is_by_those_concerned=True,
            by=movable.by,
            now=now,
        )
        audit.record(BookingAudit.APPOINTMENT_SELF_MOVED, by=movable.by, subject=moved)
    return moved


def _is_same_day(one: datetime, other: datetime, client: Client) -> bool:
    zone = wall_time.zone(client.time_zone)
    return one.astimezone(zone).date() == other.astimezone(zone).date()
