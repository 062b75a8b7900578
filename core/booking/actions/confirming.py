"""An appointment that people book themselves, from a time that is held for them."""

from collections.abc import Sequence
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
from core.scheduling.actions import book_appointment, calendar_locks, edit_appointment
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment, BookableResource
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
        group = _lock(hold, client, rooms)
        hold = lock_hold(hold)
        if hold.appointment is not None:
            return hold.appointment
        if not _is_as_held(hold, group):
            raise taken(wanted)
        client.refresh_from_db()
        is_first_visit = not queries.was_here(client)
        _check_may_book(wanted, client, is_first_visit=is_first_visit, by=by)
        check_day(client, hold.starts_at, wanted.settings)
        _check_free(hold, client, wanted, group, now=now)
        appointment = (group and _join(group, client, by=by, now=now)) or book_appointment(
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
        facts = {"user": by, "is_first_visit": is_first_visit, "booked_at": now}
        known = SelfBooking.objects.filter(appointment=appointment, client=client).first()  # whoever had given it up
        own = known or SelfBooking(appointment=appointment, client=client)
        for name, value in facts.items():
            setattr(own, name, value)
        own.answers = answers
        own.save()
        _close(hold, appointment, client)
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


def _lock(hold: Hold, client: Client, rooms: Sequence[BookableResource]) -> Appointment | None:
    """Everybody's calendar that is concerned; the group as it stands now, if a place in one is held."""
    if hold.group_id:
        return calendar_locks.lock_appointment(hold.group_id, also={client.pk})
    calendar_locks.lock_calendars([hold.practitioner_id, client.pk, *(room.pk for room in rooms)])
    return None


def _is_as_held(hold: Hold, group: Appointment | None) -> bool:
    """Whether the group still stands where the place is held: not moved, handed over or cancelled, nor another one held from another tab."""
    if group is None or hold.group_id is None:
        return group is None and hold.group_id is None
    stands = (group.pk, group.starts_at, group.practitioner_id) == (
        hold.group_id, hold.starts_at, hold.practitioner_id
    )  # fmt: skip
    return stands and group.is_booked


def _check_free(hold: Hold, client: Client, wanted: Wanted, group: Appointment | None, *, now: datetime) -> None:
    """A time that is still held was far enough ahead when it was chosen; one that is not counts like any other."""
    moment = now if hold.is_over(now) else hold.made_at
    if group is not None and any(place.client_id == client.pk for place in group.attending):
        raise DomainError(
            "in_it_already", translate("%(name)s has a place in it already.", name=client.name), field="client"
        )
    if hold.starts_at <= now:  # a hold can be made anew until then, and not longer
        raise taken(wanted)
    free = queries.free_times(wanted, [hold.practitioner], now=moment, only=hold.starts_at, apart_from=hold)
    if not free[hold.practitioner_id]:
        raise taken(wanted)


def _join(group: Appointment, client: Client, *, by: Any, now: datetime) -> Appointment:
    clients = [*(place.client for place in group.attending), client]
    edit_appointment(group, clients=clients, large_group_confirmed=True, is_self_booked=True, by=by, now=now)
    return group


def _close(hold: Hold, appointment: Appointment, client: Client) -> None:
    """What was typed is kept with the appointment now, and nowhere else."""
    hold.appointment, hold.client, hold.encrypted_details, hold.code_digest = appointment, client, "", ""
    hold.save(update_fields=["appointment", "client", "encrypted_details", "code_digest"])
