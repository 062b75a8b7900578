"""Claims and money: a refund is no credit, what is due follows the ledger, and nobody pays a claim that has ended."""

from types import SimpleNamespace

import pytest
import stripe

from billing.actions import invoices, manual_payments, payments, refunds
from billing.models import Invoice, Payment, Refund
from billing.queries.invoices import balance_of
from core.kernel import outbox
from core.kernel.errors import ConflictError, DomainError, GatewayError
from core.kernel.money import Money
from core.notifications.models import Notice
from tests.factories.till import credit, issue


def euros(amount: int) -> Money:
    return Money(amount, "EUR")


def fresh(found):
    return type(found).objects.get(pk=found.pk)


def start(shop, *claims, by=None) -> Payment:
    return payments.start_payment(invoices=[each.pk for each in claims], by=by or shop.gus, now=shop.now).payment


def pay(shop, payment: Payment, card: str = "pm_card_visa") -> Payment:
    shop.processor.pay(shop.account.external_id, payment.external_id, card)
    return payments.refresh_payment(payment=payment, now=shop.now)


def cash(till, invoice, amount: int) -> Payment:
    return manual_payments.record_payment(
        invoice=invoice, amount=euros(amount), means="cash", received_on=till.now.date(), by=till.nora, now=till.now
    )


def refund(till, invoice, payment, amount: int, **more) -> Refund:
    return refunds.refund_invoice(
        invoice=invoice, payment=payment, amount=euros(amount), reason="back", by=till.nora, now=till.now, **more
    )


def void(till, invoice) -> Invoice:
    return invoices.cancel_invoice(invoice=invoice, reason="typo", by=till.nora, now=till.now)


def paid_after_the_end(shop, amount: int = 1000) -> SimpleNamespace:
    """A card that paid a claim in the moment in which it ended."""
    invoice = issue(shop, amount=amount)
    payment = start(shop, invoice)
    shop.processor.pay(shop.account.external_id, payment.external_id)
    Payment.objects.filter(pk=payment.pk).update(
        state="cancelled"
    )  # as if it had been ended here, and the card was faster
    void(shop, invoice)
    attempt = payments.gateway().retrieve_payment(payment.account_id, payment.external_id)
    payments.settlement.apply_attempt(payment=payment, attempt=attempt, now=shop.now)
    return SimpleNamespace(invoice=fresh(invoice), payment=fresh(payment))


def test_refund_of_a_void_invoice_leaves_nothing_behind(shop):
    late = paid_after_the_end(shop)
    assert (late.invoice.state, late.invoice.overpaid, balance_of(shop.cora, "EUR")) == (
        "void",
        euros(1000),
        euros(-1000),
    )

    refund(shop, late.invoice, late.payment, 1000)
    outbox.deliver_due()

    assert balance_of(shop.cora, "EUR") == euros(0)
    assert fresh(late.invoice).state == "void" and not fresh(late.invoice).overpaid


def test_refund_of_an_over_payment_leaves_the_invoice_paid(shop):
    invoice = issue(shop, amount=1000)
    by_card = start(shop, invoice)
    shop.processor.pay(shop.account.external_id, by_card.external_id)
    Payment.objects.filter(pk=by_card.pk).update(state="cancelled")
    cash(shop, invoice, 1000)
    attempt = payments.gateway().retrieve_payment(by_card.account_id, by_card.external_id)
    payments.settlement.apply_attempt(payment=by_card, attempt=attempt, now=shop.now)
    assert (fresh(invoice).overpaid, balance_of(shop.cora, "EUR")) == (euros(1000), euros(-1000))

    refund(shop, invoice, by_card, 1000)
    outbox.deliver_due()

    assert (fresh(invoice).state, balance_of(shop.cora, "EUR")) == ("paid", euros(0))


def test_refund_in_the_processors_dashboard_gives_back_what_was_overpaid_first(shop, hook):
    late = paid_after_the_end(shop)
    options = {"stripe_account": late.payment.account_id}
    shop.processor.client.v1.refunds.create({"payment_intent": late.payment.external_id}, options)

    hook(shop.processor.delivered("refund.created")[0])

    assert balance_of(shop.cora, "EUR") == euros(0)
    assert Refund.objects.get().credited == euros(0)
    assert Notice.objects.filter(kind="refund_found", user_id=shop.nora.pk).exists()


def test_dashboard_refund_goes_before_one_of_ours_that_had_not_been_sent(shop, hook):
    invoice = issue(shop)
    payment = pay(shop, start(shop, invoice))
    ours = refund(shop, invoice, payment, 5000)
    options = {"stripe_account": payment.account_id}
    shop.processor.client.v1.refunds.create({"payment_intent": payment.external_id}, options)

    hook(shop.processor.delivered("refund.created")[0])
    outbox.deliver_due()

    assert (fresh(ours).state, fresh(invoice).refunded, fresh(invoice).state) == ("failed", euros(8000), "refunded")
    assert balance_of(shop.cora, "EUR") == euros(0)


@pytest.mark.parametrize(("keeps_claim", "due"), [(False, 6000), (True, 10000)])
def test_refunded_part_payment_leaves_an_invoice_that_can_be_settled(till, keeps_claim, due):
    invoice = issue(till, amount=10000)
    refund(till, invoice, cash(till, invoice, 4000), 4000, keeps_claim=keeps_claim)

    assert (fresh(invoice).state, fresh(invoice).due, balance_of(till.cora, "EUR")) == ("open", euros(due), euros(due))
    cash(till, fresh(invoice), due)
    assert (fresh(invoice).due, balance_of(till.cora, "EUR")) == (euros(0), euros(0))


def test_invoice_whose_money_went_back_can_be_voided(till):
    invoice = issue(till, amount=10000)
    refund(till, invoice, cash(till, invoice, 4000), 4000)

    void(till, invoice)

    assert (fresh(invoice).state, balance_of(till.cora, "EUR")) == ("void", euros(0))


def test_refund_that_the_bank_returns_is_reversed_and_claimed_again(shop):
    invoice = issue(shop)
    payment = pay(shop, start(shop, invoice))
    made = refund(shop, invoice, payment, 3000)
    outbox.deliver_due()
    assert fresh(invoice).state == "partly_refunded"

    refunds.fail_refund(refund=made, failure=refunds.Reason(refunds.BillingReason.REFUND_CARD_GONE), now=shop.now)

    assert (fresh(invoice).state, fresh(invoice).refunded, fresh(made).state) == ("paid", euros(0), "failed")
    assert balance_of(shop.cora, "EUR") == euros(0)
    refunds.settle_refund(refund=made, external_id="late", by=shop.nora, now=shop.now)
    assert fresh(made).state == "failed"  # news of a success that came late


def test_claiming_less_leaves_the_rest_to_pay(till):
    invoice = issue(till, amount=10000)
    credit(till, invoice, 2500)

    assert (fresh(invoice).due, balance_of(till.cora, "EUR")) == (euros(7500), euros(7500))
    for amount in (7501, 0):
        with pytest.raises(DomainError):
            credit(till, invoice, amount)
    cash(till, fresh(invoice), 7500)
    assert fresh(invoice).state == "paid"


ENDS = {
    "void": void,
    "note cash": lambda shop, invoice: cash(shop, invoice, 4000),
    "claim less": lambda shop, invoice: credit(shop, invoice, 1),
}


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("end", ENDS)
def test_nobody_pays_the_old_amount_of_a_claim_that_ended_or_was_reduced(shop, end, several):
    invoice, other = issue(shop, amount=10000), issue(shop)
    payment = start(shop, invoice, *([other] if several else []))

    ENDS[end](shop, invoice)

    assert fresh(payment).state == "cancelled"
    with pytest.raises(stripe.InvalidRequestError):
        shop.processor.pay(shop.account.external_id, payment.external_id)
    with pytest.raises(ConflictError):
        payments.prepare_payment(payment=payment, save_card=False, by=shop.gus, now=shop.now)


@pytest.mark.parametrize("end", ENDS)
def test_step_left_open_at_the_bank_blocks_nothing(shop, end):
    invoice = issue(shop, amount=10000)
    payment = start(shop, invoice)
    shop.processor.pay(shop.account.external_id, payment.external_id, "pm_card_threeDSecure2Required")
    payments.refresh_payment(payment=payment, now=shop.now)
    assert fresh(payment).state == "waiting"

    ENDS[end](shop, invoice)

    assert fresh(payment).state == "cancelled"


@pytest.mark.parametrize("end", ENDS)
def test_card_that_was_faster_is_booked_and_the_act_refused(shop, end):
    invoice = issue(shop, amount=10000)
    payment = start(shop, invoice)
    shop.processor.pay(shop.account.external_id, payment.external_id)

    with pytest.raises(DomainError):
        ENDS[end](shop, invoice)

    assert (fresh(invoice).state, fresh(invoice).paid) == ("paid", euros(10000))


@pytest.mark.parametrize("end", ENDS)
def test_nothing_ends_while_the_processor_cannot_be_asked(shop, settings, end):
    invoice = issue(shop, amount=10000)
    start(shop, invoice)
    settings.STRIPE_API_BASE = "http://127.0.0.1:9"
    payments.gateway.cache_clear()

    with pytest.raises(GatewayError):
        ENDS[end](shop, invoice)

    assert (fresh(invoice).due, Payment.objects.get().state) == (euros(10000), "started")


def test_staff_end_a_payment_that_was_left_open(shop):
    invoice = issue(shop)
    payment = start(shop, invoice)
    shop.processor.pay(shop.account.external_id, payment.external_id, "pm_card_threeDSecure2Required")
    payments.refresh_payment(payment=payment, now=shop.now)

    payments.end_payment(payment=fresh(payment), by=shop.nora, now=shop.now)

    assert start(shop, invoice, by=shop.cora_login).payer == shop.cora_login


def test_amount_that_changed_while_the_page_was_open_is_not_paid(shop):
    invoice = issue(shop, amount=10000)
    payment = start(shop, invoice)
    Invoice.objects.filter(pk=invoice.pk).update(credited_amount=1000)  # as a colleague's act in another process

    with pytest.raises(ConflictError):
        payments.prepare_payment(payment=payment, save_card=False, by=shop.gus, now=shop.now)

    assert fresh(payment).state == "cancelled"
    assert start(shop, invoice).amount == 9000


def test_below_the_processors_least_is_refused_before_a_row_is_there(shop):
    invoice = issue(shop, amount=49)

    with pytest.raises(DomainError) as refused:
        start(shop, invoice)

    assert (refused.value.code, Payment.objects.count()) == ("not_by_card", 0)
    cash(shop, invoice, 49)


def test_row_of_a_refused_start_is_in_nobodys_way(shop, settings):
    invoice = issue(shop)
    base, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    payments.gateway.cache_clear()
    with pytest.raises(GatewayError):
        start(shop, invoice)
    settings.STRIPE_API_BASE = base
    payments.gateway.cache_clear()

    assert start(shop, invoice, by=shop.cora_login).state == "started"


@pytest.mark.parametrize("who", ["gus", "ada"])
def test_nobody_pays_for_a_client_who_is_not_active(shop, who):
    client = {"gus": shop.cora, "ada": shop.cleo}[who]
    invoice = issue(shop, client=client)
    payment = start(shop, invoice, by=getattr(shop, who))
    client.status = "inactive"
    client.save()

    for act in (
        lambda: start(shop, invoice, by=getattr(shop, who)),
        lambda: payments.prepare_payment(payment=payment, save_card=False, by=getattr(shop, who), now=shop.now),
    ):
        with pytest.raises(DomainError) as refused:
            act()
        assert (refused.value.code, client.name in refused.value.message) == ("client_inactive", True)
    assert fresh(payment).state == "cancelled"
    cash(shop, invoice, 8000)
