"""Disputes: https://docs.stripe.com/api/disputes. They are opened by a test card or by the sandbox's own address."""

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.errors import ApiError
from deploy.local.payments.ledger import Object, now
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.resources.accounts import merged
from deploy.local.payments.resources.balance import add_transaction

ANSWER_WITHIN = 14 * 24 * 3600  # seconds


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
    value["evidence"] = merged(value["evidence"], call.params.group("evidence"))
    value["metadata"] = call.params.metadata(value["metadata"])
    if call.params.flag("submit") is not False and value["evidence"] and value["status"] == "needs_response":
        value["status"] = "under_review"
    call.announce("charge.dispute.updated", value)
    return value


@endpoint("POST", "/v1/disputes/{dispute}/close")
def close_dispute(call: Call, dispute: str) -> Object:
    return settle_dispute(call, call.book.get("dispute", dispute, status=404), "lost")


def open_dispute(call: Call, charge: Object, reason: str) -> Object:
    """The holder's bank takes the money back until the dispute is settled."""
    if not charge["captured"] or charge["disputed"]:
        raise ApiError(f"Charge {charge['id']} cannot be disputed (again).", param="charge")
    dispute = call.book.new(
        "dispute", amount=charge["amount_captured"], charge=charge["id"], currency=charge["currency"], reason=reason,
        status="needs_response", payment_intent=charge["payment_intent"], metadata={}, evidence={},
        evidence_details={"due_by": now() + ANSWER_WITHIN, "has_evidence": False, "past_due": False,
                          "submission_count": 0},
        is_charge_refundable=False, balance_transactions=[],
    )  # fmt: skip
    taken = add_transaction(call.book, "adjustment", dispute, -dispute["amount"], 1500, 0, "Chargeback withdrawal")
    dispute["balance_transactions"].append({key: value for key, value in taken.items() if key[0] != "_"})
    charge["disputed"] = True
    call.announce("charge.dispute.created", dispute)
    call.announce("charge.dispute.funds_withdrawn", dispute)
    return dispute


def settle_dispute(call: Call, dispute: Object, status: str) -> Object:
    """Ends a dispute as `won` (the money comes back) or `lost`."""
    if dispute["status"] in {"won", "lost"}:
        raise ApiError("This dispute is already closed.")
    dispute["status"] = status
    if status == "won":
        add_transaction(call.book, "adjustment", dispute, dispute["amount"], 0, 0, "Chargeback reversal")
        call.announce("charge.dispute.funds_reinstated", dispute)
    call.announce("charge.dispute.closed", dispute)
    return dispute
