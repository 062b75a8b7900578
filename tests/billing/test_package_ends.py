"""Packages: refunded, void, transferred, expired; and what is told of them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied

from billing.actions import invoices, manual_payments, refunds
from billing.models import Invoice, Payment
from billing.packages import permissions, queries
from billing.packages.actions import changes
from billing.packages.models import Purchase
from billing.queries.invoices import balance_of
from core.kernel import outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.money import Money
from core.notifications.models import Notice
from core.people.models import Client, LinkedLogin
from core.scheduling.actions import complete_appointment
from tests.factories.packages import charge, left, offer, pay, rows_of, sell, settings_of
from tests.factories.scheduling import completion_type
from tests.factories.till import appointment_of

NASTY = "周二 🙂 ‏שלום‏ <b>“'&\u200b"


def test_refund_of_what_is_left_is_its_part_with_tax(till):
    package = offer(by=till.nora, now=till.now, tax_rate=Decimal(19), price=Money(10000, "EUR"), units=Decimal(3))
    purchase = sell(package, till.cora, by=till.nora, now=till.now)
    charge(till)
    amount = changes.refund_left(purchase=purchase, how=changes.MONEY, reason="moves away", by=till.nora, now=till.now)
    assert amount == Money(7934, "EUR")  # of 119.00: 66.67 of 100.00
    purchase.refresh_from_db()
    purchase.invoice.refresh_from_db()
    assert left(purchase) == 0 and sum(value for _k, _u, value in rows_of(purchase)) == 0
    assert (purchase.invoice.state, purchase.invoice.refunded_amount) == ("partly_refunded", 7934)
    assert charge(till, 2).state == "open"
    with pytest.raises(ConflictError):
        changes.refund_left(purchase=purchase, how=changes.MONEY, reason="again", by=till.nora, now=till.now)


def test_what_is_left_can_stay_as_credit(ten):
    charge(ten)
    amount = changes.refund_left(purchase=ten.ten, how=changes.CREDIT, reason="pause", by=ten.nora, now=ten.now)
    assert amount == Money(63000, "EUR")
    assert balance_of(ten.cora, "EUR") == Money(-63000, "EUR")
    assert not Payment.objects.filter(refunds__isnull=False).exists()


def test_unpaid_package_gives_nothing_back(till):
    settings_of(till, "issued")
    purchase = sell(offer(by=till.nora, now=till.now), till.cora, by=till.nora, now=till.now, paid=False)
    for how in (changes.MONEY, changes.CREDIT):
        with pytest.raises(ConflictError):
            changes.refund_left(purchase=purchase, how=how, reason="x", by=till.nora, now=till.now)
    changes.refund_left(purchase=purchase, how=changes.NOTHING, reason="x", by=till.nora, now=till.now)
    assert left(purchase) == 0


def test_void_invoice_takes_the_units_unless_some_were_used(till):
    settings_of(till, "issued")
    package = offer(by=till.nora, now=till.now)
    one, two = (sell(package, till.cora, by=till.nora, now=till.now, paid=False) for _ in range(2))
    charge(till)
    used = one if left(one) == 900 else two
    unused = two if used is one else one
    with pytest.raises(ConflictError) as refusal:
        invoices.cancel_invoice(invoice=used.invoice, reason="x", by=till.nora, now=till.now)
    assert refusal.value.code == "package_used"
    used.invoice.refresh_from_db()
    assert used.invoice.state == "open"
    invoices.cancel_invoice(invoice=unused.invoice, reason="x", by=till.nora, now=till.now)
    unused.refresh_from_db()
    assert (left(unused), unused.is_released) == (0, False)


def test_reversed_payment_holds_the_units_until_it_is_paid_again(ten):
    payment = Payment.objects.get()
    manual_payments.reverse_payment(payment=payment, reason="bounced", by=ten.nora, now=ten.now)
    assert charge(ten).state == "open"
    ten.ten.refresh_from_db()
    assert not ten.ten.is_released
    pay(ten.ten, by=ten.nora, now=ten.now)
    assert charge(ten, 2).state == "met" and left(ten.ten) == 900


def test_full_refund_of_the_invoice_takes_the_units(ten):
    invoice = Invoice.objects.get(pk=ten.ten.invoice_id)
    refunds.refund_invoice(
        invoice=invoice, payment=Payment.objects.get(), amount=invoice.total, reason="x", by=ten.nora, now=ten.now
    )
    assert left(ten.ten) == 0
    ten.ten.refresh_from_db()
    assert not ten.ten.is_released


def test_discarded_draft_takes_the_sale_with_it(till):
    LinkedLogin.objects.filter(client=till.cora).delete()
    purchase = sell(offer(by=till.nora, now=till.now), till.cora, by=till.nora, now=till.now, paid=False)
    assert purchase.invoice.state == "draft"
    invoices.discard_draft(invoice=purchase.invoice, by=till.nora, now=till.now)
    assert not Purchase.objects.exists()


def test_transfer_to_a_sibling(ten):
    sister = Client.objects.create(first_name="Cleo", last_name="Winter", time_zone="Europe/Berlin")
    LinkedLogin.objects.create(user=ten.gus, client=sister, relationship="guardian")
    assert list(queries.siblings_of(ten.cora)) == [sister]
    charge(ten)
    made = changes.transfer(purchase=ten.ten, client=sister, units=300, reason=NASTY, by=ten.nora, now=ten.now)
    assert (left(ten.ten), left(made), made.amount, made.expires_on) == (600, 300, 21000, ten.ten.expires_on)
    assert charge(ten, 2, client=sister).state == "met"
    for units in (0, -100, 700):
        with pytest.raises(DomainError):
            changes.transfer(purchase=ten.ten, client=sister, units=units, reason="x", by=ten.nora, now=ten.now)
    with pytest.raises(DomainError):
        changes.transfer(purchase=ten.ten, client=ten.cleo, units=100, reason="x", by=ten.nora, now=ten.now)
    amounts = [
        changes.refund_left(purchase=each, how=changes.CREDIT, reason="x", by=ten.nora, now=ten.now)
        for each in (ten.ten, made)
    ]
    assert amounts == [Money(42000, "EUR"), Money(14000, "EUR")]


def test_nightly_job_writes_off_a_week_after_the_end_and_once(ten):
    last = ten.now + timedelta(days=92)
    assert queries.day_of(last) == ten.ten.expires_on
    changes.expire_packages(now=last + timedelta(days=7))
    assert left(ten.ten) == 1000
    assert charge(ten, starts_at=last).state == "met"
    for _ in range(2):
        changes.expire_packages(now=last + timedelta(days=8))
    assert rows_of(ten.ten)[-1] == ("expired", -900, -63000) and left(ten.ten) == 0


def test_payer_is_told_before_the_end_once(ten):
    soon = ten.now + timedelta(days=80)
    changes.tell_of_expiry(now=ten.now)
    assert not Notice.objects.filter(kind="package_expiring").exists()
    for _ in range(2):
        changes.tell_of_expiry(now=soon)
    assert Notice.objects.filter(kind="package_expiring", user_id=ten.gus.pk).count() == 1
    outbox.deliver_due()
    sent = [message for message in mail.outbox if "ends on" in message.subject]
    assert [message.to for message in sent] == [["Gus North <gus@north.test>"]]
    assert "10 of 10 left" in sent[0].body and "Cora Winter" in sent[0].body


def test_last_units_are_told_to_payer_and_practitioner(till):
    sell(offer(by=till.nora, now=till.now, units=Decimal(3)), till.cora, by=till.nora, now=till.now)
    for _ in range(3):
        till.now += timedelta(hours=1)
        complete_appointment(
            appointment_of(till, till.cora),
            completion_type=completion_type("Completed"),
            by=till.tess,
            now=till.now + timedelta(hours=1),
        )
    told = Notice.objects.filter(kind__startswith="package_low")
    assert [notice.user_id for notice in told].count(till.gus.pk) == 3
    assert [notice.user_id for notice in told].count(till.tess.pk) == 3
    outbox.deliver_due()
    subjects = [message.subject for message in mail.outbox if message.subject.startswith("Ten at once")]
    assert sorted(subjects) == [f"Ten at once: {number} of 3 left" for number in range(3)]


def test_nobody_from_whom_costs_are_hidden_is_told_or_sees_one(till):
    purchase = sell(offer(by=till.nora, now=till.now, units=Decimal(1)), till.cleo, by=till.nora, now=till.now)
    assert purchase.invoice.payer_user == till.ada
    charge(till, client=till.cleo)
    hidden = {till.cleo_login.pk, till.gus.pk}
    assert not Notice.objects.filter(user_id__in=hidden, kind__startswith="package").exists()
    for who in (till.cleo_login, till.gus, till.tess, till.sam):
        assert not permissions.purchases_visible_to(who).exists()
        with pytest.raises(NotFound):
            permissions.get_purchase(who, purchase.pk)
    assert permissions.get_purchase(till.ada, purchase.pk) == purchase
    with pytest.raises(PermissionDenied):
        permissions.get_purchase_to_manage(till.ada, purchase.pk)
