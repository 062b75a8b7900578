"""Several dates of a series at once: which dates an act is about, and the series that goes on from the first that changes.

What has begun, is completed or cancelled never changes. Where earlier dates stay as they were, the series ends before the first that changes, and
another one continues it: a calendar program could not show both otherwise.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet

from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.scheduling import series_notifications
from core.scheduling.actions import calendar_locks
from core.scheduling.actions.series_checks import (
    MOST_SAID,
    day_of,
)
from core.scheduling.models import Appointment, AppointmentSeries
from core.scheduling.models.appointments import new_uid
from core.scheduling.permissions import can_run_schedule


class Scope(StrEnum):
    """Which dates an act is about."""

    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


def affected_by(appointment: Appointment, scope: str, *, by: Any = None, now: datetime) -> list[Appointment]:
    """The dates that the act is about, in order: booked, not begun, from this one on or all.

    With `by`: without those that were handed to somebody whose schedule `by` does not run. They stay as they are.
    """
    if appointment.series_id is None or scope == Scope.ONE:
        return [appointment]
    found = Appointment.objects.filter(
        series=appointment.series_id, status=Appointment.Status.BOOKED, starts_at__gt=now
    )
    if scope == Scope.FOLLOWING:
        found = found.filter(occurrence_on__gte=appointment.occurrence_on)
    loaded = found.select_related("practitioner__user").prefetch_related(
        "participants__client", "reservations__resource"
    )
    rows = list(loaded.order_by("occurrence_on"))
    return rows if by is None else run_by(by, rows)


def locked(appointment: Appointment, *, by: Any, also: Iterable[UUID] = ()) -> AppointmentSeries:
    """The series, everything in it locked, for whoever runs its schedule."""
    assert appointment.series_id is not None
    series = calendar_locks.lock_series(appointment.series_id, also=also)
    if not can_run_schedule(by, series.practitioner):
        raise PermissionDenied("You do not have permission to change appointments on this schedule.")
    if not Appointment.objects.filter(pk=appointment.pk, series=series).exists():
        raise ConflictError(
            "changed_meanwhile", translate("The series was changed meanwhile. Look at it, then send the form again.")
        )
    return series


def run_by(by: Any, rows: Sequence[Appointment]) -> list[Appointment]:
    """Those on schedules that `by` runs: one that was handed to somebody else is theirs to change."""
    may = {each.practitioner for each in rows}
    may = {each for each in may if can_run_schedule(by, each)}
    return [each for each in rows if each.practitioner in may]


def rows_now(rows: Iterable[Appointment]) -> "QuerySet[Appointment]":
    """The same appointments as they stand now, with their people."""
    found = Appointment.objects.filter(pk__in=[each.pk for each in rows]).select_related("practitioner__user")
    return found.prefetch_related("participants__client")


def all_clients(rows: Sequence[Appointment]) -> list[Any]:
    """Everybody in these."""
    return series_notifications.clients_of(rows)


def attending_in(appointment: Appointment) -> list[Any]:
    """Whoever has a place in it."""
    return [place.client for place in appointment.attending]


def check_any(rows: Sequence[Appointment]) -> None:
    """ConflictError where none of them is left to change."""
    if not rows:
        raise ConflictError("nothing_to_come", translate("None of these dates is still to come."))


def do_each(rows: Sequence[Appointment], act: Any) -> list[Any]:
    """Do it with each date; what is refused is refused for all, with the dates named."""
    done, refusals = [], []
    for each in rows:
        try:
            done.append(act(each))
        except DomainError as refusal:
            refusals.append((each, refusal))
    if not refusals:
        return done
    first = refusals[0][1]
    if len({refusal.message for _, refusal in refusals}) == 1 and len(refusals) > 1:
        raise first
    said = [f"{day_of(each.span, zone=each.time_zone)}: {refusal.message}" for each, refusal in refusals[:MOST_SAID]]
    raise type(first)(first.code, " ".join(said), field=first.field)


def cut_off(rows: Sequence[Appointment]) -> None:
    """What was cancelled with the end is no day of the rule any more: it can be made again when the series goes on."""
    Appointment.objects.filter(pk__in=[each.pk for each in rows]).update(occurrence_on=None)


def continued(series: AppointmentSeries, first: Appointment) -> tuple[AppointmentSeries, AppointmentSeries | None]:
    """The series whose first date this is: itself, or a new one that continues it, with the old one, which ends before."""
    assert first.occurrence_on is not None
    earlier = series.occurrences.filter(occurrence_on__lt=first.occurrence_on)
    if not earlier.exists():
        return series, None
    old = calendar_locks.load_series(series.pk)
    clients, resources = list(series.clients.all()), list(series.resources.all())
    later = getattr(series, "continued_by", None)
    new = calendar_locks.load_series(series.pk)
    new.pk, new._state.adding, new.uid, new.sequence = None, True, new_uid(), 0
    new.pk = AppointmentSeries._meta.pk.get_default()
    new.continues, new.first_on = old, first.occurrence_on
    new.first_number = old.first_number + earlier.count()
    new.exdates = [day for day in old.exdates if day >= first.occurrence_on]
    old.exdates = [day for day in old.exdates if day < first.occurrence_on]
    ends = first.occurrence_on - timedelta(days=1)
    if old.until_on is not None and old.until_on < ends:  # it is one that had stayed behind the end
        new.until_on = new.made_until = first.occurrence_on
    old.until_on = min(ends, old.until_on or ends)
    old.made_until = min(old.made_until, old.until_on)
    if later is not None:
        AppointmentSeries.objects.filter(pk=later.pk).update(continues=None)
    new.save(force_insert=True)
    if later is not None:
        AppointmentSeries.objects.filter(pk=later.pk).update(continues=new)
    new.clients.set(clients)
    new.resources.set(resources)
    Appointment.objects.filter(series=old, occurrence_on__gte=first.occurrence_on).update(series=new)
    restart(old)
    return new, old


def restart(series: AppointmentSeries) -> None:
    """Another SEQUENCE, beyond those of its single dates."""
    single = max(series.occurrences.values_list("sequence", flat=True), default=0)
    series.sequence = max(series.sequence, single) + 1
    series.save()
