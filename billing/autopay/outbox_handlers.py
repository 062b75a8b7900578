"""Promises about cards on file. Each looks again before it acts."""

from typing import Any

from billing import permissions
from billing.actions.payments import cancel_payment
from billing.addresses import invoice_page
from billing.autopay import messages, notifications, outbox_names
from billing.autopay.actions import charging
from billing.autopay.models import CardCharge
from billing.models import Invoice, Payment, SavedCard
from billing.queries.card_links import mandates_in_force
from billing.queries.recipients import may_be_mailed, recipient_of
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from core.notifications import mail
from tenants.absolute_urls import path_of


def _billing_staff(message: OutboxMessage) -> list[Any]:
    return [user.pk for user in permissions.billing_staff()]


def _page(message: OutboxMessage) -> str:
    return invoice_page(message.about_id) if message.about_id else ""


@outbox.handler(
    outbox_names.CHARGE_BY_ITSELF, label=gettext_noop("Charge of a card on file"), page=_page, answerable=_billing_staff
)
def charge(message: OutboxMessage) -> None:
    """The next try, if it still is for today."""
    invoice = Invoice.objects.select_related("client", "payer_user").get(pk=message.payload["invoice"])
    try:
        payment = charging.charge_by_itself(invoice=invoice, now=clock.now())
    except (ConflictError, DomainError) as refusal:
        raise outbox.Obsolete(refusal.code) from refusal
    if payment is None:
        raise outbox.Obsolete("It is not to be charged today.")


def _live(message: OutboxMessage) -> Payment:
    payment = Payment.objects.get(pk=message.payload["payment"])
    if not payment.is_live:
        raise outbox.Obsolete(f"The payment is {payment.state}.")
    return payment


@outbox.handler(
    outbox_names.START_CHARGE, label=gettext_noop("Charge of a card on file"), page=_page, answerable=_billing_staff
)
def start(message: OutboxMessage) -> None:
    """Make it known to the processor; the card is charged by the promise that follows."""
    payment = _live(message)
    try:
        charging.start(payment=payment, now=clock.now())
    except (ConflictError, DomainError) as refusal:
        raise outbox.Obsolete(refusal.code) from refusal
    invoice = payment.shares.select_related("invoice").get().invoice
    outbox.enqueue(outbox_names.CONFIRM_CHARGE, about=invoice, payment=str(payment.pk))


@outbox.handler(
    outbox_names.CONFIRM_CHARGE, label=gettext_noop("Charge of a card on file"), page=_page, answerable=_billing_staff
)
def confirm(message: OutboxMessage) -> None:
    """Charge the card, unless what is due has changed since."""
    payment = _live(message)
    if not payment.is_due or not payment.is_allowed:
        cancel_payment(payment=payment, now=clock.now())
        raise outbox.Obsolete("Another amount is due now.")
    charging.confirm(payment=payment, now=clock.now())


@outbox.handler(
    outbox_names.MAIL_NEEDS_PAYER,
    label=gettext_noop("Mail: card on file could not be charged"),
    is_mail=True,
    page=_page,
    answerable=_billing_staff,
)
def mail_needs_payer(message: OutboxMessage) -> None:
    """To whoever pays, as long as it is due."""
    found = CardCharge.objects.select_related("invoice__client", "invoice__payer_user", "payment", "card")
    made = found.get(pk=message.payload["charge"])
    if not made.invoice.due:
        raise outbox.Obsolete("Nothing is due any more.")
    if not may_be_mailed(made.invoice) or made.invoice.payer_user is None:
        raise outbox.Obsolete("The payer may not see it any more, or has no address.")
    to = recipient_of(made.invoice)
    mail.send(
        message,
        messages.NEEDS_PAYER,
        to=to,
        content=lambda: notifications.failed_content(made, to),
        about=made.invoice,
    )


@outbox.handler(
    outbox_names.MAIL_EXPIRING,
    label=gettext_noop("Mail: card on file expires"),
    is_mail=True,
    page=lambda message: path_of("billing:settings"),
    answerable=_billing_staff,
)
def mail_expiring(message: OutboxMessage) -> None:
    """To the holder, while it is the card that may be charged."""
    card = SavedCard.objects.select_related("customer__user").filter(pk=message.payload["card"]).first()
    if card is None or not mandates_in_force().filter(card=card).exists() or not card.customer.user.is_active:
        raise outbox.Obsolete("It is not charged any more.")
    user = card.customer.user
    to = mail.Recipient(str(user.pk), user.name, user.email, user.time_zone, user.reads)
    mail.send(message, messages.EXPIRING, to=to, content=lambda: notifications.expiring_content(card), about=card)
