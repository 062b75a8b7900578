"""Webhooks as they come in the worst hour: shuffled, many times, 50 at once, among some that are not the processor's or not ours."""

from __future__ import annotations

import json
import random
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from deploy.bench.billing_books import PRICE, Books
from deploy.bench.results import Results
from deploy.local.payments.ledger import visible
from deploy.local.payments.webhooks import signature

KINDS = ("payment_intent.created", "payment_intent.processing", "payment_intent.succeeded")
COPIES, AT_ONCE = 5, 50
BAD = ("foreign", "tampered", "stale")


def measure_webhooks(results: Results, organization: Any, books: Books, number: int, secret: str) -> None:
    """`webhooks_s`, and that each payment stands in the books once, with every bad one refused."""
    from tenants.context import organization_context

    with organization_context(organization):
        wanted = _begin(books, number)
    good, bad = _letters(books, wanted, secret)
    letters = [("good", letter) for letter in good] + [("bad", letter) for letter in bad]
    random.Random(11).shuffle(letters)
    started = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda each: (each[0], _post(each[1])), letters))
    seconds = time.monotonic() - started
    with organization_context(organization):
        booked, settled = _booked(wanted)
    results.note("webhooks_s", seconds, "s", note=f"{len(good):,} and {len(bad)} bad ones, {AT_ONCE} at once")
    results.limit(
        "webhooks_refused",
        sum(status == 400 for kind, status in answers if kind == "bad"),
        _refusable(number),
        "",
        least=True,
    )
    results.limit("payments_settled", settled, number, "", least=True, note=f"of {number}")
    results.limit("rows_booked", booked, number, "", note="one of each payment")


def _begin(books: Books, number: int) -> list[str]:
    """So many payments that somebody has begun, and that have succeeded at the sandbox."""
    from billing.models import Invoice, LedgerEntry, Payment, PaymentShare
    from core.kernel import clock

    now, keys = clock.now(), []
    for each in range(number):
        intent = books.book.new(
            "payment_intent", amount=PRICE, currency="eur", status="succeeded", client_secret="x", customer=None, metadata={},
            payment_method=None, setup_future_usage=None, last_payment_error=None, description="", latest_charge=None,
        )  # fmt: skip
        invoice = Invoice.objects.create(
            number=f"HOOK-{each:05}", state="open", client=books.client, payer_name="Bench", currency="EUR", total_amount=PRICE,
            due_on=now.date(), issued_on=now.date(), issued_at=now,
        )  # fmt: skip
        LedgerEntry.objects.create(
            at=now, kind="invoiced", client=books.client, invoice=invoice, amount=PRICE, currency="EUR", by="bench"
        )
        payment = Payment.objects.create(
            means="card", state="started", payer_name="Bench", amount=PRICE, currency="EUR", account_id=books.account,
            external_id=intent["id"], started_at=now,
        )  # fmt: skip
        PaymentShare.objects.create(payment=payment, invoice=invoice, amount=PRICE, currency="EUR")
        keys.append(intent["id"])
    return keys


def _letters(books: Books, wanted: list[str], secret: str) -> tuple[list[Any], list[Any]]:
    """Body and signature of each webhook: those of the processor, and the bad ones."""
    good, bad = [], []
    states = {KINDS[0]: "requires_payment_method", KINDS[1]: "processing", KINDS[2]: "succeeded"}
    for key in wanted:
        shown = visible(books.book.get("payment_intent", key))
        for kind in KINDS:
            event = {
                "id": f"evt_{key}_{kind[15:]}",
                "type": kind,
                "account": books.account,
                "data": {"object": {**shown, "status": states[kind]}},
            }
            body = json.dumps(event).encode()
            good += [(body, signature(body, secret, int(time.time())))] * COPIES
        bad += [_bad(sort, books, shown, secret) for sort in BAD]
    return good, bad


def _bad(sort: str, books: Books, shown: dict[str, Any], secret: str) -> Any:
    account = "acct_of_nobody" if sort == "foreign" else books.account
    event = {"id": f"evt_{sort}_{shown['id']}", "type": KINDS[2], "account": account, "data": {"object": shown}}
    body = json.dumps(event).encode()
    signed_at = int(time.time()) - (3600 if sort == "stale" else 0)
    signed = signature(body, secret, signed_at)
    return (body.replace(b"8000", b"1"), signed) if sort == "tampered" else (body, signed)


def _refusable(number: int) -> int:
    """Tampered and stale ones are refused; of a foreign account nothing is known, and nothing is done."""
    return 2 * number


def _post(letter: tuple[bytes, str]) -> int:
    from django.conf import settings
    from django.db import connections
    from django.test import Client

    body, signed = letter
    try:
        browser = Client(HTTP_HOST=settings.OPERATOR_HOST)
        answer = browser.post(
            "/hooks/payments/", body, content_type="application/json", headers={"Stripe-Signature": signed}
        )
        return int(answer.status_code)
    finally:
        connections.close_all()


def _booked(wanted: list[str]) -> tuple[int, int]:
    """How many rows there are for these payments, and how many of them have succeeded."""
    from billing.models import LedgerEntry, Payment

    rows = LedgerEntry.objects.filter(payment__external_id__in=wanted, kind="paid").count()
    return rows, Payment.objects.filter(external_id__in=wanted, state="succeeded").count()
