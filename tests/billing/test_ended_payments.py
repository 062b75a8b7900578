"""A payment that ends leaves a trace before the processor is asked; one that comes after its claim has ended is seen, told and settled."""

from dataclasses import replace

import pytest
import stripe

from billing.actions import accounts, cards, invoices, payments, refunds, settlement
from billing.gateways import gateway
from billing.gateways.stripe import StripeGateway
from billing.models import Invoice, Payment, PaymentAccount, SavedCard
from billing.queries.invoices import balance_of
from core.kernel import outbox
from core.kernel.models import AuditEvent, OutboxMessage
from core.kernel.money import Money
from core.notifications.models import Notice
from core.people.actions import change_client_status
from core.people.models import Client, LinkedLogin
from tests.factories.till import issue


class Killed(BaseException):
    """The program stops here, as a signal would stop it."""


def begun(shop, *claims) -> Payment:
    claims = claims or (issue(shop),)
    return payments.start_payment(invoices=[each.pk for each in claims], by=shop.gus, now=shop.now).payment


def state_at_processor(payment) -> str:
    return gateway().retrieve_payment(payment.account_id, payment.external_id).state


def fresh(found):
    return type(found).objects.get(pk=found.pk)


def delivered() -> None:
    while outbox.deliver_due():
        pass


def pay(shop, payment):
    shop.processor.pay(shop.account.external_id, payment.external_id)


@pytest.mark.parametrize("status", ["inactive", "prospect"])
def test_begun_payments_end_when_somebody_is_taken_out_of_care(shop, status):
    payment = begun(shop)
    change_client_status(client=shop.cora, status=status, by=shop.nora, now=shop.now)
    delivered()

    assert (fresh(payment).state, state_at_processor(payment)) == ("cancelled", "cancelled")
    with pytest.raises(stripe.InvalidRequestError):
        pay(shop, payment)


def test_payment_for_two_ends_when_one_of_them_is_taken_out_of_care(shop):
    dora = Client.objects.create(first_name="Dora", last_name="Winter", time_zone="Europe/Berlin")
    LinkedLogin.objects.create(user=shop.gus, client=dora, relationship="guardian")
    payment = begun(shop, issue(shop), issue(shop, client=dora))
    change_client_status(client=dora, status="inactive", by=shop.nora, now=shop.now)
    delivered()

    assert state_at_processor(payment) == "cancelled"


def test_payment_goes_on_for_who_is_active_again_before_it_ended(shop):
    payment = begun(shop)
    OutboxMessage.objects.all().delete()
    for status in ("inactive", "active"):
        change_client_status(client=shop.cora, status=status, by=shop.nora, now=shop.now)
    delivered()

    assert fresh(payment).is_live and state_at_processor(payment) == "started"


@pytest.mark.parametrize("stopped_at", ["before", "after"])
def test_program_that_stops_beside_the_call_leaves_who_wanted_what_and_a_worker_finishes_it(
    shop, monkeypatch, stopped_at
):
    payment, cancel = begun(shop), StripeGateway.cancel_payment
    OutboxMessage.objects.filter(name="billing.reconcile_payment").delete()

    def stop(self, *arguments):
        if stopped_at == "after":
            cancel(self, *arguments)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(StripeGateway, "cancel_payment", stop)
        with pytest.raises(Killed):
            payments.end_payment(payment=payment, by=shop.nora, now=shop.now)
    assert fresh(payment).state == "started"
    assert AuditEvent.objects.get(action="payment.ending").actor_id == str(shop.nora.pk)
    delivered()

    assert (fresh(payment).state, state_at_processor(payment)) == ("cancelled", "cancelled")
    assert not OutboxMessage.objects.filter(failures__gt=0).exists()


def test_account_that_was_opened_by_a_program_that_stopped_is_found_again(till, processor, monkeypatch):
    create = StripeGateway.create_account
    made = []

    def stop(self, **details):
        made.append(create(self, **details))
        raise Killed

    back = {"done": "http://north.test/back", "again": "http://north.test/back"}
    with monkeypatch.context() as patch:
        patch.setattr(StripeGateway, "create_account", stop)
        with pytest.raises(Killed):
            accounts.connect_account(**back, by=till.nora, now=till.now)
    assert not PaymentAccount.objects.exists()
    assert AuditEvent.objects.get(action="payment_account.opening").actor_id == str(till.nora.pk)
    delivered()

    assert PaymentAccount.objects.get().external_id == made[0].external_id
    accounts.connect_account(**back, by=till.nora, now=till.now)
    delivered()
    assert PaymentAccount.objects.count() == 1


def test_removed_card_is_let_go_by_a_promise_also_where_the_processor_has_let_it_go_already(shop, hook):
    payment = begun(shop)
    payments.prepare_payment(payment=payment, save_card=True, by=shop.gus, now=shop.now)
    pay(shop, payment)
    hook(shop.processor.delivered("payment_intent.succeeded")[0])
    card = SavedCard.objects.get()
    cards.remove_card(card=card, by=shop.gus, now=shop.now)
    client, options = shop.processor.client, {"stripe_account": shop.account.external_id}
    assert client.v1.payment_methods.retrieve(card.external_id, {}, options).customer is not None
    delivered()

    assert client.v1.payment_methods.retrieve(card.external_id, {}, options).customer is None
    assert fresh(card).removed_at == shop.now
    outbox.enqueue("billing.detach_card", account=shop.account.external_id, card=card.external_id)
    delivered()
    assert not OutboxMessage.objects.filter(failures__gt=0).exists()


def paid_after_void(shop, hook) -> Payment:
    """The payer's page has passed its last check; the account could not be asked, so the claim ended here alone; then the card paid."""
    invoice = issue(shop)
    payment = begun(shop, invoice)
    payments.prepare_payment(payment=payment, save_card=False, by=shop.gus, now=shop.now)
    settlement.abandon_payment(payment=payment, now=shop.now)
    invoices.cancel_invoice(invoice=invoice, reason="typo", by=shop.nora, now=shop.now)
    pay(shop, payment)
    assert hook(shop.processor.delivered("payment_intent.succeeded")[0]).status_code == 200
    return fresh(payment)


def test_money_for_a_claim_that_has_ended_is_in_the_books_told_and_offered_back(shop, hook, visit):
    payment = paid_after_void(shop, hook)
    invoice = payment.invoices.get()

    assert (payment.state, invoice.state, invoice.overpaid) == ("succeeded", "void", Money(8000, "EUR"))
    assert balance_of(shop.cora, "EUR") == Money(-8000, "EUR")
    notice = Notice.objects.get(kind="invoice_paid", user_id=shop.nora.pk)
    assert "though its state was: Void" in notice.title
    assert "Give it back, or leave it as credit." in notice.body
    page = visit(shop.nora).get(f"/billing/invoices/{invoice.pk}/").content.decode()
    assert "€80.00 more was paid than is claimed" in page and "in the balance it stands as credit" in page
    assert f'href="/billing/invoices/{invoice.pk}/refunds/"' in page
    assert f'href="/billing/balances/{shop.cora.pk}/"' in page

    refunds.refund_invoice(
        invoice=invoice, payment=payment, amount=Money(8000, "EUR"), reason="void", by=shop.nora, now=shop.now
    )
    delivered()
    assert balance_of(shop.cora, "EUR") == Money(0, "EUR")


def test_page_whose_last_check_has_passed_cannot_pay_once_the_claim_was_voided(shop):
    invoice = issue(shop)
    payment = begun(shop, invoice)
    payments.prepare_payment(payment=payment, save_card=False, by=shop.gus, now=shop.now)
    invoices.cancel_invoice(invoice=invoice, reason="typo", by=shop.nora, now=shop.now)

    with pytest.raises(stripe.InvalidRequestError):
        pay(shop, payment)
    assert not Invoice.objects.get(pk=invoice.pk).overpaid


def test_money_of_another_amount_is_told_once_to_whoever_bills(shop, hook):
    payment = begun(shop)
    pay(shop, payment)
    attempt = gateway().retrieve_payment(payment.account_id, payment.external_id)
    for _ in range(2):
        settlement.apply_attempt(payment=payment, attempt=replace(attempt, amount=Money(7000, "EUR")), now=shop.now)

    notice = Notice.objects.get(kind="payment_amount_differs", user_id=shop.nora.pk)
    assert "€70.00" in notice.title and "€80.00" in notice.body
    assert notice.path == f"/billing/payments/{payment.pk}/"
