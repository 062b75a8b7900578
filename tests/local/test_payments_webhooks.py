"""Signed webhooks: what is sent, to whom, how often, and after which failures."""

import time

import pytest
import stripe

from deploy.local.payments.ledger import Ledger
from deploy.local.payments.sandbox import Sandbox
from deploy.local.payments.webhooks import configured_endpoint, signature
from tests.local.intents import pay
from tests.local.serving import SECRET, eventually, get, post, serving


def test_each_event_arrives_signed_with_its_account(client, account, receiver):
    intent = pay(client, account=account, metadata={"invoice": "N-7"})
    event = eventually(lambda: receiver.events("payment_intent.succeeded"))[0]
    assert (event.account, event.livemode, event.api_version) == (account, False, stripe.api_version)
    assert (event.data.object.id, event.data.object.metadata["invoice"]) == (intent.id, "N-7")
    assert event.data.object.latest_charge == intent.latest_charge
    eventually(lambda: receiver.events("charge.succeeded"))


def test_a_platform_event_carries_no_account(client, receiver):
    client.v1.customers.create({"email": "gus@example.org"})
    event = eventually(lambda: receiver.events("customer.created"))[0]
    assert "account" not in event


def test_a_changed_body_or_a_wrong_secret_does_not_verify(client, receiver):
    client.v1.customers.create({"email": "gus@example.org"})
    headers, body = eventually(lambda: receiver.got)[0]
    for changed, secret in ((body + b" ", "whsec_of_the_tests"), (body, "whsec_other")):
        with pytest.raises(stripe.SignatureVerificationError):
            stripe.Webhook.construct_event(changed, headers["stripe-signature"], secret)
    old = signature(body, "whsec_of_the_tests", int(time.time()) - 600)
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, old, "whsec_of_the_tests")


def test_a_delivery_is_tried_again_until_it_is_taken(client, receiver, sandbox):
    receiver.statuses += [500, 302]
    customer = client.v1.customers.create({"email": "gus@example.org"})
    sent = eventually(lambda: len(receiver.got) == 3 and receiver.events("customer.created"))
    assert {event.id for event in sent} == {sent[0].id} and sent[0].data.object.id == customer.id
    url = f"{sandbox}/_sandbox/deliveries?state=delivered"
    deliveries = eventually(lambda: get(url)["deliveries"])
    assert [attempt["status"] for attempt in deliveries[0]["tries"]] == [500, 302, 200]


def test_an_event_is_sent_again_on_request(client, receiver, sandbox):
    client.v1.customers.create({"email": "gus@example.org"})
    event = eventually(lambda: receiver.events("customer.created"))[0]
    post(f"{sandbox}/_sandbox/events/{event.id}/resend", times=2)
    again = eventually(lambda: len(receiver.got) == 3 and receiver.events("customer.created"))
    assert {one.id for one in again} == {event.id}


def test_failures_cancellations_and_refunds_are_announced(client, receiver):
    with pytest.raises(stripe.CardError):
        pay(client, "pm_card_visa_chargeDeclined")
    pay(client, "pm_card_authenticationRequired")
    open_intent = client.v1.payment_intents.create({"amount": 900, "currency": "eur"})
    client.v1.payment_intents.cancel(open_intent.id)
    client.v1.refunds.create({"payment_intent": pay(client).id, "amount": 100})
    wanted = ("payment_intent.payment_failed", "charge.failed", "payment_intent.requires_action",
              "payment_intent.canceled", "refund.created", "charge.refunded")  # fmt: skip
    for kind in wanted:
        assert len(eventually(lambda kind=kind: receiver.events(kind))) == 1


def test_an_endpoint_made_by_the_api_gets_its_own_secret_and_events_only(client, account, receiver):
    url = receiver.url.replace("/hooks", "/own")
    wanted = {"url": url, "enabled_events": ["charge.succeeded"], "connect": True}
    endpoint = client.v1.webhook_endpoints.create(wanted)
    assert "secret" not in client.v1.webhook_endpoints.retrieve(endpoint.id)
    pay(client)  # the platform's own, which a Connect endpoint does not hear
    pay(client, account=account)

    def opened():
        found = []
        for headers, body in list(receiver.got):
            try:
                found.append(stripe.Webhook.construct_event(body, headers["stripe-signature"], endpoint.secret))
            except stripe.SignatureVerificationError:
                continue
        return found

    assert [(event.type, event.account) for event in eventually(opened)] == [("charge.succeeded", account)]
    assert client.v1.webhook_endpoints.delete(endpoint.id).deleted


def created(receiver):
    return [event.data.object.id for event in receiver.events("customer.created")]


def test_waiting_deliveries_are_taken_up_after_a_restart(tmp_path, receiver):
    endpoint = configured_endpoint(receiver.url, SECRET)

    def run():
        return serving(lambda url: Sandbox(Ledger(tmp_path / "state"), [endpoint], url, 0.2).application())

    receiver.statuses += [503] * 1000  # closed for as long as the first sandbox runs, however often it tries
    with run() as url:
        client = stripe.StripeClient("sk_test_tests", base_addresses={"api": url}, max_network_retries=0)
        customer = client.v1.customers.create({"email": "gus@example.org"})
        eventually(lambda: customer.id in created(receiver))
    receiver.statuses.clear()
    receiver.got.clear()
    with run():
        eventually(lambda: customer.id in created(receiver))
