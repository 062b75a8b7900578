"""Stripe's disputes and payouts read into ours; of objects of the library as plain dictionaries, and of events."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from billing.gateways.disputes import DisputeFacts, PayoutFacts
from billing.rules.card_amounts import from_processor
from billing.rules.disputes import DisputeState
from core.kernel.money import Money


def dispute(found: Mapping[str, Any]) -> DisputeFacts:
    """A dispute. A state that we do not know is refused, as what cannot be read. Errors: AttributeError, KeyError, TypeError, ValueError."""
    movements: list[Mapping[str, Any]] = list(found.get("balance_transactions") or ())
    details = found.get("evidence_details") or {}
    due = details.get("due_by")
    return DisputeFacts(
        external_id=str(found["id"])[:120],
        payment=_id(found.get("payment_intent")),
        amount=from_processor(int(found["amount"]), str(found["currency"])),
        state=DisputeState(found["status"]),
        reason=str(found.get("reason") or "")[:60],
        opened_at=_moment(found["created"]),
        due_at=_moment(due) if due else None,
        submissions=int(details.get("submission_count") or 0),
        movements=tuple(int(each["amount"]) for each in movements),
        fee=_fee(movements),
    )


def payout(found: Mapping[str, Any]) -> PayoutFacts:
    """A payout to the account's bank. Errors: as above."""
    return PayoutFacts(
        external_id=str(found["id"])[:120],
        state=str(found.get("status") or ""),
        amount=from_processor(int(found["amount"]), str(found["currency"])),
        created_at=_moment(found["created"]),
        failure_code=str(found.get("failure_code") or "")[:60],
    )


def _fee(movements: list[Mapping[str, Any]]) -> Money | None:
    """What the processor took for the dispute itself, in the currency in which the account is paid out."""
    if not movements:
        return None
    currency = str(movements[0]["currency"])
    fees = sum(int(each.get("fee") or 0) for each in movements)
    return from_processor(max(fees, 0), currency)


def _moment(seconds: Any) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _id(found: Any) -> str:
    return found if isinstance(found, str) else str((found or {}).get("id") or "")
