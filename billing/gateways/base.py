"""What the house asks of a payment processor, in its own words: no processor's object leaves a gateway.

Every call names the organization's own account: money goes from the payer to the organization, never through the platform. Calls that
create something carry a key; a repeat with the same key finds what the first one made. Failures are `GatewayError` with a sentence for
whoever waits: permanent ones say what to change, temporary ones that trying again may help.
"""

from dataclasses import dataclass
from typing import Protocol

from billing.rules.progress import PaymentState
from core.kernel.money import Money


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """The organization's account as the processor sees it."""

    external_id: str
    can_charge: bool
    has_details: bool
    is_held_back: bool = False
    missing: tuple[str, ...] = ()
    country: str = ""
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What a person recognises a card by, and the processor's reference to it."""

    external_id: str
    brand: str
    last4: str
    expires_month: int = 0
    expires_year: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """A payment at the processor. `secret` lets the payer's browser, and nobody else's, finish it."""

    external_id: str
    state: PaymentState
    amount: Money
    secret: str = ""
    failure: str = ""
    card: Card | None = None
    keeps_card: bool = False
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Keeping:
    """A card being kept without a payment. `card` is there once the holder has finished."""

    external_id: str
    secret: str = ""
    is_done: bool = False
    card: Card | None = None
    holder: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund at the processor."""

    external_id: str
    state: str
    amount: Money
    payment: str = ""
    key: str = ""
    failure: str = ""


@dataclass(frozen=True, slots=True)
class News:
    """A verified event: of which account, about what."""

    event_id: str
    kind: str
    account: str
    object_id: str
    attempt: Attempt | None = None
    refund: GivenBack | None = None
    keeping: Keeping | None = None
    facts: AccountFacts | None = None


class PaymentGateway(Protocol):
    """A processor."""

    def open_account(self, *, name: str, email: str, country: str, descriptor: str, url: str, key: str) -> AccountFacts:
        """Open an account that will belong to the organization."""
        ...

    def setup_link(self, account: str, *, done: str, again: str) -> str:
        """The address where the organization gives its details to the processor; used once, valid for minutes."""
        ...

    def account(self, account: str) -> AccountFacts: ...

    def name_on_statements(self, account: str, descriptor: str) -> None:
        """Set what card statements show."""
        ...

    def open_holder(self, account: str, *, name: str, email: str, key: str) -> str:
        """Make the payer known on this account; returns the processor's id."""
        ...

    def start(self, account: str, amount: Money, *, holder: str, purpose: str, reference: str, key: str) -> Attempt:
        """Start a payment that the payer's browser will finish."""
        ...

    def attempt(self, account: str, external_id: str) -> Attempt: ...

    def keep_card_of(self, account: str, external_id: str, *, keep: bool) -> None:
        """Say whether the card of an unfinished payment is kept for the next one."""
        ...

    def give_up(self, account: str, external_id: str) -> Attempt:
        """Cancel a payment that has not succeeded."""
        ...

    def start_keeping(self, account: str, *, holder: str, key: str) -> Keeping: ...

    def keeping(self, account: str, external_id: str) -> Keeping: ...

    def forget_card(self, account: str, card: str) -> None: ...

    def give_back(self, account: str, external_id: str, amount: Money, *, key: str) -> GivenBack: ...

    def read_news(self, body: bytes, signature: str) -> News:
        """Verify a webhook. GatewayError(permanent=True, code="signature") when it is not the processor's or too old."""
        ...
