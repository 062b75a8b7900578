"""Paying by card: the real library, the sandbox's API and webhooks; every event once, and only forward."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
import stripe
from django.core import mail
from django.core.exceptions import PermissionDenied

from billing.actions import manual_payments, payments, settlement
from billing.gateways import gateway
from billing.models import Invoice, LedgerEntry, Payment, PaymentAccount, SavedCard, WebhookEvent
from billing.queries.invoices import balance_of
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.money import Money
from core.notifications.models import Notice
from deploy.local.payments.webhooks import signature
from tenants.context import organization_context
from tenants.external_accounts import link_account
from tests.factories.till import issue


def start(shop, *invoices, by=None) -> payments.StartedPayment:
    return payments.start_payment(invoices=[invoice.pk for invoice in invoices], by=by or shop.gus, now=shop.now)


def pay(shop, started, card: str = "pm_card_visa") -> None:
    shop.processor.pay(shop.account.external_id, started.payment.external_id, card)


def fresh(invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def test_signed_webhook_marks_paid_mails_the_receipt_and_tells_the_issuer(shop, hook):
    invoice = issue(shop)
    started = start(shop, invoice)
    assert started.secret.startswith(started.payment.external_id)
    pay(shop, started)

    answer = hook(shop.processor.delivered("payment_intent.succeeded")[0])
    outbox.deliver_due()

    assert answer.status_code == 200
    assert fresh(invoice).state == "paid"
    assert balance_of(shop.cora, "EUR") == Money(0, "EUR")
    paid = Payment.objects.get()
    assert (paid.state, paid.card_brand, paid.card_last4) == ("succeeded", "visa", "4242")
    receipt = next(message for message in mail.outbox if message.subject.startswith("Receipt"))
    assert receipt.to == ["Gus North <gus@north.test>"]
    assert [name for name, _, _ in receipt.attachments] == ["INV-2026-0001-receipt.pdf"]
    assert Notice.objects.get(kind="invoice_paid").user_id == shop.nora.pk


def test_webhook_sent_three_times_counts_once(shop, hook):
    invoice = issue(shop)
    pay(shop, start(shop, invoice))
    event = shop.processor.delivered("payment_intent.succeeded")[0]

    answers = [hook(event).status_code for _ in range(3)]

    assert answers == [200, 200, 200]
    assert LedgerEntry.objects.filter(kind="paid").count() == 1
    assert WebhookEvent.objects.filter(kind="payment_intent.succeeded").count() == 1
    assert fresh(invoice).paid_amount == 8000


@pytest.mark.parametrize("forged", ["t=1,v1=00", "", "nonsense"])
def test_wrong_signature_is_refused_and_changes_nothing(shop, hook, forged):
    invoice = issue(shop)
    pay(shop, start(shop, invoice))
    headers, body = shop.processor.delivered("payment_intent.succeeded")[0]

    assert hook(({"stripe-signature": forged}, body)).status_code == 400
    assert hook(({"stripe-signature": headers["stripe-signature"]}, body.replace(b"8000", b"9000"))).status_code == 400

    assert fresh(invoice).state == "open" and not WebhookEvent.objects.exists()
    assert hook((headers, body)).status_code == 200


def test_signature_older_than_five_minutes_is_refused(shop, hook):
    pay(shop, start(shop, issue(shop)))
    _, body = shop.processor.delivered("payment_intent.succeeded")[0]
    old, young = (signature(body, "whsec_tests", int(time.time()) - age) for age in (301, 290))

    assert hook(({"stripe-signature": old}, body)).status_code == 400
    assert hook(({"stripe-signature": young}, body)).status_code == 200


def test_refusal_that_arrives_after_the_success_changes_nothing(shop, hook):
    invoice = issue(shop)
    started = start(shop, invoice)
    with pytest.raises(stripe.CardError):
        pay(shop, started, "pm_card_chargeDeclined")
    pay(shop, started)
    late, success = (shop.processor.delivered(f"payment_intent.{kind}")[0] for kind in ("payment_failed", "succeeded"))

    hook(success)
    hook(late)

    assert fresh(invoice).state == "paid"
    assert Payment.objects.get().state == "succeeded"


def test_declined_card_leaves_the_invoice_open_with_a_sentence_and_can_be_tried_again(shop, hook):
    invoice = issue(shop)
    started = start(shop, invoice)
    with pytest.raises(stripe.CardError):
        pay(shop, started, "pm_card_visa_chargeDeclinedInsufficientFunds")
    hook(shop.processor.delivered("payment_intent.payment_failed")[0])

    refused = Payment.objects.get()
    assert (refused.state, refused.failure, refused.failure_code) == ("refused", "", "card.funds")
    assert fresh(invoice).state == "open"
    again = start(shop, invoice)
    assert again.payment == refused

    pay(shop, again)
    assert payments.refresh_payment(payment=again.payment, now=shop.now).state == "succeeded"


def test_event_of_an_unknown_account_is_taken_and_ignored(shop, hook):
    foreign = shop.processor.client.v1.accounts.create({"type": "standard", "country": "US"})
    shop.processor.onboard(foreign.id)
    options = {"stripe_account": foreign.id}
    intent = shop.processor.client.v1.payment_intents.create(
        {"amount": 8000, "currency": "eur", "payment_method_types": ["card"]}, options
    )
    shop.processor.pay(foreign.id, intent.id)

    assert hook(shop.processor.delivered("payment_intent.succeeded")[0]).status_code == 200
    assert not WebhookEvent.objects.exists()


def test_event_of_anothers_account_never_reaches_this_organization(shop, south, hook):
    """South's account pays an intent whose metadata names north's payment: the account decides, not the payload."""
    invoice = issue(shop)
    started = start(shop, invoice)
    theirs = shop.processor.client.v1.accounts.create({"type": "standard", "country": "US"})
    shop.processor.onboard(theirs.id)
    with organization_context(south):
        link_account("stripe", theirs.id)
        PaymentAccount.objects.create(
            external_id=theirs.id, country="US", currency="USD", connected_at=shop.now, changed_at=shop.now
        )
    forged = shop.processor.client.v1.payment_intents.create(
        {
            "amount": 8000,
            "currency": "eur",
            "payment_method_types": ["card"],
            "metadata": {"payment": str(started.payment.pk)},
        },
        {"stripe_account": theirs.id},
    )
    shop.processor.pay(theirs.id, forged.id)

    assert hook(shop.processor.delivered("payment_intent.succeeded")[0]).status_code == 200

    assert fresh(invoice).state == "open" and not WebhookEvent.objects.filter(kind="payment_intent.succeeded").exists()
    with organization_context(south):
        assert WebhookEvent.objects.get(kind="payment_intent.succeeded").outcome.startswith("ignored")


def test_several_invoices_are_paid_at_once(shop):
    first, second = issue(shop, amount=8000), issue(shop, amount=2500)
    started = start(shop, first, second)
    assert started.payment.amount == 10500

    pay(shop, started)
    payments.refresh_payment(payment=started.payment, now=shop.now)

    assert {fresh(first).state, fresh(second).state} == {"paid"}
    assert sorted(LedgerEntry.objects.filter(kind="paid").values_list("amount", flat=True)) == [-8000, -2500]


def test_coming_back_continues_the_same_payment_and_never_makes_a_second(shop):
    invoice = issue(shop)
    first = start(shop, invoice)

    assert start(shop, invoice).payment == first.payment
    assert Payment.objects.count() == 1


def test_second_person_takes_over_an_unfinished_payment_but_not_a_finished_one(shop):
    invoice = issue(shop)
    first = start(shop, invoice)

    second = start(shop, invoice, by=shop.cora_login)
    assert Payment.objects.get(pk=first.payment.pk).state == "cancelled"
    with pytest.raises(stripe.InvalidRequestError):
        pay(shop, first)

    pay(shop, second)
    with pytest.raises(ConflictError) as refused:
        start(shop, invoice)
    assert refused.value.code == "not_open"
    assert fresh(invoice).paid_amount == 8000


def test_payment_that_waits_for_the_bank_blocks_a_second_one(shop):
    invoice = issue(shop)
    started = start(shop, invoice)
    pay(shop, started, "pm_card_threeDSecure2Required")

    with pytest.raises(ConflictError) as refused:
        start(shop, invoice, by=shop.cora_login)

    assert refused.value.code == "payment_under_way"
    assert Payment.objects.get(pk=started.payment.pk).state == "waiting"


def test_money_noted_by_hand_ends_the_unfinished_card_payment(shop):
    invoice = issue(shop)
    started = start(shop, invoice)
    manual_payments.record_payment(
        invoice=invoice,
        amount=Money(8000, "EUR"),
        means="transfer",
        received_on=shop.now.date(),
        by=shop.nora,
        now=shop.now,
    )

    outbox.deliver_due()

    assert Payment.objects.get(pk=started.payment.pk).state == "cancelled"


def test_without_a_webhook_the_promise_to_look_finds_the_payment(shop, monkeypatch):
    invoice = issue(shop)
    pay(shop, start(shop, invoice))
    now = shop.now + timedelta(minutes=3)
    monkeypatch.setattr(clock, "now", lambda: max(now, clock.datetime.now(clock.UTC)))

    outbox.deliver_due()

    assert fresh(invoice).state == "paid"


def test_amount_that_differs_is_never_booked(shop):
    invoice = issue(shop)
    started = start(shop, invoice)
    pay(shop, started)
    attempt = gateway().retrieve_payment(shop.account.external_id, started.payment.external_id)
    settlement.apply_attempt(payment=started.payment, attempt=replace(attempt, amount=Money(1, "EUR")), now=shop.now)
    assert fresh(invoice).state == "open"

    settlement.apply_attempt(payment=started.payment, attempt=attempt, now=shop.now)
    assert fresh(invoice).state == "paid"


@pytest.mark.parametrize(
    ("who", "error"), [("ada", NotFound), ("tess", NotFound), ("cleo_login", NotFound), ("nora", PermissionDenied)]
)
def test_only_payers_pay(shop, who, error):
    invoice = issue(shop)
    with pytest.raises(error):
        start(shop, invoice, by=getattr(shop, who))
    assert start(shop, invoice).payment.payer == shop.gus


def test_agent_pays_for_a_client_whose_costs_are_hidden(shop):
    invoice = issue(shop, client=shop.cleo)
    pay(shop, started := start(shop, invoice, by=shop.ada))
    payments.refresh_payment(payment=started.payment, now=shop.now)

    assert fresh(invoice).state == "paid"
    outbox.deliver_due()
    assert {address for message in mail.outbox for address in message.to} == {"Ada North <ada@north.test>"}


def test_payments_are_off_until_the_account_is_ready(till, processor):
    invoice = issue(till)
    with pytest.raises(DomainError) as refused:
        payments.start_payment(invoices=[invoice.pk], by=till.gus, now=till.now)
    assert refused.value.code == "payments_off"


def test_card_is_kept_when_the_payer_wants_it_and_shown_by_its_last_digits(shop, hook):
    started = start(shop, issue(shop))
    payments.prepare_payment(payment=started.payment, save_card=True, by=shop.gus, now=shop.now)
    pay(shop, started)

    hook(shop.processor.delivered("payment_intent.succeeded")[0])

    kept = SavedCard.objects.get()
    assert (kept.customer.user, kept.brand, kept.last4) == (shop.gus, "visa", "4242")


def test_no_card_is_kept_unasked(shop, hook):
    pay(shop, start(shop, issue(shop)))
    hook(shop.processor.delivered("payment_intent.succeeded")[0])

    assert not SavedCard.objects.exists()


def test_statement_shows_the_organizations_name(shop):
    pay(shop, started := start(shop, issue(shop)))
    options = {"stripe_account": shop.account.external_id}
    charge = shop.processor.client.v1.charges.list({"payment_intent": started.payment.external_id}, options).data[0]

    assert charge.calculated_statement_descriptor == "North Practice"
    assert charge.receipt_email is None
