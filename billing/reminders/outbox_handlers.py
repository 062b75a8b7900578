"""The mail of a reminder leaves when the outbox says so, about what is still due then."""

from datetime import date
from typing import Any

from billing.actions.payments import check_none_under_way
from billing.addresses import invoice_page
from billing.documents import Formatter, invoice_file
from billing.models import Invoice
from billing.notifications import has_document
from billing.permissions import billing_staff
from billing.queries.recipients import may_be_mailed, recipient_of
from billing.reminders import outbox_names
from billing.reminders.messages import FIRST, SECOND, THIRD
from billing.reminders.models import Reminder
from billing.reminders.notifications import reminder_content
from billing.reminders.queries import as_overdue, with_reminders
from core.kernel import outbox
from core.kernel.errors import ConflictError
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail

PDF = "application/pdf"
LEVELS = (FIRST, SECOND, THIRD)  # what the mail of each level says
MOST_ATTACHED = 10


def _page(message: OutboxMessage) -> str:
    first = Invoice.objects.filter(reminded__reminder=message.payload["reminder"]).order_by("pk").first()
    return invoice_page(first.pk) if first else ""


def _billing_staff(message: OutboxMessage) -> list[Any]:
    return [user.pk for user in billing_staff()]


@outbox.handler(
    outbox_names.MAIL_REMINDER,
    label=gettext_noop("Mail: reminder of %(invoice:a|an)s %(invoice)s"),
    is_mail=True,
    page=_page,
    answerable=_billing_staff,
)
def mail_reminder(message: OutboxMessage) -> None:
    """To whoever pays: what of it is still due, not promised, and seen by them."""
    reminder = Reminder.objects.filter(pk=message.payload["reminder"]).first()
    invoices = _still_due(reminder) if reminder is not None else []
    if reminder is None or not invoices:
        raise outbox.Obsolete("Nothing of it is to be reminded of any more.")
    reminder.items.exclude(invoice__in=invoices).delete()  # because what is not in the mail may be reminded of later
    level = max(reminder.items.values_list("level", flat=True))
    to = recipient_of(invoices[0])
    formatter = Formatter(to.language, to.time_zone)
    mail.send(
        message,
        LEVELS[level - 1],
        to=to,
        content=lambda: reminder_content(invoices, to),
        attachments=lambda: _files(invoices, formatter) if has_document(to) else [],
        about=reminder,
    )


def _still_due(reminder: Reminder) -> list[Invoice]:
    found = with_reminders(Invoice.objects.filter(reminded__reminder=reminder, state=Invoice.State.OPEN))
    invoices = found.select_related("client", "payer_user").order_by("due_on", "number")
    by_hand = reminder.made_by_id is not None
    invoices = invoices.filter(is_disputed=False)
    return [each for each in invoices if (by_hand or _is_wanted(each, reminder.leaves_on)) and _may_go(each)]


def _is_wanted(invoice: Invoice, day: date) -> bool:
    """Whether nothing was noted or given back since it was promised."""
    found = as_overdue(invoice)
    is_promised = found.promised_until is not None and found.promised_until >= day
    return not (found.is_stopped or found.has_refund or is_promised)


def _may_go(invoice: Invoice) -> bool:
    """Whether the payer may see it, and is not paying it by card at this moment."""
    try:
        check_none_under_way(invoice)
    except ConflictError:
        return False
    return may_be_mailed(invoice)


def _files(invoices: list[Invoice], formatter: Formatter) -> list[mail.Attachment]:
    return [
        mail.Attachment(f"{invoice.number}.pdf".replace("/", "-"), invoice_file(invoice, formatter), PDF)
        for invoice in invoices[:MOST_ATTACHED]
    ]
