"""Payers as the processor's customers, and the cards they save there."""

from datetime import datetime

from django.db import transaction

from billing import permissions
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.gateways.base import Card, CardSetup
from billing.models import Customer, PaymentAccount, SavedCard
from billing.queries.processor import account_in_use
from core.kernel import audit
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from core.people.models import User


def get_or_create_customer(*, account: PaymentAccount, user: User, now: datetime) -> Customer:
    """The user as a customer on this account, made known to the processor at the first time."""
    found = Customer.objects.filter(account=account, user=user).first()
    if found is not None:
        return found
    external_id = gateway().create_customer(
        account.external_id, name=user.name, email=user.email, key=f"customer:{account.external_id}:{user.pk}"
    )
    customer, _ = Customer.objects.get_or_create(
        account=account, user=user, defaults={"external_id": external_id, "created_at": now}
    )
    return customer


def start_card_setup(*, key: str, by: User, now: datetime) -> CardSetup:
    """Begin to save a card without a payment; the payer's browser finishes it. Errors: `payments_off`, GatewayError."""
    account = account_in_use()
    if account is None or not account.is_ready:
        raise DomainError("payments_off", translate("Card payments are not set up yet."))
    customer = get_or_create_customer(account=account, user=by, now=now)
    return gateway().create_card_setup(
        account.external_id, customer=customer.external_id, key=f"keep:{customer.pk}:{key}"
    )


def finish_card_setup(*, external_id: str, by: User, now: datetime) -> SavedCard:
    """Note the card that the payer has just given to the processor. NotFound when it is not theirs; `card_refused`."""
    account = account_in_use()
    if account is None:
        raise NotFound
    setup = gateway().retrieve_card_setup(account.external_id, external_id)
    customer = Customer.objects.filter(external_id=setup.customer, user=by).first()
    if customer is None:
        raise NotFound
    if not setup.is_done or setup.card is None:
        raise DomainError("card_refused", setup.failure or translate("The card could not be saved. Try another one."))
    return save_card(customer=customer, card=setup.card, now=now)


@transaction.atomic
def save_card(*, customer: Customer, card: Card, now: datetime) -> SavedCard:
    """Remember what its owner recognises the card by. A card that is known already is left as it is."""
    saved, created = SavedCard.objects.get_or_create(
        external_id=card.external_id,
        defaults={
            "customer": customer,
            "brand": card.brand,
            "last4": card.last4,
            "expires_month": card.expires_month,
            "expires_year": card.expires_year,
            "saved_at": now,
        },
    )
    if created:
        audit.record(BillingAudit.CARD_SAVED, by=customer.user, subject=saved)
    return saved


def remove_card(*, card: SavedCard, by: User, now: datetime) -> None:
    """Forget the card, at the processor first. NotFound for another person's card."""
    card = permissions.get_card(by, card.pk)
    gateway().detach_card(card.customer.account.external_id, card.external_id)
    with transaction.atomic():
        card.removed_at = now
        card.save(update_fields=["removed_at"])
        audit.record(BillingAudit.CARD_REMOVED, by=by, subject=card)
