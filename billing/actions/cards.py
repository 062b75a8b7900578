"""Payers as the processor's customers, and the cards they save there."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from billing import outbox_names, permissions
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.gateways.base import Card, CardSetup
from billing.models import Customer, PaymentAccount, SavedCard
from billing.queries.processor import account_in_use
from core.kernel import audit, outbox
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
    made = gateway().create_card_setup(
        account.external_id, customer=customer.external_id, key=f"keep:{customer.pk}:{key}"
    )
    return replace(made, account=account.external_id)


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
        why = setup.failure.sentence() if setup.failure else translate("The card could not be saved. Try another one.")
        raise DomainError("card_refused", why)
    return save_card(customer=customer, card=setup.card, now=now)


@transaction.atomic
def save_card(*, customer: Customer, card: Card, now: datetime) -> SavedCard:
    """Remember what its owner recognises the card by.

    One reference that is known already is left as it is. The same card given again stays one card: its newer reference takes the place of
    the older one, which is let go at the processor.
    """
    Customer.objects.select_for_update().get(pk=customer.pk)  # because two pages may bring the same card at once
    known = SavedCard.objects.filter(external_id=card.external_id).first()
    if known is not None:
        return known
    same = _same_card(customer, card)
    saved = same or SavedCard(customer=customer, saved_at=now)
    before, saved.external_id = saved.external_id, card.external_id
    saved.brand, saved.last4, saved.fingerprint = card.brand, card.last4, card.fingerprint
    saved.expires_month, saved.expires_year = card.expires_month, card.expires_year
    saved.save()
    if same is None:
        audit.record(BillingAudit.CARD_SAVED, by=customer.user, subject=saved)
    else:
        outbox.enqueue(outbox_names.DETACH_CARD, account=customer.account.external_id, card=before)
    return saved


def _same_card(customer: Customer, card: Card) -> SavedCard | None:
    """The card as its owner has it saved: by its fingerprint, or by what is printed on it where a row of earlier has none."""
    theirs = SavedCard.objects.filter(customer=customer, removed_at=None)
    printed = Q(
        fingerprint="", brand=card.brand, last4=card.last4,
        expires_month=card.expires_month, expires_year=card.expires_year,
    )  # fmt: skip
    if card.fingerprint:
        return theirs.filter(Q(fingerprint=card.fingerprint) | printed).first()
    return theirs.filter(printed).first()


@transaction.atomic
def note_removed(*, external_id: str, account: str, now: datetime) -> str:
    """The processor says that a card was let go there: it is offered and charged no more. Returns what was done."""
    theirs = SavedCard.objects.select_for_update(of=("self",)).filter(
        external_id=external_id, customer__account__external_id=account, removed_at=None
    )
    card = theirs.first()
    if card is None:
        return "ignored: not a card of ours"
    card.removed_at = now
    card.save(update_fields=["removed_at"])
    audit.record(BillingAudit.CARD_REMOVED, by=audit.SYSTEM, subject=card)
    return "card removed"


@transaction.atomic
def remove_card(*, card: SavedCard, by: User, now: datetime) -> None:
    """Forget the card: it is offered no more, and let go at the processor by a promise. NotFound for another person's card."""
    card = permissions.get_card(by, card.pk)
    card.removed_at = now
    card.save(update_fields=["removed_at"])
    audit.record(BillingAudit.CARD_REMOVED, by=by, subject=card)
    outbox.enqueue(
        outbox_names.DETACH_CARD, by=by, account=card.customer.account.external_id, card=card.external_id
    )  # fmt: skip
