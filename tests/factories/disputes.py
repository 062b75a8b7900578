"""A payment by card that is disputed: at the sandbox, or without one."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from billing.actions import disputes, payments
from billing.actions.settlement import settle
from billing.gateways.disputes import DisputeFacts
from billing.models import Dispute, Invoice, Payment, PaymentShare
from billing.rules.disputes import DisputeState
from core.kernel import audit
from core.kernel.money import Money
from tests.factories.till import NOW, issue
from tests.local.serving import post

OPENED = datetime(2026, 11, 20, 10, tzinfo=UTC)
LAST_DAY = OPENED + timedelta(days=14)


def paid_by_card(shop: SimpleNamespace, *amounts: int) -> tuple[list[Invoice], Payment]:
    """Invoices of these amounts that Gus has paid together, at the sandbox."""
    made = [issue(shop, amount=amount) for amount in amounts or (8000,)]
    started = payments.start_payment(invoices=[each.pk for each in made], by=shop.gus, now=shop.now)
    shop.processor.pay(shop.account.external_id, started.payment.external_id)
    payment = payments.refresh_payment(payment=started.payment, now=shop.now)
    return [Invoice.objects.get(pk=each.pk) for each in made], payment


@transaction.atomic
def card_payment(till: SimpleNamespace, *made: Invoice, number: int = 1) -> Payment:
    """A payment by card of these invoices in the books, without a processor."""
    total = sum(each.due.amount for each in made)
    payment = Payment.objects.create(
        means="card", state="succeeded", payer=till.gus, payer_name=till.gus.name, amount=total, currency=made[0].currency,
        account_id="acct_books", external_id=f"pi_books{number}", started_at=NOW, succeeded_at=NOW, card_brand="visa",
        card_last4="4242",
    )  # fmt: skip
    for each in made:
        PaymentShare.objects.create(payment=payment, invoice=each, amount=each.due.amount, currency=each.currency)
    settle(payment, by=audit.SYSTEM, now=NOW)
    return payment


def facts(
    payment: Payment, state: str = "needs_response", *movements: int, number: int = 1, **more: Any
) -> DisputeFacts:
    """What the processor says of a dispute of the whole payment."""
    values: dict[str, Any] = {
        "external_id": f"dp_books{number}",
        "payment": str(payment.external_id),
        "amount": payment.money,
        "state": DisputeState(state),
        "reason": "fraudulent",
        "opened_at": OPENED,
        "due_at": LAST_DAY,
        "movements": movements,
        "fee": Money(1500, payment.currency) if movements else None,
    }
    return DisputeFacts(**(values | more))


def dispute(
    payment: Payment, state: str = "needs_response", *movements: int, now: datetime = OPENED, **more: Any
) -> Dispute:
    """The books after this news."""
    return disputes.apply_dispute(payment=payment, facts=facts(payment, state, *movements, **more), now=now)


def charge_of(shop: SimpleNamespace, payment: Payment) -> str:
    """The charge at the sandbox behind a payment."""
    options: Any = {"stripe_account": payment.account_id}
    return str(shop.processor.client.v1.payment_intents.retrieve(payment.external_id, {}, options).latest_charge)


def dispute_at_bank(shop: SimpleNamespace, payment: Payment, **form: str) -> str:
    """The payer asks their bank to take the money back; returns the dispute's id at the sandbox."""
    return str(post(f"{shop.processor.url}/_sandbox/charges/{charge_of(shop, payment)}/dispute", **form)["id"])


def decide(shop: SimpleNamespace, external_id: str, status: str) -> None:
    """The bank decides: won or lost."""
    post(f"{shop.processor.url}/_sandbox/disputes/{external_id}/close", status=status)


def heard(text: str) -> tuple[DisputeState, tuple[int, ...]]:
    """ "needs response -80.00" as a state and what each movement has brought."""
    words = text.split()
    amounts = [word for word in words if any(letter.isdigit() for letter in word)]
    state = DisputeState("_".join(word for word in words if word not in amounts))
    return state, tuple(round(float(amount) * 100) for amount in amounts)
