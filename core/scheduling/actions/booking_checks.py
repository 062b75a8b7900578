"""What is checked, behind the locks, before a time is written."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import get_language

from core.kernel import time_zones
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import gettext_noop, translate, translate_plural
from core.people.models import Assignment, Client, StaffMember
from core.people.roles import Permission
from core.scheduling.models import Appointment, BookableResource, Participant, Reservation
from core.scheduling.permissions import appointments_visible_to, can_add_appointments, can_run_schedule
from core.scheduling.queries import most_in_a_group
from core.scheduling.rules import conflicts, group_size
from core.scheduling.rules.conflicts import Span
from core.scheduling.time_formats import format_time_span

EARLIEST = timedelta(days=31)
LATEST = timedelta(days=730)
# Said to those who take a time that was offered or proposed to them, because they can give no reason for another.
NOT_GIVEN = gettext_noop("This time cannot be given any more: it lies beside the working hours by now.")
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=24)


def check_times(starts_at: datetime, ends_at: datetime, *, now: datetime, leeway: timedelta = timedelta(0)) -> None:
    """DomainError unless it is a sensible span, at most a month back and two years ahead, give or take `leeway`."""
    if not SHORTEST <= ends_at - starts_at <= LONGEST:
        raise DomainError(
            "bad_length", translate("Choose a length of at least 5 minutes and at most 24 hours."), field="minutes"
        )
    if starts_at < now - EARLIEST - leeway:
        raise DomainError("too_early", translate("That is more than a month ago. Please check the date."), field="date")
    if starts_at > now + LATEST + leeway:
        raise DomainError(
            "too_late", translate("That is more than two years ahead. Please check the date."), field="date"
        )


def check_size(size: int, *, confirmed: bool) -> None:
    """DomainError for a group that is too large for the product or the plan, or large and not confirmed."""
    found = group_size.verdict(size, most=most_in_a_group())
    if found.answer == "refuse" or (found.answer == "confirm" and not confirmed):
        raise DomainError(f"group_{found.answer}", found.sentence, field="clients")


def check_may_add(by: Any, practitioner: StaffMember, clients: Sequence[Client]) -> None:
    """PermissionDenied or DomainError, saying which of three reasons: no permission, client not active, not assigned."""
    if not can_add_appointments(by):
        raise PermissionDenied("You do not have permission to add appointments.")
    check_may_run(by, practitioner)
    check_active(clients)
    check_assigned(by, practitioner, clients)


def check_may_run(by: Any, practitioner: StaffMember) -> None:
    """PermissionDenied for whoever does not run this schedule; DomainError when nobody works by it any more."""
    if not can_run_schedule(by, practitioner):
        raise PermissionDenied("You do not have permission to add appointments to this schedule.")
    check_works(practitioner)


def check_works(practitioner: StaffMember) -> None:
    """DomainError when nobody works by this schedule any more."""
    if not practitioner.is_active:
        raise DomainError(
            "practitioner_inactive",
            translate("%(name)s is not active any more.", name=practitioner),
            field="practitioner",
        )
    if Permission.OWN_SCHEDULE not in practitioner.permissions:
        raise DomainError(
            "no_schedule",
            translate("%(practitioner_name)s has no schedule of their own.", practitioner_name=practitioner),
            field="practitioner",
        )


def check_assigned(by: Any, practitioner: StaffMember, clients: Sequence[Client]) -> None:
    """DomainError if somebody is not assigned to the practitioner; whoever sees every client assigns by booking."""
    if by.may(Permission.SEE_ALL_CLIENTS):
        return
    assigned = set(
        Assignment.objects.filter(practitioner=practitioner, client__in=clients).values_list("client_id", flat=True)
    )
    if strangers := [client for client in clients if client.pk not in assigned]:
        raise DomainError(
            "client_not_assigned",
            translate_plural(
                "%(names)s is not assigned to %(practitioner_name)s.",
                "%(names)s are not assigned to %(practitioner_name)s.",
                len(strangers),
                names=_names(strangers),
                practitioner_name=practitioner,
            ),
            field="clients",
        )


def check_active(clients: Sequence[Client]) -> None:
    """DomainError if somebody may not be put into appointments. Read again from the database by the caller: not the picker decides."""
    if idle := [client for client in clients if not client.is_active]:
        sentence = translate_plural(
            "%(names)s is not active.", "%(names)s are not active.", len(idle), names=_names(idle)
        )
        raise DomainError("client_not_active", sentence, field="clients")


def check_free(
    *,
    by: Any,
    practitioner: StaffMember | None,
    clients: Sequence[Client],
    starts_at: datetime,
    ends_at: datetime,
    resources: Sequence[BookableResource] = (),
    apart_from: UUID | None = None,
) -> None:
    """ConflictError naming who or what is not free; particulars only of appointments that `by` may see.

    `practitioner` None: whoever has the time already.
    """
    wanted = Span(starts_at, ends_at)
    if practitioner is not None:
        _check_practitioner_free(practitioner, wanted, by=by, apart_from=apart_from)
    participants = (
        Participant.objects.filter(client__in=clients, is_attending=True, **_touching(wanted))
        .exclude(appointment=apart_from)
        .select_related("client", "appointment__practitioner__user")
    )
    participant = next((each for each in participants if each.span.overlaps(wanted)), None)
    if participant is not None:
        sentence = _clash(str(participant.client), participant.appointment, by=by, person=participant.client)
        raise ConflictError("client_not_free", sentence, field="date")
    _check_resources_free(resources, wanted, by=by, apart_from=apart_from)


def check_usable(resources: Sequence[BookableResource]) -> None:
    """DomainError if something was archived. Read again from the database by the caller."""
    if archived := [resource for resource in resources if not resource.is_active]:
        raise DomainError(
            "resource_archived",
            translate("Not to be booked any more: %(names)s.", names=_names(archived)),
            field="resources",
        )


def _check_practitioner_free(practitioner: StaffMember, wanted: Span, *, by: Any, apart_from: UUID | None) -> None:
    appointments = (
        Appointment.objects.filter(practitioner=practitioner, **_touching(wanted))
        .exclude(status=Appointment.Status.CANCELLED)
        .exclude(pk=apart_from)
        .prefetch_related("participants__client")
    )
    taken = next((each for each in appointments if each.span.overlaps(wanted)), None)
    if taken is not None:
        raise ConflictError(
            "practitioner_not_free", _clash(str(practitioner), taken, by=by, person=practitioner), field="date"
        )


def _check_resources_free(
    resources: Sequence[BookableResource], wanted: Span, *, by: Any, apart_from: UUID | None
) -> None:
    if not resources:
        return
    reservations = (
        Reservation.objects.filter(resource__in=resources, is_held=True, **_touching(wanted))
        .exclude(appointment=apart_from)
        .select_related("resource", "appointment__practitioner__user")
    )
    taken = next((each for each in reservations if each.span.overlaps(wanted)), None)
    if taken is not None:
        sentence = _clash(str(taken.resource), taken.appointment, by=by, person=taken.resource)
        raise ConflictError("resource_not_free", sentence, field="resources")


def _touching(span: Span) -> dict[str, datetime]:
    """What to read from the database: also what only touches the span, because the rule decides whether that is a conflict."""
    return {"starts_at__lte": span.ends_at, "ends_at__gte": span.starts_at}


def _clash(name: str, taken: Appointment, *, by: Any, person: StaffMember | Client | BookableResource) -> str:
    visible = appointments_visible_to(by).filter(pk=taken.pk).exists()
    return clash_sentence(name, taken, by=by, person=person, visible=visible)


def clash_sentence(
    name: str, taken: Appointment, *, by: Any, person: StaffMember | Client | BookableResource, visible: bool
) -> str:
    """Who or what is not free; with whom and when only where `by` may see (`visible`) that appointment."""
    if not visible:
        return conflicts.sentence(name=name)
    others = (
        str(taken.practitioner) if not isinstance(person, StaffMember) else _names([p.client for p in taken.attending])
    )
    return conflicts.sentence(name=name, when=_when(taken, by), with_whom=others or taken.what)


def _when(taken: Appointment, by: Any) -> str:
    zone = time_zones.in_force(by.time_zone)
    span = format_time_span(taken.starts_at, taken.ends_at, zone=zone, language=get_language() or "en")
    return f"{span.short_day}, {span.hours}, {span.zone}"


def _names(people: Sequence[Any]) -> str:
    names = [str(person) for person in people]
    if len(names) < 2:
        return names[0] if names else ""
    return translate("%(names)s and %(last)s", names=", ".join(names[:-1]), last=names[-1])
