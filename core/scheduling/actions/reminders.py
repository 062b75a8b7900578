"""Decide how long before people are reminded: for the organization, a service, or oneself; and when reminders wait."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit, outbox
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import Client, User
from core.people.permissions import clients_acted_for
from core.scheduling import outbox_names
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import ReminderPreference, SchedulingSettings, ServiceReminders
from core.scheduling.permissions import can_set_reminders
from core.scheduling.rules.reminders import MOST, OFFERED

_SETTINGS = ("reminder_minutes", "schedule_reminder_minutes", "quiet_begins", "quiet_ends")
_OWN = ("minutes_before", "schedule_minutes_before", "quiet", "quiet_begins", "quiet_ends")


@transaction.atomic
def set_reminders(
    *,
    minutes: Sequence[int],
    schedule_minutes: Sequence[int],
    quiet_begins: time | None,
    quiet_ends: time | None,
    by: Any,
    now: datetime,
) -> SchedulingSettings:
    """The organization's word: minutes before the start for clients' logins and for whoever runs it, none for no reminder; and its quiet hours.

    What is booked already is planned anew in the background. DomainError for times that are not offered, too many, or half a span.
    """
    _check_may(by)
    if (quiet_begins is None) != (quiet_ends is None):
        raise DomainError("half_a_span", translate("Say both: from when, and until when."), field="quiet_ends")
    settings, _ = SchedulingSettings.objects.get_or_create(is_current=True)
    settings = SchedulingSettings.objects.select_for_update().get(pk=settings.pk)
    before = {field: getattr(settings, field) for field in _SETTINGS}
    settings.reminder_minutes = _checked(minutes, field="minutes")
    settings.schedule_reminder_minutes = _checked(schedule_minutes, field="schedule_minutes")
    settings.quiet_begins, settings.quiet_ends = quiet_begins, quiet_ends
    settings.save(update_fields=_SETTINGS)
    if changes := _changes(before, settings, _SETTINGS):
        audit.record(SchedulingAudit.SCHEDULING_SETTINGS_CHANGED, by=by, subject=settings, changes=changes)
    if changes.keys() & {"reminder_minutes", "schedule_reminder_minutes"}:
        outbox.enqueue(outbox_names.PLAN_REMINDERS, by=by)
    return settings


@transaction.atomic
def set_service_reminders(service_id: UUID, *, minutes: Sequence[int] | None, by: Any, now: datetime) -> None:
    """A service's own word; None takes it back. What is booked already is planned anew in the background."""
    _check_may(by)
    known = ServiceReminders.objects.select_for_update().filter(service_id=service_id).first()
    before = known.minutes_before if known else None
    after = None if minutes is None else _checked(minutes, field="minutes")
    if before == after:
        return
    changes = {"minutes_before": [before, after], "service": [str(service_id), str(service_id)]}
    if after is None:
        ServiceReminders.objects.filter(service_id=service_id).delete()
    else:
        ServiceReminders.objects.update_or_create(service_id=service_id, defaults={"minutes_before": after})
    audit.record(SchedulingAudit.SERVICE_REMINDERS_SET, by=by, changes=changes)
    outbox.enqueue(outbox_names.PLAN_REMINDERS, by=by, service=str(service_id))


@transaction.atomic
def set_own_reminders(
    *,
    minutes: Sequence[int] | None,
    schedule_minutes: Sequence[int] | None,
    for_clients: Mapping[Client, Sequence[int] | None],
    quiet: str,
    quiet_begins: time | None,
    quiet_ends: time | None,
    by: User,
    now: datetime,
) -> None:
    """A login's own word, for itself and for single clients of its own; None where it says nothing. What is booked is planned anew."""
    if not by.is_active:
        raise PermissionDenied("You may not sign in.")
    theirs = set(clients_acted_for(by).values_list("pk", flat=True))
    if any(client.pk not in theirs for client in for_clients):
        raise PermissionDenied("Not your client.")
    is_own = quiet == ReminderPreference.Quiet.OWN
    if is_own and (quiet_begins is None or quiet_ends is None):
        raise DomainError("half_a_span", translate("Say both: from when, and until when."), field="quiet_ends")
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    values = {
        "minutes_before": _checked_or_none(minutes, field="minutes"),
        "schedule_minutes_before": _checked_or_none(schedule_minutes, field="schedule_minutes"),
        "quiet": quiet,
        "quiet_begins": quiet_begins if is_own else None,
        "quiet_ends": quiet_ends if is_own else None,
    }
    changes = _kept(by, None, values, _OWN)
    for client, own in for_clients.items():
        found = _checked_or_none(own, field=f"minutes_{client.pk}")
        changed = _kept(by, client, {"minutes_before": found}, ("minutes_before",))
        changes |= {f"minutes_before {client.pk}": pair for pair in changed.values()}
    if not changes:
        return
    audit.record(SchedulingAudit.REMINDERS_CHOSEN, by=by, subject=by, changes=changes)
    if any(name.partition(" ")[0] in ("minutes_before", "schedule_minutes_before") for name in changes):
        outbox.enqueue(outbox_names.PLAN_REMINDERS, by=by, user=str(by.pk))


def _kept(by: User, client: Client | None, values: dict[str, Any], fields: Sequence[str]) -> dict[str, Any]:
    """Write one row, or none where nothing is said; returns what changed."""
    row = ReminderPreference.objects.filter(user=by, client=client).first()
    if row is None and values["minutes_before"] is None and client is not None:
        return {}
    row = row or ReminderPreference(user=by, client=client)
    before = {field: getattr(row, field) for field in fields}
    for field, value in values.items():
        setattr(row, field, value)
    changes = _changes(before, row, fields)
    if client is not None and row.minutes_before is None:
        row.delete()
    elif changes:
        row.save()
    return changes


def _check_may(by: Any) -> None:
    if not can_set_reminders(by):
        raise PermissionDenied("You do not have permission to set reminders.")


def _checked_or_none(minutes: Sequence[int] | None, *, field: str) -> list[int] | None:
    return None if minutes is None else _checked(minutes, field=field)


def _checked(minutes: Sequence[int], *, field: str) -> list[int]:
    """The earliest first, each once."""
    found = sorted(set(minutes), reverse=True)
    if any(each not in OFFERED for each in found):
        raise DomainError("unknown_lead", translate("Choose from the list."), field=field)
    if len(found) > MOST:
        raise DomainError("too_many_leads", translate("Choose at most %(most)s.", most=MOST), field=field)
    return found


def _changes(before: dict[str, Any], row: Any, fields: Sequence[str]) -> dict[str, Any]:
    pairs = {field: [_plain(before[field]), _plain(getattr(row, field))] for field in fields}
    return {field: pair for field, pair in pairs.items() if pair[0] != pair[1]}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, time) else value
