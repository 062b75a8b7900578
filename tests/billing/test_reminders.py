"""Reminders: once for each invoice and level, in the payer's morning, about what is still due when they leave."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from billing.actions import manual_payments, refunds
from billing.models import Invoice, Payment, PaymentShare
from billing.reminders.actions import holding
from billing.reminders.actions.reminding import remind_each, remind_now, remind_of_overdue
from billing.reminders.models import RemindedInvoice, Reminder, ReminderHold, ReminderSettings
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.kernel.money import Money
from core.people.models import Client
from core.people.roles import ClientPermission
from tests.factories.till import credit, issue


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def fresh(found):
    return type(found).objects.get(pk=found.pk)


def overdue(till, days: int = 4, **more) -> Invoice:
    """An issued invoice that was due this many days ago."""
    invoice = issue(till, **more)
    Invoice.objects.filter(pk=invoice.pk).update(due_on=till.now.date() - timedelta(days=days))
    return fresh(invoice)


@pytest.fixture
def chasing(till, mailoutbox):
    """Reminders are on, and nothing else waits to be mailed."""
    terms = holding.Terms(is_on=True, first_days=3, second_days=10, third_days=21)
    holding.save_settings(terms=terms, by=till.nora, now=till.now)
    return till


def night(till, now=None) -> None:
    remind_of_overdue(now=now or till.now)


def deliver(till, monkeypatch, mailoutbox) -> list:
    """Everything that is promised until tomorrow leaves; the mails of reminders."""
    moment = till.now + timedelta(days=2)
    OutboxMessage.objects.filter(state="waiting").update(due_at=till.now - timedelta(days=1))
    while outbox.deliver_due():
        pass
    assert not OutboxMessage.objects.filter(failures__gt=0).exists(), moment
    return [mail for mail in mailoutbox if "emind" in mail.subject]


def test_night_promises_one_mail_for_the_payers_next_morning_once(chasing, monkeypatch, mailoutbox):
    invoice = overdue(chasing)

    night(chasing)
    night(chasing)

    reminder = Reminder.objects.get()
    assert (reminder.level, reminder.made_by) == (1, None)
    assert reminder.leaves_at == datetime(2026, 11, 21, 8, tzinfo=UTC)  # nine in Berlin, because nine has passed
    (mail,) = deliver(chasing, monkeypatch, mailoutbox)
    assert mail.to == ["Gus North <gus@north.test>"] and invoice.number in mail.subject
    assert "€80.00" in mail.body and "slipped your mind" in mail.body
    assert AuditEvent.objects.filter(action="reminder.made", subject_id=str(invoice.pk)).count() == 1


def test_nothing_leaves_while_reminders_are_off(till):
    overdue(till)
    night(till)
    assert not Reminder.objects.exists()


def test_levels_follow_one_another(chasing, monkeypatch, mailoutbox):
    invoice = overdue(chasing)
    for days, level in ((0, 1), (1, 1), (7, 2), (18, 3), (60, 3)):
        night(chasing, chasing.now + timedelta(days=days))
        assert max(invoice.reminded.values_list("level", flat=True)) == level
    assert invoice.reminded.count() == 3


def test_several_of_one_payer_go_in_one_mail(chasing, monkeypatch, mailoutbox):
    first, second = overdue(chasing), overdue(chasing, amount=2000)
    overdue(chasing, client=chasing.cleo)

    night(chasing)

    assert Reminder.objects.count() == 2
    mails = deliver(chasing, monkeypatch, mailoutbox)
    (mine,) = [mail for mail in mails if "Gus" in mail.to[0]]
    assert first.number in mine.subject and second.number in mine.subject and "€100.00" in mine.body
    (hers,) = [mail for mail in mails if "ada@" in mail.to[0]]
    assert "ada@north.test" in hers.to[0]


def paid(till, invoice):
    manual_payments.record_payment(
        invoice=invoice, amount=invoice.due, means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )


def refunded(till, invoice):
    paid(till, invoice)
    payment = invoice.payments.get()
    refunds.refund_invoice(
        invoice=invoice,
        payment=payment,
        amount=euros(1000),
        reason="back",
        keeps_claim=True,
        by=till.nora,
        now=till.now,
    )


def stopped(till, invoice):
    holding.hold_reminders(invoice=invoice, kind="stopped", note="a hard time", by=till.nora, now=till.now)


def promised(till, invoice):
    until = till.now.date() + timedelta(days=30)
    holding.hold_reminders(invoice=invoice, kind="promised", until=until, note="by phone", by=till.nora, now=till.now)


def hidden(till, invoice):
    Client.objects.filter(pk=invoice.client_id).update(permissions=[ClientPermission.HIDE_COSTS.value])


def gone(till, invoice):
    till.gus.is_active = False
    till.gus.save()


ENDS = {
    "paid": paid,
    "credited": credit,
    "refunded": refunded,
    "do not remind": stopped,
    "promised": promised,
    "costs hidden": hidden,
    "payer switched off": gone,
}


@pytest.mark.parametrize("end", ENDS)
def test_nothing_is_promised_once_it_is_not_wanted(chasing, end):
    invoice = overdue(chasing)
    ENDS[end](chasing, invoice)
    night(chasing)
    assert not Reminder.objects.exists()


@pytest.mark.parametrize("end", ENDS)
def test_what_is_promised_does_not_leave_once_it_is_not_wanted(chasing, monkeypatch, mailoutbox, end):
    invoice = overdue(chasing)
    night(chasing)
    ENDS[end](chasing, invoice)

    assert deliver(chasing, monkeypatch, mailoutbox) == []
    assert OutboxMessage.objects.get(key=Reminder.objects.get().key).state == "void"


def test_withdrawn_level_is_sent_when_the_hold_is_lifted(chasing, monkeypatch, mailoutbox):
    invoice = overdue(chasing)
    night(chasing)
    stopped(chasing, invoice)
    deliver(chasing, monkeypatch, mailoutbox)

    holding.lift_hold(invoice=invoice, by=chasing.nora, now=chasing.now)
    night(chasing, chasing.now + timedelta(days=2))

    assert [item.level for item in invoice.reminded.all()] == [1]
    (mail,) = deliver(chasing, monkeypatch, mailoutbox)
    assert invoice.number in mail.subject


def test_mail_names_only_what_is_still_due(chasing, monkeypatch, mailoutbox):
    first, second = overdue(chasing), overdue(chasing, amount=2000)
    night(chasing)
    paid(chasing, first)

    (mail,) = deliver(chasing, monkeypatch, mailoutbox)

    assert second.number in mail.subject and first.number not in mail.subject
    assert not first.reminded.exists()


def test_by_hand_the_next_level_leaves_at_once_and_once_a_day(chasing, monkeypatch, mailoutbox):
    invoice = overdue(chasing)

    reminder = remind_now(invoices=[invoice], by=chasing.nora, now=chasing.now)

    assert (reminder.made_by, reminder.leaves_at) == (chasing.nora, chasing.now)
    with pytest.raises(ConflictError) as refused:
        remind_now(invoices=[invoice], by=chasing.nora, now=chasing.now)
    assert refused.value.code == "nothing_overdue"
    night(chasing)
    assert RemindedInvoice.objects.count() == 1
    assert len(deliver(chasing, monkeypatch, mailoutbox)) == 1


def test_by_hand_also_what_is_held_back(chasing, monkeypatch, mailoutbox):
    invoice = overdue(chasing)
    promised(chasing, invoice)

    remind_now(invoices=[invoice], by=chasing.nora, now=chasing.now)

    assert len(deliver(chasing, monkeypatch, mailoutbox)) == 1


def test_who_cannot_be_reminded_keeps_nobody_else_from_it(chasing):
    good, bad = overdue(chasing), overdue(chasing, client=chasing.cleo)
    chasing.ada.is_active = False
    chasing.ada.save()

    results = remind_each(batches=[[fresh(bad)], [good]], by=chasing.nora, now=chasing.now)

    assert [result.reminder is not None for result in results] == [False, True]
    assert "the login is switched off" in results[0].refusal


@pytest.mark.parametrize("who", ["tess", "gus", "ada"])
def test_only_who_bills_reminds_and_holds(chasing, who):
    invoice, by = overdue(chasing), getattr(chasing, who)
    terms = holding.Terms(is_on=True, first_days=3, second_days=10, third_days=21)
    for act in (
        lambda: remind_now(invoices=[invoice], by=by, now=chasing.now),
        lambda: remind_each(batches=[[invoice]], by=by, now=chasing.now),
        lambda: holding.hold_reminders(invoice=invoice, kind="stopped", note="x", by=by, now=chasing.now),
        lambda: holding.lift_hold(invoice=invoice, by=by, now=chasing.now),
        lambda: holding.save_settings(terms=terms, by=by, now=chasing.now),
    ):
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.parametrize(
    ("days", "code"),
    [((None, None, None), "days_missing"), ((10, 3, None), "days_out_of_order"), ((0, 3, 4), "days_invalid"), ((3, None, 3), "days_out_of_order")],
)  # fmt: skip
def test_schedule_that_makes_no_sense_is_refused(till, days, code):
    with pytest.raises(DomainError) as refused:
        holding.save_settings(terms=holding.Terms(True, *days), by=till.nora, now=till.now)
    assert (refused.value.code, ReminderSettings.objects.count()) == (code, 0)


def test_hold_needs_a_note_a_day_ahead_and_something_due(chasing):
    invoice, how = overdue(chasing), {"by": chasing.nora, "now": chasing.now}
    yesterday = chasing.now.date() - timedelta(days=1)
    for wrong in (
        {"kind": "stopped", "note": " "},
        {"kind": "promised", "note": "x"},
        {"kind": "promised", "note": "x", "until": yesterday},
    ):
        with pytest.raises(DomainError):
            holding.hold_reminders(invoice=invoice, **wrong, **how)
    stopped(chasing, invoice)
    promised(chasing, invoice)
    assert [hold.kind for hold in ReminderHold.objects.filter(lifted_at=None)] == ["promised"]
    holding.lift_hold(invoice=invoice, **how)
    with pytest.raises(ConflictError):
        holding.lift_hold(invoice=invoice, **how)
    paid(chasing, invoice)
    with pytest.raises(ConflictError):
        stopped(chasing, invoice)


def test_nobody_is_reminded_who_is_paying_at_this_moment(chasing, monkeypatch, mailoutbox):
    invoice = overdue(chasing)
    night(chasing)
    payment = Payment.objects.create(
        means="card", state="processing", payer=chasing.gus, payer_name="Gus", amount=8000, currency="EUR",
        account_id="acct_1", external_id="pi_1", started_at=clock.now(),
    )  # fmt: skip
    PaymentShare.objects.create(payment=payment, invoice=invoice, amount=8000, currency="EUR")

    assert deliver(chasing, monkeypatch, mailoutbox) == []
