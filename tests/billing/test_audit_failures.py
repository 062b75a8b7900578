"""Whatever is done with money is noted, or it is not done."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.actions import (
    accounts,
    card_links,
    cards,
    catalogue,
    charges,
    credit_notes,
    evidence,
    invoices,
    linked_customers,
    manual_payments,
    refunds,
    settlement,
)
from billing.actions.catalogue import BillingTerms
from billing.actions.credit_notes import Credit
from billing.actions.evidence import Answer
from billing.actions.processor_payouts import apply_payout
from billing.gateways.base import AccountFacts, Card, CardSetup, PaymentAttempt
from billing.gateways.disputes import PayoutFacts
from billing.models import CardLink, CardMandate, Customer, Payment, PaymentAccount, PaymentShare, SavedCard
from billing.queries.card_links import digest_of, mandate_text
from billing.queries.payers import login_payer
from billing.rules.payment_progress import PaymentState
from core.kernel.money import Money
from tests.broken_audit import assert_nothing_is_written
from tests.factories.disputes import OPENED, card_payment, dispute
from tests.factories.till import ended, issue, terms

EUROS = Money(1000, "EUR")
CARD = Card("pm_new", "visa", "4242", 1, 2040)


@pytest.fixture
def books(till: SimpleNamespace) -> SimpleNamespace:
    """Two open invoices, a paid one, a draft, a charge, a rate, and an account with a card payment under way."""
    till.open, till.paid, till.other = issue(till), issue(till), issue(till)
    till.payment = manual_payments.record_payment(
        invoice=till.paid, amount=EUROS, means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )
    item = invoices.Item("Work", EUROS)
    till.draft = invoices.draft_invoice(client=till.cora, items=[item], by=till.nora, now=till.now)
    till.charge = charges.charge_appointment(ended=ended(till, till.cora), by=till.nora, now=till.now)
    till.rate = catalogue.set_rate(client=till.cora, service=till.hourly, price=EUROS, by=till.nora, now=till.now)
    till.account = PaymentAccount.objects.create(
        external_id="acct_1", state="active", country="DE", currency="EUR", connected_at=till.now, changed_at=till.now
    )
    till.customer = Customer.objects.create(
        user=till.gus, account=till.account, external_id="cus_1", created_at=till.now
    )
    till.started = Payment.objects.create(
        means="card", state="started", payer=till.gus, payer_name="Gus", amount=till.open.total_amount, currency="EUR",
        account_id="acct_1", external_id="pi_1", started_at=till.now,
    )  # fmt: skip
    till.linked = Customer.objects.create(
        user=till.ada, account=till.account, external_id="cus_2", created_at=till.now, linked_at=till.now
    )
    till.card_link = CardLink.objects.create(
        user=till.gus, client=till.cora, email="gus@north.test", sent_at=till.now, expires_at=till.now + timedelta(days=7),
        account_id="acct_1", setup_id="seti_1",
    )  # fmt: skip
    card = SavedCard.objects.create(
        customer=till.customer, external_id="pm_old", brand="visa", last4="1111", expires_month=1, expires_year=2040,
        saved_at=till.now,
    )  # fmt: skip
    till.mandate = CardMandate.objects.create(
        user=till.gus, client=till.cleo, card=card, version="1", text="Agreed.", language="en", given_at=till.now
    )
    CardMandate.objects.create(
        user=till.gus,
        client=till.cora,
        link=till.card_link,
        version="1",
        text="Agreed.",
        language="en",
        given_at=till.now,
    )
    till.card_payment = card_payment(till, issue(till))
    till.dispute = dispute(till.card_payment)
    given = SimpleUploadedFile("b.pdf", b"%PDF-1.4 b")
    till.evidence = evidence.add_file(
        dispute=till.dispute, kind="refund_policy", given=given, by=till.nora, now=till.now
    )
    apply_payout(account="acct_1", facts=payout("failed", number=2), now=till.now)
    PaymentShare.objects.create(payment=till.started, invoice=till.open, amount=till.open.total_amount, currency="EUR")
    return till


def payout(state: str, number: int = 1) -> PayoutFacts:
    made_at = OPENED + timedelta(days=-number)
    return PayoutFacts(f"po_{number}", state, EUROS, made_at)


def attempt(b: SimpleNamespace, state: PaymentState) -> PaymentAttempt:
    return PaymentAttempt("pi_1", state, b.open.total)


# Act → how the books and what every action of a person takes make it.
ACTS: dict[str, Callable[[SimpleNamespace, dict[str, Any]], object]] = {
    "add a service": lambda b, how: catalogue.save_service(terms=terms("Other", 100), **how),
    "change a service": lambda b, how: catalogue.save_service(terms=terms("Other", 1), service=b.therapy, **how),
    "set a rate": lambda b, how: catalogue.set_rate(client=b.cleo, service=b.therapy, price=EUROS, **how),
    "remove a rate": lambda b, how: catalogue.remove_rate(rate=b.rate, **how),
    "change the settings": lambda b, how: catalogue.save_settings(terms=BillingTerms(due_days=30), **how),
    "charge": lambda b, how: charges.charge_appointment(ended=ended(b, b.cora, number=2), **how),
    "charge nothing": lambda b, how: charges.charge_appointment(ended=ended(b, b.cora, 3, service_id=None), **how),
    "set a cost": lambda b, how: charges.override_cost(
        appointment_id=b.draft.pk, client=b.cora, price=EUROS, reason="trial", **how
    ),
    "change a charge": lambda b, how: charges.change_charge(charge=b.charge, price=EUROS, reason="less", **how),
    "waive a charge": lambda b, how: charges.waive_charge(charge=b.charge, reason="goodwill", **how),
    "draft an invoice": lambda b, how: invoices.draft_invoice(
        client=b.cora, items=[invoices.charge_item(b.charge)], **how
    ),
    "issue an invoice": lambda b, how: invoices.issue_invoice(invoice=b.draft, **how),
    "choose who pays": lambda b, how: invoices.choose_payer(invoice=b.draft, payer=login_payer(b.gus, b.cora), **how),
    "send it again": lambda b, how: invoices.send_invoice_again(invoice=b.open, **how),
    "cancel an invoice": lambda b, how: invoices.cancel_invoice(invoice=b.other, reason="typo", **how),
    "claim less": lambda b, how: credit_notes.credit_invoice(
        invoice=b.other, credit=Credit(Money(1, "EUR")), reason="goodwill", memo="late", **how
    ),
    "discard a draft": lambda b, how: invoices.discard_draft(invoice=b.draft, **how),
    "note a payment": lambda b, how: manual_payments.record_payment(
        invoice=b.paid, amount=EUROS, means="cash", received_on=b.now.date(), **how
    ),
    "reverse a payment": lambda b, how: manual_payments.reverse_payment(payment=b.payment, reason="typo", **how),
    "refund": lambda b, how: refunds.refund_invoice(
        invoice=b.paid, payment=b.payment, amount=EUROS, reason="ended early", **how
    ),
    "disconnect the account": lambda b, how: accounts.disconnect_account(**how),
    "see the account change": lambda b, how: accounts.apply_account(
        account=b.account, facts=AccountFacts("acct_1", can_charge=False, has_details=False), now=how["now"]
    ),
    "see a payment succeed": lambda b, how: settlement.apply_attempt(
        payment=b.started, attempt=attempt(b, PaymentState.SUCCEEDED), now=how["now"]
    ),
    "hear of a dispute": lambda b, how: dispute(b.card_payment, "needs_response", -8000, now=how["now"], number=2),
    "hear how it ended": lambda b, how: dispute(b.card_payment, "lost", -8000, now=how["now"]),
    "write an answer": lambda b, how: evidence.save_answer(dispute=b.dispute, answer=Answer("x"), **how),
    "add evidence": lambda b, how: evidence.add_file(
        dispute=b.dispute, kind="receipt", given=SimpleUploadedFile("a.pdf", b"%PDF-1.4 a"), **how
    ),
    "take evidence back": lambda b, how: evidence.take_file_back(row=b.evidence, **how),
    "hear of a payout sent back": lambda b, how: apply_payout(account="acct_1", facts=payout("failed"), now=how["now"]),
    "hear of a payout that arrives": lambda b, how: apply_payout(
        account="acct_1", facts=payout("paid"), now=how["now"]
    ),
    "lose the account": lambda b, how: accounts.lose_account(external_id="acct_1", now=how["now"]),
    "see a payment wait": lambda b, how: settlement.apply_attempt(
        payment=b.started, attempt=attempt(b, PaymentState.WAITING), now=how["now"]
    ),
    "send a link to save a card": lambda b, how: card_links.send_card_link(client=b.cora, payer=b.gus, **how),
    "revoke it": lambda b, how: card_links.revoke_card_link(link=b.card_link, **how),
    "agree by it": lambda b, how: card_links.agree_and_begin(
        link=b.card_link, seen=digest_of(mandate_text(b.card_link)), language="en", ip_address=None, now=how["now"]
    ),
    "withdraw what was agreed": lambda b, how: card_links.withdraw_mandate(mandate=b.mandate, **how),
    "unlink a customer": lambda b, how: linked_customers.unlink_customer(customer=b.linked, **how),
    "save a card by it": lambda b, how: card_links.finish_by_event(
        CardSetup("seti_1", is_done=True, card=CARD, customer="cus_1"), now=how["now"]
    ),
    "save a card": lambda b, how: cards.save_card(customer=b.customer, card=CARD, now=how["now"]),
}


@pytest.mark.parametrize("act", ACTS)
def test_nothing_happens_when_it_cannot_be_noted(books, monkeypatch, act):
    how = {"by": books.nora, "now": books.now}
    books.charge.refresh_from_db()
    assert_nothing_is_written(lambda: ACTS[act](books, how), monkeypatch)
