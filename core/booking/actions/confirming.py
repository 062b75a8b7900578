"""An appointment that people book themselves, from a time that is held for them."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from core.booking import queries
from core.booking.actions.holding import lock_hold, taken
from core.booking.audit_codes import BookingAudit
from core.booking.models import BookingSettings, Hold, SelfBooking
from core.booking.permissions import can_book_for
from core.booking.queries import Wanted
from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.actions import receive_visitor
from core.people.models import Client, User
from core.scheduling.actions import book_appointment, calendar_locks
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment
from core.scheduling.rules import wall_time

Answers = list[list[str]]


def book_held(
    hold: Hold, *, client: Client, wanted: Wanted, service: ServiceChosen, answers: Answers, by: Any, now: datetime
) -> Appointment:
    """Book what is held, for a client of `by`; again it is the same appointment. The time may have run out, as long as nobody has taken it.

    Raises NotFound; PermissionDenied; DomainError (`first_visit`, `day_full`, of the client); ConflictError when the time is not free any more.
    """
    with calendar_locks.calendar_transaction():
        rooms = list(wanted.bookable.resources.filter(is_active=True))
        calendar_locks.lock_calendars([hold.practitioner_id, client.pk, *(room.pk for room in rooms)])
        hold = lock_hold(hold)
        if hold.appointment is not None:
            return hold.appointment
        client.refresh_from_db()
        is_first_visit = not queries.was_here(client)
        _check_may_book(wanted, client, is_first_visit=is_first_visit, by=by)
        check_day(client, hold.starts_at, wanted.settings)
        _check_free(hold, client, wanted, now=now)
        appointment = book_appointment(
            practitioner=hold.practitioner,
            clients=[client],
            starts_at=hold.starts_at,
            ends_at=hold.ends_at,
            time_zone=client.time_zone,
            service_name=service.name,
            other_service_names=service.other_names,
            service_id=service.id,
            mode=hold.mode,
            location=wanted.bookable.location if hold.mode == Appointment.Mode.IN_PERSON else "",
            resources=rooms,
            is_self_booked=True,
            by=by,
            now=now,
        )
        own = SelfBooking(appointment=appointment, client=client, user=by, is_first_visit=is_first_visit, booked_at=now)
        own.answers = answers
        own.save()
        _close(hold, appointment)
        audit.record(BookingAudit.APPOINTMENT_SELF_BOOKED, by=by, subject=appointment)
    return appointment


def book_held_for_visitor(
    hold: Hold, *, wanted: Wanted, service: ServiceChosen, answers: Answers, language: str, now: datetime
) -> Appointment:
    """The same for somebody who was never here and has shown that the address is theirs: they become a client with a login."""
    details, settings = hold.details, wanted.settings
    if not settings.is_public or not hold.proven_address:
        raise PermissionDenied("not open to visitors")
    with calendar_locks.calendar_transaction():
        client, user = receive_visitor(
            email=hold.proven_address,
            first_name=details["first_name"],
            last_name=details["last_name"],
            phone=details.get("phone", ""),
            time_zone=hold.time_zone,
            language=language,
            may_cancel=settings.newcomers_may_cancel,
            now=now,
        )
        return book_held(hold, client=client, wanted=wanted, service=service, answers=answers, by=user, now=now)


def why_not_first_visit(wanted: Wanted) -> str:
    """What somebody reads who was never here and cannot begin with this service; nothing when they can."""
    rule = wanted.settings.first_visit
    if rule == BookingSettings.FirstVisit.ASK:
        return translate("For a first visit, please get in touch with us. From then on you can book here.")
    if rule == BookingSettings.FirstVisit.CHOSEN and not wanted.bookable.is_for_first_visit:
        return translate("This is not for a first visit. Choose something that is.")
    return ""


def _check_may_book(wanted: Wanted, client: Client, *, is_first_visit: bool, by: User) -> None:
    if not client.is_active:
        raise DomainError(
            "client_not_active",
            translate("%(name)s is not active.", name=client.name),
            field="client",
        )
    if not can_book_for(by, client, wanted.settings):
        raise DomainError(
            "may_not_book",
            translate("Nothing can be booked online for %(name)s. Please get in touch with us.", name=client.name),
            field="client",
        )
    if is_first_visit and (sentence := why_not_first_visit(wanted)):
        raise DomainError("first_visit", sentence, field="client")


def check_day(
    client: Client, starts_at: datetime, settings: BookingSettings, *, apart_from: Appointment | None = None
) -> None:
    """DomainError `day_full`: the client has booked as much on this day as can be, `apart_from` one that leaves its time."""
    zone = wall_time.zone(client.time_zone)
    if queries.booked_on_day(client, starts_at, zone, apart_from=apart_from) >= settings.most_per_day:
        raise DomainError(
            "day_full",
            translate(
                "At most %(most)s a day can be booked here. For more on this day, please get in touch with us.",
                most=settings.most_per_day,
            ),
        )


def _check_free(hold: Hold, client: Client, wanted: Wanted, *, now: datetime) -> None:
    """A time that is still held was far enough ahead when it was chosen; one that is not counts like any other."""
    moment = now if hold.is_over(now) else hold.made_at
    free = queries.free_times(wanted, [hold.practitioner], now=moment, only=hold.starts_at, apart_from=hold)
    if not free[hold.practitioner_id]:
        raise taken()


def _close(hold: Hold, appointment: Appointment) -> None:
    """What was typed is kept with the appointment now, and nowhere else."""
    hold.appointment, hold.encrypted_details, hold.code_digest = appointment, "", ""
    hold.save(update_fields=["appointment", "encrypted_details", "code_digest"])
