"""The sandbox's API through the real `stripe` library."""

import pytest
import stripe

from tests.local.intents import USD, pay
from tests.local.serving import eventually, get, post


def test_intent_of_a_visa_succeeds_with_charge_and_balance(client, account):
    intent = pay(
        client, account=account, application_fee_amount=500, expand=["latest_charge.balance_transaction"],
        automatic_payment_methods={"enabled": True, "allow_redirects": "never"}, metadata={"invoice": "N-1"},
    )  # fmt: skip
    charge = intent.latest_charge
    assert (intent.status, intent.amount_received, charge.captured, charge.metadata["invoice"]) == (
        "succeeded",
        12_000,
        True,
        "N-1",
    )
    assert (charge.balance_transaction.fee, charge.balance_transaction.net) == (378 + 500, 12_000 - 378 - 500)
    assert charge.payment_method_details.card.last4 == "4242"
    balance = client.v1.balance.retrieve({}, {"stripe_account": account})
    assert balance.pending[0].amount == 12_000 - 878
    assert client.v1.balance.retrieve().available[0].amount == 500  # the platform's fee


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
        ("pm_card_chargeDeclinedIncorrectCvc", "incorrect_cvc", "incorrect_cvc"),
        ("pm_card_chargeCustomerFail", "card_declined", "generic_decline"),
    ],
)
def test_intent_of_a_refused_card_raises_and_wants_another_method(client, method, code, decline_code):
    with pytest.raises(stripe.CardError) as refused:
        pay(client, method)
    error = refused.value.error
    assert (error.code, error.decline_code, refused.value.http_status) == (code, decline_code, 402)
    intent = client.v1.payment_intents.retrieve(error.payment_intent.id, {"expand": ["latest_charge"]})
    assert (intent.status, intent.latest_charge.failure_code) == ("requires_payment_method", code)
    assert intent.last_payment_error.code == code
    assert client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"}).status == "succeeded"


def test_a_customers_card_that_attaches_but_does_not_pay(client):
    customer = client.v1.customers.create({"email": "gus@example.org"})
    with pytest.raises(stripe.CardError):
        client.v1.payment_methods.attach("pm_card_visa_chargeDeclined", {"customer": customer.id})
    saved = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    with pytest.raises(stripe.CardError):
        pay(client, saved.id, customer=customer.id, off_session=True)


def test_saved_card_is_charged_off_session_after_setup(client, account):
    options = {"stripe_account": account}
    customer = client.v1.customers.create({"email": "gus@example.org", "name": "Gus"}, options)
    setup = client.v1.setup_intents.create(
        {"customer": customer.id, "payment_method": "pm_card_visa", "confirm": True}, options
    )
    assert setup.status == "succeeded"
    methods = client.v1.customers.payment_methods.list(customer.id, {}, options).data
    assert [method.card.last4 for method in methods] == ["4242"]
    assert pay(client, methods[0].id, account, customer=customer.id, off_session=True).status == "succeeded"
    assert [c.id for c in client.v1.customers.list({"email": "gus@example.org"}, options).data] == [customer.id]
    client.v1.payment_methods.detach(methods[0].id, {}, options)
    with pytest.raises(stripe.InvalidRequestError):
        pay(client, methods[0].id, account, customer=customer.id)


def test_a_card_of_one_customer_does_not_pay_for_another(client):
    gus, olga = (client.v1.customers.create({"email": f"{name}@example.org"}) for name in ("gus", "olga"))
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": gus.id})
    with pytest.raises(stripe.InvalidRequestError, match="belongs to a different customer"):
        pay(client, card.id, customer=olga.id)
    assert pay(client, card.id, customer=gus.id).status == "succeeded"


def test_three_d_secure_waits_for_the_holder(client, sandbox):
    intent = pay(client, "pm_card_authenticationRequired", return_url="https://example.org/back?x=1")
    assert (intent.status, intent.next_action.type) == ("requires_action", "redirect_to_url")
    assert intent.next_action.redirect_to_url.url.startswith(f"{sandbox}/v3/challenge?")
    with pytest.raises(stripe.CardError) as refused:
        pay(client, "pm_card_authenticationRequired", off_session=True)
    assert refused.value.code == "authentication_required"


def test_manual_capture_takes_a_part(client):
    intent = pay(client, capture_method="manual")
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 12_000)
    captured = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 5_000})
    assert (captured.status, captured.amount_received) == ("succeeded", 5_000)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.cancel(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"


def test_refunds_never_exceed_the_charge(client):
    intent = pay(client)
    assert client.v1.refunds.create({"payment_intent": intent.id, "amount": 2_000}).amount == 2_000
    with pytest.raises(stripe.InvalidRequestError, match=r"120.00 USD.*100.00 USD"):
        client.v1.refunds.create({"payment_intent": intent.id, "amount": 12_000})
    assert client.v1.refunds.create({"payment_intent": intent.id}).amount == 10_000
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_already_refunded"
    assert client.v1.charges.retrieve(intent.latest_charge).refunded


def test_accounts_do_not_see_each_other(client, account):
    other = client.v1.accounts.create({"controller": {"stripe_dashboard": {"type": "none"}}}).id
    intent = pay(client, account=account)
    for options in ({"stripe_account": other}, {}):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.payment_intents.retrieve(intent.id, {}, options)
        assert refused.value.code == "resource_missing"
        assert client.v1.payment_intents.list({}, options).data == []
    with pytest.raises(stripe.PermissionError):
        client.v1.customers.list({}, {"stripe_account": "acct_unknown"})


def test_account_takes_charges_only_after_onboarding(client, sandbox, browserless):
    fresh = client.v1.accounts.create({"type": "standard"})
    assert (fresh.charges_enabled, fresh.details_submitted) == (False, False)
    with pytest.raises(stripe.InvalidRequestError, match="onboarding"):
        pay(client, account=fresh.id)
    link = client.v1.account_links.create({
        "account": fresh.id, "type": "account_onboarding",
        "return_url": f"{sandbox}/_sandbox/health", "refresh_url": f"{sandbox}/_sandbox/events",
    })  # fmt: skip
    assert b"Set up payments" in browserless(link.url)
    assert b'"ok": true' in browserless(link.url, b"outcome=finish")
    assert b'"events"' in browserless(link.url)  # used, so it leads to the refresh address
    done = client.v1.accounts.retrieve(fresh.id)
    assert (done.charges_enabled, done.payouts_enabled, done.requirements.currently_due) == (True, True, [])
    assert pay(client, account=fresh.id).status == "succeeded"


def test_idempotency_key_replays_and_refuses_other_parameters(client):
    options = {"idempotency_key": "invoice-7"}
    first = client.v1.payment_intents.create({**USD}, options)
    again = client.v1.payment_intents.create({**USD}, options)
    assert again.id == first.id
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert len(client.v1.payment_intents.list().data) == 1
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create({**USD, "amount": 13_000}, options)


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"amount": 49, "currency": "usd"}, "amount"),
        ({"amount": -5, "currency": "usd"}, "amount"),
        ({"amount": "12.50", "currency": "usd"}, "amount"),
        ({"amount": 1000, "currency": "dollars"}, "currency"),
        ({"currency": "usd"}, "amount"),
        ({**USD, "customer": "cus_unknown"}, "customer"),
        ({**USD, "payment_method": "pm_unknown"}, "payment_method"),
        ({**USD, "ammount": 3}, "ammount"),
        ({**USD, "statement_descriptor_suffix": "ABCD"}, "statement_descriptor_suffix"),
        ({**USD, "statement_descriptor_suffix": "A" * 23}, "statement_descriptor_suffix"),
        ({**USD, "statement_descriptor_suffix": "Praxis Köln"}, "statement_descriptor_suffix"),
        ({**USD, "statement_descriptor_suffix": "12345678"}, "statement_descriptor_suffix"),
        ({**USD, "statement_descriptor": "NORTH CLINIC"}, "statement_descriptor"),
        ({**USD, "application_fee_amount": 100}, "application_fee_amount"),
        ({**USD, "metadata": {"k" * 41: "v"}}, "metadata"),
    ],
)
def test_refused_parameters_are_named_and_leave_nothing(client, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.create(params)
    assert refused.value.param == param
    assert client.v1.payment_intents.list().data == []


def test_statement_shows_prefix_and_suffix(client, account):
    prefix = {"card_payments": {"statement_descriptor_prefix": "NORTH"}}
    client.v1.accounts.update(account, {"settings": prefix})
    intent = pay(client, account=account, statement_descriptor_suffix="SPEECH", expand=["latest_charge"])
    assert intent.latest_charge.calculated_statement_descriptor == "NORTH* SPEECH"


def test_keys_that_do_not_open(sandbox, client):
    for key in ("sk_live_abc", "rk_live_abc", "nonsense", "sk_test_"):
        with pytest.raises(stripe.AuthenticationError):
            stripe.StripeClient(key, base_addresses={"api": sandbox}).v1.customers.list()
    with pytest.raises(stripe.PermissionError):
        stripe.StripeClient("pk_test_x", base_addresses={"api": sandbox}).v1.customers.list()


def test_a_publishable_key_needs_the_client_secret(sandbox, client):
    intent = client.v1.payment_intents.create({**USD, "metadata": {"note": "private"}})
    public = stripe.StripeClient("pk_test_x", base_addresses={"api": sandbox})
    seen = public.v1.payment_intents.retrieve(intent.id, {"client_secret": intent.client_secret})
    assert (seen.status, "metadata" in seen) == ("requires_payment_method", False)
    with pytest.raises(stripe.InvalidRequestError):
        public.v1.payment_intents.retrieve(intent.id, {"client_secret": "wrong"})


def test_only_test_cards_are_taken_and_numbers_are_not_kept(client, tmp_path):
    def card(number):
        return {"type": "card", "card": {"number": number, "exp_month": 12, "exp_year": 2040, "cvc": "123"}}

    assert client.v1.payment_methods.create(card("5555555555554444")).card.brand == "mastercard"
    for number, code in (("4242424242424241", "incorrect_number"), ("4111111111111111", "card_declined")):
        with pytest.raises(stripe.CardError) as refused:
            client.v1.payment_methods.create(card(number))
        assert refused.value.code == code
    past = {"type": "card", "card": {"number": "4242424242424242", "exp_month": 1, "exp_year": 2020}}
    with pytest.raises(stripe.CardError) as refused:
        client.v1.payment_methods.create(past)
    assert refused.value.code == "invalid_expiry_year"


def test_lists_page_through_newest_first(client):
    made = [client.v1.customers.create({"name": str(number)}).id for number in range(5)]
    first = client.v1.customers.list({"limit": 2})
    assert ([c.id for c in first.data], first.has_more) == (made[:2:-1], True)
    assert [c.id for c in first.auto_paging_iter()] == made[::-1]
    deleted = client.v1.customers.delete(made[0])
    assert deleted.deleted and client.v1.customers.retrieve(made[0]).deleted
    assert len(client.v1.customers.list().data) == 4


def test_payout_empties_the_balance(client, account, sandbox, receiver):
    pay(client, account=account)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payouts.create(USD, {"stripe_account": account})
    assert refused.value.code == "balance_insufficient"
    post(f"{sandbox}/_sandbox/accounts/{account}/payout")
    payouts = client.v1.payouts.list({}, {"stripe_account": account}).data
    assert [payout.amount for payout in payouts] == [12_000 - 378]
    assert client.v1.balance.retrieve({}, {"stripe_account": account}).available[0].amount == 0
    assert eventually(lambda: receiver.events("payout.paid"))[0].account == account


def test_dispute_takes_the_money_back(client, account, sandbox, receiver):
    charge = pay(client, account=account).latest_charge
    dispute = post(f"{sandbox}/_sandbox/charges/{charge}/dispute", reason="fraudulent")
    assert client.v1.disputes.retrieve(dispute["id"], {}, {"stripe_account": account}).status == "needs_response"
    event = eventually(lambda: receiver.events("charge.dispute.created"))[0]
    assert (event.data.object.charge, event.account) == (charge, account)
    assert post(f"{sandbox}/_sandbox/disputes/{dispute['id']}/close", status="won")["status"] == "won"


def test_events_are_listed_per_account(client, account, sandbox):
    pay(client, account=account)
    options = {"stripe_account": account}
    kinds = [event.type for event in client.v1.events.list({"limit": 20}, options).data]
    assert kinds == ["payment_intent.succeeded", "charge.succeeded", "payment_intent.created", "account.updated"]
    assert {e["account"] for e in get(f"{sandbox}/_sandbox/events?type=payment_intent.*")["events"]} == {account}


def test_a_refused_update_changes_nothing(client):
    intent = client.v1.payment_intents.create({**USD, "description": "Invoice N-1"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.payment_intents.update(
            intent.id, {"amount": 900, "description": "No", "payment_method": "pm_unknown"}
        )
    unchanged = client.v1.payment_intents.retrieve(intent.id)
    assert (unchanged.amount, unchanged.description) == (12_000, "Invoice N-1")
    assert client.v1.payment_intents.update(intent.id, {"amount": 900, "description": "Yes"}).amount == 900
