"""Disputes: https://docs.stripe.com/api/disputes. They are opened by a test card or by the sandbox's own address."""

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.errors import ApiError
from deploy.local.payments.ledger import Object, now
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.resources.accounts import merged
from deploy.local.payments.resources.balance import add_transaction

ANSWER_WITHIN = 14 * 24 * 3600  # seconds

ANSWERED = {"needs_response": "under_review", "warning_needs_response": "warning_under_review"}
OPEN = {*ANSWERED, *ANSWERED.values()}
FILES = {"receipt", "service_documentation", "customer_communication", "cancellation_policy", "refund_policy",
         "uncategorized_file"}  # fmt: skip
FEE = 1500


@endpoint("GET", "/v1/disputes", f"{PAGING} charge payment_intent")
def list_disputes(call: Call) -> Object:
    charge, intent = call.params.text("charge"), call.params.text("payment_intent")
    chosen = [
        dispute
        for dispute in call.book.all("dispute")
        if charge in {None, dispute["charge"]} and intent in {None, dispute["payment_intent"]}
    ]
    return listing(call, "/v1/disputes", chosen)


@endpoint("GET", "/v1/disputes/{dispute}")
def retrieve_dispute(call: Call, dispute: str) -> Object:
    return call.book.get("dispute", dispute, status=404)


@endpoint("POST", "/v1/disputes/{dispute}", "evidence metadata submit")
def update_dispute(call: Call, dispute: str) -> Object:
    value = call.book.get("dispute", dispute, status=404)
    if value["status"] not in ANSWERED or value["evidence_details"]["due_by"] <= now():
        raise ApiError("This dispute does not accept evidence any more.", code="dispute_not_updatable")
    given = call.params.group("evidence")
    for name in FILES & given.keys():
        call.book.get("file", str(given[name]), param=f"evidence[{name}]")
    value["evidence"] = merged(value["evidence"], given)
    value["metadata"] = call.params.metadata(value["metadata"])
    details = value["evidence_details"]
    details["has_evidence"] = bool(value["evidence"])
    if call.params.flag("submit") is not False and value["evidence"]:
        value["status"] = ANSWERED[value["status"]]
        details["submission_count"] += 1
    call.announce("charge.dispute.updated", value)
    return value


@endpoint("POST", "/v1/disputes/{dispute}/close")
def close_dispute(call: Call, dispute: str) -> Object:
    return settle_dispute(call, call.book.get("dispute", dispute, status=404), "lost")


def open_dispute(call: Call, charge: Object, reason: str, *, is_inquiry: bool = False) -> Object:
    """The holder's bank takes the money back until the dispute is settled; with an inquiry it only asks."""
    if not charge["captured"] or charge["disputed"]:
        raise ApiError(f"Charge {charge['id']} cannot be disputed (again).", param="charge")
    dispute = call.book.new(
        "dispute", amount=charge["amount_captured"], charge=charge["id"], currency=charge["currency"], reason=reason,
        status="warning_needs_response" if is_inquiry else "needs_response", payment_intent=charge["payment_intent"],
        metadata={}, evidence={},
        evidence_details={"due_by": now() + ANSWER_WITHIN, "has_evidence": False, "past_due": False,
                          "submission_count": 0},
        is_charge_refundable=is_inquiry, balance_transactions=[],
    )  # fmt: skip
    charge["disputed"] = True
    call.announce("charge.dispute.created", dispute)
    if not is_inquiry:
        _move(call, dispute, -dispute["amount"], FEE, "Chargeback withdrawal")
        call.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def escalate_dispute(call: Call, dispute: Object) -> Object:
    """An inquiry becomes a dispute: the bank takes the money back."""
    if dispute["status"] not in {"warning_needs_response", "warning_under_review"}:
        raise ApiError("Only an inquiry becomes a dispute.")
    dispute.update(status="needs_response", is_charge_refundable=False)
    _move(call, dispute, -dispute["amount"], FEE, "Chargeback withdrawal")
    call.announce("charge.dispute.funds_withdrawn", dispute)
    call.announce("charge.dispute.updated", dispute)
    return dispute


def settle_dispute(call: Call, dispute: Object, status: str) -> Object:
    """Ends a dispute as `won` (the money comes back) or `lost`; an inquiry as closed."""
    if dispute["status"] not in OPEN:
        raise ApiError("This dispute is already closed.")
    if dispute["status"].startswith("warning_"):
        dispute["status"] = "warning_closed"
    else:
        dispute["status"] = status
        if status == "won":
            _move(call, dispute, dispute["amount"], 0, "Chargeback reversal")
            call.announce("charge.dispute.funds_reinstated", dispute)
    call.announce("charge.dispute.closed", dispute)
    return dispute


def _move(call: Call, dispute: Object, amount: int, fee: int, words: str) -> None:
    moved = add_transaction(call.book, "adjustment", dispute, amount, fee, 0, words)
    dispute["balance_transactions"].append({key: value for key, value in moved.items() if key[0] != "_"})
