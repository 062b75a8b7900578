"""What Stripe's codes for a refusal mean to a person. Its own words are a developer's English, and never reach one."""

from collections.abc import Mapping

from billing.reasons import BillingReason
from core.kernel.reasons import Reason

CARD: Mapping[str, BillingReason] = {
    "insufficient_funds": BillingReason.CARD_FUNDS,
    "withdrawal_count_limit_exceeded": BillingReason.CARD_FUNDS,
    "card_velocity_exceeded": BillingReason.CARD_FUNDS,
    "expired_card": BillingReason.CARD_EXPIRED,
    "incorrect_cvc": BillingReason.CARD_CVC,
    "invalid_cvc": BillingReason.CARD_CVC,
    "incorrect_number": BillingReason.CARD_NUMBER,
    "invalid_number": BillingReason.CARD_NUMBER,
    "invalid_account": BillingReason.CARD_NUMBER,
    "invalid_expiry_month": BillingReason.CARD_EXPIRY,
    "invalid_expiry_year": BillingReason.CARD_EXPIRY,
    "invalid_expiry_month_past": BillingReason.CARD_EXPIRY,
    "invalid_expiry_year_past": BillingReason.CARD_EXPIRY,
    "processing_error": BillingReason.CARD_TRY_LATER,
    "issuer_not_available": BillingReason.CARD_TRY_LATER,
    "try_again_later": BillingReason.CARD_TRY_LATER,
    "reenter_transaction": BillingReason.CARD_TRY_LATER,
    "authentication_required": BillingReason.CARD_NOT_CONFIRMED,
    "payment_intent_authentication_failure": BillingReason.CARD_NOT_CONFIRMED,
    "setup_intent_authentication_failure": BillingReason.CARD_NOT_CONFIRMED,
    "card_not_supported": BillingReason.CARD_NOT_SUPPORTED,
    "currency_not_supported": BillingReason.CARD_NOT_SUPPORTED,
    "transaction_not_allowed": BillingReason.CARD_NOT_SUPPORTED,
    "incomplete_number": BillingReason.CARD_INCOMPLETE,
    "incomplete_cvc": BillingReason.CARD_INCOMPLETE,
    "incomplete_expiry": BillingReason.CARD_INCOMPLETE,
    "incomplete_zip": BillingReason.CARD_INCOMPLETE,
}
REQUEST: Mapping[str, BillingReason] = {
    "amount_too_small": BillingReason.CARD_AMOUNT,
    "amount_too_large": BillingReason.CARD_AMOUNT,
    "charge_already_refunded": BillingReason.REFUND_OVERTAKEN,
    "charge_disputed": BillingReason.REFUND_DISPUTED,
    "payment_intent_unexpected_state": BillingReason.PAYMENT_CLOSED,
    "setup_intent_unexpected_state": BillingReason.PAYMENT_CLOSED,
    "resource_missing": BillingReason.PAYMENT_CLOSED,
}
REFUND: Mapping[str, BillingReason] = {
    "lost_or_stolen_card": BillingReason.REFUND_CARD_GONE,
    "expired_or_canceled_card": BillingReason.REFUND_CARD_GONE,
    "insufficient_funds": BillingReason.REFUND_FUNDS,
    "charge_for_pending_refund_disputed": BillingReason.REFUND_DISPUTED,
}


def card_refusal(decline_code: str | None, code: str | None) -> Reason:
    """Why the card was refused: the bank's code says more than the kind of error. A bank that suspects a theft is not given away."""
    known = CARD.get(decline_code or "") or CARD.get(code or "")
    return Reason(known or BillingReason.CARD_REFUSED)


def request_refusal(code: str | None) -> Reason:
    """Why the processor did not do what we asked."""
    return Reason(REQUEST.get(code or "", BillingReason.PROCESSOR_REFUSED))


def refund_refusal(code: str | None) -> Reason | None:
    """Why the money did not go back; None without a code."""
    return Reason(REFUND.get(code, BillingReason.REFUND_REFUSED)) if code else None


def sentences() -> dict[str, str]:
    """The sentence for each code that the processor's script in a payer's browser may name, in the language in force."""
    said = {code: Reason(reason).sentence() for code, reason in (CARD | REQUEST).items()}
    away, refused = Reason(BillingReason.PROCESSOR_AWAY).sentence(), Reason(BillingReason.CARD_REFUSED).sentence()
    by_kind = {"api_connection_error": away, "api_error": away, "rate_limit_error": away, "card_error": refused}
    return said | by_kind | {"validation_error": Reason(BillingReason.CARD_INCOMPLETE).sentence()}
