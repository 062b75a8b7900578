"""Invoices: numbered without gaps, billed to whoever may see them, voided by a reversing row."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, ProgrammingError, transaction

from billing.actions import charges, invoices
from billing.actions.invoices import Item
from billing.models import Charge, LedgerEntry
from billing.queries.invoices import balance_of, balances
from billing.queries.payers import payer_for
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import OutboxMessage
from core.kernel.money import Money
from core.people import grants
from core.people.models import Client
from tenants.context import as_database_owner
from tests.factories.till import ended, issue


def test_invoice_needs_only_charge_tax_what_for_and_due_date(till):
    draft = invoices.draft_invoice(
        client=till.cora,
        items=[Item("Assessment", Money(10000, "EUR"), tax_rate=Decimal(19))],
        due_on=date(2026, 12, 24),
        by=till.nora,
        now=till.now,
    )
    issued = invoices.issue_invoice(invoice=draft, by=till.nora, now=till.now)

    assert (issued.number, issued.total_amount, issued.payer_user) == ("INV-2026-0001", 11900, till.gus)
    assert OutboxMessage.objects.filter(name="billing.mail_invoice", payload__invoice=str(issued.pk)).count() == 1
    assert balance_of(till.cora, "EUR") == Money(11900, "EUR")


def test_numbers_have_no_gap_after_a_failed_issue(till):
    assert issue(till).number == "INV-2026-0001"

    with pytest.raises(RuntimeError), transaction.atomic():
        issue(till)
        raise RuntimeError("the power went out")

    assert issue(till).number == "INV-2026-0002"


def test_number_takes_the_year_where_the_organization_is(till):
    new_year_in_berlin = till.now.replace(month=12, day=31, hour=23, minute=30)
    draft = invoices.draft_invoice(
        client=till.cora, items=[Item("Assessment", Money(1, "EUR"))], by=till.nora, now=new_year_in_berlin
    )

    issued = invoices.issue_invoice(invoice=draft, by=till.nora, now=new_year_in_berlin)

    assert (issued.number, issued.issued_on) == ("INV-2027-0001", date(2027, 1, 1))


def test_bill_goes_to_the_agent_when_costs_are_hidden(till):
    assert payer_for(till.cleo).user == till.ada
    assert payer_for(till.cora).user == till.gus


def test_without_agent_a_hidden_clients_invoice_waits_as_a_draft(till):
    grants.revoke(till.ada, grants.AUDIT_CLIENT, till.cleo, by=till.nora)
    made = charges.charge_appointment(ended=ended(till, till.cleo), by=audit.SYSTEM, now=till.now)

    invoice = invoices.invoice_charges(charges=[made], by=audit.SYSTEM, now=till.now)

    assert (invoice.state, invoice.payer_kind) == ("draft", "nobody")
    with pytest.raises(DomainError) as refused:
        invoices.issue_invoice(invoice=invoice, by=till.nora, now=till.now)
    assert refused.value.code == "payer_missing"


def test_charge_stands_on_one_valid_invoice_only(till):
    made = charges.charge_appointment(ended=ended(till, till.cora), by=audit.SYSTEM, now=till.now)
    first = invoices.invoice_charges(charges=[made], by=till.nora, now=till.now)
    with pytest.raises(ConflictError):
        invoices.invoice_charges(charges=[made], by=till.nora, now=till.now)

    invoices.cancel_invoice(invoice=first, reason="wrong day", by=till.nora, now=till.now)
    made.refresh_from_db()
    assert made.state == Charge.State.OPEN
    second = invoices.invoice_charges(charges=[made], by=till.nora, now=till.now)

    assert (first.number, second.number) == ("INV-2026-0001", "INV-2026-0002")
    assert balance_of(till.cora, "EUR") == Money(8000, "EUR")


def test_void_needs_a_reason_and_an_unpaid_invoice(till):
    invoice = issue(till)
    with pytest.raises(DomainError):
        invoices.cancel_invoice(invoice=invoice, reason="", by=till.nora, now=till.now)

    invoices.cancel_invoice(invoice=invoice, reason="typo", by=till.nora, now=till.now)

    issued, voided = LedgerEntry.objects.filter(invoice=invoice)
    assert (voided.amount, voided.reverses) == (-issued.amount, issued)
    with pytest.raises(ConflictError):
        invoices.cancel_invoice(invoice=invoice, reason="again", by=till.nora, now=till.now)


def test_ledger_refuses_change_and_removal_in_the_database(till):
    entry = LedgerEntry.objects.get(invoice=issue(till))

    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        LedgerEntry.objects.filter(pk=entry.pk).update(amount=1)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        entry.delete()
    with as_database_owner():
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            LedgerEntry.objects.filter(pk=entry.pk).update(amount=1)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            entry.delete()


def test_due_date_in_the_past_is_refused(till):
    assert issue(till, due_on=date(2026, 11, 20)).due_on == date(2026, 11, 20)
    with pytest.raises(DomainError) as refused:
        issue(till, due_on=date(2026, 11, 19))
    assert refused.value.field == "due_on"


def test_mixed_currencies_and_empty_invoices_are_refused(till):
    for items in ([], [Item("a", Money(1, "EUR")), Item("b", Money(1, "USD"))]):
        with pytest.raises(DomainError):
            invoices.draft_invoice(client=till.cora, items=items, by=till.nora, now=till.now)


def test_discarded_draft_frees_its_charges_and_takes_no_number(till):
    made = charges.charge_appointment(ended=ended(till, till.cora), by=audit.SYSTEM, now=till.now)
    draft = invoices.draft_invoice(client=till.cora, items=[invoices.charge_item(made)], by=till.nora, now=till.now)

    invoices.discard_draft(invoice=draft, by=till.nora, now=till.now)

    made.refresh_from_db()
    assert made.state == Charge.State.OPEN
    assert issue(till).number == "INV-2026-0001"


@pytest.mark.parametrize("who", ["tess", "gus", "ada", "cleo_login"])
def test_only_billing_staff_issue_and_void(till, who):
    invoice = issue(till)
    with pytest.raises(PermissionDenied):
        invoices.cancel_invoice(invoice=invoice, reason="no", by=getattr(till, who), now=till.now)


def test_balances_list_who_owes_most_first(till):
    issue(till, amount=1000)
    issue(till, client=till.cleo, amount=5000)

    assert [(one.client, one.amount.amount) for one in balances(Client.objects.all())] == [
        (till.cleo, 5000),
        (till.cora, 1000),
    ]
