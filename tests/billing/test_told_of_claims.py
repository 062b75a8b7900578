"""Payers are told when a claim ends or gets smaller: what changed, and what is still due. Who they are is decided when the mail is sent."""

import pytest

from billing.actions import invoices, manual_payments
from billing.models import Invoice, Payment
from branding.actions import change_brand
from branding.queries import current_brand
from core.kernel import outbox
from core.kernel.models import OutboxMessage
from core.kernel.money import Money
from core.notifications.models import Notice
from core.people.models import Client
from core.people.roles import ClientPermission
from tests.factories.till import credit, issue


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


@pytest.fixture
def billed(till, mailoutbox):
    """An invoice over 80 EUR that Gus has received."""
    till.invoice = issue(till)
    delivered()
    mailoutbox.clear()
    return till


def delivered() -> None:
    while outbox.deliver_due():
        pass
    assert not OutboxMessage.objects.filter(failures__gt=0).exists()


def void(till) -> Invoice:
    return invoices.cancel_invoice(invoice=till.invoice, reason="Wrong month", by=till.nora, now=till.now)


def cash(till, amount: int) -> Payment:
    return manual_payments.record_payment(
        invoice=till.invoice,
        amount=euros(amount),
        means="cash",
        received_on=till.now.date(),
        by=till.nora,
        now=till.now,
    )


def test_payer_of_a_voided_invoice_reads_that_nothing_is_to_be_paid(billed, mailoutbox):
    void(billed)
    delivered()

    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["Gus North <gus@north.test>"], f"Invoice {billed.invoice.number} is void")
    assert "nothing of it is to be paid any more" in mail.body and "Wrong month" in mail.body
    assert "Nothing of it is due." in mail.body and f"/billing/invoices/{billed.invoice.pk}/" in mail.body
    notice = Notice.objects.get(kind="claim_changed")
    assert (notice.user_id, "80" in notice.title + notice.body) == (billed.gus.pk, False)


def test_payer_reads_by_how_much_less_is_claimed_and_what_is_due(billed, mailoutbox):
    credit(billed, billed.invoice, 1000)
    delivered()

    (mail,) = mailoutbox
    assert "€10.00 less is claimed" in mail.body and "Still due: €70.00." in mail.body and "Came late" in mail.body


def test_receipt_for_a_part_says_what_is_still_due(billed, mailoutbox):
    cash(billed, 3000)
    delivered()
    cash(billed, 5000)
    delivered()

    part, rest = mailoutbox
    assert f"Still due of {billed.invoice.number}: €50.00" in part.body
    assert "Still due" not in rest.body


def test_payer_hears_of_a_noted_payment_that_was_taken_back(billed, mailoutbox):
    payment = cash(billed, 8000)
    delivered()
    mailoutbox.clear()
    manual_payments.reverse_payment(payment=payment, reason="Typing error", by=billed.nora, now=billed.now)
    delivered()

    (mail,) = mailoutbox
    assert "payment of €80.00" in mail.body and "Still due: €80.00." in mail.body


def test_what_is_due_is_written_as_it_is_when_the_mail_is(billed, mailoutbox):
    credit(billed, billed.invoice, 1000)
    cash(billed, 7000)
    delivered()

    assert "Nothing of it is due." in next(mail.body for mail in mailoutbox if "less is claimed" in mail.body)


@pytest.mark.parametrize("act", [void, lambda till: credit(till, till.invoice, 1000)], ids=["voided", "credited"])
def test_who_may_not_see_the_amount_when_it_is_sent_gets_no_mail(billed, mailoutbox, act):
    act(billed)
    hidden = [*billed.cora.permissions, ClientPermission.HIDE_COSTS.value]
    Client.objects.filter(pk=billed.cora.pk).update(permissions=hidden)
    while outbox.deliver_due():
        pass

    assert mailoutbox == []
    assert OutboxMessage.objects.get(name__in=["billing.mail_claim", "billing.mail_credit_note"]).state == "void"


def test_bills_of_a_client_whose_costs_are_hidden_are_told_to_the_agent_alone(till, mailoutbox):
    till.invoice = issue(till, client=till.cleo)
    delivered()
    mailoutbox.clear()
    void(till)
    delivered()

    assert [mail.to for mail in mailoutbox] == [["Ada North <ada@north.test>"]]
    assert set(Notice.objects.filter(kind="claim_changed").values_list("user_id", flat=True)) == {till.ada.pk}


def test_reason_and_names_stay_behind_the_sign_in_where_mail_names_nobody(billed, mailoutbox):

    change_brand(current_brand(), by=billed.nora, names_in_mail=False)
    void(billed)
    delivered()

    (mail,) = mailoutbox
    assert "Wrong month" not in mail.body and "Cora" not in mail.body


def test_page_says_who_is_told(billed, visit):
    browser = visit(billed.nora)
    address = f"/billing/invoices/{billed.invoice.pk}/cancellation/"
    page = browser.post(address, {"reason": "Wrong month"}, follow=True).content.decode()

    assert "Gus North is told by mail: gus@north.test." in page


def test_page_says_that_nobody_is_told_and_why(billed, visit):
    billed.gus.is_active = False
    billed.gus.save()
    address = f"/billing/invoices/{billed.invoice.pk}/cancellation/"
    page = visit(billed.nora).post(address, {"reason": "Wrong month"}, follow=True).content.decode()

    assert "Nobody is told by mail: Gus North (the login is switched off)." in page
