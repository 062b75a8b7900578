"""A payer whom the organization's account at the processor had as its customer before: looked up, linked, unlinked."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from billing import permissions
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.gateways.base import Card, CustomerFacts
from billing.models import Customer, Payment, PaymentAccount, SavedCard
from billing.queries.card_links import payer_with_login
from billing.queries.processor import account_in_use
from billing.rules.customer_ids import customer_id
from billing.rules.payment_progress import LIVE
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.translation import translate
from core.people.models import Client, User


@dataclass(frozen=True, slots=True)
class FoundCustomer:
    """What the processor says of an id, for somebody to confirm."""

    account: PaymentAccount
    facts: CustomerFacts

    @property
    def seen(self) -> str:
        """A digest of what was looked at: it is confirmed as it was, or looked at again."""
        return hashlib.sha256(repr((self.account.external_id, self.facts)).encode()).hexdigest()


def find_customer(*, client: Client, payer: User, typed: str, by: User) -> FoundCustomer:
    """Ask the processor who it is. NotFound at the door; `not_payer`, `payments_off`, `not_an_id`, `customer_unknown`, `customer_taken`,
    `has_cards`, GatewayError."""
    client = permissions.get_billed_client(by, client.pk)
    permissions.check_in_plan()
    if payer_with_login(client, payer) is None:
        raise DomainError("not_payer", translate("The %(invoices)s for %(client_name)s cannot go to %(name)s.",
                                                 client_name=client.name, name=payer.name), field="payer")  # fmt: skip
    account = account_in_use()
    if account is None or not account.is_ready:
        raise DomainError("payments_off", translate("Card payments are not set up yet."))
    external_id = customer_id(typed)
    if external_id is None:
        raise DomainError(
            "not_an_id",
            translate("This is no id of the payment service: it begins with cus_, and letters and digits follow."),
            field="customer",
        )
    _check_free(account, payer, external_id)
    facts = gateway().retrieve_customer(account.external_id, external_id)
    if facts is None:
        raise DomainError(
            "customer_unknown",
            translate(
                "Your account at the payment service does not know this id: it may be mistyped, deleted there, or another account's."
            ),
            field="customer",
        )
    return FoundCustomer(account, facts)


def _check_free(account: PaymentAccount, payer: User, external_id: str) -> None:
    """Refuse an id that is somebody's, and a payer who has what a link would replace."""
    taken = Customer.objects.select_related("user").filter(external_id=external_id).first()
    if taken is not None:
        said = (
            translate("%(name)s has this id already.", name=payer.name)
            if taken.user_id == payer.pk
            else translate("This id is linked to %(name)s. Unlink it there first.", name=taken.user.name)
        )
        raise ConflictError("customer_taken", said, field="customer")
    own = Customer.objects.filter(account=account, user=payer).first()
    if own is None:
        return
    if own.cards.filter(removed_at=None).exists():
        raise ConflictError(
            "has_cards",
            translate("%(name)s has a card saved here already, so no id is needed.", name=payer.name),
            field="payer",
        )
    if Payment.objects.filter(payer=payer, means=Payment.Means.CARD, state__in=LIVE).exists():
        raise ConflictError(
            "is_paying", translate("%(name)s is paying by card just now. Try again in a while.", name=payer.name),
            field="payer",
        )  # fmt: skip


def link_customer(*, client: Client, payer: User, typed: str, seen: str, by: User, now: datetime) -> Customer:
    """Link the customer whom somebody has looked at, with the cards that the processor names. Asked once more, because between the two
    steps anything may have happened. Errors: as `find_customer`, and `customer_changed`."""
    found = find_customer(client=client, payer=payer, typed=typed, by=by)
    if found.seen != seen:
        raise ConflictError(
            "customer_changed",
            translate("The payment service says something else of this id now. Look at it again."),
            field="customer",
        )
    return _link(found, payer, by=by, now=now)


@transaction.atomic
def _link(found: FoundCustomer, payer: User, *, by: User, now: datetime) -> Customer:
    payer = User.objects.select_for_update().get(pk=payer.pk)  # because two tabs may link at once
    PaymentAccount.objects.select_for_update().get(pk=found.account.pk)  # and two people the same customer
    _check_free(found.account, payer, found.facts.external_id)
    customer, _ = Customer.objects.update_or_create(
        account=found.account,
        user=payer,
        defaults={"external_id": found.facts.external_id, "linked_at": now, "linked_by": str(by)},
        create_defaults={
            "external_id": found.facts.external_id, "created_at": now, "linked_at": now, "linked_by": str(by),
        },
    )  # fmt: skip
    for card in _once_each(found.facts.cards):
        SavedCard.objects.create(
            customer=customer, external_id=card.external_id, brand=card.brand, last4=card.last4, fingerprint=card.fingerprint,
            expires_month=card.expires_month, expires_year=card.expires_year, saved_at=now,
        )  # fmt: skip
    audit.record(BillingAudit.CUSTOMER_LINKED, by=by, subject=customer, reason=found.facts.external_id)
    return customer


def _once_each(cards: tuple[Card, ...]) -> list[Card]:
    """One reference for each card: the processor may have the same one several times. What is known here already stays where it is."""
    known = set(
        SavedCard.objects.filter(external_id__in=[card.external_id for card in cards]).values_list(
            "external_id", flat=True
        )
    )
    chosen: dict[str, Card] = {}
    for card in cards:
        if card.external_id not in known:
            chosen.setdefault(card.fingerprint or card.external_id, card)
    return list(chosen.values())


@transaction.atomic
def unlink_customer(*, customer: Customer, by: User, now: datetime) -> None:
    """Forget the link and its cards here; the customer and the cards stay at the processor. NotFound at the door; `not_linked`."""
    permissions.get_customer(by, customer.pk)
    locked = Customer.objects.select_for_update().filter(pk=customer.pk).first()
    if locked is None:
        raise NotFound
    if locked.linked_at is None:
        raise ConflictError("not_linked", translate("This id was made here, so there is nothing to unlink."))
    if Payment.objects.filter(payer_id=locked.user_id, means=Payment.Means.CARD, state__in=LIVE).exists():
        raise ConflictError(
            "is_paying", translate("%(name)s is paying by card just now. Try again in a while.", name=locked.user.name)
        )
    audit.record(BillingAudit.CUSTOMER_UNLINKED, by=by, subject=locked, reason=locked.external_id)
    locked.delete()
