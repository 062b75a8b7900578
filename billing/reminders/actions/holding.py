"""What staff note against reminders, and the schedule."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from billing.models import Invoice
from billing.queries import organization
from billing.reminders.audit_codes import RemindersAudit
from billing.reminders.models import ReminderHold, ReminderSettings
from billing.reminders.permissions import check_manages
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate

LATEST_DAY = 365


@dataclass(frozen=True)
class Terms:
    """What the form of the settings says."""

    is_on: bool
    first_days: int | None
    second_days: int | None
    third_days: int | None


@transaction.atomic
def hold_reminders(
    *, invoice: Invoice, kind: str, until: date | None = None, note: str, by: Any, now: datetime
) -> ReminderHold:
    """Note that payment is promised until a day, or that nobody is to be reminded; what was noted before is lifted.

    Errors: `note_missing`, `until_missing`, `not_open`.
    """
    check_manages(by)
    if not note.strip():
        raise DomainError("note_missing", translate("Say what was agreed."), field="note")
    is_promise = kind == ReminderHold.Kind.PROMISED
    if is_promise and (until is None or until < organization.today(now)):
        raise DomainError("until_missing", translate("Enter a day that has not passed."), field="until")
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if not locked.due:
        raise ConflictError("not_open", translate("Nothing is due of this %(invoice)s any more."))
    _lift(locked, by=by, now=now)
    hold = ReminderHold.objects.create(
        invoice=locked,
        kind=kind,
        until=until if is_promise else None,
        note=note.strip()[:200],
        noted_at=now,
        noted_by=by,
    )
    changes = {"hold": [None, kind], "until": [None, str(hold.until or "")]}
    audit.record(RemindersAudit.REMINDER_HOLD_NOTED, by=by, subject=locked, changes=changes, reason=hold.note)
    return hold


@transaction.atomic
def lift_hold(*, invoice: Invoice, by: Any, now: datetime) -> None:
    """Let reminders go on. Error: `not_held`."""
    check_manages(by)
    locked = Invoice.objects.select_for_update().get(pk=invoice.pk)
    if not _lift(locked, by=by, now=now):
        raise ConflictError("not_held", translate("Reminders go on already."))
    audit.record(RemindersAudit.REMINDER_HOLD_LIFTED, by=by, subject=locked)


def _lift(invoice: Invoice, *, by: Any, now: datetime) -> int:
    return ReminderHold.objects.filter(invoice=invoice, lifted_at=None).update(lifted_at=now, lifted_by=by)


@transaction.atomic
def save_settings(*, terms: Terms, by: Any, now: datetime) -> ReminderSettings:
    """Change when payers are reminded. Errors: `days_missing`, `days_out_of_order`, `days_invalid`."""
    check_manages(by)
    fields = ("first_days", "second_days", "third_days")
    days = [(name, getattr(terms, name)) for name in fields if getattr(terms, name) is not None]
    if terms.is_on and not days:
        raise DomainError("days_missing", translate("Set at least one day, or switch reminders off."), field=fields[0])
    for at, (name, day) in enumerate(days):
        if not 1 <= day <= LATEST_DAY:
            raise DomainError("days_invalid", translate("A day is between 1 and 365."), field=name)
        if at and day <= days[at - 1][1]:
            raise DomainError(
                "days_out_of_order", translate("Each reminder comes later than the one before."), field=name
            )
    found = ReminderSettings.objects.select_for_update().filter(is_current=True).first() or ReminderSettings()
    values = {"is_on": terms.is_on, **{name: getattr(terms, name) for name in fields}}
    changes = {
        name: [str(getattr(found, name)), str(value)] for name, value in values.items() if getattr(found, name) != value
    }
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    audit.record(RemindersAudit.REMINDER_SETTINGS_CHANGED, by=by, subject=found, changes=changes)
    return found
