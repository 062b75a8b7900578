"""What billing announces and charging cards follows."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing.autopay.actions import charging
from billing.autopay.queries import autopay_settings, standing_on
from billing.autopay.rules.charging import When, charges_on
from billing.models import Invoice, LedgerEntry, Payment
from billing.queries import organization
from billing.rules.balances import Kind
from billing.signals import ledger_entry_posted, payment_moved


@receiver(payment_moved, dispatch_uid="autopay.payment_moved")
def follow_payment(payment: Payment, now: datetime, **_: Any) -> None:
    charging.follow_payment(payment=payment, now=now)


@receiver(ledger_entry_posted, dispatch_uid="autopay.ledger_entry_posted")
def charge_when_issued(invoice: Invoice, entry: LedgerEntry, now: datetime, **_: Any) -> None:
    """By the organization's rule. What is paid in the same breath needs no charge, which is looked at then."""
    if entry.kind != Kind.INVOICED.value or autopay_settings().when != When.ISSUED:
        return
    today = organization.today(now)
    if charges_on(today, When.ISSUED, standing_on(invoice, today)):
        charging.promise_try(invoice, today)
