"""What billing announces and packages follow."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from billing.models import Charge, Invoice, LedgerEntry
from billing.packages.actions.sales import follow_invoice
from billing.packages.actions.use import meet_charge
from billing.queries.prices import EndedAppointment
from billing.signals import charge_made, ledger_entry_posted


@receiver(charge_made, dispatch_uid="packages.charge_made")
def meet_from_package(charge: Charge, ended: EndedAppointment, by: Any, now: datetime, **_: Any) -> None:
    """Units before money."""
    meet_charge(charge=charge, ended=ended, by=by, now=now)


@receiver(ledger_entry_posted, dispatch_uid="packages.ledger_entry_posted")
def follow_books(invoice: Invoice, entry: LedgerEntry, by: Any, now: datetime, **_: Any) -> None:
    """What was issued or paid can be used; what is not claimed any more cannot."""
    follow_invoice(invoice=invoice, entry=entry, by=by, now=now)
