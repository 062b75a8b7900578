"""Charges, the attempts behind payment intents: https://docs.stripe.com/api/charges."""

from typing import Any

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.cards import Decline
from deploy.local.payments.ledger import PLATFORM, Object
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.resources.balance import add_transaction, processing_fee
from deploy.local.payments.statement_descriptors import printed_descriptor


@endpoint("GET", "/v1/charges", f"{PAGING} customer payment_intent")
def list_charges(call: Call) -> Object:
    customer, intent = call.params.text("customer"), call.params.text("payment_intent")
    chosen = [
        charge
        for charge in call.book.all("charge")
        if customer in {None, charge["customer"]} and intent in {None, charge["payment_intent"]}
    ]
    return listing(call, "/v1/charges", chosen)


@endpoint("GET", "/v1/charges/{charge}")
def retrieve_charge(call: Call, charge: str) -> Object:
    return call.book.get("charge", charge, status=404)


@endpoint("POST", "/v1/charges/{charge}", "description metadata receipt_email")
def update_charge(call: Call, charge: str) -> Object:
    value = call.book.get("charge", charge, status=404)
    for name in ("description", "receipt_email"):
        if name in call.params:
            value[name] = call.params.text(name)
    value["metadata"] = call.params.metadata(value["metadata"])
    return value


def new_charge(call: Call, intent: Object, method: Object, account: Object | None, **outcome: Any) -> Object:
    """A charge of the intent's amount on the method, authorised and not yet captured unless `outcome` says else."""
    seen = {name: method["card"][name] for name in ("brand", "country", "exp_month", "exp_year", "fingerprint",
                                                    "funding", "last4", "checks", "wallet")}  # fmt: skip
    fields = {
        "amount": intent["amount"], "amount_captured": 0, "amount_refunded": 0, "application": None,
        "application_fee": None, "application_fee_amount": intent["application_fee_amount"],
        "balance_transaction": None, "billing_details": method["billing_details"],
        "calculated_statement_descriptor": printed_descriptor(account, intent["statement_descriptor_suffix"]),
        "captured": False, "currency": intent["currency"], "customer": intent["customer"],
        "description": intent["description"], "disputed": False, "failure_code": None, "failure_message": None,
        "metadata": dict(intent["metadata"]), "outcome": {"network_status": "approved_by_network", "type": "authorized",
        "seller_message": "Payment complete.", "reason": None, "risk_level": "normal"}, "paid": True,
        "payment_intent": intent["id"], "payment_method": method["id"],
        "payment_method_details": {"type": "card", "card": {**seen, "amount_authorized": intent["amount"]}},
        "receipt_email": intent["receipt_email"], "refunded": False, "status": "succeeded",
        "statement_descriptor_suffix": intent["statement_descriptor_suffix"],
    }  # fmt: skip
    charge = call.book.new("charge", **(fields | outcome))
    charge["receipt_url"] = f"{call.base_url}/receipts/{charge['id']}"
    return charge


def failed_charge(call: Call, intent: Object, method: Object, reason: Decline, account: Object | None) -> Object:
    outcome = {"network_status": "declined_by_network", "type": "issuer_declined", "risk_level": "normal",
               "reason": reason.decline_code, "seller_message": reason.message}  # fmt: skip
    charge = new_charge(
        call, intent, method, account, paid=False, status="failed", outcome=outcome,
        failure_code=reason.code, failure_message=reason.message, receipt_url=None,
    )  # fmt: skip
    charge["receipt_url"] = None
    call.announce("charge.failed", charge)
    return charge


def capture_charge(call: Call, charge: Object, intent: Object, amount: int) -> Object:
    """Takes the money: the charge is captured, the balance grows, the platform gets its fee."""
    fee = min(intent["application_fee_amount"] or 0, amount)
    transaction = add_transaction(
        call.book, "charge", charge, amount, processing_fee(amount, charge["currency"]), fee, charge["description"]
    )
    charge.update(captured=True, amount_captured=amount, balance_transaction=transaction["id"])
    if fee:
        charge.update(application_fee=_platform_fee(call, charge, fee)["id"], application_fee_amount=fee)
    call.announce("charge.succeeded", charge)
    return charge


def _platform_fee(call: Call, charge: Object, amount: int) -> Object:
    platform = call.ledger.platform
    fee = platform.new(
        "application_fee", account=call.book.account, amount=amount, amount_refunded=0, charge=charge["id"],
        currency=charge["currency"], refunded=False, balance_transaction=None,
    )  # fmt: skip
    fee["balance_transaction"] = add_transaction(platform, "application_fee", fee, amount, 0, 0, None)["id"]
    call.announce("application_fee.created", fee, book=call.ledger.book(PLATFORM))
    return fee
