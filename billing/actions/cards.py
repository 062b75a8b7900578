"""Payers as the processor knows them, and the cards they keep there."""

from datetime import datetime

from django.db import transaction

from billing import permissions
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.gateways.base import Card, Keeping
from billing.models import CardHolder, PaymentAccount, SavedCard
from billing.queries.processor import account_in_use
from core.kernel import audit
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from core.people.models import User


def ensure_holder(*, account: PaymentAccount, user: User, now: datetime) -> CardHolder:
    """The user as a customer on this account, made known to the processor at the first time."""
    found = CardHolder.objects.filter(account=account, user=user).first()
    if found is not None:
        return found
    external_id = gateway().open_holder(
        account.external_id, name=user.name, email=user.email, key=f"holder:{account.external_id}:{user.pk}"
    )
    holder, _ = CardHolder.objects.get_or_create(
        account=account, user=user, defaults={"external_id": external_id, "created_at": now}
    )
    return holder


def start_keeping_card(*, key: str, by: User, now: datetime) -> Keeping:
    """Begin to keep a card without a payment; the payer's browser finishes it. Errors: `payments_off`, GatewayError."""
    account = account_in_use()
    if account is None or not account.is_ready:
        raise DomainError("payments_off", translate("Card payments are not set up yet."))
    holder = ensure_holder(account=account, user=by, now=now)
    return gateway().start_keeping(account.external_id, holder=holder.external_id, key=f"keep:{holder.pk}:{key}")


def finish_keeping_card(*, external_id: str, by: User, now: datetime) -> SavedCard:
    """Note the card that the payer has just given to the processor. NotFound when it is not theirs; `card_refused`."""
    account = account_in_use()
    if account is None:
        raise NotFound
    keeping = gateway().keeping(account.external_id, external_id)
    holder = CardHolder.objects.filter(external_id=keeping.holder, user=by).first()
    if holder is None:
        raise NotFound
    if not keeping.is_done or keeping.card is None:
        raise DomainError("card_refused", keeping.failure or translate("The card could not be saved. Try another one."))
    return keep_card(holder=holder, card=keeping.card, now=now)


@transaction.atomic
def keep_card(*, holder: CardHolder, card: Card, now: datetime) -> SavedCard:
    """Remember what its holder recognises the card by. A card that is known already is left as it is."""
    saved, created = SavedCard.objects.get_or_create(
        external_id=card.external_id,
        defaults={
            "holder": holder,
            "brand": card.brand,
            "last4": card.last4,
            "expires_month": card.expires_month,
            "expires_year": card.expires_year,
            "saved_at": now,
        },
    )
    if created:
        audit.record(BillingAudit.CARD_KEPT, by=holder.user, subject=saved)
    return saved


def remove_card(*, card: SavedCard, by: User, now: datetime) -> None:
    """Forget the card, at the processor first. NotFound for another person's card."""
    card = permissions.get_card(by, card.pk)
    gateway().forget_card(card.holder.account.external_id, card.external_id)
    with transaction.atomic():
        card.removed_at = now
        card.save(update_fields=["removed_at"])
        audit.record(BillingAudit.CARD_REMOVED, by=by, subject=card)
