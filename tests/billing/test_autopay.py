"""The card on file against the sandbox by the real library: by hand, by the rule, asked for by the bank, refused, tried again, expiring."""

from datetime import date, timedelta

import pytest

from billing.actions import card_links
from billing.actions.cards import get_or_create_customer
from billing.actions.payments import cancel_payment, refresh_payment, start_payment
from billing.autopay.actions import charging, expiry, settings
from billing.autopay.actions.settings import Terms
from billing.autopay.models import CardCharge, ExpiryNotice
from billing.autopay.rules.charging import Standing, When, charges_on, expires_soon, next_try
from billing.models import CardMandate, Invoice, Payment, SavedCard
from billing.queries.card_links import digest_of, mandate_text
from billing.reminders.actions.holding import hold_reminders
from core.kernel import outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.kernel.money import Money
from core.people.models import Client
from tests.factories.till import credit, issue
from tests.rules_tables import rows

Outcome = CardCharge.Outcome


def save(shop, card="pm_card_visa"):
    """Gus has saved a card by link, and allowed it to be charged for Cora."""
    link = card_links.send_card_link(client=shop.cora, payer=shop.gus, by=shop.nora, now=shop.now)
    card_links.agree_and_begin(
        link=link, seen=digest_of(mandate_text(link)), language="en", ip_address=None, now=shop.now
    )
    link.refresh_from_db()
    options = {"stripe_account": shop.account.external_id}
    setup = shop.processor.client.v1.setup_intents
    setup.confirm(link.setup_id, {"payment_method": card, "return_url": "http://x.test/"}, options)
    return card_links.finish_card_link(link=link, now=shop.now)


def swap(shop, card):
    """What the bank will say of the saved card from now on: another one stands under it at the processor."""
    customer = get_or_create_customer(account=shop.account, user=shop.gus, now=shop.now)
    options = {"stripe_account": shop.account.external_id}
    made = shop.processor.client.v1.payment_methods.attach(card, {"customer": customer.external_id}, options)
    SavedCard.objects.update(external_id=made.id)


def charge(shop, invoice, **more):
    values = {"amount": invoice.due, "by": shop.nora, "now": shop.now} | more
    return charging.charge_card(invoice=invoice, **values)


def deliver(until):
    """What is promised up to then, one after the other."""
    OutboxMessage.objects.filter(state="waiting", due_at__lte=until, name__startswith="autopay.").update(
        due_at=until - timedelta(days=9)
    )
    for _ in range(4):
        outbox.deliver_due()


@pytest.mark.unit
@pytest.mark.parametrize("row", rows("charging", "Rule"))
def test_when_it_is_charged(row):
    rule, day, due, what, charged = row
    day, due = date.fromisoformat(f"2026-{day}"), date.fromisoformat(f"2026-{due}")
    facts = {
        "–": {}, "paid": {"is_open": False}, "no mandate": {"has_mandate": False}, "stopped": {"is_stopped": True},
        "promised until 05-10": {"promised_until": date(2026, 5, 10)}, "given back": {"has_refund": True},
    }[what]  # fmt: skip
    assert charges_on(day, When(rule), Standing(due, **facts)) is (charged == "yes")


@pytest.mark.unit
@pytest.mark.parametrize("row", rows("charging", "First try"))
def test_when_it_is_tried_again(row):
    first, plan, tries, then = row
    days = [None if each == "–" else int(each) for each in plan.split(", ")]
    found = next_try(date.fromisoformat(f"2026-{first}"), int(tries), days)
    assert found == (None if then == "–" else date.fromisoformat(f"2026-{then}"))


@pytest.mark.unit
def test_expiry_is_seen_a_month_ahead():
    today = date(2026, 12, 1)
    assert expires_soon(2026, 12, today) and expires_soon(2027, 1, today)
    assert not expires_soon(2027, 2, today) and not expires_soon(2026, 11, today)


def test_staff_charge_what_is_due_and_it_is_paid(shop):
    save(shop)
    invoice = issue(shop)
    payment = charge(shop, invoice)
    invoice.refresh_from_db()
    assert (payment.state, invoice.state) == ("succeeded", Invoice.State.PAID)
    assert (payment.payer, payment.words) == (shop.gus, "Visa •••• 4242")
    made = CardCharge.objects.get()
    assert (made.kind, made.outcome, made.made_by) == ("hand", Outcome.PAID, str(shop.nora))
    assert AuditEvent.objects.filter(action="card.charged", actor_id=str(shop.nora.pk)).exists()
    assert OutboxMessage.objects.filter(name="billing.mail_receipt").exists()
    with pytest.raises((ConflictError, DomainError)):
        charge(shop, invoice, amount=Money(8000, "EUR"))


def test_without_a_mandate_no_card_is_charged(shop):
    invoice = issue(shop)
    with pytest.raises(DomainError) as refused:
        charge(shop, invoice)
    assert refused.value.code == "no_card_on_file"
    save(shop)
    card_links.withdraw_mandate(mandate=CardMandate.objects.get(), by=shop.gus, now=shop.now)
    with pytest.raises(DomainError):
        charge(shop, invoice)
    assert not Payment.objects.exists()


def test_hidden_costs_removed_card_and_expired_card_are_no_card(shop):
    card, invoice = save(shop), issue(shop)
    SavedCard.objects.filter(pk=card.pk).update(expires_year=2020)
    with pytest.raises(DomainError):
        charge(shop, invoice)
    SavedCard.objects.filter(pk=card.pk).update(expires_year=2040, removed_at=shop.now)
    with pytest.raises(DomainError):
        charge(shop, invoice)
    SavedCard.objects.filter(pk=card.pk).update(removed_at=None)
    Client.objects.filter(pk=shop.cora.pk).update(permissions=["hide_costs"])
    with pytest.raises(DomainError):
        charge(shop, Invoice.objects.get(pk=invoice.pk))


def test_another_amount_than_was_read_is_not_charged(shop):
    save(shop)
    invoice = issue(shop)
    credit(shop, invoice, 1000)
    with pytest.raises(ConflictError) as refused:
        charge(shop, invoice, amount=Money(8000, "EUR"))
    assert refused.value.code == "due_changed"


def test_what_the_payer_has_open_ends_before(shop):
    save(shop)
    invoice = issue(shop)
    open_payment = start_payment(invoices=[invoice.pk], by=shop.gus, now=shop.now).payment
    charge(shop, invoice)
    open_payment.refresh_from_db()
    invoice.refresh_from_db()
    assert (open_payment.state, invoice.state) == ("cancelled", Invoice.State.PAID)
    assert invoice.paid_amount == invoice.total_amount


def test_bank_that_asks_the_holder_sends_them_a_link(shop):
    save(shop)
    swap(shop, "pm_card_authenticationRequired")
    invoice = issue(shop)
    payment = charge(shop, invoice)
    assert payment.state == "refused"
    made = CardCharge.objects.get()
    assert (made.outcome, made.next_on) == (Outcome.NEEDS_PAYER, None)
    assert OutboxMessage.objects.filter(name="autopay.mail_needs_payer", payload__charge=str(made.pk)).exists()
    assert OutboxMessage.objects.filter(name="billing.cancel_payment", payload__payment=str(payment.pk)).exists()
    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.OPEN


def test_rule_charges_when_issued_and_tries_again_by_the_plan(shop):
    save(shop)
    swap(shop, "pm_card_chargeCustomerFail")
    settings.save_settings(terms=Terms("issued", 3, 7, None), by=shop.nora, now=shop.now)
    invoice = issue(shop)
    assert OutboxMessage.objects.filter(name="autopay.charge").count() == 1
    payment = charging.charge_by_itself(invoice=invoice, now=shop.now)
    charging.confirm(payment=charging.start(payment=payment, now=shop.now), now=shop.now)
    first = CardCharge.objects.get()
    assert (first.outcome, first.number, first.next_on) == (Outcome.REFUSED, 1, shop.now.date() + timedelta(days=3))
    refresh_payment(payment=payment, now=shop.now)
    assert AuditEvent.objects.filter(action="card_charge.refused").count() == 1
    cancel_payment(payment=Payment.objects.get(pk=payment.pk), now=shop.now)
    swap(shop, "pm_card_visa")
    later = shop.now + timedelta(days=3)
    payment = charging.charge_by_itself(invoice=invoice, now=later)
    charging.confirm(payment=charging.start(payment=payment, now=later), now=later)
    invoice.refresh_from_db()
    assert invoice.state == Invoice.State.PAID
    assert charging.charge_by_itself(invoice=invoice, now=later) is None


def test_promise_stop_and_money_given_back_hold_it(shop):
    save(shop)
    settings.save_settings(terms=Terms("issued", 3), by=shop.nora, now=shop.now)
    invoice = issue(shop)
    until = shop.now.date() + timedelta(days=5)
    hold_reminders(invoice=invoice, kind="promised", until=until, note="Said so", by=shop.nora, now=shop.now)
    assert charging.charge_by_itself(invoice=invoice, now=shop.now) is None
    assert charging.charge_by_itself(invoice=invoice, now=shop.now + timedelta(days=6)) is not None


@pytest.mark.parametrize("facts", [{"is_disputed": True}, {"disputed_amount": 100}])
def test_dispute_holds_it(shop, facts):
    save(shop)
    settings.save_settings(terms=Terms("issued", 3), by=shop.nora, now=shop.now)
    invoice = issue(shop)
    Invoice.objects.filter(pk=invoice.pk).update(**facts)
    invoice.refresh_from_db()
    assert charging.charge_by_itself(invoice=invoice, now=shop.now) is None


def test_on_the_due_date_by_night_once(shop):
    save(shop)
    settings.save_settings(terms=Terms("due", 3), by=shop.nora, now=shop.now)
    invoice = issue(shop)
    charging.charge_what_is_due(now=shop.now)
    assert not OutboxMessage.objects.filter(name="autopay.charge").exists()
    eve = shop.now + timedelta(days=13)
    for _ in range(2):
        charging.charge_what_is_due(now=eve)
    assert OutboxMessage.objects.filter(name="autopay.charge").count() == 1
    assert charging.charge_by_itself(invoice=invoice, now=eve) is None
    assert charging.charge_by_itself(invoice=invoice, now=shop.now + timedelta(days=14)) is not None


def test_expiring_card_is_asked_for_once(shop):
    card = save(shop)
    today = shop.now.date()
    SavedCard.objects.filter(pk=card.pk).update(expires_year=today.year, expires_month=today.month)
    for _ in range(2):
        expiry.watch_expiry(now=shop.now)
    assert ExpiryNotice.objects.count() == 1
    assert OutboxMessage.objects.filter(name="autopay.mail_expiring").count() == 1
    SavedCard.objects.filter(pk=card.pk).update(expires_year=2040)
    expiry.watch_expiry(now=shop.now)
    assert ExpiryNotice.objects.count() == 1


def test_card_removed_at_the_processor_is_noticed(shop, hook):
    card = save(shop)
    shop.processor.client.v1.payment_methods.detach(card.external_id, {}, {"stripe_account": shop.account.external_id})
    [event] = shop.processor.delivered("payment_method.detached")
    assert hook(event).status_code == 200
    card.refresh_from_db()
    assert card.removed_at is not None
    with pytest.raises(DomainError):
        charge(shop, issue(shop))


def test_plan_is_checked(shop):
    for days in ((7, 3, None), (3, 3, None), (61, None, None)):
        with pytest.raises(DomainError):
            settings.save_settings(terms=Terms("issued", *days), by=shop.nora, now=shop.now)
