"""The card on file is charged: by staff, who have said how much and whom, or by the organization's rule. Only with its holder's mandate.

The payment stands here and at the processor before the card is charged, so that whatever stops this program, its outcome is found.
"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from billing import outbox_names as billing_names
from billing import permissions
from billing.actions import payments, settlement
from billing.autopay import notifications, outbox_names
from billing.autopay.audit_codes import AutopayAudit
from billing.autopay.models import CardCharge
from billing.autopay.queries import CardOnFile, autopay_settings, card_on_file, next_number, standing_on
from billing.autopay.rules.charging import When, charges_on, is_held_back, next_try
from billing.gateways import gateway
from billing.models import Invoice, Payment, PaymentShare
from billing.permissions import MANAGE
from billing.queries import organization
from billing.reasons import BillingReason
from billing.rules.payment_progress import PaymentState
from branding.queries import current_brand
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.money import Money
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.people.rules.client_status import is_paid_for, payment_refusal

MORNING = time(9)


def charge_card(*, invoice: Invoice, amount: Money, by: Any, now: datetime) -> Payment:
    """Staff charge the card on file with what is due, which they have read. What its payer has open ends before.

    NotFound at the door; `no_card_on_file`, `due_changed`, `not_open`, `client_inactive`, `payment_under_way`, `not_by_card`, GatewayError.
    """
    invoice = permissions.get_invoice(by, invoice.pk, to=MANAGE)
    permissions.check_in_plan()
    on_file = _card(invoice, now)
    if invoice.due != amount:
        raise _changed()
    payments.end_live_payments(invoice=invoice, by=by, now=now)
    payment = _begin(invoice, on_file, amount, CardCharge.Kind.HAND, by=by, now=now)
    return confirm(payment=start(payment=payment, now=now), now=now)


def charge_by_itself(*, invoice: Invoice, now: datetime) -> Payment | None:
    """Begin the next try of the rule, if it still is for today; None when it is not. Errors: of `charge_card`.

    The processor is asked by promises that follow, so that the payment stands here before the card is charged.
    """
    today, settings = organization.today(now), autopay_settings()
    standing = standing_on(invoice, today)
    number = next_number(invoice)
    if number == 1 and not charges_on(today, When(settings.when), standing):
        return None
    if is_held_back(today, standing) or not is_paid_for(invoice.client.status):
        return None
    payment = _begin(invoice, _card(invoice, now), invoice.due, CardCharge.Kind.RULE, by=audit.SYSTEM, now=now)
    outbox.enqueue(outbox_names.START_CHARGE, about=invoice, payment=str(payment.pk))
    return payment


def _card(invoice: Invoice, now: datetime) -> CardOnFile:
    found = card_on_file(invoice, organization.today(now))
    if found is None:
        raise DomainError(
            "no_card_on_file",
            translate("There is no card that %(name)s has allowed you to charge for this.", name=invoice.payer_name),
        )
    return found


def _changed() -> ConflictError:
    return ConflictError("due_changed", translate("Another amount is due now. Look at the %(invoice)s again."))


def start(*, payment: Payment, now: datetime) -> Payment:
    """Make the payment known to the processor; nothing is charged yet. Errors: `not_open`, GatewayError."""
    found = CardCharge.objects.select_related("invoice", "card__customer__account").get(payment=payment)
    account, payer = found.card and found.card.customer.account, payment.payer
    if account is None or payer is None:
        raise DomainError("no_card_on_file", translate("The card is not there any more."))
    return payments.start_at_processor(payment, account, purpose=str(found.invoice.number), by=payer, now=now).payment


def confirm(*, payment: Payment, now: datetime) -> Payment:
    """Charge the card. Done again, the processor finds what it did. GatewayError when it cannot be asked."""
    card = CardCharge.objects.select_related("card").get(payment=payment).card
    attempt = gateway().charge_off_session(
        payment.account_id, payment.external_id or "", card=card.external_id if card else "", key=f"charge:{payment.pk}"
    )
    return settlement.apply_attempt(payment=payment, attempt=attempt, now=now)


@transaction.atomic
def _begin(invoice: Invoice, on_file: CardOnFile, amount: Money, kind: str, *, by: Any, now: datetime) -> Payment:
    """The payment under the invoice's lock: of two who charge at once, one does."""
    locked = Invoice.objects.select_for_update(of=("self",)).select_related("client").get(pk=invoice.pk)
    if not locked.due:
        raise ConflictError("not_open", translate("Nothing is due of this %(invoice)s any more."))
    if locked.due != amount:
        raise _changed()
    if locked.is_disputed:
        raise ConflictError("payment_disputed", Reason(BillingReason.PAYMENT_DISPUTED).sentence())
    if not is_paid_for(locked.client.status):
        raise DomainError("client_inactive", payment_refusal(locked.client.name))
    payments.check_none_under_way(locked)
    payments.check_by_card(amount)
    payment = payments.note_started(amount, on_file.card.customer.account, by=on_file.payer, now=now)
    PaymentShare.objects.create(payment=payment, invoice=locked, amount=amount.amount, currency=amount.currency)
    CardCharge.objects.create(
        invoice=locked,
        payment=payment,
        card=on_file.card,
        kind=kind,
        number=next_number(locked) if kind == CardCharge.Kind.RULE else 1,
        made_at=now,
        made_on=organization.today(now),
        made_by=str(by)[:200],
    )
    changes = {"amount": [None, str(amount)], "card": [None, str(on_file.card)], "payer": [None, on_file.payer.name]}
    audit.record(AutopayAudit.CARD_CHARGED, by=by, subject=locked, changes=changes)
    return payment


@transaction.atomic
def follow_payment(*, payment: Payment, now: datetime) -> None:
    """What came of a try. A bank that asks the holder: they get a link by mail. Refused: the plan says when it is tried again."""
    found = CardCharge.objects.select_for_update().filter(payment=payment).select_related("invoice__client").first()
    if found is None or found.outcome not in (CardCharge.Outcome.UNDER_WAY, CardCharge.Outcome.REFUSED):
        return
    if found.outcome == CardCharge.Outcome.REFUSED and payment.state == PaymentState.REFUSED:
        return  # told twice
    if payment.state == PaymentState.SUCCEEDED:
        found.outcome, found.next_on = CardCharge.Outcome.PAID, None
    elif payment.state == PaymentState.WAITING or payment.failure_code == BillingReason.CARD_NOT_CONFIRMED.value:
        found.outcome = CardCharge.Outcome.NEEDS_PAYER
    elif payment.state == PaymentState.REFUSED:
        found.outcome = CardCharge.Outcome.REFUSED
        found.next_on = _next(found)
    else:
        return
    found.save(update_fields=["outcome", "next_on"])
    if found.outcome == CardCharge.Outcome.PAID:
        return
    needs = found.outcome == CardCharge.Outcome.NEEDS_PAYER
    code = AutopayAudit.CARD_CHARGE_NEEDS_PAYER if needs else AutopayAudit.CARD_CHARGE_REFUSED
    audit.record(code, by=audit.SYSTEM, subject=found.invoice, reason=payment.failure_sentence)
    # So that its payer can pay in another way, and nobody has its secret.
    outbox.enqueue(billing_names.CANCEL_PAYMENT, about=payment, payment=str(payment.pk), wanted=True)
    if found.next_on is not None:
        promise_try(found.invoice, found.next_on)
    notifications.charge_failed(found, needs_payer=needs)


def _next(found: CardCharge) -> date | None:
    """Only what the rule tries is tried again."""
    if found.kind != CardCharge.Kind.RULE:
        return None
    first = CardCharge.objects.filter(invoice=found.invoice, kind=CardCharge.Kind.RULE).order_by("number").first()
    return next_try(first.made_on if first else found.made_on, found.number, autopay_settings().plan)


def promise_try(invoice: Invoice, day: date) -> None:
    """The next try, in the morning of that day where the organization is."""
    due_at = datetime.combine(day, MORNING, ZoneInfo(current_brand().time_zone))
    key = f"autopay:{invoice.pk}:{day}"
    outbox.enqueue(outbox_names.CHARGE_BY_ITSELF, due_at=due_at, key=key, about=invoice, invoice=str(invoice.pk))


@transaction.atomic
def charge_what_is_due(*, now: datetime) -> None:
    """Promise the first try of every invoice that is for today. A nightly job; done twice, it promises nothing more."""
    settings, today = autopay_settings(), organization.today(now)
    if settings.when == When.NEVER:
        return
    tomorrow = today + timedelta(days=1)  # the job runs at night, and its morning is the next
    found = Invoice.objects.filter(
        state=Invoice.State.OPEN, disputed_amount=0, payer_user__isnull=False, card_charges=None
    )
    if settings.when == When.DUE:
        found = found.filter(due_on__lte=tomorrow)
    for invoice in found.select_related("client", "payer_user").order_by("due_on", "pk"):
        day = max(invoice.due_on, today) if settings.when == When.DUE else today
        if charges_on(day, When(settings.when), standing_on(invoice, day)):
            promise_try(invoice, day)
