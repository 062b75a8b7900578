"""The balance and what moves it: https://docs.stripe.com/api/balance and /balance_transactions."""

from collections import defaultdict

from deploy.local.payments.calls import Call, endpoint
from deploy.local.payments.ledger import Book, Object, now
from deploy.local.payments.lists import PAGING, listing

SETTLES_AFTER = 2 * 24 * 3600  # seconds until a charge's money may be paid out
FEE_PER_THOUSAND = 29
FIXED_FEE = dict.fromkeys(("usd", "eur", "gbp", "cad", "aud", "nzd", "chf"), 30)


@endpoint("GET", "/v1/balance")
def retrieve_balance(call: Call) -> Object:
    return {"object": "balance", "livemode": False, **amounts(call.book)}


@endpoint("GET", "/v1/balance_transactions", f"{PAGING} type source payout currency")
def list_balance_transactions(call: Call) -> Object:
    wanted = {name: call.params.text(name) for name in ("type", "source", "currency")}
    chosen = [
        value
        for value in call.book.all("balance_transaction")
        if all(wish in {None, value[name]} for name, wish in wanted.items())
        and call.params.text("payout") in {None, value["_payout"], value["source"]}
    ]
    return listing(call, "/v1/balance_transactions", chosen)


@endpoint("GET", "/v1/balance_transactions/{transaction}")
def retrieve_balance_transaction(call: Call, transaction: str) -> Object:
    return call.book.get("balance_transaction", transaction, status=404)


def amounts(book: Book) -> Object:
    """What the account may pay out, and what has yet to settle, per currency in minor units."""
    available: dict[str, int] = defaultdict(int)
    pending: dict[str, int] = defaultdict(int)
    for value in book.all("balance_transaction"):
        settled = value["available_on"] <= now()
        (available if settled else pending)[value["currency"]] += value["net"]
    currencies = sorted({*available, *pending}) or ["usd"]
    return {
        name: [{"amount": sums.get(currency, 0), "currency": currency, "source_types": {"card": sums.get(currency, 0)}}
               for currency in currencies]
        for name, sums in (("available", available), ("pending", pending))
    }  # fmt: skip


def processing_fee(amount: int, currency: str) -> int:
    """2.9 % rounded half up, and a fixed part in the larger currencies; minor units."""
    return min(amount, (amount * FEE_PER_THOUSAND + 500) // 1000 + FIXED_FEE.get(currency, 0))


def add_transaction(
    book: Book, kind: str, source: Object, amount: int, fee: int, application_fee: int, description: str | None
) -> Object:
    """Writes one movement of the balance; `amount` is negative for money that leaves."""
    parts = [("stripe_fee", "Processing fees", fee), ("application_fee", "Application fee", application_fee)]
    details = [
        {"amount": part, "currency": source["currency"], "type": name, "description": words, "application": None}
        for name, words, part in parts
        if part
    ]
    settles = now() + (SETTLES_AFTER if kind == "charge" else 0)
    return book.new(
        "balance_transaction", amount=amount, fee=fee + application_fee, net=amount - fee - application_fee,
        currency=source["currency"], type=kind, reporting_category=kind, source=source["id"], fee_details=details,
        description=description, exchange_rate=None, available_on=settles,
        status="pending" if settles > now() else "available", _payout=None,
    )  # fmt: skip
