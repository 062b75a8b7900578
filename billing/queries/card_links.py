"""The cards of those who pay for a client, the links sent to them, and what they have agreed to."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from billing.links import Purpose, open_token, token_for
from billing.models import CardLink, CardMandate, Customer, SavedCard
from billing.queries.payers import Payer, payers_of
from billing.queries.processor import account_in_use
from billing.rules.card_links import USABLE, CardLinkState
from branding.queries import current_brand
from core.kernel.errors import NotFound
from core.kernel.translation import translate
from core.people.models import Client, User

VERSION = "2026-12"  # of the words below; changed with them


@dataclass
class PayerCards:
    """One payer of a client, and what there is of theirs."""

    payer: Payer
    cards: list[SavedCard] = field(default_factory=list)
    link: CardLink | None = None
    state: CardLinkState | None = None
    mandate: CardMandate | None = None
    customer: Customer | None = None


def payer_with_login(client: Client, user: User) -> Payer | None:
    """The user as somebody who can be billed for the client now; None when they are not, or may not see what it costs."""
    return next((payer for payer in payers_of(client) if payer.user is not None and payer.user.pk == user.pk), None)


def cards_of_payers(client: Client, now: datetime) -> list[PayerCards]:
    """Everybody with a login who can be billed for the client. Five queries besides those that find them."""
    rows = {payer.user.pk: PayerCards(payer) for payer in payers_of(client) if payer.user is not None}
    account = account_in_use()
    customers = Customer.objects.filter(user__in=rows, account=account) if account else Customer.objects.none()
    for customer in customers:
        rows[customer.user_id].customer = customer
    for card in SavedCard.objects.filter(customer__in=customers, removed_at=None).select_related("customer"):
        rows[card.customer.user_id].cards.append(card)
    for link in CardLink.objects.filter(client=client, user__in=rows).select_related("card").order_by("sent_at"):
        rows[link.user_id].link, rows[link.user_id].state = link, link.state_at(now)
    for mandate in mandates_in_force().filter(client=client, user__in=rows):
        rows[mandate.user_id].mandate = mandate
    return list(rows.values())


def mandates_in_force() -> "QuerySet[CardMandate]":
    """What was agreed to, of cards that are there."""
    return CardMandate.objects.filter(ended_at=None, card__isnull=False, card__removed_at=None).select_related(
        "card", "client"
    )


def mandate_text(link: CardLink) -> str:
    """What the payer agrees to, in the language in force."""
    name = current_brand().name
    if not current_brand().names_in_mail:
        return translate(
            "I allow %(organization_name)s to charge this card, without asking me each time, for the %(invoices)s that go to me: for each at "
            "most what is due of it. I can withdraw this at any time.",
            organization_name=name,
        )
    return translate(
        "I allow %(organization_name)s to charge this card, without asking me each time, for the %(invoices)s for %(client_name)s: for each "
        "at most what is due of it. I can withdraw this at any time.",
        organization_name=name,
        client_name=link.client.name,
    )


def digest_of(text: str) -> str:
    """By which a form says which words were read."""
    return hashlib.sha256(f"{VERSION}\n{text}".encode()).hexdigest()[:32]


def token_of(link: CardLink) -> str:
    return token_for(Purpose.CARD, str(link.pk))


def find_card_link(token: str) -> CardLink:
    """The link of an address; NotFound for what never was one here."""
    [pk] = open_token(Purpose.CARD, token)
    found = CardLink.objects.select_related("user", "client", "card").filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def is_usable(link: CardLink, now: datetime) -> bool:
    """Whether a card can be saved by it: it still counts, and its holder still pays for the client."""
    return link.state_at(now) in USABLE and link.user.is_active and payer_with_login(link.client, link.user) is not None
