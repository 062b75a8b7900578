"""Payouts to the account's bank: https://docs.stripe.com/api/payouts."""

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.errors import ApiError
from deploy.local.payments.ledger import Book, Object, now
from deploy.local.payments.lists import PAGING, listing
from deploy.local.payments.money import checked_amount, checked_currency
from deploy.local.payments.resources.balance import add_transaction, amounts


@endpoint("POST", "/v1/payouts", "amount currency description metadata statement_descriptor method")
def create_payout(call: Call) -> Object:
    currency = checked_currency(call.params)
    amount = checked_amount(call.params, currency)
    available = next((sums["amount"] for sums in amounts(call.book)["available"] if sums["currency"] == currency), 0)
    if amount > available:
        message = "You have insufficient funds in your Stripe account for this transfer."
        raise ApiError(message, code="balance_insufficient", param="amount")
    return pay_out(call, currency, amount)


@endpoint("GET", "/v1/payouts", f"{PAGING} status arrival_date destination")
def list_payouts(call: Call) -> Object:
    status = call.params.text("status")
    return listing(call, "/v1/payouts", [p for p in call.book.all("payout") if status in {None, p["status"]}])


@endpoint("GET", "/v1/payouts/{payout}")
def retrieve_payout(call: Call, payout: str) -> Object:
    return call.book.get("payout", payout, status=404)


def pay_out(call: Call, currency: str, amount: int, *, automatic: bool = False) -> Object:
    """Sends the amount to the bank at once."""
    payout = call.book.new(
        "payout", amount=amount, currency=currency, arrival_date=now(), automatic=automatic, method="standard",
        description=call.params.text("description") or "PAYOUT", metadata=call.params.metadata(), status="paid",
        type="bank_account", destination=None, failure_code=None, statement_descriptor=None, balance_transaction=None,
    )  # fmt: skip
    payout["balance_transaction"] = add_transaction(call.book, "payout", payout, -amount, 0, 0, "PAYOUT")["id"]
    for value in call.book.all("balance_transaction"):
        if automatic and value["currency"] == currency and value["_payout"] is None and value["type"] != "payout":
            value["_payout"] = payout["id"]
    call.announce("payout.created", payout)
    call.announce("payout.paid", payout)
    return payout


def bounce_payout(call: Call, payout: Object, code: str) -> Object:
    """The account's bank sends a payout back: its money is on the account again."""
    if payout["status"] != "paid":
        raise ApiError("Only a payout that was made bounces.")
    payout.update(status="failed", failure_code=code)
    add_transaction(call.book, "payout_failure", payout, payout["amount"], 0, 0, "PAYOUT FAILURE")
    call.announce("payout.failed", payout)
    return payout


def settle_everything(book: Book) -> None:
    """Makes all pending money available, as the passing of days would."""
    for value in book.all("balance_transaction"):
        value.update(available_on=min(value["available_on"], now()), status="available")


def pay_out_everything(call: Call) -> list[Object]:
    """One automatic payout per currency that has something to pay."""
    settle_everything(call.book)
    sums = [(each["currency"], each["amount"]) for each in amounts(call.book)["available"] if each["amount"] > 0]
    return [pay_out(call, currency, amount, automatic=True) for currency, amount in sums]
