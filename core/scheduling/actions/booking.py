"""Book an appointment."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.people.actions import ensure_assigned
from core.people.models import Client, StaffMember
from core.people.reasons import PeopleReason
from core.scheduling import notifications, signals
from core.scheduling.actions import booking_checks, calendar_locks
from core.scheduling.actions.availability_checks import check_available
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, BookableResource, Participant, Reservation
from core.scheduling.queries import policy_in_force
from core.scheduling.rules import wall_time
from core.scheduling.rules.conflicts import Span

BY_FIRST_APPOINTMENT = Reason(PeopleReason.FIRST_APPOINTMENT)


def book_appointment(
    *,
    practitioner: StaffMember,
    clients: Sequence[Client],
    starts_at: datetime,
    ends_at: datetime,
    time_zone: str,
    service_name: str,
    other_service_names: Mapping[str, str] | None = None,
    service_id: UUID | None = None,
    mode: str = Appointment.Mode.ONLINE,
    location: str = "",
    note: str = "",
    resources: Sequence[BookableResource] = (),
    is_open_group: bool = False,
    large_group_confirmed: bool = False,
    override_reason: str = "",
    is_self_booked: bool = False,
    by: Any,
    now: datetime,
) -> Appointment:
    """Put an appointment on the practitioner's schedule and tell everybody concerned.

    `time_zone` is the IANA zone in which the time was meant. Clients who were not assigned to the practitioner are from now on.
    `override_reason`: why it is booked beside the practitioner's time. `is_open_group`: people join it, so that it can be booked
    with nobody in it. `is_self_booked`: by those whom it is for, whose right to it the caller has
    looked at (`core.booking`).
    Raises PermissionDenied or DomainError (which of the three reasons), ConflictError when somebody is not free.
    """
    booking_checks.check_times(starts_at, ends_at, now=now)
    chosen = {client.pk for client in clients}
    if chosen or not is_open_group:
        booking_checks.check_size(len(chosen), confirmed=large_group_confirmed)
    if not wall_time.is_zone(time_zone):
        raise DomainError("unknown_zone", translate("Choose a time zone from the list."), field="time_zone")
    with calendar_locks.calendar_transaction():
        taken = {resource.pk for resource in resources}
        calendar_locks.lock_calendars([practitioner.pk, *chosen, *taken])
        practitioner = StaffMember.objects.select_related("user").get(pk=practitioner.pk)
        people = list(Client.objects.filter(pk__in=chosen))
        resources = list(BookableResource.objects.filter(pk__in=taken))
        if is_self_booked:
            booking_checks.check_works(practitioner)
            booking_checks.check_active(people)
        else:
            booking_checks.check_may_add(by, practitioner, people)
        booking_checks.check_usable(resources)
        booking_checks.check_free(
            by=by,
            practitioner=practitioner,
            clients=people,
            starts_at=starts_at,
            ends_at=ends_at,
            resources=resources,
        )
        override = check_available(
            practitioner, Span(starts_at, ends_at), mode=mode, service_id=service_id, reason=override_reason, now=now
        )
        appointment = Appointment.objects.create(
            practitioner=practitioner,
            starts_at=starts_at,
            ends_at=ends_at,
            time_zone=time_zone,
            service_id=service_id,
            service_name=service_name,
            other_service_names=dict(other_service_names or {}),
            mode=mode,
            location=location,
            note=note,
            is_open_group=is_open_group,
            policy=policy_in_force(),
            booked_by=by,
            booked_at=now,
        )
        _add_participants(appointment, people)
        reserve(appointment, resources)
        for client in people:
            ensure_assigned(client=client, practitioner=practitioner, by=by, now=now, reason=BY_FIRST_APPOINTMENT)
        audit.record(
            SchedulingAudit.APPOINTMENT_BOOKED,
            by=by,
            subject=appointment,
            changes=_facts(appointment, people, resources),
        )
        override.keep(appointment, by=by, now=now)
        notifications.booked(appointment, by=by, now=now)
        news = {"clients": people, "is_self_booked": is_self_booked, "by": by, "now": now}
        signals.appointment_booked.send(Appointment, appointment=appointment, **news)
        if is_open_group:
            signals.places_freed.send(Appointment, appointment=appointment, left=[], by=by, now=now)
    return appointment


def _add_participants(appointment: Appointment, people: Sequence[Client]) -> None:
    Participant.objects.bulk_create(
        Participant(
            appointment=appointment, client=client, starts_at=appointment.starts_at, ends_at=appointment.ends_at
        )
        for client in people
    )


def reserve(appointment: Appointment, resources: Sequence[BookableResource]) -> None:
    """Let the appointment take these rooms and this equipment, for its time."""
    Reservation.objects.bulk_create(
        Reservation(
            appointment=appointment,
            resource=resource,
            starts_at=appointment.starts_at,
            ends_at=appointment.ends_at,
            free_from=None if appointment.is_booked else appointment.free_from,
        )
        for resource in resources
    )


def _facts(appointment: Appointment, people: Sequence[Client], resources: Sequence[BookableResource]) -> dict[str, Any]:
    taken = {"resources": [None, [str(resource.pk) for resource in resources]]} if resources else {}
    return {
        **taken,
        "starts_at": [None, appointment.starts_at.isoformat()],
        "ends_at": [None, appointment.ends_at.isoformat()],
        "practitioner": [None, str(appointment.practitioner_id)],
        "clients": [None, [str(client.pk) for client in people]],
        "service": [None, appointment.service_name],
    }
