"""The same money twice: in the books of an organization, and at the sandbox; and differences planted between them."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from deploy.local.payments.ledger import Book, Ledger, Object
from deploy.local.payments.resources.balance import add_transaction, processing_fee

PRICE = 8000
REFUNDED, DISPUTED = 20, 100  # one of so many
PLANTED = 20


@dataclass
class Books:
    """What was filled: the account, its book at the sandbox, and the numbers of its payments."""

    account: str
    book: Book
    payments: list[str]
    client: Any


def fill(ledger: Ledger, organization: Any, number: int) -> Books:
    """So many payments by card, each for an invoice of its own; of some a part is refunded, some are disputed."""
    from billing.models import PaymentAccount
    from core.kernel import clock
    from core.people.models import Client
    from tenants.external_accounts import link_account

    account = ledger.platform.new("account", charges_enabled=True, payouts_enabled=True, details_submitted=True)["id"]
    now = clock.now()
    PaymentAccount.objects.create(
        external_id=account, state="active", country="DE", currency="EUR", connected_at=now, changed_at=now
    )
    link_account("stripe", account)
    client = Client.objects.create(first_name="Bench", last_name="Client", time_zone="UTC")
    books = Books(account, ledger.book(account), [], client)
    there = [_at_the_sandbox(books.book, each) for each in range(number)]
    books.payments = [charge["payment_intent"] for charge in there]
    _in_the_books(books, there)
    _refund_and_dispute(books, there)
    return books


def _at_the_sandbox(book: Book, number: int) -> Object:
    intent = book.new(
        "payment_intent", amount=PRICE, currency="eur", status="succeeded", client_secret="x", customer=None, metadata={},
        payment_method=None, setup_future_usage=None, last_payment_error=None, description=f"BEN-{number:05}", latest_charge=None,
    )  # fmt: skip
    charge = book.new(
        "charge", amount=PRICE, amount_captured=PRICE, amount_refunded=0, captured=True, currency="eur", status="succeeded",
        payment_intent=intent["id"], description=f"BEN-{number:05}", disputed=False, refunded=False, balance_transaction=None,
    )  # fmt: skip
    intent["latest_charge"] = charge["id"]
    charge["balance_transaction"] = add_transaction(
        book, "charge", charge, PRICE, processing_fee(PRICE, "eur"), 0, charge["description"]
    )["id"]
    return charge


def _in_the_books(books: Books, there: list[Object]) -> None:
    from billing.models import Invoice, LedgerEntry, Payment, PaymentShare
    from core.kernel import clock

    now = clock.now()
    invoices = Invoice.objects.bulk_create(
        Invoice(
            number=charge["description"], state="paid", client=books.client, payer_name="Bench", currency="EUR",
            total_amount=PRICE, paid_amount=PRICE, due_on=now.date(), issued_on=now.date(), issued_at=now, paid_at=now,
        )
        for charge in there
    )  # fmt: skip
    payments = Payment.objects.bulk_create(
        Payment(
            means="card", state="succeeded", payer_name="Bench", amount=PRICE, currency="EUR", account_id=books.account,
            external_id=charge["payment_intent"], started_at=now, succeeded_at=now,
        )
        for charge in there
    )  # fmt: skip
    pairs = list(zip(invoices, payments, strict=True))
    PaymentShare.objects.bulk_create(
        PaymentShare(invoice=invoice, payment=payment, amount=PRICE, currency="EUR") for invoice, payment in pairs
    )
    LedgerEntry.objects.bulk_create(
        LedgerEntry(at=now + timedelta(seconds=number), kind=kind, client=books.client, invoice=invoice, payment=payment if number else None,
                    amount=sign * PRICE, currency="EUR", by="bench")
        for invoice, payment in pairs
        for number, (kind, sign) in enumerate((("invoiced", 1), ("paid", -1)))
    )  # fmt: skip


def _refund_and_dispute(books: Books, there: list[Object]) -> None:
    """By the product's own actions, from what the sandbox says."""
    from billing.actions.disputes import apply_dispute
    from billing.actions.refunds import apply_refund
    from billing.gateways import gateway
    from billing.models import Payment
    from core.kernel import clock

    known = {each.external_id: each for each in Payment.objects.filter(external_id__in=books.payments)}
    for number, charge in enumerate(there):
        payment = known[charge["payment_intent"]]
        if number % DISPUTED == 1:
            dispute = dispute_of(books.book, charge)
            apply_dispute(
                payment=payment, facts=gateway().retrieve_dispute(books.account, dispute["id"]), now=clock.now()
            )
        elif number % REFUNDED == 0:
            refund = refund_of(books.book, charge)
            apply_refund(
                payment=payment, result=gateway().retrieve_refund(books.account, refund["id"]), now=clock.now()
            )


def refund_of(book: Book, charge: Object) -> Object:
    """A refund of a part of it at the sandbox."""
    refund = book.new(
        "refund", amount=1000, charge=charge["id"], currency="eur", status="succeeded", metadata={},
        payment_intent=charge["payment_intent"], failure_reason=None,
    )  # fmt: skip
    charge["amount_refunded"] += 1000
    add_transaction(book, "refund", refund, -1000, 0, 0, "Refund")
    return refund


def dispute_of(book: Book, charge: Object) -> Object:
    """A dispute of it at the sandbox."""
    dispute = book.new(
        "dispute", amount=PRICE, charge=charge["id"], currency="eur", reason="fraudulent", status="needs_response",
        payment_intent=charge["payment_intent"], metadata={}, evidence={}, balance_transactions=[],
        evidence_details={"due_by": charge["created"] + 1_000_000, "submission_count": 0},
    )  # fmt: skip
    taken = add_transaction(book, "adjustment", dispute, -PRICE, 1500, 0, "Chargeback withdrawal")
    dispute["balance_transactions"].append({key: value for key, value in taken.items() if key[0] != "_"})
    return dispute


def plant(books: Books, dice: random.Random) -> set[tuple[str, str, str]]:
    """Twenty differences, five of each of four sorts; returns what a comparison has to find."""
    from billing.models import Payment

    charges = {charge["payment_intent"]: charge for charge in books.book.all("charge")}
    plain = [
        key for number, key in enumerate(books.payments) if number % REFUNDED and number % DISPUTED != 1
    ]  # of which nothing was given or taken back
    chosen = dice.sample(plain, PLANTED)
    planted = set()
    for key in chosen[:5]:  # news of a payment never came
        Payment.objects.filter(external_id=key).update(state="processing")
        planted.add(("payment", "missing_here", key))
    for key in chosen[5:10]:  # the processor has another amount
        charges[key]["amount_captured"] -= 1
        planted.add(("payment", "amount", key))
    for key in chosen[10:15]:  # a refund was made on its own pages
        planted.add(("refund", "missing_here", refund_of(books.book, charges[key])["id"]))
    for key in chosen[15:]:  # a bank has taken one back
        planted.add(("dispute", "missing_here", dispute_of(books.book, charges[key])["id"]))
    return planted
