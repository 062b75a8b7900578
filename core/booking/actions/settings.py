"""Decide what people book themselves: the rules for all, services, practitioners, questions, and exceptions for single clients."""

from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Exists, OuterRef

from core.booking.audit_codes import BookingAudit
from core.booking.group_queries import groups_of
from core.booking.models import (
    BookablePractitioner,
    BookableService,
    BookingException,
    BookingSettings,
    IntakeQuestion,
)
from core.booking.permissions import can_manage_booking
from core.kernel import audit, clock
from core.kernel.audit import AuditCode
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import Client
from core.people.permissions import can_change_client
from core.scheduling.actions.calendar_locks import calendar_transaction, lock_calendars
from core.scheduling.models import Appointment, AppointmentSeries, Participant
from core.scheduling.queries import most_in_a_group
from core.scheduling.signals import places_freed

MOST_ASKED_FOR = 20  # groups, of which those who wait are asked at once
Row = TypeVar("Row", bound=models.Model)
SETTINGS = (
    "is_open", "audience", "first_visit", "phone", "notice_hours", "horizon_days", "step", "most_per_day", "newcomers_may_cancel", "frame_hosts",
)  # fmt: skip


@transaction.atomic
def change_booking_settings(*, by: Any, now: datetime, **values: Any) -> BookingSettings:
    """Decide who may book themselves, and when. What is booked already stays."""
    _require(by)
    settings = BookingSettings.objects.select_for_update().filter(is_current=True).first() or BookingSettings()
    changes = {
        name: [getattr(settings, name), value] for name, value in values.items() if getattr(settings, name) != value
    }
    for name, value in values.items():
        setattr(settings, name, value)
    settings.save()
    if changes:
        audit.record(BookingAudit.BOOKING_SETTINGS_CHANGED, by=by, subject=settings, changes=changes)
    return settings


def save_bookable_service(row: BookableService, *, resources: Any = (), by: Any) -> BookableService:
    """Let a service be booked, or change how. Given places, its groups are joined from now on; without any, they are no more.

    Raises PermissionDenied, DomainError, or ConflictError while others change those groups.
    """
    _require(by)
    with calendar_transaction():
        _check_slug(row)
        check_places(row.places)
        stored = BookableService.objects.select_for_update().filter(pk=row.pk).first()
        places = stored and stored.places
        if places != row.places:
            _lock_groups(row, now=clock.now())
        before = [str(each.pk) for each in row.resources.all()] if stored else []
        saved = _save(
            row,
            BookingAudit.BOOKABLE_SERVICE_SAVED,
            by=by,
            more={"resources": (before, [str(each.pk) for each in resources])},
        )
        saved.resources.set(resources)
        if saved.places is not None and saved.places != places:
            _open_groups(saved, by=by, now=clock.now())
        elif saved.places is None and places is not None:
            _close_groups(saved, now=clock.now())
    return saved


def _lock_groups(bookable: BookableService, *, now: datetime) -> None:
    """Hold the calendars of those who run what stands ahead, so that nobody books or edits it meanwhile."""
    ahead = Appointment.objects.filter(
        service_id=bookable.service_id, status=Appointment.Status.BOOKED, starts_at__gt=now
    )
    lock_calendars(ahead.order_by().values_list("practitioner_id", flat=True).distinct())


def _close_groups(bookable: BookableService, *, now: datetime) -> None:
    """Whoever is in one stays, and nobody joins; what nobody is in stands until somebody cancels it."""
    ahead = Appointment.objects.filter(service_id=bookable.service_id, is_open_group=True, starts_at__gt=now)
    somebody = Participant.objects.filter(appointment=OuterRef("pk"), is_attending=True)
    ahead.filter(Exists(somebody)).update(is_open_group=False)
    # Of a series with nobody in it no dates are made any more.
    AppointmentSeries.objects.filter(service_id=bookable.service_id, is_open_group=True).update(is_open_group=False)


def _open_groups(bookable: BookableService, *, by: Any, now: datetime) -> None:
    """What stands in the calendar already is joined from now on: it goes on standing with nobody in it, and who waits is asked."""
    ahead = groups_of(bookable).filter(starts_at__gt=now)
    ahead.filter(is_open_group=False).update(is_open_group=True)
    AppointmentSeries.objects.filter(service_id=bookable.service_id).update(is_open_group=True)
    for group in ahead.order_by("starts_at")[:MOST_ASKED_FOR]:
        places_freed.send(Appointment, appointment=group, left=[], by=by, now=now)


def remove_bookable_service(row: BookableService, *, by: Any) -> None:
    """Let it not be booked any more; times that are held for it are free again, and nobody joins its groups."""
    _require(by)
    with calendar_transaction():
        if row.places is not None:
            _lock_groups(row, now=clock.now())
            _close_groups(row, now=clock.now())
        _remove(row, BookingAudit.BOOKABLE_SERVICE_REMOVED, by=by)


@transaction.atomic
def save_bookable_practitioner(row: BookablePractitioner, *, by: Any) -> BookablePractitioner:
    """Let people book with somebody, or change for what."""
    _require(by)
    _check_slug(row)
    return _save(row, BookingAudit.BOOKABLE_PRACTITIONER_SAVED, by=by)


@transaction.atomic
def remove_bookable_practitioner(row: BookablePractitioner, *, by: Any) -> None:
    """Let nobody book with them any more."""
    _require(by)
    _remove(row, BookingAudit.BOOKABLE_PRACTITIONER_REMOVED, by=by)


@transaction.atomic
def save_question(row: IntakeQuestion, *, by: Any) -> IntakeQuestion:
    """Ask something at booking. Answers that were given stand with the words of their question."""
    _require(by)
    return _save(row, BookingAudit.INTAKE_QUESTION_SAVED, by=by)


@transaction.atomic
def remove_question(row: IntakeQuestion, *, by: Any) -> None:
    """Ask it no more."""
    _require(by)
    _remove(row, BookingAudit.INTAKE_QUESTION_REMOVED, by=by)


@transaction.atomic
def set_exception(*, client: Client, may_book: bool | None, by: Any, now: datetime) -> None:
    """Let one client book themselves, or not, whatever holds for the others; None: what holds for all."""
    if not (can_manage_booking(by) and can_change_client(by, client)):
        raise PermissionDenied("not allowed to decide who books online")
    row = BookingException.objects.select_for_update().filter(client=client).first()
    before = row.may_book if row else None
    if before == may_book:
        return
    if may_book is None:
        BookingException.objects.filter(client=client).delete()
    else:
        values = {"may_book": may_book, "set_by_name": str(by)[:150], "set_at": now}
        BookingException.objects.update_or_create(client=client, defaults=values)
    changes = {"may_book_online": [before, may_book]}
    audit.record(BookingAudit.BOOKING_EXCEPTION_SET, by=by, subject=client, changes=changes)


def check_places(places: int | None) -> None:
    """DomainError for a group that is none, or larger than the plan has."""
    most = most_in_a_group()
    if places is not None and not 2 <= places <= most:
        raise DomainError(
            "places", translate("Between 2 and %(most)s places, or leave it empty.", most=most), field="places"
        )


def _require(by: Any) -> None:
    if not can_manage_booking(by):
        raise PermissionDenied("not allowed to change online booking")


def _check_slug(row: BookableService | BookablePractitioner) -> None:
    """Services and practitioners share the addresses below /book/."""
    for model in (BookableService, BookablePractitioner):
        same = model.objects.filter(slug=row.slug)
        if (same.exclude(pk=row.pk) if isinstance(row, model) else same).exists():
            raise DomainError("slug_taken", translate("This address is in use already."), field="slug")


def _save(row: Row, code: AuditCode, *, by: Any, more: Any = None) -> Row:
    stored = type(row).objects.filter(pk=row.pk).first()  # type: ignore[attr-defined]
    fields = [field.attname for field in row._meta.concrete_fields if not field.primary_key]
    changes = {name: [_plain(getattr(stored, name, None)), _plain(getattr(row, name))] for name in fields}
    changes |= {name: list(pair) for name, pair in (more or {}).items()}
    row.save()
    changes = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if changes:
        audit.record(code, by=by, subject=row, changes=changes)
    return row


def _remove(row: models.Model, code: AuditCode, *, by: Any) -> None:
    audit.record(code, by=by, subject=row, changes={"name": [str(row), None]})
    row.delete()


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | str) else str(value)
