"""Let an appointment that is running take longer, and take that back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import gettext_noop, translate
from core.scheduling import delay_notifications, notifications, signals
from core.scheduling.actions import booking_checks, calendar_locks
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, Extension, Participant, Reservation
from core.scheduling.permissions import appointments_visible_to, can_run_schedule
from core.scheduling.rules import extension
from core.scheduling.rules.conflicts import Span

REFUSALS = {
    "not_begun": gettext_noop("It has not begun yet. Move it instead."),
    "over": gettext_noop("It has been over for too long. Say at completion how many minutes are charged."),
    "bad_minutes": gettext_noop("Choose between 1 and %(most)s minutes."),
    "too_long": gettext_noop("Nothing takes longer than 24 hours."),
}


@dataclass(frozen=True)
class RunsInto:
    """What is booked within the added time, by whose calendar it stands in the way, and from when each of those is free for it."""

    appointments: tuple[Appointment, ...] = ()
    sentences: tuple[str, ...] = ()
    practitioner_until: datetime | None = None
    clients_until: dict[UUID, datetime] = field(default_factory=dict)
    resources_until: dict[UUID, datetime] = field(default_factory=dict)


def extend_appointment(
    appointment: Appointment, *, minutes: int, reason: str = "", by: Any, now: datetime
) -> Extension:
    """Let it take `minutes` longer; into what is booked next only with a `reason`. Everybody concerned is told, also those who come next.

    Raises PermissionDenied, DomainError (field `minutes`, or `reason` where it has to be explained) or ConflictError (not booked any more).
    """
    with calendar_locks.calendar_transaction():
        appointment = calendar_locks.lock_appointment(appointment.pk)
        _check_runs(appointment, by)
        booked = Span(appointment.starts_at, appointment.ends_at)
        wanted = Span(booked.starts_at, _new_end(appointment, booked, minutes, now=now))
        next_ones = runs_into(appointment, wanted, by=by)
        if next_ones.appointments and not reason.strip():
            raise DomainError(
                "runs_into_next",
                translate(
                    "%(why)s Say why it shall take longer all the same: what comes next may begin later then.",
                    why=" ".join(next_ones.sentences),
                ),
                field="reason",
            )
        done = Extension.objects.create(
            appointment=appointment,
            starts_at=booked.starts_at,
            previous_end=booked.ends_at,
            ends_at=wanted.ends_at,
            reason=reason.strip() if next_ones.appointments else "",
            extended_by_id=by.pk,
            extended_by_name=str(by)[:150],
            extended_at=now,
        )
        _lengthen(appointment, wanted.ends_at, next_ones)
        _note(SchedulingAudit.APPOINTMENT_EXTENDED, appointment, booked.ends_at, by=by, reason=done.reason)
        _announce(appointment, booked.ends_at, by=by, now=now)
        for other in next_ones.appointments:
            _tell_next(other, until=wanted.ends_at, because_of=appointment, by=by, now=now)
    return done


def take_back_extension(
    appointment: Appointment, *, extension_id: UUID | None = None, by: Any, now: datetime
) -> Appointment:
    """Its end is again what it was before the latest extension. PermissionDenied, or ConflictError where there is none to take back.

    `extension_id`: which one is meant, so that a later one of somebody else's is not.
    """
    with calendar_locks.calendar_transaction():
        appointment = calendar_locks.lock_appointment(appointment.pk)
        _check_runs(appointment, by)
        latest = extension_to_take_back(appointment)
        if latest is None or extension_id not in (None, latest.pk):
            raise ConflictError("nothing_to_take_back", translate("There is no extension any more to take back."))
        delayed = runs_into(appointment, Span(appointment.starts_at, appointment.ends_at), by=by).appointments
        hold_only_own_time(appointment)
        before, appointment.ends_at = latest.ends_at, latest.previous_end
        still = runs_into(appointment, Span(appointment.starts_at, appointment.ends_at), by=by)
        _lengthen(appointment, latest.previous_end, still)
        latest.taken_back_at = now
        latest.save(update_fields=["taken_back_at"])
        _note(SchedulingAudit.APPOINTMENT_EXTENSION_TAKEN_BACK, appointment, before, by=by)
        _announce(appointment, before, by=by, now=now)
        for other in delayed:
            until = appointment.ends_at if appointment.ends_at > other.starts_at else None
            _tell_next(other, until=until, because_of=appointment, by=by, now=now)
    return appointment


def extension_to_take_back(appointment: Appointment) -> Extension | None:
    """The latest extension, as long as it is booked and nobody has moved it since."""
    latest = Extension.objects.filter(appointment=appointment, taken_back_at=None).last()
    return latest if latest is not None and appointment.is_booked and latest.is_of(appointment) else None


def runs_into(appointment: Appointment, wanted: Span, *, by: Any) -> RunsInto:
    """What is booked within `wanted` for those who take part; the sentences say of whom only what `by` may see."""
    practitioner = _touching(
        Appointment.objects.filter(practitioner=appointment.practitioner)
        .exclude(status=Appointment.Status.CANCELLED)
        .exclude(pk=appointment.pk),
        wanted,
    )
    places = _touching(
        Participant.objects.filter(
            client__in=[place.client_id for place in appointment.attending], is_attending=True
        ).exclude(appointment=appointment),
        wanted,
    )
    taken = _touching(
        Reservation.objects.filter(resource__in=appointment.resources, is_held=True).exclude(appointment=appointment),
        wanted,
    )
    found = [
        *((appointment.practitioner, each, each.pk) for each in practitioner),
        *((place.client, place, place.appointment_id) for place in places.select_related("client")),
        *((each.resource, each, each.appointment_id) for each in taken.select_related("resource")),
    ]
    clashing = [row for row in found if row[1].span.overlaps(wanted)]
    appointments = {each.pk: each for each in _loaded({key for _, _, key in clashing})}
    visible = set(
        appointments_visible_to(by).filter(pk__in=appointments).values_list("pk", flat=True) if appointments else ()
    )
    sentences = [
        booking_checks.clash_sentence(str(who), appointments[key], by=by, person=who, visible=key in visible)
        for who, _, key in clashing
    ]
    return RunsInto(
        appointments=tuple(sorted(appointments.values(), key=lambda each: (each.starts_at, each.pk))),
        sentences=tuple(sentences),
        practitioner_until=extension.free_from(wanted, [row.span for who, row, _ in clashing if _is_same(who, appointment.practitioner)]),
        clients_until=_until(wanted, [(row.client_id, row.span) for _, row, _ in clashing if isinstance(row, Participant)]),
        resources_until=_until(wanted, [(row.resource_id, row.span) for _, row, _ in clashing if isinstance(row, Reservation)]),
    )  # fmt: skip


def hold_only_own_time(appointment: Appointment) -> None:
    """End it where what comes next begins, if it was extended beyond that: before it gets another time, in which it holds all of its own.

    Because the places get another end by their foreign key, and neither may they hold more than their time nor what is another's.
    """
    rows = [appointment, *appointment.participants.all(), *appointment.reservations.all()]
    ends = [row.free_from for row in rows if row.free_from is not None]
    if not ends:
        return
    appointment.ends_at = appointment.free_from = min(ends)
    _rows_of(appointment).update(free_from=appointment.ends_at)
    Reservation.objects.filter(appointment=appointment).update(free_from=appointment.ends_at)
    appointment.save(update_fields=["free_from"])
    appointment.save(update_fields=["ends_at"])
    appointment.free_from = None
    appointment.save(update_fields=["free_from"])
    _rows_of(appointment).update(free_from=None)
    Reservation.objects.filter(appointment=appointment).update(free_from=None)
    for row in rows:
        row.free_from, row.ends_at = None, appointment.ends_at


def _check_runs(appointment: Appointment, by: Any) -> None:
    if not can_run_schedule(by, appointment.practitioner):
        raise PermissionDenied("You do not have permission to extend appointments on this schedule.")


def _new_end(appointment: Appointment, booked: Span, minutes: int, *, now: datetime) -> datetime:
    found = extension.verdict(booked, minutes, is_booked=appointment.is_booked, now=now)
    if found.ends_at is not None:
        return found.ends_at
    if found.code == "not_booked":
        state = appointment.get_status_display().lower()
        raise ConflictError("not_booked", translate("It is %(state)s and cannot be extended any more.", state=state))
    raise DomainError(found.code, translate(REFUSALS[found.code], most=extension.MOST), field="minutes")


def _lengthen(appointment: Appointment, ends_at: datetime, next_ones: RunsInto) -> None:
    """Write the end. What is another's is let go of in the same moment, because the database holds nobody twice."""
    reservations = Reservation.objects.filter(appointment=appointment)
    if next_ones.appointments:  # the places grow with their appointment, but not into what is another's
        _rows_of(appointment).filter(free_from=None).update(free_from=F("ends_at"))
        reservations.filter(free_from=None).update(free_from=F("ends_at"))
    appointment.ends_at, appointment.free_from = ends_at, next_ones.practitioner_until
    appointment.sequence += 1
    appointment.is_exception = appointment.series_id is not None
    appointment.save(update_fields=["ends_at", "free_from", "sequence", "is_exception"])
    # Also where nobody waits: what an earlier extension has left to another may be free by now.
    _rows_of(appointment).exclude(client__in=next_ones.clients_until).update(free_from=None)
    reservations.exclude(resource__in=next_ones.resources_until).update(free_from=None)
    for client, until in next_ones.clients_until.items():
        _rows_of(appointment).filter(client=client).update(free_from=until)
    for resource, until in next_ones.resources_until.items():
        reservations.filter(resource=resource).update(free_from=until)
    for place in appointment.participants.all():
        place.ends_at = ends_at


def _note(code: SchedulingAudit, appointment: Appointment, before: datetime, *, by: Any, reason: str = "") -> None:
    start = appointment.starts_at.isoformat()
    changes = {"starts_at": [start, start], "ends_at": [before.isoformat(), appointment.ends_at.isoformat()]}
    audit.record(code, by=by, subject=appointment, changes=changes, reason=reason)


def _announce(appointment: Appointment, before: datetime, *, by: Any, now: datetime) -> None:
    signals.appointment_time_changed.send(Appointment, appointment=appointment, by=by, now=now)
    notifications.moved(appointment, previous_start=appointment.starts_at, previous_end=before, by=by, now=now)


def _tell_next(other: Appointment, *, until: datetime | None, because_of: Appointment, by: Any, now: datetime) -> None:
    signals.appointment_delayed.send(Appointment, appointment=other, until=until, by=by, now=now)
    delay_notifications.delayed(other, until=until, because_of=because_of, by=by, now=now)


def _loaded(keys: set[UUID]) -> list[Appointment]:
    found = Appointment.objects.filter(pk__in=keys).select_related("practitioner__user")
    return list(found.prefetch_related("participants__client"))


def _touching(rows: "QuerySet[Any]", span: Span) -> "QuerySet[Any]":
    return rows.filter(starts_at__lt=span.ends_at, ends_at__gt=span.starts_at)


def _until(wanted: Span, spans: Iterable[tuple[UUID, Span]]) -> dict[UUID, datetime]:
    by_key: dict[UUID, list[Span]] = {}
    for key, span in spans:
        by_key.setdefault(key, []).append(span)
    found = {key: extension.free_from(wanted, theirs) for key, theirs in by_key.items()}
    return {key: until for key, until in found.items() if until is not None}


def _is_same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one.pk == other.pk


def _rows_of(appointment: Appointment) -> "QuerySet[Participant]":
    return Participant.objects.filter(appointment=appointment)
