"""Payouts of the processor to the organization's bank: those that the bank sends back are told, until one arrives again."""

from datetime import datetime

from django.db import transaction

from billing import dispute_notifications as notifications
from billing.audit_codes import BillingAudit
from billing.gateways.disputes import PayoutFacts
from billing.models import BouncedPayout
from core.kernel import audit


@transaction.atomic
def apply_payout(*, account: str, facts: PayoutFacts, now: datetime) -> str:
    """Note one that bounced, once; one that was made later and arrives mends those before it. Returns what was done."""
    if facts.state == "failed":
        return _bounce(account, facts, now)
    return _mend(account, facts, now) if facts.state == "paid" else "ignored: on its way"


def _bounce(account: str, facts: PayoutFacts, now: datetime) -> str:
    payout, is_new = BouncedPayout.objects.get_or_create(
        external_id=facts.external_id,
        defaults={
            "account_id": account,
            "amount": facts.amount.amount,
            "currency": facts.amount.currency,
            "failure_code": facts.failure_code,
            "made_at": facts.created_at,
            "bounced_at": now,
        },
    )
    if not is_new:
        return "bounced payout known"
    audit.record(
        BillingAudit.PAYOUT_BOUNCED, by=audit.SYSTEM, subject=payout, changes={"amount": [None, str(payout.money)]}
    )
    notifications.payout_bounced(payout)
    return "payout bounced"


def _mend(account: str, facts: PayoutFacts, now: datetime) -> str:
    waiting = BouncedPayout.objects.select_for_update().filter(
        account_id=account, currency=facts.amount.currency, mended_at=None, made_at__lt=facts.created_at
    )
    found = list(waiting)
    for payout in found:
        payout.mended_at = now
        payout.save(update_fields=["mended_at"])
        audit.record(BillingAudit.PAYOUT_MENDED, by=audit.SYSTEM, subject=payout)
    return "payouts arrive again" if found else "payout arrived"
