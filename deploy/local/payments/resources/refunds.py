"""Refunds: https://docs.stripe.com/api/refunds."""

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.errors import ApiError, required
from deploy.local.payments.ledger import Object
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.money import check_step, shown_amount
from deploy.local.payments.resources.balance import add_transaction

REASONS = ("duplicate", "fraudulent", "requested_by_customer")


@endpoint("POST", "/v1/refunds", "amount charge payment_intent reason metadata refund_application_fee reverse_transfer")
def create_refund(call: Call) -> Object:
    reason = call.params.one_of("reason", REASONS)
    charge = refunded_charge(call)
    left = charge["amount_captured"] - charge["amount_refunded"]
    if not left:
        raise ApiError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    asked = call.params.integer("amount")
    amount = left if asked is None else asked
    if amount < 1:
        raise ApiError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    check_step(amount, charge["currency"])
    if amount > left:
        wanted, available = shown_amount(amount, charge["currency"]), shown_amount(left, charge["currency"])
        message = f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({available})"
        raise ApiError(message, param="amount")
    refund = call.book.new(
        "refund", amount=amount, charge=charge["id"], currency=charge["currency"], status="succeeded", reason=reason,
        metadata=call.params.metadata(), payment_intent=charge["payment_intent"], balance_transaction=None,
        destination_details={"type": "card", "card": {"type": "refund", "reference_status": "pending"}},
        receipt_number=None, source_transfer_reversal=None, transfer_reversal=None,
    )  # fmt: skip
    refund["balance_transaction"] = add_transaction(call.book, "refund", refund, -amount, 0, 0, "Refund")["id"]
    if call.params.flag("refund_application_fee"):
        return_fee(call, charge, amount)
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
    call.announce("refund.created", refund)
    call.announce("charge.refunded", charge)
    return refund


@endpoint("GET", "/v1/refunds", f"{PAGING} charge payment_intent")
def list_refunds(call: Call) -> Object:
    charge, intent = call.params.text("charge"), call.params.text("payment_intent")
    chosen = [
        refund
        for refund in call.book.all("refund")
        if charge in {None, refund["charge"]} and intent in {None, refund["payment_intent"]}
    ]
    return listing(call, "/v1/refunds", chosen)


@endpoint("GET", "/v1/refunds/{refund}")
def retrieve_refund(call: Call, refund: str) -> Object:
    return call.book.get("refund", refund, status=404)


@endpoint("POST", "/v1/refunds/{refund}", "metadata")
def update_refund(call: Call, refund: str) -> Object:
    value = call.book.get("refund", refund, status=404)
    value["metadata"] = call.params.metadata(value["metadata"])
    call.announce("refund.updated", value)
    return value


def refunded_charge(call: Call) -> Object:
    """The captured charge that the call names, by itself or by its intent."""
    if intent_id := call.params.text("payment_intent"):
        intent = call.book.get("payment_intent", intent_id, param="payment_intent")
        if not intent["latest_charge"] or intent["status"] != "succeeded":
            message = f"This PaymentIntent ({intent_id}) does not have a successful charge to refund."
            raise ApiError(message, param="payment_intent")
        return call.book.get("charge", intent["latest_charge"])
    charge_id = call.params.text("charge")
    if charge_id is None:
        raise required("payment_intent")
    charge = call.book.get("charge", charge_id, param="charge")
    if not charge["captured"]:
        raise ApiError(f"Charge {charge_id} has not been captured, so there is nothing to refund.", param="charge")
    if charge["disputed"]:
        raise ApiError(f"Charge {charge_id} has been charged back; cannot issue a refund.", code="charge_disputed")
    return charge


def return_fee(call: Call, charge: Object, amount: int) -> None:
    """Gives back the platform's fee in the refund's proportion, rounded down to whole minor units."""
    fee = call.ledger.platform.find("application_fee", charge["application_fee"] or "")
    if fee is None:
        message = "There is no application fee on this charge to refund."
        raise ApiError(message, param="refund_application_fee")
    share = fee["amount"] * amount // charge["amount_captured"]
    fee["amount_refunded"] += share
    fee["refunded"] = fee["amount_refunded"] >= fee["amount"]
    add_transaction(call.ledger.platform, "application_fee_refund", fee, -share, 0, 0, None)
    add_transaction(call.book, "application_fee_refund", fee, share, 0, 0, None)


def fail_refund(call: Call, refund: Object, reason: str) -> Object:
    """The bank sends a refund back: its money is on the account again."""
    if refund["status"] != "succeeded":
        raise ApiError("Only a refund that was made fails later.")
    refund.update(status="failed", failure_reason=reason)
    returned = add_transaction(call.book, "refund_failure", refund, refund["amount"], 0, 0, "Refund failure")
    refund["failure_balance_transaction"] = returned["id"]
    charge = call.book.get("charge", refund["charge"])
    charge["amount_refunded"] -= refund["amount"]
    charge["refunded"] = False
    call.announce("refund.updated", refund)
    call.announce("refund.failed", refund)
    return refund
