"""Who is told when a card on file could not be charged, or expires."""

from billing import permissions
from billing.addresses import invoice_page
from billing.autopay import messages, outbox_names
from billing.autopay.models import CardCharge
from billing.documents import Formatter
from billing.models import SavedCard
from billing.notifications import invoice_address
from core.kernel import outbox
from core.kernel.translation import translate
from core.notifications import notices
from core.notifications.languages import in_language_of
from core.notifications.mail import Recipient
from core.notifications.messages import Box, Content
from tenants.absolute_urls import absolute_url, path_of


def charge_failed(charge: CardCharge, *, needs_payer: bool) -> None:
    """Whoever bills, behind the bell. The payer by mail with the link, when only they can go on, or the plan is over."""
    for user in permissions.billing_staff():
        with in_language_of(user):
            notices.post(
                messages.FAILED_NOTICE,
                user_id=user.pk,
                path=invoice_page(charge.invoice_id),
                concerns=charge.invoice,
                number=str(charge.invoice.number),
                why=charge.payment.failure_sentence or str(CardCharge.Outcome(charge.outcome).label),
            )
    if needs_payer or charge.next_on is None:
        outbox.enqueue(
            outbox_names.MAIL_NEEDS_PAYER,
            key=f"card-needs-payer:{charge.pk}",
            about=charge.invoice,
            charge=str(charge.pk),
        )


def card_expires(card: SavedCard) -> None:
    """Its holder, by mail."""
    outbox.enqueue(
        outbox_names.MAIL_EXPIRING,
        key=f"card-expiring:{card.pk}:{card.expires_year}-{card.expires_month}",
        about=card,
        card=str(card.pk),
    )


def failed_content(charge: CardCharge, to: Recipient) -> Content:
    """How much, why not, and where it is paid, in the language in force."""
    formatter, invoice = Formatter(to.language, to.time_zone), charge.invoice
    amount = formatter.money(invoice.due)
    return Content(
        values={
            "number": str(invoice.number),
            "card": str(charge.card or charge.payment.words),
            "why": charge.payment.failure_sentence,
            "amount": amount,
        },
        boxes=(Box(amount, [str(invoice.number)]),),
        button_url=absolute_url(invoice_address(invoice, to)),
        reason=translate(messages.REASON),
        preview=f"{amount}, {invoice.number}",
    )


def expiring_content(card: SavedCard) -> Content:
    """Which card, until when, and where a newer one is saved, in the language in force."""
    until = f"{card.expires_month:02d}/{card.expires_year}"
    return Content(
        values={"card": str(card), "until": until},
        button_url=absolute_url(path_of("billing:cards")),
        reason=translate(messages.REASON),
        preview=until,
    )
