"""The test cards and what each one does: https://docs.stripe.com/testing.

Only these numbers are accepted. Any other number, a real one above all, is refused as Stripe's test mode refuses it,
and no number is kept: a saved card remembers the name of its test card.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from deploy.local.payments.errors import ApiError, card_error


@dataclass(frozen=True, slots=True)
class Decline:
    """Why the card's bank says no."""

    code: str
    message: str
    decline_code: str = ""

    def error(self) -> ApiError:
        return card_error(self.code, self.message, self.decline_code)


GENERIC = Decline("card_declined", "Your card was declined.", "generic_decline")
FUNDS = Decline("card_declined", "Your card has insufficient funds.", "insufficient_funds")
EXPIRED = Decline("expired_card", "Your card has expired.", "expired_card")
CVC = Decline("incorrect_cvc", "Your card's security code is incorrect.", "incorrect_cvc")
PROCESSING = Decline(
    "processing_error", "An error occurred while processing your card. Try again in a little bit.", "processing_error"
)
LOST = Decline("card_declined", "Your card was declined.", "lost_card")
AUTHENTICATION = Decline(
    "authentication_required",
    "Your card was declined. This transaction requires authentication.",
    "authentication_required",
)


@dataclass(frozen=True, slots=True)
class TestCard:
    """One test card. `authentication` says when the holder must confirm: never, unless the card was set up, always."""

    __test__ = False  # because pytest would collect it by its name

    name: str
    number: str
    brand: str = "visa"
    decline: Decline | None = None
    attaches: bool = True
    authentication: Literal["never", "unless_set_up", "always"] = "never"
    disputed: bool = False
    country: str = "US"
    funding: str = "credit"


CARDS: tuple[TestCard, ...] = (
    TestCard("visa", "4242424242424242"),
    TestCard("visa_debit", "4000056655665556", funding="debit"),
    TestCard("mastercard", "5555555555554444", "mastercard"),
    TestCard("amex", "378282246310005", "amex"),
    TestCard("discover", "6011111111111117", "discover"),
    TestCard("de", "4000002760000016", country="DE"),
    TestCard("gb", "4000008260000000", country="GB"),
    TestCard("visa_chargeDeclined", "4000000000000002", decline=GENERIC, attaches=False),
    TestCard("visa_chargeDeclinedInsufficientFunds", "4000000000009995", decline=FUNDS, attaches=False),
    TestCard("visa_chargeDeclinedLostCard", "4000000000009987", decline=LOST, attaches=False),
    TestCard("chargeDeclinedExpiredCard", "4000000000000069", decline=EXPIRED, attaches=False),
    TestCard("chargeDeclinedIncorrectCvc", "4000000000000127", decline=CVC, attaches=False),
    TestCard("chargeDeclinedProcessingError", "4000000000000119", decline=PROCESSING, attaches=False),
    TestCard("chargeCustomerFail", "4000000000000341", decline=GENERIC),
    TestCard("authenticationRequiredOnSetup", "4000002500003155", authentication="unless_set_up"),
    TestCard("authenticationRequired", "4000002760003184", authentication="always"),
    TestCard("threeDSecure2Required", "4000000000003220", authentication="always"),
    TestCard(
        "authenticationRequiredChargeDeclinedInsufficientFunds",
        "4000008260003178",
        decline=FUNDS,
        authentication="always",
    ),
    TestCard("createDispute", "4000000000000259", disputed=True),
)
BY_NAME = {card.name: card for card in CARDS} | {
    "chargeDeclined": next(card for card in CARDS if card.name == "visa_chargeDeclined"),
    "chargeDeclinedInsufficientFunds": next(card for card in CARDS if card.decline is FUNDS),
}
BY_NUMBER = {card.number: card for card in CARDS}


def passes_luhn(number: str) -> bool:
    """The check digit of a card number (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = (sum(divmod(digit * 2, 10)) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def card_from_number(number: str) -> TestCard:
    """The test card of a typed number.

    Raises `incorrect_number` for a number that cannot be a card's, and declines any that is not a test card's.
    """
    digits = number.replace(" ", "").replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 12 <= len(digits) <= 19 and passes_luhn(digits)):
        raise card_error("incorrect_number", "Your card number is incorrect.", param="number")
    if digits not in BY_NUMBER:
        raise card_error(
            "card_declined",
            "Your card was declined. Your request was in test mode, but used a non test card.",
            "test_mode_live_card",
        )
    return BY_NUMBER[digits]


def checked_expiry(month: str, year: str, today: tuple[int, int]) -> tuple[int, int]:
    """Month and four-digit year of a typed expiry that has not passed; `today` is (year, month)."""
    typed_month = int(month) if month.isascii() and month.isdigit() else 0
    if not 1 <= typed_month <= 12:
        raise card_error("invalid_expiry_month", "Your card's expiration month is invalid.", param="exp_month")
    typed_year = int(year) if year.isascii() and year.isdigit() else 0
    full_year = typed_year + 2000 if typed_year < 100 else typed_year
    if not today[0] <= full_year <= today[0] + 50 or (full_year, typed_month) < today:
        raise card_error("invalid_expiry_year", "Your card's expiration year is invalid.", param="exp_year")
    return typed_month, full_year


def checked_cvc(cvc: str, card: TestCard) -> None:
    length = 4 if card.brand == "amex" else 3
    if not (cvc.isascii() and cvc.isdigit() and len(cvc) in {3, length}):
        raise card_error("invalid_cvc", "Your card's security code is invalid.", param="cvc")


def card_from_token(token: str) -> TestCard | None:
    """The card behind a test token such as `pm_card_visa` or `tok_visa`."""
    for prefix in ("pm_card_", "tok_"):
        if token.startswith(prefix):
            return BY_NAME.get(token.removeprefix(prefix))
    return None


def card_of(method: Mapping[str, Any]) -> TestCard:
    """The test card that a stored payment method stands for."""
    return BY_NAME[str(method["_test_card"])]
