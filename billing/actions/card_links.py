"""Set-up links: sent, sent again, revoked; and the payer who agrees by one and saves a card."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from billing import notifications, outbox_names, permissions
from billing.actions.cards import get_or_create_customer, save_card
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.gateways.base import CardSetup
from billing.models import CardLink, CardMandate, Customer, PaymentAccount, SavedCard
from billing.queries.card_links import VERSION, digest_of, is_usable, mandate_text, payer_with_login
from billing.queries.processor import account_in_use
from billing.rules.card_links import LIFETIME, USABLE, CardLinkState
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import OutboxMessage
from core.kernel.translation import translate
from core.people.models import Client, User
from core.people.rules.client_status import is_paid_for, payment_refusal


@transaction.atomic
def send_card_link(*, client: Client, payer: User, by: User, now: datetime) -> CardLink:
    """Mail the payer a link to save a card. An earlier one stops working: so this also sends it again.

    NotFound at the door; `client_inactive`, `payments_off`, `not_payer`.
    """
    client = permissions.get_billed_client(by, client.pk)
    permissions.check_in_plan()
    if not is_paid_for(client.status):
        raise DomainError("client_inactive", payment_refusal(client.name))
    _account_ready()
    payer = User.objects.select_for_update().get(pk=payer.pk)  # because two tabs may send at once
    if payer_with_login(client, payer) is None:
        raise DomainError("not_payer", translate("The %(invoices)s for %(client_name)s cannot go to %(name)s.",
                                                 client_name=client.name, name=payer.name))  # fmt: skip
    _open_links(client, payer).update(revoked_at=now)
    link = CardLink.objects.create(
        user=payer, client=client, email=payer.email, sent_at=now, sent_by=str(by), sender=by, expires_at=now + LIFETIME
    )
    audit.record(BillingAudit.CARD_LINK_SENT, by=by, subject=client, reason=payer.email)
    notifications.card_link_sent(link, by=by)
    return link


@transaction.atomic
def revoke_card_link(*, link: CardLink, by: User, now: datetime) -> None:
    """Make the link worthless. NotFound at the door; `link_over` when it was used, or revoked before."""
    permissions.get_card_link(by, link.pk)
    link = CardLink.objects.select_for_update().select_related("client").get(pk=link.pk)
    state = link.state_at(now)
    if state == CardLinkState.SAVED:
        raise ConflictError("link_over", translate("A card was saved by this link already. Look at it there."))
    if state not in USABLE:
        raise ConflictError("link_over", translate("This link had stopped working already."))
    link.revoked_at = now
    link.save(update_fields=["revoked_at"])
    audit.record(BillingAudit.CARD_LINK_REVOKED, by=by, subject=link.client, reason=link.email)


def agree_and_begin(*, link: CardLink, seen: str, language: str, ip_address: str | None, now: datetime) -> None:
    """The holder agrees to the words that they read, and begins to give a card. Done again, it goes on with the same set-up.

    Errors: `link_over`, `payments_off`, `words_changed`, GatewayError.
    """
    check_usable(link, now)
    text = mandate_text(link)
    if seen != digest_of(text):
        raise ConflictError("words_changed", translate("The words have changed meanwhile. Please read them again."))
    account = _account_ready()
    setup_id = link.setup_id if link.setup_id and link.account_id == account.external_id else ""
    if not setup_id:
        customer = get_or_create_customer(account=account, user=link.user, now=now)
        made = gateway().create_card_setup(
            account.external_id, customer=customer.external_id, key=f"card-link:{link.pk}:{customer.external_id}"
        )
        setup_id = made.external_id
    with transaction.atomic():
        link = CardLink.objects.select_for_update(of=("self",)).select_related("user", "client").get(pk=link.pk)
        check_usable(link, now)
        first, link.opened_at = link.opened_at is None, link.opened_at or now
        link.setup_id, link.account_id = setup_id, account.external_id
        link.save(update_fields=["opened_at", "setup_id", "account_id"])
        CardMandate.objects.update_or_create(
            link=link,
            defaults={
                "user": link.user, "client": link.client, "version": VERSION, "text": text, "language": language,
                "given_at": now, "ip_address": ip_address,
            },
        )  # fmt: skip
        if first:
            audit.record(BillingAudit.CARD_MANDATE_GIVEN, by=link.user, subject=link.client, reason=VERSION)


def setup_of(link: CardLink, *, now: datetime) -> CardSetup:
    """The set-up that the holder's browser finishes. Errors: `link_over`, `payments_off`, GatewayError."""
    check_usable(link, now)
    account = _account_ready()
    if account.external_id != link.account_id:
        raise ConflictError("link_over", translate("This was begun earlier. Please agree once more."))
    return gateway().retrieve_card_setup(account.external_id, link.setup_id)


def finish_card_link(*, link: CardLink, now: datetime) -> SavedCard:
    """The holder came back from the card fields: note the card. Done again, the same card. Errors: `link_over`, `card_refused`, GatewayError."""
    if link.card is not None:
        return link.card
    setup = setup_of(link, now=now)
    if not setup.is_done or setup.card is None:
        why = setup.failure.sentence() if setup.failure else translate("The card could not be saved. Try another one.")
        raise DomainError("card_refused", why)
    card = _finish(link.pk, setup, now=now)
    if card is None:
        raise _over()
    return card


def finish_by_event(setup: CardSetup, *, now: datetime) -> bool:
    """The processor says that a card was given. Whether it was by a link: then it is seen to here."""
    link = CardLink.objects.filter(setup_id=setup.external_id).first()
    if link is None:
        return False
    _finish(link.pk, setup, now=now)
    return True


@transaction.atomic
def _finish(pk: object, setup: CardSetup, *, now: datetime) -> SavedCard | None:
    """Save the card once, with what was agreed. A card given by a link that does not count any more is let go; None then."""
    link = CardLink.objects.select_for_update(of=("self",)).select_related("user", "client", "card").get(pk=pk)
    if link.saved_at is not None:
        return link.card
    customer = Customer.objects.select_related("account").filter(external_id=setup.customer, user=link.user).first()
    if customer is None or setup.card is None or setup.external_id != link.setup_id:
        raise NotFound
    if not is_usable(link, now):
        _let_go(link, setup, customer.account)
        return None
    link.card, link.saved_at = save_card(customer=customer, card=setup.card, now=now), now
    link.save(update_fields=["card", "saved_at"])
    _put_in_force(link, now)
    audit.record(BillingAudit.CARD_LINK_USED, by=link.user, subject=link.client, reason=str(link.card))
    notifications.card_saved_by_link(link)
    return link.card


def _put_in_force(link: CardLink, now: datetime) -> None:
    mandate = CardMandate.objects.get(link=link)
    earlier = CardMandate.objects.filter(user=link.user, client=link.client, ended_at=None, card__isnull=False)
    earlier.exclude(pk=mandate.pk).update(ended_at=now)
    mandate.card = link.card
    mandate.save(update_fields=["card"])


def _let_go(link: CardLink, setup: CardSetup, account: PaymentAccount) -> None:
    """A promise to detach the card at the processor, once."""
    card = setup.card.external_id if setup.card else ""
    key = f"card-link-late:{link.pk}:{card}"
    if SavedCard.objects.filter(external_id=card).exists() or OutboxMessage.objects.filter(key=key).exists():
        return
    outbox.enqueue(outbox_names.DETACH_CARD, key=key, account=account.external_id, card=card)
    audit.record(BillingAudit.CARD_LINK_LATE, by=audit.SYSTEM, subject=link.client, reason=link.email)


@transaction.atomic
def withdraw_mandate(*, mandate: CardMandate, by: User, now: datetime) -> None:
    """From now on the card is charged only by its holder. For the holder, and for staff to whom they have said so. NotFound at the door."""
    permissions.get_card_mandate(by, mandate.pk)
    mandate = CardMandate.objects.select_for_update(of=("self",)).select_related("client").get(pk=mandate.pk)
    if mandate.ended_at is None:
        mandate.ended_at = now
        mandate.save(update_fields=["ended_at"])
        audit.record(BillingAudit.CARD_MANDATE_WITHDRAWN, by=by, subject=mandate.client, reason=str(mandate.card or ""))


def check_usable(link: CardLink, now: datetime) -> None:
    """Refuse what does not count any more. Error: `link_over`."""
    if not is_usable(link, now):
        raise _over()


def _over() -> ConflictError:
    return ConflictError("link_over", translate("This link no longer works."))


def _account_ready() -> PaymentAccount:
    account = account_in_use()
    if account is None or not account.is_ready:
        raise DomainError("payments_off", translate("Card payments are not set up yet."))
    return account


def _open_links(client: Client, payer: User) -> "QuerySet[CardLink]":
    return CardLink.objects.filter(client=client, user=payer, saved_at=None, revoked_at=None)
