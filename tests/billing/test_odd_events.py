"""Events with the right signature and the wrong content: taken, noted, and never asked for again."""

import json
import time

import pytest
from django.db import OperationalError

from billing.actions import events, payments
from billing.models import Payment, WebhookEvent
from deploy.local.payments.webhooks import signature
from tenants.context import public_context
from tenants.models import Organization
from tests.factories.till import issue


def pay(shop) -> None:
    started = payments.start_payment(invoices=[issue(shop).pk], by=shop.gus, now=shop.now)
    shop.processor.pay(shop.account.external_id, started.payment.external_id, "pm_card_visa")


@pytest.fixture
def signed(shop, hook, settings):
    """Posts whatever it is given, signed as the processor signs; an object gets the account and an id where it has none."""

    def post(content):
        if isinstance(content, dict):
            content = {"id": "evt_odd", "account": shop.account.external_id, **content}
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return hook(({"stripe-signature": signature(body, settings.STRIPE_WEBHOOK_SECRET, int(time.time()))}, body))

    return post


@pytest.mark.parametrize(
    "kind", ["payment_intent.succeeded", "refund.updated", "setup_intent.succeeded", "account.updated"]
)
@pytest.mark.parametrize(
    "about",
    [
        None,
        [],
        7,
        "pi_1",
        {},
        {"object": None},
        {"object": []},
        {"object": "pi_1"},
        {"object": {"id": "pi_1", "amount": None, "currency": None}},
        {"object": {"id": "pi_1", "amount": "many", "currency": "eur"}},
        {"object": {"id": "pi_1", "amount": 1e400, "currency": "eur"}},
        {"object": {"id": "pi_1", "amount": 10, "currency": 7, "status": {}}},
        {"object": {"id": ["x"], "amount": 10, "currency": "eur", "requirements": "none", "payment_method": 7}},
        {"object": {"id": "pi_1", "requirements": {"past_due": 7, "currently_due": {"a": 1}}, "default_currency": 7}},
        {"object": {"id": "x" * 5000, "amount": 10, "currency": "e\0\ud800r"}},
    ],
    ids=str,
)
def test_event_with_an_odd_object_is_taken_and_noted(signed, kind, about):
    assert signed({"type": kind, "data": about}).status_code == 200

    noted = WebhookEvent.objects.get(event_id="evt_odd")
    assert noted.kind == kind
    assert noted.outcome.startswith(("ignored", "failed"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no json",
        b"[]",
        b"7",
        b"null",
        b'"text"',
        b"[" * 100_000,
        {},
        {"type": None},
        {"type": ["a"]},
        {"id": None},
    ]
    + [{"id": {"a": 1}}, {"id": "evt\0odd", "type": "a\0b"}, {"id": "e" * 5000, "type": "t" * 5000}]
    + [{"account": None}, {"account": ["acct"]}, {"account": "acct\0"}, {"account": "a" * 5000}, {"id": "\ud800"}],
    ids=lambda content: str(content)[:40],
)
def test_event_with_an_odd_envelope_is_taken(signed, content):
    assert signed(content).status_code == 200


def test_event_that_could_not_be_applied_is_noted_and_tried_again_when_it_is_sent_again(shop, hook, monkeypatch):
    pay(shop)
    event = shop.processor.delivered("payment_intent.succeeded")[0]
    with monkeypatch.context() as patch:
        patch.setattr(events, "_apply", lambda *_: 1 / 0)
        assert hook(event).status_code == 200
    assert WebhookEvent.objects.get().outcome == "failed: ZeroDivisionError"
    assert Payment.objects.get().state != "succeeded"

    assert hook(event).status_code == 200
    assert WebhookEvent.objects.get().outcome == "payment succeeded"
    assert Payment.objects.get().state == "succeeded"


def test_event_is_asked_for_again_when_the_database_is_away(shop, hook, monkeypatch):
    pay(shop)

    def away(*_):
        raise OperationalError("the server is gone")

    monkeypatch.setattr(events, "_apply", away)

    assert hook(shop.processor.delivered("payment_intent.succeeded")[0]).status_code == 503
    assert not WebhookEvent.objects.exists()


def test_event_for_a_closed_organization_is_taken_and_changes_nothing(shop, north, hook):
    pay(shop)
    with public_context():
        Organization.objects.filter(pk=north.pk).update(state="closed")

    assert hook(shop.processor.delivered("payment_intent.succeeded")[0]).status_code == 200
    assert not WebhookEvent.objects.exists()
