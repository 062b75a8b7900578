"""Reminders as pages show them, to whoever bills. Amounts enter here only for what a door has let through."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import Invoice
from billing.queries.invoices import sums_by_currency
from billing.reminders import queries
from billing.reminders.actions.reminding import Result
from core.kernel.models import OutboxMessage
from portal.billing.presenters import shown

LEVELS = (gettext_lazy("First reminder"), gettext_lazy("Second reminder"), gettext_lazy("Last reminder"))
STATES = {
    OutboxMessage.State.WAITING.value: (gettext_lazy("Leaves by mail"), "info"),
    OutboxMessage.State.DONE.value: (gettext_lazy("Sent"), "success"),
    OutboxMessage.State.VOID.value: (gettext_lazy("Not sent: it was not wanted any more"), "neutral"),
    OutboxMessage.State.DEAD.value: (gettext_lazy("Could not be sent"), "danger"),
}


def payer_row(key: str, invoices: Sequence[Invoice], levels: Mapping[UUID, int]) -> dict[str, Any]:
    """One payer who can be reminded today: of what, and by which level."""
    first = invoices[0]
    return {
        "key": key,
        "payer": first.payer_name,
        "address": first.payer_email,
        "invoices": [{"pk": each.pk, "number": each.number, "due_on": each.due_on} for each in invoices],
        "amount": ", ".join(shown(each) for each in sums_by_currency(invoice.due for invoice in invoices)),
        "level": LEVELS[max(levels[each.pk] for each in invoices) - 1],
        "held": ", ".join(hold.get_kind_display() for each in invoices for hold in each.holds_in_force),  # type: ignore[attr-defined]
    }


def result_row(result: Result) -> dict[str, Any]:
    """What became of one payer."""
    return {
        "payer": result.payer,
        "numbers": ", ".join(result.numbers),
        "what": LEVELS[result.reminder.level - 1] if result.reminder else result.refusal,
        "is_done": result.reminder is not None,
        "state": _("Leaves by mail") if result.reminder else _("Not reminded"),
    }


def sent_row(sent: queries.Sent) -> dict[str, Any]:
    """A reminder of one invoice, and what became of its mail."""
    label, tone = STATES[sent.state]
    reminder = sent.item.reminder
    return {
        "level": LEVELS[sent.item.level - 1],
        "at": reminder.leaves_at,
        "by": str(reminder.made_by) if reminder.made_by else _("by itself"),
        "state": label,
        "tone": tone,
    }
