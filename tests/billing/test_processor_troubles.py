"""What goes wrong at the processor is told, and nothing in the books is lost: refunds sent back, payouts that bounce, accounts held back or gone."""

import json
import time

import pytest

from billing.actions import accounts, evidence, payments, refunds
from billing.actions.evidence import Answer
from billing.models import BouncedPayout, Dispute, Invoice, Payment, PaymentAccount, Refund, WebhookEvent
from billing.queries.disputes import bounced_payouts
from billing.queries.processor import account_in_use, are_cards_off
from core.kernel import outbox
from core.kernel.errors import DomainError, GatewayError
from core.kernel.money import Money
from core.notifications.models import Notice
from deploy.local.payments.webhooks import signature
from tests.factories.disputes import dispute_at_bank, paid_by_card
from tests.factories.till import issue
from tests.local.serving import post


def told(kind: str) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(kind=kind).order_by("created_at").values_list("title", "path"))


@pytest.fixture
def act(shop):
    """Something at the sandbox, by its own address."""
    return lambda path, **form: post(f"{shop.processor.url}/_sandbox/{path}", **form)


def test_refund_that_the_bank_sends_back_later_is_reversed_and_told(shop, hook, act):
    [invoice], payment = paid_by_card(shop)
    refunds.refund_invoice(
        invoice=invoice, payment=payment, amount=Money(8000, "EUR"), reason="unwell", by=shop.nora, now=shop.now
    )
    outbox.deliver_due(limit=100)
    made = Refund.objects.get()
    assert (made.state, Invoice.objects.get().state) == ("succeeded", "refunded")

    act(f"refunds/{made.external_id}/fail", reason="expired_or_canceled_card")
    for kind in ("refund.failed", "refund.updated", "refund.created"):
        for event in shop.processor.delivered(kind) * 2:
            assert hook(event).status_code == 200

    made.refresh_from_db()
    assert made.state == "failed" and "another way" in made.failure_sentence
    assert Invoice.objects.get().state == "paid"
    assert len(told("refund_failed")) == 1


def test_payout_that_bounces_is_told_until_one_arrives(shop, hook, act, monkeypatch):
    paid_by_card(shop)
    [sent] = act(f"accounts/{shop.account.external_id}/payout")["payouts"]
    act(f"payouts/{sent['id']}/bounce", code="account_closed")
    arrived = shop.processor.delivered("payout.paid")[0]
    bounced = shop.processor.delivered("payout.failed")[0]
    for event in (bounced, arrived, bounced):
        hook(event)

    found = BouncedPayout.objects.get()
    assert (found.failure_code, found.mended_at) == ("account_closed", None)
    assert told("payout_bounced") == [
        (f"Your bank has sent {found.money.format('en')} back", "/billing/settings/account/")
    ]

    BouncedPayout.objects.update(made_at=found.made_at.replace(year=2020))
    act(f"accounts/{shop.account.external_id}/payout")
    hook(shop.processor.delivered("payout.paid", 2)[-1])
    assert not bounced_payouts().exists()


def test_account_held_back_turns_cards_off_with_a_sentence_and_on_again(shop, hook, act):
    [paid], _ = paid_by_card(shop)
    open_one = issue(shop)
    act(f"accounts/{shop.account.external_id}/restrict")
    hook(shop.processor.delivered("account.updated", 2)[-1])

    assert account_in_use().state == "restricted" and are_cards_off()
    assert [title for title, _ in told("payment_account_changed")] == ["Card payments are off"]
    with pytest.raises(DomainError) as refused:
        payments.start_payment(invoices=[open_one.pk], by=shop.gus, now=shop.now)
    assert "not possible at the moment" in refused.value.message
    assert Invoice.objects.get(pk=paid.pk).state == "paid"

    act(f"accounts/{shop.account.external_id}/onboard")
    hook(shop.processor.delivered("account.updated", 3)[-1])
    assert account_in_use().is_ready and not are_cards_off()
    assert [title for title, _ in told("payment_account_changed")][-1] == "Card payments are on again"


def test_account_that_is_taken_away_is_told_and_the_books_stay(shop, hook, act):
    [paid], payment = paid_by_card(shop)
    started = payments.start_payment(invoices=[issue(shop).pk], by=shop.gus, now=shop.now).payment
    act(f"accounts/{shop.account.external_id}/deauthorize")
    for event in shop.processor.delivered("account.application.deauthorized") * 2:
        hook(event)

    assert account_in_use() is None and are_cards_off()
    assert PaymentAccount.objects.get().state == "disconnected"
    assert len(told("payment_account_changed")) == 1
    assert Payment.objects.get(pk=payment.pk).state == "succeeded" and Invoice.objects.get(pk=paid.pk).state == "paid"
    payments.cancel_payment(payment=started, now=shop.now)
    assert not Payment.objects.get(pk=started.pk).is_live


def test_organization_that_never_took_cards_reads_nothing_of_them(till):
    assert not are_cards_off()
    assert accounts.lose_account(external_id="acct_nobody", now=till.now) == "ignored: not connected"
    assert told("payment_account_changed") == []


def test_answer_without_an_account_is_refused_and_stays(shop, hook, act):
    _, payment = paid_by_card(shop)
    dispute_at_bank(shop, payment)
    hook(shop.processor.delivered("charge.dispute.funds_withdrawn")[0])
    found = Dispute.objects.get()
    evidence.save_answer(dispute=found, answer=Answer(explanation="They came."), by=shop.nora, now=shop.now)
    act(f"accounts/{shop.account.external_id}/deauthorize")

    with pytest.raises(GatewayError):
        evidence.send_answer(dispute=found, by=shop.nora, now=shop.now)

    found.refresh_from_db()
    assert found.explanation == "They came." and found.answered_at is None


@pytest.mark.parametrize("kind", ["charge.dispute.created", "payout.failed"])
@pytest.mark.parametrize(
    "about", [{}, {"id": "x"}, {"id": "x", "amount": "many", "currency": "eur", "created": 1e99, "status": "lost"}]
)
def test_odd_objects_are_noted_and_change_nothing(shop, hook, settings, kind, about):
    body = json.dumps(
        {"id": "evt_odd", "type": kind, "account": shop.account.external_id, "data": {"object": about}}
    ).encode()
    answer = hook(({"stripe-signature": signature(body, settings.STRIPE_WEBHOOK_SECRET, int(time.time()))}, body))

    assert answer.status_code == 200
    assert WebhookEvent.objects.get(event_id="evt_odd").outcome.startswith("ignored")
    assert not Dispute.objects.exists() and not BouncedPayout.objects.exists()
