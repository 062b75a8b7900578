"""With which card an invoice may be charged, and what was tried."""

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from billing.autopay.models import AutopaySettings, CardCharge
from billing.autopay.rules.charging import Standing
from billing.models import CardMandate, Invoice, SavedCard
from billing.queries.card_links import mandates_in_force, payer_with_login
from billing.queries.processor import account_in_use
from billing.reminders.models import ReminderHold
from billing.reminders.queries import hold_of
from core.people.models import User


@dataclass(frozen=True)
class CardOnFile:
    """A card that may be charged, and by whose word."""

    card: SavedCard
    mandate: CardMandate
    payer: User


def autopay_settings() -> AutopaySettings:
    """The settings in force; defaults, unsaved, where nobody has set any."""
    return AutopaySettings.objects.filter(is_current=True).first() or AutopaySettings()


def card_on_file(invoice: Invoice, today: date) -> CardOnFile | None:
    """The card that its payer has allowed to charge for this client: on the account in use, not expired, while they still pay for them."""
    payer, account = invoice.payer_user, account_in_use()
    if payer is None or account is None or not account.is_ready or not payer.is_active:
        return None
    found = mandates_in_force().filter(user=payer, client=invoice.client, card__customer__account=account)
    mandate = found.select_related("card__customer__account", "client").first()
    if mandate is None or mandate.card is None or mandate.card.is_expired(today):
        return None
    if payer_with_login(invoice.client, payer) is None:
        return None
    return CardOnFile(mandate.card, mandate, payer)


def standing_on(invoice: Invoice, today: date) -> Standing:
    """As the rule takes it."""
    hold = hold_of(invoice)
    return Standing(
        due_on=invoice.due_on,
        is_open=bool(invoice.due),
        has_mandate=card_on_file(invoice, today) is not None,
        is_stopped=invoice.is_disputed or (hold is not None and hold.kind == ReminderHold.Kind.STOPPED),
        promised_until=hold.until if hold else None,
        has_refund=bool(invoice.refunded or invoice.disputed),
    )


def tries_of(invoice: Invoice) -> "QuerySet[CardCharge]":
    """What was tried, the latest first."""
    return CardCharge.objects.filter(invoice=invoice).select_related("card", "payment")


def next_number(invoice: Invoice) -> int:
    return CardCharge.objects.filter(invoice=invoice, kind=CardCharge.Kind.RULE).count() + 1
