"""Reminding: by itself every night for the payers' next morning, and by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from billing.models import Invoice
from billing.queries import organization
from billing.queries.recipients import mailed_sentence, may_be_mailed, recipient_of
from billing.reminders import notifications
from billing.reminders.audit_codes import RemindersAudit
from billing.reminders.models import RemindedInvoice, Reminder
from billing.reminders.permissions import check_manages
from billing.reminders.queries import (
    as_overdue,
    by_payer,
    overdue_invoices,
    reminder_settings,
    with_reminders,
)
from billing.reminders.rules.dunning import Schedule, level_by_hand, level_by_itself
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import OutboxMessage
from core.kernel.translation import translate

MORNING = time(9)


def remind_of_overdue(*, now: datetime) -> None:
    """Promise the mails of each payer's next morning. A nightly job; done twice, it promises nothing more."""
    settings = reminder_settings()
    if not settings.is_on:
        return
    _forget_withdrawn()
    for invoices in by_payer(overdue_invoices(organization.today(now) + timedelta(days=1))).values():
        _remind_by_itself(invoices, settings.schedule, now)


@transaction.atomic
def _remind_by_itself(invoices: Sequence[Invoice], schedule: Schedule, now: datetime) -> None:
    leaves_at, today = _next_morning(invoices[0], now)
    locked = _locked(invoices)
    levels = {each.pk: level_by_itself(as_overdue(each), schedule, today) for each in locked}
    due = [each for each in locked if levels[each.pk] is not None and may_be_mailed(each)]
    if due:
        found = {each.pk: level for each in due if (level := levels[each.pk]) is not None}
        _make(due, found, leaves_at, today, by=audit.SYSTEM, now=now)


def _next_morning(invoice: Invoice, now: datetime) -> tuple[datetime, date]:
    """The next nine o'clock where the payer is, and which day that is there."""
    zone = ZoneInfo(recipient_of(invoice).time_zone)
    local = now.astimezone(zone)
    day = local.date() if local.time() < MORNING else local.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone), day


def _locked(invoices: Iterable[Invoice]) -> list[Invoice]:
    """As they stand now, under lock, so that no level is sent twice."""
    keys = [invoice.pk for invoice in invoices]
    found = Invoice.objects.select_for_update(of=("self",)).filter(pk__in=keys, state=Invoice.State.OPEN)
    return list(with_reminders(found.select_related("client", "payer_user")).order_by("pk"))


def _make(
    invoices: Sequence[Invoice], levels: dict[Any, int], leaves_at: datetime, day: date, *, by: Any, now: datetime
) -> Reminder:
    reminder = Reminder.objects.create(
        level=max(levels.values()),
        made_at=now,
        leaves_at=leaves_at,
        leaves_on=day,
        made_by=None if isinstance(by, audit.System) else by,
    )
    RemindedInvoice.objects.bulk_create(
        RemindedInvoice(reminder=reminder, invoice=invoice, level=levels[invoice.pk]) for invoice in invoices
    )
    for invoice in invoices:
        changes = {"level": [None, levels[invoice.pk]]}
        audit.record(RemindersAudit.REMINDER_MADE, by=by, subject=invoice, changes=changes)
    notifications.promise_mail(reminder, by=None if isinstance(by, audit.System) else by)
    return reminder


def _forget_withdrawn() -> None:
    """A reminder whose mail was no longer wanted when it was to leave was none: its levels may be sent later."""
    void = OutboxMessage.objects.filter(key__startswith="invoice-reminder:", state=OutboxMessage.State.VOID)
    keys = [key.removeprefix("invoice-reminder:") for key in void.values_list("key", flat=True)]
    Reminder.objects.filter(pk__in=keys).delete()


@transaction.atomic
def remind_now(*, invoices: Sequence[Invoice], by: Any, now: datetime) -> Reminder:
    """Send the next level of these invoices of one payer at once, in one mail.

    Errors: `nothing_overdue` with the reason, `not_mailable` with the reason.
    """
    check_manages(by)
    locked = _locked(invoices)
    if not locked:
        raise ConflictError("nothing_overdue", translate("Nothing of it is due any more."))
    for invoice in locked:
        if not may_be_mailed(invoice):
            raise DomainError("not_mailable", mailed_sentence(invoice))
    zone = ZoneInfo(recipient_of(locked[0]).time_zone)
    today, schedule = now.astimezone(zone).date(), reminder_settings().schedule
    levels = {each.pk: level_by_hand(as_overdue(each), schedule, today) for each in locked}
    due = [each for each in locked if levels[each.pk] is not None]
    if not due:
        raise ConflictError(
            "nothing_overdue",
            translate(
                "No reminder is left to send today: one has left today, the last one was sent, or nothing is overdue."
            ),
        )
    found = {each.pk: level for each in due if (level := levels[each.pk]) is not None}
    return _make(due, found, now, today, by=by, now=now)


@dataclass(frozen=True)
class Result:
    """What became of one payer: the reminder, or why there is none."""

    payer: str
    numbers: tuple[str, ...]
    reminder: Reminder | None
    refusal: str = ""


def remind_each(*, batches: Iterable[Sequence[Invoice]], by: Any, now: datetime) -> list[Result]:
    """Remind several payers, each by one mail; who cannot be reminded keeps nobody else from it."""
    check_manages(by)
    results = []
    for invoices in batches:
        payer, numbers = invoices[0].payer_name, tuple(str(invoice.number) for invoice in invoices)
        try:
            results.append(Result(payer, numbers, remind_now(invoices=invoices, by=by, now=now)))
        except DomainError as refusal:
            results.append(Result(payer, numbers, None, refusal.message))
    return results
