"""What billing asks of a payment processor: no processor's object leaves a gateway.

Every call names the organization's own account: money goes from the payer to the organization, never through the platform. Calls that
create something carry a key; a repeat with the same key finds what the first one made. Failures are `GatewayError` with a sentence for
whoever waits: permanent ones say what to change, temporary ones that trying again may help. Why is kept as a reason, where it is ours.
"""

from dataclasses import dataclass
from typing import Protocol

from billing.gateways.disputes import DisputeFacts, PayoutFacts
from billing.rules.payment_progress import PaymentState
from core.kernel.errors import GatewayError
from core.kernel.money import Money
from core.kernel.reasons import Reason


class ProcessorError(GatewayError):
    """The processor failed or refused. `failure` is our reason for it; what the processor said is the cause, for the log only."""

    def __init__(self, failure: Reason, *, permanent: bool, code: str) -> None:
        super().__init__(failure.sentence(), permanent=permanent, code=code)
        self.failure = failure


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
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class CustomerFacts:
    """A customer as the processor knows them, with their cards."""

    external_id: str
    name: str = ""
    email: str = ""
    cards: tuple[Card, ...] = ()


@dataclass(frozen=True, slots=True)
class PaymentAttempt:
    """A payment at the processor. `secret` lets the payer's browser, and nobody else's, finish it."""

    external_id: str
    state: PaymentState
    amount: Money
    secret: str = ""
    failure: Reason | None = None
    card: Card | None = None
    saves_card: bool = False
    customer: str = ""


@dataclass(frozen=True, slots=True)
class CardSetup:
    """A card being saved without a payment. `card` is there once the customer has finished."""

    external_id: str
    account: str = ""
    secret: str = ""
    is_done: bool = False
    card: Card | None = None
    customer: str = ""
    failure: Reason | None = None


@dataclass(frozen=True, slots=True)
class RefundResult:
    """A refund at the processor."""

    external_id: str
    state: str
    amount: Money
    payment: str = ""
    key: str = ""
    failure: Reason | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A verified event: of which account, about what. `oddity`: why its object could not be read, if it could not."""

    event_id: str
    kind: str
    account: str
    object_id: str
    attempt: PaymentAttempt | None = None
    refund: RefundResult | None = None
    card_setup: CardSetup | None = None
    facts: AccountFacts | None = None
    dispute: DisputeFacts | None = None
    payout: PayoutFacts | None = None
    oddity: str = ""

    @property
    def ends_connection(self) -> bool:
        """Whether the organization has taken its account away from us, on the processor's own pages."""
        return self.kind == "account.application.deauthorized"


class PaymentGateway(Protocol):
    """A processor."""

    def takes(self, currency: str) -> bool:
        """Whether cards can be charged in this currency (ISO 4217) at all."""
        ...

    def refusal_of(self, amount: Money) -> Reason | None:
        """Why this amount cannot be charged by card; None when it can."""
        ...

    def step_refusal_of(self, amount: Money) -> Reason | None:
        """Why an invoice with this price on it can never be charged by card; None when it can."""
        ...

    def sentences(self) -> dict[str, str]:
        """What to say, in the language in force, for each code by which the processor's script in a browser names a failure."""
        ...

    def create_account(
        self, *, name: str, email: str, country: str, descriptor: str, url: str, key: str
    ) -> AccountFacts:
        """Open an account that will belong to the organization."""
        ...

    def create_account_link(self, account: str, *, done: str, again: str) -> str:
        """The address where the organization gives its details to the processor; used once, valid for minutes."""
        ...

    def retrieve_account(self, account: str) -> AccountFacts: ...

    def set_statement_descriptor(self, account: str, descriptor: str) -> None:
        """Set what card statements show."""
        ...

    def create_customer(self, account: str, *, name: str, email: str, key: str) -> str:
        """Make the payer known on this account; returns the processor's id."""
        ...

    def retrieve_customer(self, account: str, external_id: str) -> CustomerFacts | None:
        """The customer with their cards, the newest first; None when this account has no such customer, or has deleted them."""
        ...

    def create_payment(
        self, account: str, amount: Money, *, customer: str, purpose: str, reference: str, key: str
    ) -> PaymentAttempt:
        """Start a payment that the payer's browser will finish."""
        ...

    def charge_off_session(self, account: str, external_id: str, *, card: str, key: str) -> PaymentAttempt:
        """Charge a saved card with a payment that was started, while its holder is away. A refusal is an answer, not an error."""
        ...

    def retrieve_payment(self, account: str, external_id: str) -> PaymentAttempt: ...

    def set_card_saving(self, account: str, external_id: str, *, save: bool) -> None:
        """Say whether the card of an unfinished payment is saved for the next one."""
        ...

    def cancel_payment(self, account: str, external_id: str) -> PaymentAttempt:
        """Cancel a payment that has not succeeded."""
        ...

    def create_card_setup(self, account: str, *, customer: str, key: str) -> CardSetup: ...

    def retrieve_card_setup(self, account: str, external_id: str) -> CardSetup: ...

    def detach_card(self, account: str, card: str) -> None: ...

    def retrieve_refund(self, account: str, external_id: str) -> RefundResult: ...

    def create_refund(self, account: str, external_id: str, amount: Money, *, key: str) -> RefundResult: ...

    def read_event(self, body: bytes, signature: str) -> Event:
        """Verify a webhook. GatewayError(permanent=True, code="signature") when it is not the processor's or too old.

        What is the processor's is read as far as it goes, and never refused for what is in it.
        """
        ...
