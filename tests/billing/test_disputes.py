"""Disputes: booked as the bank moves the money, told, answered once; in whatever order the news come."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum

from billing.actions import disputes, evidence, payments, refunds
from billing.actions.evidence import Answer
from billing.gateways import gateway
from billing.models import Dispute, DisputeFile, Invoice, LedgerEntry, PaymentShare, Refund, WebhookEvent
from billing.permissions import invoices_payable_by
from billing.queries.invoices import balance_of, sums_due
from billing.reminders.actions.reminding import remind_now, remind_of_overdue
from billing.reminders.models import Reminder, ReminderSettings
from core.kernel import outbox
from core.kernel.errors import ConflictError, DomainError, GatewayError
from core.kernel.models import AuditEvent, OutboxMessage
from core.kernel.money import Money
from core.notifications.models import Notice
from tests.factories.disputes import (
    LAST_DAY,
    OPENED,
    card_payment,
    decide,
    dispute,
    dispute_at_bank,
    facts,
    heard,
    paid_by_card,
)
from tests.factories.till import credit, issue
from tests.local.serving import post
from tests.rules_tables import rows

PDF = b"%PDF-1.4 letter"


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def fresh(invoice) -> Invoice:
    return Invoice.objects.get(pk=invoice.pk)


def adds_up(invoice: Invoice) -> bool:
    owed = LedgerEntry.objects.filter(invoice=invoice).aggregate(sum=Sum("amount"))["sum"] or 0
    return owed == fresh(invoice).standing.balance.amount


def told(kind: str) -> list[str]:
    return list(Notice.objects.filter(kind=kind).order_by("created_at").values_list("title", flat=True))


@pytest.mark.parametrize("row", rows("disputes", "Events"))
def test_ledger_follows_the_worked_table(till, row):
    invoice = issue(till)
    payment = card_payment(till, invoice)
    for state, movements in map(heard, row[0].split(", ")):
        found = dispute(payment, state, *movements)

    found.refresh_from_db()
    invoice = fresh(invoice)
    assert found.state == row[2].replace(" ", "_")
    assert found.booked == Money.parse(row[1], "EUR") == invoice.disputed
    assert invoice.due == Money.parse(row[3], "EUR") and adds_up(invoice)
    assert invoice.is_disputed == found.is_running


def test_each_piece_of_news_counts_once(till):
    invoice = issue(till)
    payment = card_payment(till, invoice)
    for _ in range(3):
        dispute(payment, "needs_response", -8000)

    assert LedgerEntry.objects.filter(kind="disputed").count() == 1
    assert len(told("dispute_opened")) == 1
    assert AuditEvent.objects.filter(action="dispute.opened").count() == 1
    assert balance_of(till.cora, "EUR") == euros(8000)


def test_money_is_taken_from_each_invoice_of_the_payment_and_comes_back_there(till):
    first, second = issue(till, amount=6000), issue(till, amount=4000)
    payment = card_payment(till, first, second)

    dispute(payment, "needs_response", -10000)
    assert [fresh(each).due.amount for each in (first, second)] == [6000, 4000]
    assert sums_due(Invoice.objects.filter(state="open"))["EUR"] == (euros(10000), 2)

    dispute(payment, "won", -10000, 10000)
    assert [fresh(each).state for each in (first, second)] == ["paid", "paid"]
    assert all(adds_up(each) for each in (first, second))
    assert set(PaymentShare.objects.values_list("disputed_amount", flat=True)) == {0}


def test_what_was_paid_beyond_a_claim_goes_first(till):
    first, second = issue(till, amount=6000), issue(till, amount=4000)
    payment = card_payment(till, first, second)
    credit(till, second, 4000, refunds_paid=False)

    dispute(payment, "needs_response", -4000, amount=euros(4000))

    assert fresh(second).disputed == euros(4000) and not fresh(first).disputed
    assert not fresh(first).due and not fresh(second).due


def test_what_was_given_back_before_is_in_no_book_and_told(till):
    invoice = issue(till)
    payment = card_payment(till, invoice)
    PaymentShare.objects.update(refunded_amount=3000)

    found = dispute(payment, "needs_response", -8000)

    assert (found.booked, found.unbooked) == (euros(5000), euros(3000))
    assert told("dispute_beyond_books") == ["€30.00 of a disputed payment is in no book"]
    won = dispute(payment, "won", -8000, 8000)
    assert (won.booked, won.unbooked, fresh(invoice).disputed) == (euros(0), euros(0), euros(0))


def test_refund_on_its_way_gives_way_to_the_bank(till):
    invoice = issue(till)
    payment = card_payment(till, invoice)
    refunds.refund_invoice(
        invoice=invoice, payment=payment, amount=euros(8000), reason="unwell", by=till.nora, now=till.now
    )

    found = dispute(payment, "needs_response", -8000)

    assert Refund.objects.get().state == "failed"
    assert found.booked == euros(8000) and not found.unbooked and adds_up(invoice)


def test_disputed_money_cannot_be_refunded(till):
    invoice = issue(till)
    payment = card_payment(till, invoice)
    dispute(payment, "needs_response", -8000)

    with pytest.raises(DomainError) as refused:
        refunds.refund_invoice(
            invoice=invoice, payment=payment, amount=euros(1), reason="x", by=till.nora, now=till.now
        )

    assert refused.value.code == "amount_too_high"


def test_nobody_is_asked_to_pay_while_the_bank_decides(shop):
    [invoice], payment = paid_by_card(shop)
    dispute(payment, "needs_response", -8000)

    assert invoice not in invoices_payable_by(shop.gus)
    with pytest.raises(ConflictError) as refused:
        payments.start_payment(invoices=[invoice.pk], by=shop.gus, now=shop.now)
    assert refused.value.code == "payment_disputed"

    dispute(payment, "lost", -8000)
    assert invoice in invoices_payable_by(shop.gus)
    assert payments.start_payment(invoices=[invoice.pk], by=shop.gus, now=shop.now).payment.money == euros(8000)


def test_reminders_wait_while_the_bank_decides_and_do_not_leave_by_themselves_after(till):
    ReminderSettings.objects.create(is_on=True)
    invoice = issue(till)
    payment = card_payment(till, invoice)
    dispute(payment, "needs_response", -8000)
    late = till.now + timedelta(days=60)

    remind_of_overdue(now=late)
    with pytest.raises(ConflictError):
        remind_now(invoices=[fresh(invoice)], by=till.nora, now=late)
    assert not Reminder.objects.exists()

    dispute(payment, "lost", -8000)
    remind_of_overdue(now=late)
    assert not Reminder.objects.exists(), "money went back"
    assert remind_now(invoices=[fresh(invoice)], by=till.nora, now=late).level == 1


def test_a_reminder_that_was_promised_before_does_not_leave(till):
    invoice, other = issue(till), issue(till, amount=500)
    late = till.now + timedelta(days=60)
    remind_now(invoices=[invoice, other], by=till.nora, now=late)
    Invoice.objects.filter(pk=invoice.pk).update(is_disputed=True)
    OutboxMessage.objects.filter(name="reminders.mail_reminder").update(due_at=till.now)
    while outbox.deliver_due():
        pass

    assert [item.invoice for item in Reminder.objects.get().items.all()] == [other]


def test_whoever_bills_is_told_and_nobody_else(till):
    dispute(card_payment(till, issue(till)), "needs_response", -8000)

    assert set(Notice.objects.filter(kind="dispute_opened").values_list("user_id", flat=True)) == {till.nora.pk}
    assert told("dispute_opened") == [f"{till.gus.name} disputes €80.00"]


def test_last_day_is_told_of_twice_and_never_after_an_answer(till):
    payment = card_payment(till, issue(till))
    dispute(payment, "needs_response", -8000)
    for days in (10, 4, 3, 3, 2, 1, 0.5):
        disputes.tell_of_last_days(now=LAST_DAY - timedelta(days=days))
    assert len(told("dispute_due")) == 2

    Notice.objects.all().delete()
    dispute(payment, "under_review", -8000)
    Dispute.objects.update(told=0)
    disputes.tell_of_last_days(now=LAST_DAY - timedelta(hours=1))
    assert told("dispute_due") == []


@pytest.mark.parametrize(
    ("state", "movements", "title"),
    [("won", (-8000, 8000), "Won: €80.00 from"), ("lost", (-8000,), "Lost: €80.00 from")],
)
def test_outcome_is_told_with_the_fee(till, state, movements, title):
    payment = card_payment(till, issue(till))
    dispute(payment, "needs_response", -8000)
    for _ in range(2):
        dispute(payment, state, *movements)

    [notice] = Notice.objects.filter(kind="dispute_closed")
    assert notice.title.startswith(title) and "€15.00" in notice.body
    assert AuditEvent.objects.filter(action=f"dispute.{state}").count() == 1


def test_inquiry_takes_nothing_and_may_become_a_dispute(till):
    invoice = issue(till)
    payment = card_payment(till, invoice)
    dispute(payment, "warning_needs_response")
    assert not fresh(invoice).due and fresh(invoice).is_disputed
    assert told("dispute_opened") == [f"The bank asks about €80.00 from {till.gus.name}"]

    dispute(payment, "needs_response", -8000)
    assert fresh(invoice).due == euros(8000) and len(told("dispute_opened")) == 2


# At the processor


def test_dispute_from_the_bank_to_the_outcome(shop, hook):
    [invoice], payment = paid_by_card(shop)
    external_id = dispute_at_bank(shop, payment, reason="product_not_received")
    created = shop.processor.delivered("charge.dispute.created")[0]
    taken = shop.processor.delivered("charge.dispute.funds_withdrawn")[0]
    for event in (taken, created, taken, created):  # late, early, twice
        assert hook(event).status_code == 200

    found = Dispute.objects.get()
    assert (found.external_id, found.state, found.reason) == (external_id, "needs_response", "product_not_received")
    assert found.booked == euros(8000) and found.fee == euros(1500) and fresh(invoice).due == euros(8000)

    decide(shop, external_id, "won")
    closed = shop.processor.delivered("charge.dispute.closed")[0]
    back = shop.processor.delivered("charge.dispute.funds_reinstated")[0]
    for event in (closed, back, created):
        hook(event)
    assert Dispute.objects.get().state == "won" and fresh(invoice).state == "paid" and adds_up(invoice)


def test_news_before_those_of_the_payment_settle_it_first(shop, hook):
    invoice = issue(shop)
    started = payments.start_payment(invoices=[invoice.pk], by=shop.gus, now=shop.now)
    shop.processor.pay(shop.account.external_id, started.payment.external_id, "pm_card_createDispute")
    hook(shop.processor.delivered("charge.dispute.funds_withdrawn")[0])

    assert fresh(invoice).paid == fresh(invoice).disputed == euros(8000)
    hook(shop.processor.delivered("payment_intent.succeeded")[0])
    assert fresh(invoice).due == euros(8000) and adds_up(invoice)


def test_news_of_a_payment_of_another_account_change_nothing(shop, hook):
    [invoice], payment = paid_by_card(shop)
    dispute_at_bank(shop, payment)
    payment.account_id = "acct_of_somebody_else"
    payment.save()

    assert hook(shop.processor.delivered("charge.dispute.created")[0]).status_code == 200

    assert not Dispute.objects.exists() and not fresh(invoice).is_disputed
    assert WebhookEvent.objects.get(kind="charge.dispute.created").outcome == "ignored: not a payment of ours"


def test_processor_away_does_not_lose_the_news(shop, hook, monkeypatch):
    [invoice], payment = paid_by_card(shop)
    dispute_at_bank(shop, payment)

    def away(*_args):
        raise GatewayError("away", permanent=False)

    monkeypatch.setattr(type(gateway()), "retrieve_dispute", away)
    hook(shop.processor.delivered("charge.dispute.funds_withdrawn")[0])

    assert fresh(invoice).due == euros(8000)


# The answer


@pytest.fixture
def disputed(shop, hook):
    """Gus has paid, and disputes it."""
    [shop.invoice], shop.payment = paid_by_card(shop)
    shop.external_id = dispute_at_bank(shop, shop.payment)
    hook(shop.processor.delivered("charge.dispute.funds_withdrawn")[0])
    shop.dispute = Dispute.objects.get()
    return shop


def letter(name="letter.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def add(shop, kind="service_documentation", file=None, by=None):
    return evidence.add_file(dispute=shop.dispute, kind=kind, given=file or letter(), by=by or shop.nora, now=shop.now)


def at_processor(shop):
    options = {"stripe_account": shop.account.external_id}
    return shop.processor.client.v1.disputes.retrieve(shop.external_id, {}, options)


def test_answer_reaches_the_bank_with_text_files_and_receipt(disputed):
    shop = disputed
    evidence.save_answer(
        dispute=shop.dispute, answer=Answer("Speech therapy", "20 Nov 2026", "They came. 山田 🎈 “quoted”"), by=shop.nora, now=shop.now
    )  # fmt: skip
    row = add(shop)
    sent = evidence.send_answer(dispute=shop.dispute, by=shop.nora, now=shop.now)

    assert (sent.state, sent.answered_by) == ("under_review", shop.nora)
    found = at_processor(shop)
    assert found.status == "under_review"
    assert found.evidence["uncategorized_text"] == "They came. 山田 🎈 “quoted”"
    assert found.evidence["customer_name"] == shop.gus.name
    row.refresh_from_db()
    assert found.evidence["service_documentation"] == row.sent_as
    file = shop.processor.client.v1.files.retrieve(row.sent_as, {}, {"stripe_account": shop.account.external_id})
    assert (file.filename, file.size) == ("service_documentation.pdf", len(PDF))
    assert found.evidence["receipt"], "our own receipt goes with it"
    with pytest.raises(ConflictError):
        evidence.send_answer(dispute=shop.dispute, by=shop.nora, now=shop.now)


def test_nothing_is_sent_without_a_word(disputed):
    with pytest.raises(DomainError) as refused:
        evidence.send_answer(dispute=disputed.dispute, by=disputed.nora, now=disputed.now)

    assert refused.value.code == "answer_empty" and at_processor(disputed).status == "needs_response"


def test_what_was_written_stays_when_the_processor_is_away(disputed, monkeypatch):
    shop = disputed
    evidence.save_answer(dispute=shop.dispute, answer=Answer(explanation="They came."), by=shop.nora, now=shop.now)
    row = add(shop)

    def away(*_args, **_options):
        raise GatewayError("away", permanent=False)

    monkeypatch.setattr(type(gateway()), "submit_evidence", away)
    with pytest.raises(GatewayError):
        evidence.send_answer(dispute=shop.dispute, by=shop.nora, now=shop.now)
    monkeypatch.undo()
    row.refresh_from_db()
    assert row.sent_as and Dispute.objects.get().answered_at is None

    before = row.sent_as
    evidence.send_answer(dispute=shop.dispute, by=shop.nora, now=shop.now)
    row.refresh_from_db()
    assert row.sent_as == before and at_processor(shop).status == "under_review"


def test_accepting_loses_it_at_once(disputed):
    evidence.accept_dispute(dispute=disputed.dispute, by=disputed.nora, now=disputed.now)

    assert Dispute.objects.get().state == "lost" == at_processor(disputed).status
    assert fresh(disputed.invoice).due == euros(8000) and not fresh(disputed.invoice).is_disputed


@pytest.mark.parametrize("act", ["save", "add", "send", "accept"])
def test_only_whoever_bills_answers_and_only_in_time(disputed, act):
    shop = disputed
    acts = {
        "save": lambda by, now: evidence.save_answer(dispute=shop.dispute, answer=Answer("x"), by=by, now=now),
        "add": lambda by, now: evidence.add_file(dispute=shop.dispute, kind="receipt", given=letter(), by=by, now=now),
        "send": lambda by, now: evidence.send_answer(dispute=shop.dispute, by=by, now=now),
        "accept": lambda by, now: evidence.accept_dispute(dispute=shop.dispute, by=by, now=now),
    }
    for other in (shop.tess, shop.gus):
        with pytest.raises(PermissionDenied):
            acts[act](other, shop.now)
    with pytest.raises(ConflictError) as refused:
        acts[act](shop.nora, shop.dispute.due_at)
    assert refused.value.code == "not_answerable"


def test_files_are_one_of_a_kind_readable_and_small_enough(disputed):
    shop = disputed
    add(shop, "receipt")
    with pytest.raises(ConflictError) as refused:
        add(shop, "receipt")
    assert refused.value.code == "kind_taken"
    with pytest.raises(DomainError) as refused:
        add(shop, "refund_policy", letter("moving.gif", b"GIF89a..."))
    assert refused.value.code == "file_kind"
    with pytest.raises(DomainError):
        add(shop, "refund_policy", letter("large.pdf", PDF + b"0" * 4_500_000))

    evidence.take_file_back(row=DisputeFile.objects.get(), by=shop.nora, now=shop.now)
    assert not DisputeFile.objects.exists()
    assert add(shop, "receipt").kind == "receipt"


def test_two_answers_at_the_processor_end_as_the_first(disputed):
    """A colleague has answered on the processor's own pages: what comes from here is refused, and the state taken over by the event."""
    shop = disputed
    options = {"stripe_account": shop.account.external_id}
    shop.processor.client.v1.disputes.update(shop.external_id, {"evidence": {"uncategorized_text": "x"}}, options)
    evidence.save_answer(dispute=shop.dispute, answer=Answer(explanation="They came."), by=shop.nora, now=shop.now)

    with pytest.raises(GatewayError):
        evidence.send_answer(dispute=shop.dispute, by=shop.nora, now=shop.now)


def test_inquiry_is_answered_too(shop, hook):
    _, payment = paid_by_card(shop)
    external_id = dispute_at_bank(shop, payment, inquiry="yes")
    hook(shop.processor.delivered("charge.dispute.created")[0])
    found = Dispute.objects.get()
    evidence.save_answer(dispute=found, answer=Answer(explanation="They came."), by=shop.nora, now=shop.now)
    assert evidence.send_answer(dispute=found, by=shop.nora, now=shop.now).state == "warning_under_review"

    post(f"{shop.processor.url}/_sandbox/disputes/{external_id}/escalate")
    hook(shop.processor.delivered("charge.dispute.funds_withdrawn")[0])
    assert Dispute.objects.get().state == "needs_response" and Dispute.objects.get().booked == euros(8000)


def test_opened_is_when_the_bank_said(till):
    found = dispute(card_payment(till, issue(till)), "needs_response", -8000, now=OPENED + timedelta(days=2))

    assert (found.opened_at, found.due_at) == (OPENED, LAST_DAY)
    assert facts(found.payment).opened_at == OPENED
