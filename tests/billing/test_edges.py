"""Small edges of money: numbers that read alike, bills that cannot be made, late drafts, cards given twice, what the processor counts otherwise."""

from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from billing.actions import cards, catalogue, charges, invoices, ledger, refunds
from billing.actions.catalogue import BillingTerms
from billing.actions.invoices import Item
from billing.gateways.base import Card
from billing.models import (
    Charge,
    Customer,
    Invoice,
    LedgerEntry,
    NumberSequence,
    Payment,
    PaymentShare,
    Refund,
    SavedCard,
)
from billing.queries.invoices import balance_of
from billing.rules.balances import Kind
from core.kernel import audit, outbox
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.notifications.models import Notice
from core.scheduling.actions.completion import complete_appointment
from core.scheduling.models import CompletionType
from tests.factories.till import appointment_of, ended, issue, terms


def count_by(till, prefix: str, *, by_year: bool) -> None:
    settings = BillingTerms(number_prefix=prefix, number_by_year=by_year, invoice_at_completion=True)
    catalogue.save_settings(terms=settings, by=till.nora, now=till.now)


def test_pattern_that_reads_like_an_earlier_one_goes_on_behind_it(till):
    count_by(till, "CAD", by_year=True)
    assert [issue(till).number for _ in range(3)] == ["CAD-2026-0001", "CAD-2026-0002", "CAD-2026-0003"]

    count_by(till, "CAD-2026", by_year=False)
    assert [issue(till).number for _ in range(2)] == ["CAD-2026-0004", "CAD-2026-0005"]

    count_by(till, "CAD", by_year=True)
    assert issue(till).number == "CAD-2026-0006"


def test_number_is_given_once_even_where_the_counts_stand_wrong(till):
    count_by(till, "2026", by_year=False)
    issue(till)
    NumberSequence.objects.update(last=0)  # as rows of an earlier release may

    assert issue(till).number == "2026-0002"


def test_completing_never_fails_because_of_an_invoice(till, monkeypatch):
    count_by(till, "CAD", by_year=True)
    monkeypatch.setattr("billing.actions.numbers.take_number", lambda counted, year: 1 / 0)
    kind = CompletionType.objects.create(name="Held", outcome="held", client_share=100)

    complete_appointment(
        appointment_of(till, till.cora), completion_type=kind, by=till.tess, now=till.now + timedelta(hours=1)
    )

    assert (Charge.objects.get().state, Invoice.objects.count()) == ("open", 0)
    assert Notice.objects.filter(kind="charge_not_invoiced", user_id=till.nora.pk).exists()


def test_draft_issued_late_is_not_overdue_at_birth(till):
    draft = invoices.draft_invoice(
        client=till.cora, items=[Item("x", Money(100, "EUR"))], due_on=date(2026, 11, 27), by=till.nora, now=till.now
    )

    issued = invoices.issue_invoice(invoice=draft, by=till.nora, now=till.now + timedelta(days=10))

    assert (issued.issued_on, issued.due_on) == (date(2026, 11, 30), date(2026, 12, 7))


def test_charges_of_several_people_become_invoices_or_none_at_all(till, monkeypatch):
    made = [
        charges.charge_appointment(ended=ended(till, client, number), by=audit.SYSTEM, now=till.now)
        for number, client in enumerate((till.cora, till.cleo))
    ]
    with pytest.raises(DomainError):
        invoices.invoice_each(charges=[], by=till.nora, now=till.now)
    seen = []
    monkeypatch.setattr(
        "billing.actions.numbers.take_number", lambda counted, year: seen.append(1) or "N-1"
    )  # the second collides
    with pytest.raises(Exception, match="invoice"):
        invoices.invoice_each(charges=made, by=till.nora, now=till.now)
    assert (len(seen), Invoice.objects.count()) == (2, 0)


@pytest.fixture
def customer(shop):
    return Customer.objects.create(user=shop.gus, account=shop.account, external_id="cus_1", created_at=shop.now)


def given_card(reference: str, fingerprint: str = "fp", year: int = 2030) -> Card:
    return Card(reference, "visa", "4242", 4, year, fingerprint)


def test_same_card_given_twice_is_kept_once_under_its_newer_reference(shop, customer):
    first = cards.save_card(customer=customer, card=given_card("pm_1"), now=shop.now)
    again = cards.save_card(customer=customer, card=given_card("pm_2", year=2034), now=shop.now)
    other = cards.save_card(customer=customer, card=given_card("pm_3", "another"), now=shop.now)

    assert again.pk == first.pk != other.pk
    assert set(SavedCard.objects.values_list("external_id", "expires_year")) == {("pm_2", 2034), ("pm_3", 2030)}


def test_card_of_an_earlier_release_is_known_by_what_is_printed_on_it(shop, customer):
    first = cards.save_card(customer=customer, card=given_card("pm_1", ""), now=shop.now)

    assert cards.save_card(customer=customer, card=given_card("pm_2"), now=shop.now).pk == first.pk


def test_older_reference_is_let_go_at_the_processor(shop, customer):
    options = {"stripe_account": shop.account.external_id}
    methods = shop.processor.client.v1.payment_methods
    theirs = shop.processor.client.v1.customers.create({}, options).id
    one, two = (methods.attach("pm_card_visa", {"customer": theirs}, options).id for _ in range(2))
    cards.save_card(customer=customer, card=given_card(one), now=shop.now)
    cards.save_card(customer=customer, card=given_card(two), now=shop.now)

    outbox.deliver_due()

    assert methods.retrieve(one, {}, options).customer is None
    assert methods.retrieve(two, {}, options).customer == theirs


@pytest.mark.parametrize(("today", "expired"), [(date(2030, 4, 30), False), (date(2030, 5, 1), True)])
def test_card_is_valid_to_the_end_of_its_month(today, expired):
    assert SavedCard(expires_month=4, expires_year=2030).is_expired(today) is expired


def test_prices_that_no_card_can_pay_are_refused_where_cards_are_taken(shop):
    dinars = terms("Dinars", 0)
    catalogue.save_service(
        terms=catalogue.ServiceTerms(name="Even", price=Money(12340, "KWD")), by=shop.nora, now=shop.now
    )
    with pytest.raises(DomainError) as refused:
        catalogue.save_service(
            terms=catalogue.ServiceTerms(name="Odd", price=Money(12345, "KWD")), by=shop.nora, now=shop.now
        )
    assert (refused.value.field, dinars.unit) == ("price", "appointment")


def test_refund_that_no_card_takes_is_refused_before_it_is_promised(till):
    draft = invoices.draft_invoice(client=till.cora, items=[Item("x", Money(12340, "KWD"))], by=till.nora, now=till.now)
    invoice = invoices.issue_invoice(invoice=draft, by=till.nora, now=till.now)
    payment = Payment.objects.create(
        means="card", state="succeeded", payer_name="G", amount=12340, currency="KWD", started_at=till.now,
        succeeded_at=till.now,
    )  # fmt: skip
    PaymentShare.objects.create(payment=payment, invoice=invoice, amount=12340, currency="KWD")

    with pytest.raises(DomainError) as refused:
        refunds.refund_invoice(
            invoice=invoice, payment=payment, amount=Money(1234, "KWD"), reason="back", by=till.nora, now=till.now
        )

    assert (refused.value.code, Refund.objects.count()) == ("not_by_card", 0)


def old_refund(till, invoice, payment, amount: int) -> Refund:
    """A refund as it was entered before: credited, whatever it gave back."""
    refund = Refund.objects.create(
        payment=payment,
        invoice=invoice,
        amount=amount,
        currency="EUR",
        state="succeeded",
        made_at=till.now,
        made_by="N",
    )
    for kind in (Kind.REFUNDED, Kind.CREDITED):
        ledger.post(
            kind, Money(amount, "EUR"), invoice=invoice, payment=payment, refund=refund, by="Nora", now=till.now
        )
    PaymentShare.objects.filter(payment=payment, invoice=invoice).update(refunded_amount=amount)
    Invoice.objects.filter(pk=invoice.pk).update(refunded_amount=amount, state="refunded")
    return refund


def old_payment(till, invoice, amount: int) -> Payment:
    payment = Payment.objects.create(
        means="cash", state="succeeded", payer_name="G", amount=amount, currency="EUR", started_at=till.now,
        succeeded_at=till.now,
    )  # fmt: skip
    PaymentShare.objects.create(payment=payment, invoice=invoice, amount=amount, currency="EUR")
    ledger.post(Kind.PAID, Money(amount, "EUR"), invoice=invoice, payment=payment, by="Nora", now=till.now)
    Invoice.objects.filter(pk=invoice.pk).update(paid_amount=amount)
    return payment


def test_old_books_are_put_right_by_rows_that_reverse(till):
    """The two faults as earlier releases left them: credit that nobody had, and an invoice that nobody could settle."""
    ghost = issue(till, amount=1000)
    invoices.cancel_invoice(invoice=ghost, reason="typo", by=till.nora, now=till.now)
    old_refund(till, ghost, old_payment(till, ghost, 1000), 1000)
    Invoice.objects.filter(pk=ghost.pk).update(state="void")
    stuck = issue(till, amount=10000)
    old_refund(till, stuck, old_payment(till, stuck, 4000), 4000)
    assert balance_of(till.cora, "EUR") == Money(6000 - 1000, "EUR")

    import_module("billing.migrations.0009_only_claims_are_credited").correct(apps, None)

    assert balance_of(till.cora, "EUR") == Money(6000, "EUR")
    ghost, stuck = Invoice.objects.get(pk=ghost.pk), Invoice.objects.get(pk=stuck.pk)
    assert (ghost.state, ghost.standing.balance.amount) == ("void", 0)
    assert (stuck.state, stuck.due, stuck.credited) == ("open", Money(6000, "EUR"), Money(4000, "EUR"))
    reversing = LedgerEntry.objects.get(kind="credit_reversed")
    assert (reversing.amount, reversing.invoice, "not owed" in reversing.reason_sentence) == (1000, ghost, True)
    assert Decimal(reversing.reverses.amount) == -1000
