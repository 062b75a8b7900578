"""Which invoices are overdue, what was sent about them, and what holds reminders back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from billing.models import Invoice
from billing.reminders.models import RemindedInvoice, Reminder, ReminderHold, ReminderSettings
from billing.reminders.rules.dunning import Overdue
from core.kernel.models import OutboxMessage


def reminder_settings() -> ReminderSettings:
    """The settings in force; defaults, unsaved, where nobody has set any."""
    return ReminderSettings.objects.filter(is_current=True).first() or ReminderSettings()


def overdue_invoices(today: date) -> "QuerySet[Invoice]":
    """Open ones whose due date has passed, the oldest first, with all that the rule asks for."""
    found = Invoice.objects.filter(state=Invoice.State.OPEN, due_on__lt=today).select_related("client", "payer_user")
    return with_reminders(found).order_by("due_on", "pk")


def with_reminders(invoices: "QuerySet[Invoice]") -> "QuerySet[Invoice]":
    """With what was sent about them, and what holds reminders back: two more queries."""
    return invoices.prefetch_related(
        Prefetch("reminded", RemindedInvoice.objects.select_related("reminder")),
        Prefetch("reminder_holds", ReminderHold.objects.filter(lifted_at=None), to_attr="holds_in_force"),
    )


def as_overdue(invoice: Invoice) -> Overdue:
    """The invoice, fetched `with_reminders`, as the rule takes it."""
    holds: list[ReminderHold] = invoice.holds_in_force  # type: ignore[attr-defined]
    hold = holds[0] if holds else None
    return Overdue(
        due_on=invoice.due_on,
        sent={item.level: item.reminder.leaves_on for item in invoice.reminded.all()},
        is_stopped=hold is not None and hold.kind == ReminderHold.Kind.STOPPED,
        promised_until=hold.until if hold else None,
        has_refund=bool(invoice.refunded or invoice.disputed),
        is_disputed=invoice.is_disputed,
    )


def hold_of(invoice: Invoice) -> ReminderHold | None:
    """What staff have noted, if it is in force."""
    return ReminderHold.objects.filter(invoice=invoice, lifted_at=None).select_related("noted_by").first()


def payer_key(invoice: Invoice) -> str:
    """Those with the same key go in one mail: one login, or one address."""
    return str(invoice.payer_user_id or "") or invoice.payer_email.strip().lower() or str(invoice.pk)


def by_payer(invoices: Iterable[Invoice]) -> dict[str, list[Invoice]]:
    """The invoices by who pays them, in their order."""
    found: dict[str, list[Invoice]] = {}
    for invoice in invoices:
        found.setdefault(payer_key(invoice), []).append(invoice)
    return found


@dataclass(frozen=True)
class Sent:
    """A reminder of an invoice, and what became of its mail: waiting, done, void or dead."""

    item: RemindedInvoice
    state: str


def reminders_of(invoice: Invoice) -> list[Sent]:
    """Every reminder of the invoice, the first level first. Two queries."""
    items = list(invoice.reminded.select_related("reminder__made_by").order_by("level"))
    states = states_of([item.reminder for item in items])
    return [Sent(item, states.get(item.reminder.key, OutboxMessage.State.DONE)) for item in items]


def states_of(reminders: Iterable[Reminder]) -> dict[str, str]:
    """What became of their promises, by key."""
    keys = [reminder.key for reminder in reminders]
    return dict(OutboxMessage.objects.filter(key__in=keys).values_list("key", "state"))
