"""Change facts of several dates of a series: this and those that follow, or all that are still to come.

Facts of the dates are changed by the same acts as those of one appointment, each with its own line in the history; whoever is concerned is told
once. Only people come and go without another series.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from core.kernel import audit
from core.scheduling import notifications, series_notifications
from core.scheduling.actions import calendar_locks
from core.scheduling.actions.edit import ServiceChosen, edit_appointment
from core.scheduling.actions.series_scope import (
    affected_by,
    all_clients,
    attending_in,
    check_any,
    continued,
    do_each,
    locked,
    restart,
    rows_now,
)
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment, AppointmentSeries

PLAIN = ("mode", "location", "note")


def edit_series(
    appointment: Appointment,
    *,
    scope: str,
    with_exceptions: bool = False,
    leave: Collection[UUID] = (),
    tell: bool = True,
    by: Any,
    now: datetime,
    **facts: Any,
) -> notifications.Edited:
    """Change facts of several dates, and of those that are still to be made. `facts`: as `edit_appointment` takes them.

    `leave`: dates that stay as they are.

    Raises what that raises, with the dates named.
    """
    also = {
        each.pk
        for each in (facts.get("practitioner"), *(facts.get("clients") or ()), *(facts.get("resources") or ()))
        if each
    }
    with calendar_locks.calendar_transaction():
        series = locked(appointment, by=by, also=also)
        rows = [each for each in affected_by(appointment, scope, by=by, now=now) if each.pk not in leave]
        check_any(rows)
        opened = calendar_locks.load_appointment(appointment.pk)
        former, facts = series.practitioner, _with_changes_of_people(_news(facts, opened), opened)
        done = do_each(
            rows,
            lambda each: edit_appointment(
                each,
                **_facts_for(each, facts, series, with_exceptions or each.pk == opened.pk),
                tell=False,
                by=by,
                now=now,
            ),
        )
        of_opened = (edited for row, edited in zip(rows, done, strict=True) if row.pk == opened.pk)
        changed = next((edited for edited in (*of_opened, *done) if edited.changes), None)
        if changed is None:
            return notifications.Edited()
        old = None
        if set(changed.changes) - {"clients"}:
            series, old = continued(series, rows[0])
        _write_facts(series, facts)
        restart(series)
        audit.record(
            SchedulingAudit.SERIES_CHANGED,
            by=by,
            subject=series,
            changes=changed.changes,
            reason=facts.get("reason", ""),
        )
        if tell:
            fresh, of_all = calendar_locks.load_series(series.pk), list(rows_now(rows))
            if old is not None:  # another series for the calendars of all, of what was left to colleagues too
                of_all = list(rows_now(series.occurrences.filter(status=Appointment.Status.BOOKED, starts_at__gt=now)))
            is_handed_over = fresh.practitioner_id != former.pk
            series_notifications.changed(
                fresh, clients=all_clients(of_all), rows=of_all, also=old, changes=changed.changes,
                former=former.user if is_handed_over else None, by=by, now=now,
            )  # fmt: skip
            series_notifications.taken_out(fresh, list(zip(rows, done, strict=True)), told=former, also=old, by=by)
    return changed


def _news(facts: dict[str, Any], opened: Appointment) -> dict[str, Any]:
    """The facts that are others than those of the date that was opened: what somebody has left as it was there is not meant for the others."""
    same = {name for name in PLAIN if facts.get(name) == getattr(opened, name)}
    if (practitioner := facts.get("practitioner")) is not None and practitioner.pk == opened.practitioner_id:
        same.add("practitioner")
    if facts.get("service") == ServiceChosen(opened.service_name, opened.service_id):
        same.add("service")
    if facts.get("resources") is not None and set(facts["resources"]) == set(opened.resources):
        same.add("resources")
    if facts.get("clients") is not None and set(facts["clients"]) == set(attending_in(opened)):
        same.add("clients")
    return {name: value for name, value in facts.items() if name not in same}


def _with_changes_of_people(facts: dict[str, Any], appointment: Appointment) -> dict[str, Any]:
    """Who comes in and who goes, by comparison with the date on which it was chosen: others of single dates stay in them."""
    if facts.get("clients") is None:
        return facts
    wanted, present = list(facts["clients"]), attending_in(appointment)
    return {
        **facts,
        "added": [each for each in wanted if each not in present],
        "removed": [each for each in present if each not in wanted],
    }


def _facts_for(
    appointment: Appointment, facts: dict[str, Any], series: AppointmentSeries, with_exceptions: bool
) -> dict[str, Any]:
    """What is changed of one date: not what had been changed of this date alone, unless that is wanted."""
    own = set() if with_exceptions else _changed_apart(appointment, series)
    found = {name: value for name, value in facts.items() if name not in ("added", "removed", *own)}
    if facts.get("clients") is not None:
        present = attending_in(appointment)
        added = [each for each in facts["added"] if each not in present]
        found["clients"] = [*(each for each in present if each not in facts["removed"]), *added]
    return found


def _changed_apart(appointment: Appointment, series: AppointmentSeries) -> set[str]:
    """The facts that are others on this date than the series has them."""
    found = {name for name in PLAIN if getattr(appointment, name) != getattr(series, name)}
    if appointment.practitioner_id != series.practitioner_id:
        found.add("practitioner")
    if (appointment.service_id, appointment.service_name) != (series.service_id, series.service_name):
        found.add("service")
    if {each.pk for each in appointment.resources} != {each.pk for each in series.resources.all()}:
        found.add("resources")
    return found


def _write_facts(series: AppointmentSeries, facts: dict[str, Any]) -> None:
    """What holds for the dates that are still to be made."""
    if facts.get("practitioner") is not None:
        series.practitioner = facts["practitioner"]
    if (service := facts.get("service")) is not None:
        assert isinstance(service, ServiceChosen)
        series.service_id, series.service_name = service.id, service.name
        series.other_service_names = dict(service.other_names)
        series.is_open_group = service.is_for_groups
    for name in PLAIN:
        if facts.get(name) is not None:
            setattr(series, name, facts[name])
    if facts.get("override_reason"):
        series.override_reason = facts["override_reason"]
    series.save()
    if facts.get("resources") is not None:
        series.resources.set(facts["resources"])
    if facts.get("clients") is not None:
        series.clients.remove(*facts["removed"])
        series.clients.add(*facts["added"])
