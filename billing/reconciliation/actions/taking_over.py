"""A difference is settled by taking the processor's side over: the payment, refund or dispute is asked for, and entered as any news of it is."""

from datetime import datetime

from django.db import transaction

from billing.actions import disputes, refunds, settlement
from billing.gateways import gateway
from billing.models import Payment
from billing.reconciliation.audit_codes import ReconciliationAudit
from billing.reconciliation.models import Difference
from billing.reconciliation.permissions import check_manages
from billing.reconciliation.rules.comparison import Subject
from core.kernel import audit
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.people.models import User


def take_over(*, difference: Difference, by: User, now: datetime) -> Difference:
    """Enter what the processor has. Errors: `not_to_be_taken_over`, and GatewayError."""
    check_manages(by)
    payment = difference.payment
    if payment is None or not difference.can_be_taken_over:
        raise ConflictError("not_to_be_taken_over", translate("This cannot be taken over. Do as the report says."))
    _enter(Subject(difference.subject), difference.key, payment, now)
    with transaction.atomic():
        held = Difference.objects.select_for_update().get(pk=difference.pk)
        if held.taken_over_at is None:
            held.taken_over_at, held.taken_over_by = now, str(by)[:200]
            held.save(update_fields=["taken_over_at", "taken_over_by"])
            audit.record(ReconciliationAudit.DIFFERENCE_TAKEN_OVER, by=by, subject=payment, reason=str(held))
    return held


def _enter(subject: Subject, key: str, payment: Payment, now: datetime) -> None:
    account = payment.account_id
    if subject == Subject.PAYMENT:
        settlement.apply_attempt(payment=payment, attempt=gateway().retrieve_payment(account, key), now=now)
    elif subject == Subject.REFUND:
        refunds.apply_refund(payment=payment, result=gateway().retrieve_refund(account, key), now=now)
    else:
        disputes.apply_dispute(payment=payment, facts=gateway().retrieve_dispute(account, key), now=now)
