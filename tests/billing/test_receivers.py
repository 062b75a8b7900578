"""What the calendar announces becomes charges and invoices: from completion to the payer's mail."""

from datetime import timedelta

import pytest
from django.core import mail

from billing.actions import catalogue
from billing.actions.catalogue import BillingTerms
from billing.models import Charge, Invoice
from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.notifications.models import Notice
from core.scheduling import signals
from core.scheduling.actions.completion import complete_appointment
from core.scheduling.models import Appointment, CompletionType
from tests.factories.till import appointment_of


def kind_of(share: int) -> CompletionType:
    return CompletionType.objects.create(name=f"Kind {share}", outcome="held", client_share=share)


def complete(till, client, share: int = 100) -> None:
    complete_appointment(
        appointment_of(till, client), completion_type=kind_of(share), by=till.tess, now=till.now + timedelta(hours=1)
    )


@pytest.fixture
def automatic(till):
    catalogue.save_settings(terms=BillingTerms(invoice_at_completion=True), by=till.nora, now=till.now)
    return till


def test_completion_charges_and_waits_for_an_invoice_by_default(till):
    complete(till, till.cora)

    assert Charge.objects.get().state == "open"
    assert not Invoice.objects.exists()


def test_completion_by_a_practitioner_issues_the_invoice_at_once_when_set(automatic):
    complete(automatic, automatic.cora)
    outbox.deliver_due()

    invoice = Invoice.objects.get()
    assert (invoice.state, invoice.total_amount, invoice.issued_by) == ("open", 8000, None)
    sent = next(message for message in mail.outbox if message.subject.startswith("Invoice"))
    assert sent.to == ["Gus North <gus@north.test>"]
    assert [(name, mime) for name, _, mime in sent.attachments] == [("INV-2026-0001.pdf", "application/pdf")]
    assert f"http://north.test/billing/invoices/{invoice.pk}/" in sent.body
    assert Notice.objects.get(kind="invoice_issued").user_id == automatic.gus.pk


def test_hidden_costs_go_to_the_agent_only(automatic):
    complete(automatic, automatic.cleo)
    outbox.deliver_due()

    about_money = [message for message in mail.outbox if message.subject.startswith("Invoice")]
    assert [message.to for message in about_money] == [["Ada North <ada@north.test>"]]
    assert set(Notice.objects.filter(kind="invoice_issued").values_list("user_id", flat=True)) == {automatic.ada.pk}


def test_share_of_the_completion_type_is_billed(automatic):
    complete(automatic, automatic.cora, share=50)

    charge = Charge.objects.get()
    assert charge.amount == 4000 and "50 %" in charge.reason_sentence


def test_completion_without_cost_bills_nothing(automatic):
    complete(automatic, automatic.cora, share=0)

    assert not Charge.objects.exists() and not Invoice.objects.exists()


def test_late_cancellation_is_charged_by_its_level(automatic):
    class Cancelled:
        completion_type, client_share, clients = kind_of(50), 50, [automatic.cora]
        wage_share, participant = 50, None

    made = appointment_of(automatic, automatic.cora)
    signals.appointment_cancelled.send(
        Appointment, appointment=made, cancellation=Cancelled, by=automatic.gus, now=automatic.now
    )

    assert Charge.objects.get().amount == 4000


def test_cancellation_in_time_is_free(automatic):
    class Cancelled:
        completion_type, client_share, clients = None, 0, [automatic.cora]

    signals.appointment_cancelled.send(
        Appointment,
        appointment=appointment_of(automatic, automatic.cora),
        cancellation=Cancelled,
        by=automatic.gus,
        now=automatic.now,
    )

    assert not Charge.objects.exists()


def test_invoice_mail_is_void_once_the_payer_may_not_see_it(automatic):
    complete(automatic, automatic.cora)
    automatic.cora.permissions = [*automatic.cora.permissions, "hide_costs"]
    automatic.cora.save()

    outbox.deliver_due()

    assert OutboxMessage.objects.get(name="billing.mail_invoice").state == "void"
    assert not [message for message in mail.outbox if message.subject.startswith("Invoice")]
