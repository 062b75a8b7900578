"""What a reminder says, and that it is promised."""

from collections.abc import Sequence
from typing import Any

from billing.documents import Formatter
from billing.models import Invoice
from billing.notifications import has_document, invoice_address
from billing.queries.invoices import sums_by_currency
from billing.reminders import messages, outbox_names
from billing.reminders.models import Reminder
from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications.mail import Recipient
from core.notifications.messages import Box, Content
from tenants.absolute_urls import absolute_url, path_of


def promise_mail(reminder: Reminder, *, by: Any) -> None:
    """The mail leaves at its moment, once."""
    outbox.enqueue(
        outbox_names.MAIL_REMINDER,
        key=reminder.key,
        due_at=reminder.leaves_at,
        by=by,
        about=reminder,
        reminder=str(reminder.pk),
    )


def reminder_content(invoices: Sequence[Invoice], to: Recipient) -> Content:
    """What is due of each, and since when, in the language in force."""
    formatter = Formatter(to.language, to.time_zone)
    amount = ", ".join(formatter.money(each) for each in sums_by_currency(invoice.due for invoice in invoices))
    several = len(invoices) > 1
    page = path_of("billing:invoices") + "?state=overdue" if several else invoice_address(invoices[0], to)
    return Content(
        values={
            "numbers": ", ".join(str(invoice.number) for invoice in invoices),
            "amount": amount,
            "due_on": formatter.day(min(invoice.due_on for invoice in invoices)),
            "several": translate("yes") if several else "",
            "attached": translate("yes") if has_document(to) else "",
        },
        boxes=[_box(invoice, formatter, to) for invoice in invoices],
        button_url=absolute_url(page) if to.user_id else "",
        reason=translate(messages.REASON),
        preview=amount,
    )


def _box(invoice: Invoice, formatter: Formatter, to: Recipient) -> Box:
    lines = [str(invoice.number), messages.due_since(formatter.day(invoice.due_on))]
    return Box(formatter.money(invoice.due), lines, absolute_url(invoice_address(invoice, to)) if to.user_id else "")
