"""Stripe's objects read into ours. Takes anything that behaves like a mapping: the library's objects and events alike."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from billing.gateways.base import AccountFacts, Card, CardSetup, CustomerFacts, Event, PaymentAttempt, RefundResult
from billing.gateways.stripe_dispute_objects import dispute, payout
from billing.gateways.stripe_failures import card_refusal, refund_refusal
from billing.rules.card_amounts import from_processor
from billing.rules.payment_progress import PaymentState
from core.kernel.reasons import Reason

STATES = {
    "requires_payment_method": PaymentState.STARTED,
    "requires_confirmation": PaymentState.STARTED,
    "requires_action": PaymentState.WAITING,
    "processing": PaymentState.PROCESSING,
    "requires_capture": PaymentState.PROCESSING,
    "succeeded": PaymentState.SUCCEEDED,
    "canceled": PaymentState.CANCELLED,
}
REFUNDS = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


def account(found: Any) -> AccountFacts:
    """An account, with what the processor still wants from its owner."""
    wants = _get(found, "requirements") or {}
    missing = (*(_get(wants, "past_due") or ()), *(_get(wants, "currently_due") or ()))
    return AccountFacts(
        external_id=_get(found, "id"),
        can_charge=bool(_get(found, "charges_enabled")),
        has_details=bool(_get(found, "details_submitted")),
        is_held_back=bool(_get(found, "details_submitted") and not _get(found, "charges_enabled")),
        missing=tuple(dict.fromkeys(missing)),
        country=_get(found, "country") or "",
        currency=(_get(found, "default_currency") or "").upper(),
    )


def attempt(found: Any) -> PaymentAttempt:
    """A payment intent. One that wants another card after a refusal counts as refused."""
    refusal = _get(found, "last_payment_error")
    state = STATES.get(_get(found, "status"), PaymentState.STARTED)
    if refusal and state == PaymentState.STARTED:
        state = PaymentState.REFUSED
    return PaymentAttempt(
        external_id=_get(found, "id"),
        state=state,
        amount=from_processor(int(_get(found, "amount")), _get(found, "currency")),
        secret=_get(found, "client_secret") or "",
        failure=_refusal(refusal) if state == PaymentState.REFUSED else None,
        card=card(_get(found, "payment_method")),
        saves_card=bool(_get(found, "setup_future_usage")),
        customer=_id(_get(found, "customer")),
    )


def card(method: Any) -> Card | None:
    """A payment method's card; None for a bare id, which says nothing that a person would recognise."""
    shown = _get(method, "card")
    if not shown:
        return None
    return Card(
        external_id=_get(method, "id"),
        brand=_get(shown, "brand") or "",
        last4=_get(shown, "last4") or "",
        expires_month=int(_get(shown, "exp_month") or 0),
        expires_year=int(_get(shown, "exp_year") or 0),
        fingerprint=_get(shown, "fingerprint") or "",
    )


def customer(found: Any, methods: Iterable[Any]) -> CustomerFacts:
    """A customer, with the cards of theirs that can be read."""
    return CustomerFacts(
        external_id=_get(found, "id"),
        name=_get(found, "name") or "",
        email=_get(found, "email") or "",
        cards=tuple(each for method in methods if (each := card(method)) is not None),
    )


def card_setup(found: Any) -> CardSetup:
    """A setup intent."""
    return CardSetup(
        external_id=_get(found, "id"),
        secret=_get(found, "client_secret") or "",
        is_done=_get(found, "status") == "succeeded",
        card=card(_get(found, "payment_method")),
        customer=_id(_get(found, "customer")),
        failure=_refusal(_get(found, "last_setup_error")),
    )


def refund(found: Any) -> RefundResult:
    return RefundResult(
        external_id=_get(found, "id"),
        state=REFUNDS.get(_get(found, "status") or "", "pending"),
        amount=from_processor(int(_get(found, "amount")), _get(found, "currency")),
        payment=_id(_get(found, "payment_intent")),
        key=_get(_get(found, "metadata"), "refund") or "",
        failure=refund_refusal(_get(found, "failure_reason")),
    )


def event(text: str) -> Event:
    """An event, with its object read if it is of a kind that we follow; one that cannot be read says so instead."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    about = _get(_get(found, "data"), "object")
    envelope = Event(
        event_id=_short(_get(found, "id"), 120),
        kind=_short(_get(found, "type"), 80),
        account=_short(_get(found, "account"), 120),
        object_id=_short(_get(about, "id"), 120),
    )
    try:
        return _with_object(envelope, about)
    except (AttributeError, KeyError, TypeError, ValueError, OverflowError, OSError) as error:
        return replace(envelope, oddity=f"{type(error).__name__} in {envelope.kind}")


def _with_object(event: Event, about: Any) -> Event:
    if event.kind.startswith("payment_intent."):
        return replace(event, attempt=attempt(about))
    if event.kind.startswith("refund."):
        return replace(event, refund=refund(about))
    if event.kind.startswith("charge.dispute."):
        return replace(event, dispute=dispute(about))
    if event.kind.startswith("payout."):
        return replace(event, payout=payout(about))
    if event.kind.startswith("setup_intent."):
        return replace(event, card_setup=card_setup(about))
    return replace(event, facts=account(about)) if event.kind == "account.updated" else event


def _short(found: Any, most: int) -> str:
    """A text that a column can hold; empty for what is no text."""
    if not isinstance(found, str):
        return ""
    return found.replace("\0", "").encode(errors="ignore").decode()[:most]


def _refusal(error: Any) -> Reason | None:
    return card_refusal(_get(error, "decline_code"), _get(error, "code")) if error else None


def _get(found: Any, name: str) -> Any:
    """A field, or None where it or what holds it is missing. A bare id has no fields."""
    if found is None or isinstance(found, str | list | int | float):
        return None
    if isinstance(found, Mapping):
        return found.get(name)
    return getattr(found, name, None)


def _id(found: Any) -> str:
    """The id of something that may have been expanded."""
    return found if isinstance(found, str) else (_get(found, "id") or "")
