"""Paying invoices by card: started here, finished in the payer's browser, settled by events of the processor.

Calls to the processor stand between transactions, never inside one, because a row lock must not wait for a network. Whatever is interrupted
is found again by the promise to ask the processor, made in the same transaction as the payment itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from billing import outbox_names, permissions
from billing.actions import settlement
from billing.actions.cards import get_or_create_customer
from billing.audit_codes import BillingAudit
from billing.gateways import gateway
from billing.gateways.base import PaymentAttempt
from billing.models import Invoice, Payment, PaymentAccount, PaymentShare
from billing.permissions import PAY
from billing.queries.invoices import same_currency
from billing.queries.processor import account_in_use, are_cards_off
from billing.reasons import BillingReason
from billing.rules.payment_progress import LIVE, PaymentState
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError, GatewayError
from core.kernel.money import Money
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.people.models import Client, User
from core.people.rules.client_status import is_paid_for, payment_refusal

UNCONFIRMED = (PaymentState.STARTED, PaymentState.REFUSED)
FIRST_LOOK = timedelta(minutes=2)


@dataclass(frozen=True)
class StartedPayment:
    """A payment and the secret with which the payer's browser finishes it."""

    payment: Payment
    secret: str


def start_payment(*, invoices: Sequence[UUID], by: User, now: datetime) -> StartedPayment:
    """Start paying these invoices together; the same person coming back to the same invoices continues the same payment.

    Errors: NotFound and PermissionDenied at the door, `invoices_missing`, `not_open`, `currencies_differ`, `payment_under_way`,
    `payments_off`, and GatewayError.
    """
    account = account_in_use()
    if account is None or not account.is_ready:
        if are_cards_off():
            raise DomainError("payments_off", Reason(BillingReason.CARDS_OFF).sentence())
        raise DomainError(
            "payments_off", translate("Card payments are not set up yet. Pay as the %(invoice)s says, or ask us.")
        )
    chosen = [permissions.get_invoice(by, pk, to=PAY) for pk in dict.fromkeys(invoices)]
    _check_payable(chosen)
    earlier = _resume_or_cancel(chosen, by=by, now=now)
    if earlier is not None:
        return earlier
    payment = _create_payment(chosen, account, by=by, now=now)
    purpose = ", ".join(str(invoice.number) for invoice in chosen)
    return start_at_processor(payment, account, purpose=purpose, by=by, now=now)


def start_at_processor(
    payment: Payment, account: PaymentAccount, *, purpose: str, by: User, now: datetime
) -> StartedPayment:
    """Begin at the processor what was just written here; closed again when it cannot be begun. Errors: `not_open`, GatewayError."""
    try:
        customer = get_or_create_customer(account=account, user=by, now=now)
        attempt = gateway().create_payment(
            account.external_id,
            payment.money,
            customer=customer.external_id,
            purpose=purpose[:500],
            reference=str(payment.pk),
            key=f"payment:{payment.pk}",
        )
    except GatewayError:
        settlement.close_payment(payment=payment, now=now)  # because nobody has its secret, it would only be in the way
        raise
    return _open_to_payer(payment, attempt, now)


def _open_to_payer(payment: Payment, attempt: PaymentAttempt, now: datetime) -> StartedPayment:
    """Hand out the secret, unless the claim ended while the processor was asked: then the attempt ends as well."""
    started = Payment.objects.filter(pk=payment.pk, state=PaymentState.STARTED)
    is_open = started.update(external_id=attempt.external_id)
    if not is_open:
        Payment.objects.filter(pk=payment.pk, external_id=None).update(external_id=attempt.external_id)
    payment.refresh_from_db()
    if not is_open:
        cancel_payment(payment=payment, now=now)
        raise _no_longer_due()
    return StartedPayment(payment, attempt.secret)


def _no_longer_due() -> ConflictError:
    return ConflictError(
        "not_open", translate("One of these %(invoices)s is not open any more. Look at the list again.")
    )


def _resume_or_cancel(chosen: list[Invoice], *, by: User, now: datetime) -> StartedPayment | None:
    """The payer's own unfinished payment of exactly these invoices; others that nobody has confirmed are given up."""
    wanted = {invoice.pk for invoice in chosen}
    for payment in _live_payments(wanted).prefetch_related("shares"):
        if not payment.external_id:
            continue
        attempt = gateway().retrieve_payment(payment.account_id, payment.external_id)
        payment = settlement.apply_attempt(payment=payment, attempt=attempt, now=now)
        is_own = payment.payer_id == by.pk
        if is_own and payment.is_live and _is_for(payment, wanted):
            return StartedPayment(payment, attempt.secret)
        if payment.state in UNCONFIRMED or (is_own and payment.state == PaymentState.WAITING):
            cancel_payment(payment=payment, now=now)
    return None


def _is_for(payment: Payment, invoices: set[UUID]) -> bool:
    """Whether it pays exactly what is due of exactly these invoices."""
    return {share.invoice_id for share in payment.shares.all()} == invoices and payment.is_due


def _live_payments(invoices: set[UUID]) -> "QuerySet[Payment]":
    return Payment.objects.filter(shares__invoice__in=invoices, state__in=LIVE).distinct()


def cancel_payment(*, payment: Payment, now: datetime) -> Payment:
    """Cancel an unfinished payment, at the processor first. One that has succeeded meanwhile is settled instead."""
    if not payment.external_id:
        payment = settlement.close_payment(payment=payment, now=now)
    if not payment.external_id:
        return payment
    attempt = _cancelled(payment)
    if attempt is None:
        return settlement.abandon_payment(payment=payment, now=now)
    return settlement.apply_attempt(payment=payment, attempt=attempt, now=now)


def _cancelled(payment: Payment) -> PaymentAttempt | None:
    """How the processor sees the payment after it was asked to cancel it; None when it has none like it, or lets us ask no more."""
    try:
        return gateway().cancel_payment(payment.account_id, payment.external_id or "")
    except GatewayError as error:
        if not error.permanent:
            raise
    try:
        return gateway().retrieve_payment(payment.account_id, payment.external_id or "")
    except GatewayError as error:
        if not error.permanent:
            raise
        return None


def end_live_payments(*, invoice: Invoice, by: Any, now: datetime) -> None:
    """End what somebody could still pay of this invoice, at the processor first: before its claim ends or is reduced.

    Never inside a transaction. Errors: `payment_under_way` when a bank has it already; GatewayError when the processor cannot be asked.
    """
    for payment in _live_payments({invoice.pk}):
        if _end_as_wanted(payment, by=by, now=now).is_live:
            raise _under_way()


def _end_as_wanted(payment: Payment, *, by: Any, now: datetime) -> Payment:
    """Note that it is to end, and by whose will, and promise it, before the processor is asked.

    So whatever stops this program between the processor's answer and the books, a worker finds it and takes over how the payment stands.
    """
    with transaction.atomic():
        audit.record(BillingAudit.PAYMENT_ENDING, by=by, subject=payment)
        outbox.enqueue(
            outbox_names.CANCEL_PAYMENT, due_at=now + FIRST_LOOK, by=by, about=payment, payment=str(payment.pk), wanted=True
        )  # fmt: skip
    return cancel_payment(payment=payment, now=now)


def promise_end_of_payments_for(*, client: Client) -> None:
    """Promise to end every payment that somebody could still make for this client, also where it pays for others as well."""
    for payment in Payment.objects.filter(shares__invoice__client=client, state__in=LIVE).distinct():
        outbox.enqueue(outbox_names.CANCEL_PAYMENT, about=payment, payment=str(payment.pk))


def check_none_under_way(invoice: Invoice) -> None:
    """Under the invoice's lock: refuse while somebody pays it by card, because they began after the others were ended."""
    if _live_payments({invoice.pk}).exists():
        raise _under_way()


def _under_way() -> ConflictError:
    return ConflictError(
        "payment_under_way", translate("A card payment of this %(invoice)s is under way. Wait for its outcome.")
    )


def end_payment(*, payment: Payment, by: Any, now: datetime) -> Payment:
    """End a card payment that its payer left unfinished, a step at their bank for example. Errors: `not_live`, `payment_under_way`."""
    permissions.check_manages(by)
    if not payment.is_live:
        raise ConflictError("not_live", translate("This payment is finished already."))
    ended = _end_as_wanted(payment, by=by, now=now)
    if ended.is_live:
        raise ConflictError(
            "payment_under_way", translate("The bank is working on this payment. Wait for its outcome.")
        )
    if ended.state == PaymentState.SUCCEEDED:
        raise ConflictError("not_live", translate("This payment has just succeeded."))
    audit.record(BillingAudit.PAYMENT_ENDED, by=by, subject=ended)
    return ended


@transaction.atomic
def _create_payment(chosen: list[Invoice], account: PaymentAccount, *, by: User, now: datetime) -> Payment:
    """The payment and its shares, under the invoices' locks, with the promise to ask the processor what became of it."""
    ids = {invoice.pk for invoice in chosen}
    locked = list(
        Invoice.objects.select_for_update(of=("self",)).select_related("client").filter(pk__in=ids).order_by("pk")
    )
    _check_payable(locked)
    check_by_card(Money.total((invoice.due for invoice in locked), locked[0].currency))
    if _live_payments(ids).exists():
        raise ConflictError(
            "payment_under_way",
            translate("Somebody is paying this %(invoice)s by card at this moment. Look again in a minute, or ask us."),
        )
    currency = locked[0].currency
    due = Money.total((invoice.due for invoice in locked), currency)
    payment = note_started(due, account, by=by, now=now)
    PaymentShare.objects.bulk_create(
        PaymentShare(payment=payment, invoice=invoice, amount=invoice.due.amount, currency=currency)
        for invoice in locked
    )
    return payment


def note_started(amount: Money, account: PaymentAccount, *, by: User, now: datetime) -> Payment:
    """A card payment that begins, with the promise to ask the processor what became of it. In the transaction of whoever calls."""
    payment = Payment.objects.create(
        means=Payment.Means.CARD,
        state=PaymentState.STARTED,
        payer=by,
        payer_name=by.name,
        amount=amount.amount,
        currency=amount.currency,
        account_id=account.external_id,
        started_at=now,
    )
    audit.record(BillingAudit.PAYMENT_STARTED, by=by, subject=payment, changes={"amount": [None, str(payment.money)]})
    outbox.enqueue(
        outbox_names.RECONCILE_PAYMENT, due_at=now + FIRST_LOOK, about=payment, payment=str(payment.pk), look=1
    )
    return payment


def check_by_card(amount: Money) -> None:
    """Refuse what the processor would refuse, before anything is begun."""
    why = gateway().refusal_of(amount)
    if why is not None:
        raise DomainError("not_by_card", why.sentence())


def _check_payable(invoices: list[Invoice]) -> None:
    if not invoices:
        raise DomainError("invoices_missing", translate("Choose at least one %(invoice)s to pay."))
    if not all(invoice.due for invoice in invoices):
        raise _no_longer_due()
    for invoice in invoices:
        if invoice.is_disputed:
            raise ConflictError("payment_disputed", Reason(BillingReason.PAYMENT_DISPUTED).sentence())
        if not is_paid_for(invoice.client.status):
            raise DomainError("client_inactive", payment_refusal(invoice.client.name))
    if same_currency(invoices) is None:
        raise DomainError(
            "currencies_differ",
            translate("These %(invoices)s are in different currencies. Pay them one after the other."),
        )


def prepare_payment(*, payment: Payment, save_card: bool, by: User, now: datetime) -> Payment:
    """The payer is about to give the card: look once more whether this is still what is due, and say whether the card is saved.

    NotFound and PermissionDenied at the door; `not_open`, `client_inactive`; GatewayError.
    """
    payment = permissions.get_payment(by, payment.pk, to=PAY)
    if not payment.is_live or not payment.external_id:
        raise ConflictError("not_open", translate("This payment is not open any more. Look at the %(invoice)s again."))
    _end_unless_due(payment, now)
    if payment.saves_card != save_card:
        gateway().set_card_saving(payment.account_id, payment.external_id, save=save_card)
        Payment.objects.filter(pk=payment.pk).update(saves_card=save_card)
    return payment


def _end_unless_due(payment: Payment, now: datetime) -> None:
    """Refuse, and end the payment, when what it pays is not what is due, or may not be paid here any more."""
    invoices = [share.invoice for share in payment.shares.select_related("invoice__client")]
    try:
        _check_payable(invoices)
        if not payment.is_due:
            raise ConflictError("not_open", translate("Another amount is due now. Look at the %(invoice)s again."))
    except DomainError:
        cancel_payment(payment=payment, now=now)
        raise


def secret_of(*, payment: Payment, by: User, now: datetime) -> str:
    """The secret with which the payer's browser finishes the payment; empty when it is finished.

    Errors: `not_open`, `client_inactive` when it is not what is due any more; GatewayError.
    """
    payment = permissions.get_payment(by, payment.pk, to=PAY)
    if not payment.is_live or not payment.external_id:
        return ""
    _end_unless_due(payment, now)
    attempt = gateway().retrieve_payment(payment.account_id, payment.external_id)
    return attempt.secret if settlement.apply_attempt(payment=payment, attempt=attempt, now=now).is_live else ""


def refresh_payment(*, payment: Payment, now: datetime) -> Payment:
    """Ask the processor what became of the payment: the payer came back, or the event never arrived."""
    if payment.means != Payment.Means.CARD or not payment.is_live:
        return payment
    if not payment.external_id:
        return settlement.close_payment(payment=payment, now=now)
    attempt = gateway().retrieve_payment(payment.account_id, payment.external_id)
    return settlement.apply_attempt(payment=payment, attempt=attempt, now=now)
