"""Prepayments against the sandbox by the real library: asked, paid, matched with what it cost, given back, let go."""

from datetime import timedelta

import pytest

from billing.actions import catalogue, charges
from billing.actions.payments import refresh_payment
from billing.actions.refunds import refund_invoice, settle_refund
from billing.models import BillingSettings, Charge, Invoice, LedgerEntry, Payment, Refund
from billing.prepayments import queries
from billing.prepayments.actions import asking, paying, releasing, settings, settling
from billing.prepayments.models import Prepayment
from billing.prepayments.rules.prepaying import Ask, Terms
from billing.queries.invoices import balance_of
from billing.queries.prices import EndedAppointment
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import AuditEvent, OutboxMessage
from core.kernel.money import Money
from core.notifications.models import Notice
from core.people.models import Client
from core.scheduling.actions import book_appointment, cancel_appointment, edit_appointment
from core.scheduling.models import Appointment, Cancellation, Participant
from tests.factories.packages import offer, sell
from tests.factories.prepayments import FULL, ahead, ask, begin, deposit, pay, rule

State = Prepayment.State


def complete(shop, appointment, share=100, client=None):
    """What completion charges, and what is left of the prepayment then."""
    client = client or shop.cora
    ended = EndedAppointment(
        appointment.pk, client, appointment.service_id, appointment.starts_at, appointment.minutes, share=share
    )
    charge = charges.charge_appointment(ended=ended, by=shop.tess, now=shop.now)
    settling.close_places(appointment_id=appointment.pk, clients=[client], now=shop.now)
    return charge


def test_deposit_is_held_and_taken_off_what_it_costs(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment)
    assert asked.payer == shop.gus
    payment = pay(shop, asked)
    assert asked.state == State.HELD
    invoice = asked.invoice
    assert (invoice.state, invoice.total_amount, invoice.payer_user) == (Invoice.State.PAID, 2000, shop.gus)
    assert invoice.lines.get().description == "Deposit: Speech therapy"
    assert payment.shares.get().invoice == invoice

    charge = complete(shop, appointment)

    asked.refresh_from_db()
    assert (asked.state, asked.used_amount, asked.returned_amount) == (State.USED, 2000, 0)
    assert (charge.amount, charge.state) == (6000, Charge.State.OPEN)
    assert invoice.number in charge.reason_sentence
    assert "20.00" in charge.reason_sentence
    assert balance_of(shop.cora, "EUR") == Money(0, "EUR")


def test_whole_price_leaves_nothing_to_bill(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment, cents=8000)
    pay(shop, asked)
    charge = complete(shop, appointment)
    assert (charge.amount, charge.state) == (0, Charge.State.PREPAID)
    assert asked.invoice.lines.get().description == "Paid in advance: Speech therapy"


def test_what_is_not_charged_goes_back_to_the_card(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment, cents=8000)
    pay(shop, asked)
    charge = complete(shop, appointment, share=50)
    asked.refresh_from_db()
    assert charge.state == Charge.State.PREPAID
    assert (asked.used_amount, asked.returned_amount) == (4000, 4000)
    refund = Refund.objects.get()
    assert (refund.amount, refund.invoice) == (4000, asked.invoice)
    asked.invoice.refresh_from_db()
    assert asked.invoice.credited_amount == 4000
    assert OutboxMessage.objects.filter(name="billing.create_refund", payload__refund=str(refund.pk)).exists()


def test_tax_comes_and_goes_back_to_the_cent(shop):
    shop.therapy.tax_rate = 19
    shop.therapy.save(update_fields=["tax_rate"])
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment, cents=3333)
    assert asked.total_amount == 3966  # 33.33 and 6.33 tax
    pay(shop, asked)
    assert asked.invoice.total_amount == 3966
    complete(shop, appointment, share=1)
    asked.refresh_from_db()
    assert asked.used_amount == 80
    assert asked.returned_amount == 3966 - 95  # 0.80 and 0.15 tax
    assert Refund.objects.get().amount == asked.returned_amount


def test_prices_that_include_tax_later_change_nothing_of_what_was_asked(shop):
    shop.therapy.tax_rate = 19
    shop.therapy.save(update_fields=["tax_rate"])
    asked = ask(shop, ahead(shop, shop.cora), cents=1000)
    payment = begin(shop, asked)
    BillingSettings.objects.update_or_create(is_current=True, defaults={"prices_include_tax": True})
    shop.processor.pay(shop.account.external_id, payment.external_id)
    refresh_payment(payment=payment, now=shop.now)
    asked.refresh_from_db()
    assert asked.invoice.total_amount == asked.total_amount == 1190
    assert asked.invoice.state == Invoice.State.PAID


def test_cancelled_in_time_everything_goes_back(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment)
    pay(shop, asked)
    cancel_appointment(appointment, by=shop.sam, now=shop.now)
    asked.refresh_from_db()
    assert (asked.state, asked.used_amount, asked.returned_amount) == (State.RETURNED, 0, 2000)
    assert Refund.objects.get().amount == 2000
    assert not Charge.objects.exists()


def test_practice_that_cannot_make_it_keeps_nothing(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment)
    pay(shop, asked)
    cancel_appointment(appointment, party=Cancellation.Party.PRACTICE, by=shop.sam, now=shop.now)
    asked.refresh_from_db()
    assert asked.state == State.RETURNED


def test_taken_out_of_the_group_everything_goes_back(shop):
    appointment = ahead(shop, shop.cora, shop.cleo)
    asked = ask(shop, appointment)
    pay(shop, asked)
    edit_appointment(appointment, clients=[shop.cleo], by=shop.sam, now=shop.now)
    asked.refresh_from_db()
    assert asked.state == State.RETURNED


def test_packages_come_first(shop):
    rule(shop, FULL)
    appointment = ahead(shop, shop.cora)
    assert queries.asked_by_rule(appointment, shop.cora).amount == Money(8000, "EUR")
    sell(offer(by=shop.nora, now=shop.now), shop.cora, by=shop.nora, now=shop.now)
    assert queries.asked_by_rule(appointment, shop.cora) is None


def test_package_bought_after_paying_meets_it_and_the_money_goes_back(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment)
    pay(shop, asked)
    sell(offer(by=shop.nora, now=shop.now), shop.cora, by=shop.nora, now=shop.now)
    charge = complete(shop, appointment)
    asked.refresh_from_db()
    assert charge.state == Charge.State.MET
    assert (asked.state, asked.returned_amount) == (State.RETURNED, 2000)


def test_given_back_by_hand_is_not_taken_twice(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment, cents=8000)
    payment = pay(shop, asked)
    refund = refund_invoice(
        invoice=asked.invoice, payment=payment, amount=Money(3000, "EUR"), reason="Asked", by=shop.nora, now=shop.now
    )
    settle_refund(refund=refund, external_id="re_x", by=shop.nora, now=shop.now)
    charge = complete(shop, appointment)
    asked.refresh_from_db()
    assert asked.used_amount == 5000
    assert charge.amount == 3000


def test_not_paid_in_time_lets_the_place_go_and_tells_both(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment, hours=2)
    payment = begin(shop, asked)
    later = shop.now + timedelta(hours=2)
    assert not releasing.release_unpaid(prepayment=asked, now=later - timedelta(minutes=1))
    assert releasing.release_unpaid(prepayment=asked, now=later)
    for each in (asked, payment, appointment):
        each.refresh_from_db()
    assert asked.state == State.RELEASED
    assert payment.state == Payment.State.CANCELLED
    assert appointment.status == Appointment.Status.CANCELLED
    assert appointment.cancellations.get().completion_type is None
    assert not Charge.objects.exists()
    assert Notice.objects.filter(kind="prepayment_released", user_id=shop.tess.pk).exists()
    assert OutboxMessage.objects.filter(name="prepayments.mail_released").exists()
    told = {message.payload.get("user") for message in OutboxMessage.objects.filter(name="scheduling.tell")}
    assert str(shop.gus.pk) in told
    assert str(shop.tess.pk) in told


def test_only_the_place_of_whoever_has_not_paid_is_let_go(shop):
    appointment = ahead(shop, shop.cora, shop.cleo)
    asked = ask(shop, appointment, hours=2)
    releasing.release_unpaid(prepayment=asked, now=shop.now + timedelta(hours=3))
    appointment.refresh_from_db()
    assert appointment.is_booked
    assert list(Participant.objects.filter(is_attending=True).values_list("client", flat=True)) == [shop.cleo.pk]


def test_refused_card_leaves_an_hour(shop):
    asked = ask(shop, ahead(shop, shop.cora), hours=1, due_at=shop.now + timedelta(minutes=15))
    payment = begin(shop, asked)
    with pytest.raises(Exception, match="declined"):
        shop.processor.pay(shop.account.external_id, payment.external_id, "pm_card_chargeDeclined")
    refresh_payment(payment=payment, now=shop.now + timedelta(minutes=10))
    asked.refresh_from_db()
    assert asked.due_at == shop.now + timedelta(minutes=70)
    assert not releasing.release_unpaid(prepayment=asked, now=shop.now + timedelta(minutes=16))
    again = paying.start(prepayment=asked, now=shop.now + timedelta(minutes=20)).payment
    assert again.pk == payment.pk
    shop.processor.pay(shop.account.external_id, payment.external_id)
    refresh_payment(payment=payment, now=shop.now + timedelta(minutes=21))
    asked.refresh_from_db()
    assert asked.state == State.HELD


def test_money_that_comes_when_the_time_is_gone_goes_back_at_once(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment)
    payment = begin(shop, asked)
    shop.processor.pay(shop.account.external_id, payment.external_id)
    cancel_appointment(appointment, by=shop.sam, now=shop.now)  # before the news of it
    refresh_payment(payment=payment, now=shop.now)
    asked.refresh_from_db()
    assert asked.state == State.WITHDRAWN
    assert asked.invoice is None
    refund = Refund.objects.get()
    assert (refund.payment, refund.amount) == (payment, 2000)
    assert OutboxMessage.objects.filter(name="billing.mail_credit_note").exists()
    assert AuditEvent.objects.filter(action="prepayment.late").exists()
    assert sum(LedgerEntry.objects.values_list("amount", flat=True)) == -2000  # credit, until the bank has sent it


def test_second_payment_of_the_same_goes_back(shop):
    asked = ask(shop, ahead(shop, shop.cora))
    first = begin(shop, asked)
    Payment.objects.filter(pk=first.pk).update(state=Payment.State.CANCELLED)  # as if it had been given up here
    second = begin(shop, asked)
    Payment.objects.filter(pk=first.pk).update(state=Payment.State.STARTED)
    for payment in (first, second):
        shop.processor.pay(shop.account.external_id, payment.external_id)
        refresh_payment(payment=Payment.objects.get(pk=payment.pk), now=shop.now)
    asked.refresh_from_db()
    assert asked.state == State.HELD
    assert asked.invoice.shares.get().payment_id == first.pk
    assert Refund.objects.get().payment_id == second.pk


def test_webhooks_doubled_and_late_change_nothing(shop, hook):
    asked = ask(shop, ahead(shop, shop.cora))
    payment = begin(shop, asked)
    shop.processor.pay(shop.account.external_id, payment.external_id)
    [event] = shop.processor.delivered("payment_intent.succeeded")
    for _ in range(3):
        assert hook(event).status_code == 200
    asked.refresh_from_db()
    assert asked.state == State.HELD
    assert Invoice.objects.count() == 1
    assert OutboxMessage.objects.filter(name="billing.mail_receipt").count() == 1


def test_two_tabs_go_on_with_the_same_payment(shop):
    asked = ask(shop, ahead(shop, shop.cora))
    assert begin(shop, asked).pk == begin(shop, asked).pk


def test_more_than_was_read_is_refused_and_less_is_not(shop):
    rule(shop, deposit(2000))
    appointment = ahead(shop, shop.cora)
    how = {"appointment": appointment, "client": shop.cora, "by": shop.gus, "now": shop.now}
    for seen in ("", "1000 EUR", "2000 USD", "x", "99999999999999999999 EUR"):
        with pytest.raises(ConflictError) as refused:
            asking.ask_at_booking(**how, seen=seen)
        assert refused.value.code == "prepayment_changed"
    asked = asking.ask_at_booking(**how, seen="2500 EUR")
    assert asked.total_amount == 2000
    assert asked.due_at == shop.now + timedelta(minutes=60)
    assert asking.ask_at_booking(**how, seen="2000 EUR") == asked  # a second click


def test_who_may_not_see_costs_is_asked_for_nothing_and_the_agent_gets_the_link(shop):
    rule(shop, deposit(2000))
    appointment = ahead(shop, shop.cleo)
    asked = asking.ask_at_booking(appointment=appointment, client=shop.cleo, seen="", by=shop.cleo_login, now=shop.now)
    assert asked.payer == shop.ada
    mail = OutboxMessage.objects.get(name="prepayments.mail_prepayment")
    assert mail.payload["prepayment"] == str(asked.pk)
    assert queries.open_prepay_link(queries.token_of(asked)) == asked
    assert queries.preview(shop.therapy, shop.cleo, appointment.starts_at, shop.cleo_login) is None


def test_link_ends_when_its_holder_may_not_see_the_costs(shop):
    asked = ask(shop, ahead(shop, shop.cora))
    token = queries.token_of(asked)
    assert queries.open_prepay_link(token) == asked
    Client.objects.filter(pk=shop.cora.pk).update(permissions=["hide_costs"])
    with pytest.raises(NotFound):
        queries.open_prepay_link(token)


def test_nobody_to_ask_books_without(shop):
    rule(shop, FULL)
    alone = Client.objects.create(first_name="Solo", time_zone="UTC")
    appointment = ahead(shop, alone)
    assert asking.ask_at_booking(appointment=appointment, client=alone, by=shop.nora, now=shop.now) is None
    with pytest.raises(DomainError) as refused:
        ask(shop, appointment, alone)
    assert refused.value.code == "payer_missing"


def test_exceptions_and_first_visits(shop):
    rule(shop, Terms(Ask.SHARE, share=25, is_for_first_visits=True))
    appointment = ahead(shop, shop.cora)
    assert queries.asked_by_rule(appointment, shop.cora).amount == Money(2000, "EUR")
    ahead(shop, shop.cora, days=5)
    assert queries.asked_by_rule(appointment, shop.cora) is None
    settings.set_exception(client=shop.cora, rule="always", by=shop.nora, now=shop.now)
    assert queries.asked_by_rule(appointment, shop.cora).amount == Money(2000, "EUR")
    settings.set_exception(client=shop.cora, rule="never", by=shop.nora, now=shop.now)
    assert queries.asked_by_rule(appointment, shop.cora) is None
    settings.set_exception(client=shop.cora, rule="", by=shop.nora, now=shop.now)
    settings.save_service_rule(service=shop.therapy, terms=FULL, by=shop.nora, now=shop.now)
    assert queries.asked_by_rule(appointment, shop.cora).amount == Money(8000, "EUR")
    settings.save_service_rule(service=shop.therapy, terms=None, by=shop.nora, now=shop.now)
    assert queries.asked_by_rule(appointment, shop.cora) is None


def test_staff_bookings_ask_by_themselves_when_the_practice_says_so(shop):
    how = {"clients": [shop.cora], "time_zone": "UTC", "service_name": "Speech", "service_id": shop.therapy.pk}
    start = shop.now + timedelta(days=3)

    def book(hours):
        return book_appointment(
            practitioner=shop.tess_staff, starts_at=start + timedelta(hours=hours), ends_at=start + timedelta(hours=hours + 1),
            override_reason="Test", by=shop.nora, now=shop.now, **how,
        )  # fmt: skip

    rule(shop, deposit(2000))
    book(0)
    assert not Prepayment.objects.exists()
    rule(shop, deposit(2000), asks_when_staff_book=True, hours=24)
    made = book(2)
    asked = Prepayment.objects.get()
    assert (asked.appointment_id, asked.due_at) == (made.pk, shop.now + timedelta(hours=24))


@pytest.mark.parametrize(
    ("currency", "price", "cents", "total"),
    [("JPY", 8001, 4001, 4001), ("KWD", 12340, 6173, 6180)],
)
def test_currencies_of_no_and_of_three_decimals(shop, currency, price, cents, total):
    service = catalogue.save_service(
        terms=catalogue.ServiceTerms(name="Far", price=Money(price, currency)), by=shop.nora, now=shop.now
    )
    appointment = ahead(shop, shop.cora)
    Appointment.objects.filter(pk=appointment.pk).update(service_id=service.pk)
    appointment.refresh_from_db()
    asked = ask(shop, appointment, amount=Money(cents, currency))
    assert asked.total == Money(total, currency)
    pay(shop, asked)
    assert asked.state == State.HELD
    complete(shop, appointment, share=10)
    asked.refresh_from_db()
    assert asked.used_amount == Money(price, currency).percent(10).amount
    assert asked.used_amount + asked.returned_amount == total


def test_withdrawn_it_can_be_paid_no_more_and_the_time_stays(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment)
    payment = begin(shop, asked)
    asking.withdraw(prepayment=asked, by=shop.nora, now=shop.now)
    asked.refresh_from_db()
    with pytest.raises(ConflictError):
        paying.prepare(prepayment=asked, payment=payment, save_card=False, now=shop.now)
    payment.refresh_from_db()
    appointment.refresh_from_db()
    assert payment.state == Payment.State.CANCELLED
    assert appointment.is_booked
    assert ask(shop, appointment).state == State.ASKED


def test_asking_is_refused_where_it_makes_no_sense(shop):
    appointment = ahead(shop, shop.cora)
    for values, code in (
        ({"cents": 8001}, "amount_invalid"),
        ({"cents": 0}, "amount_invalid"),
        ({"cents": 10}, "not_by_card"),
        ({"due_at": shop.now}, "due_invalid"),
        ({"due_at": appointment.starts_at + timedelta(seconds=1)}, "due_invalid"),
    ):
        with pytest.raises(DomainError) as refused:
            ask(shop, appointment, **values)
        assert refused.value.code == code
    ask(shop, appointment)
    with pytest.raises(ConflictError):
        ask(shop, appointment)


def test_moved_before_its_time_is_up_it_waits_no_longer_than_the_start(shop):
    appointment = ahead(shop, shop.cora)
    asked = ask(shop, appointment)
    settling.follow_move(appointment_id=appointment.pk, starts_at=shop.now + timedelta(hours=5))
    asked.refresh_from_db()
    assert asked.due_at == asked.happens_at == shop.now + timedelta(hours=5)


def test_plan_without_billing_does_not_lose_money_under_way(shop, monkeypatch):
    asked = ask(shop, ahead(shop, shop.cora))
    payment = begin(shop, asked)
    shop.processor.pay(shop.account.external_id, payment.external_id)
    monkeypatch.setattr("tenants.entitlements.allows", lambda *_: False)
    refresh_payment(payment=payment, now=shop.now)
    asked.refresh_from_db()
    assert asked.state == State.HELD
