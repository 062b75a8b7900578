"""Charges: fixed when an appointment ends, changed only by hand, with a reason, before they stand on an invoice."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from billing import permissions
from billing.audit_codes import BillingAudit
from billing.models import Charge, CostOverride
from billing.queries.prices import EndedAppointment, price_when_ended
from billing.reasons import BillingReason
from billing.signals import charge_made
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import REASON_FIELDS, reason_fields
from core.kernel.money import Money
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.people.models import Client
from tenants import entitlements


@transaction.atomic
def charge_appointment(*, ended: EndedAppointment, by: Any, now: datetime) -> Charge | None:
    """Fix what the client owes for the appointment. None when there is nothing to charge; the first answer stands.

    An appointment without a service is charged only if somebody has set an amount for it; none at all where the plan has no billing.
    """
    if not entitlements.allows(entitlements.BILLING):
        return None
    known = Charge.objects.filter(appointment_id=ended.appointment_id, client=ended.client).first()
    if known is not None:
        return known
    service, price = price_when_ended(ended)
    if price is None or not price.amount:
        audit.record(
            BillingAudit.CHARGE_NOT_MADE,
            by=by,
            subject=ended.client,
            reason=price.reason if price else Reason(BillingReason.CHARGE_WITHOUT_SERVICE),
        )
        return None
    charge = Charge.objects.create(
        appointment_id=ended.appointment_id,
        client=ended.client,
        service=service,
        description=service.name if service else "",
        other_descriptions=service.other_names if service else {},
        practitioner_name=ended.practitioner_name,
        happened_at=ended.starts_at,
        minutes=ended.minutes,
        amount=price.amount.amount,
        currency=price.amount.currency,
        tax_rate=service.tax_rate if service else 0,
        source=price.source.value,
        created_at=now,
        **reason_fields(price.reason),
    )
    audit.record(
        BillingAudit.CHARGE_MADE,
        by=by,
        subject=charge,
        changes={"amount": [None, str(charge.price)]},
        reason=price.reason,
    )
    charge_made.send(sender=Charge, charge=charge, ended=ended, by=by, now=now)
    return charge


@transaction.atomic
def override_cost(
    *, appointment_id: UUID, client: Client, price: Money, reason: str, by: Any, now: datetime
) -> CostOverride:
    """Set what this client's appointment costs, before it ends. Errors: `reason_missing`, `charge_made`."""
    permissions.check_manages(by)
    if not reason.strip():
        raise DomainError("reason_missing", translate("Say why the amount is another one here."), field="reason")
    if Charge.objects.filter(appointment_id=appointment_id, client=client).exists():
        raise ConflictError("charge_made", translate("This has been charged already. Change the charge instead."))
    former = CostOverride.objects.select_for_update().filter(appointment_id=appointment_id, client=client).first()
    before = former and str(former.price)
    override, _ = CostOverride.objects.update_or_create(
        appointment_id=appointment_id,
        client=client,
        defaults={
            "amount": price.amount,
            "currency": price.currency,
            "reason": reason.strip(),
            "set_by": str(by)[:200],
            "set_at": now,
        },
    )
    audit.record(
        BillingAudit.COST_OVERRIDE_SET, by=by, subject=override, changes={"amount": [before, str(price)]}, reason=reason
    )
    return override


@transaction.atomic
def change_charge(*, charge: Charge, price: Money, reason: str, by: Any, now: datetime) -> Charge:
    """Charge another amount, with the reason. Errors: `reason_missing`, `charge_not_open`."""
    locked = _open(charge, reason, by)
    if price.currency != locked.currency:
        raise DomainError(
            "currency_differs", translate("This charge is in %(currency)s.", currency=locked.currency), field="amount"
        )
    before, locked.amount, locked.source = locked.price, price.amount, "changed"
    locked.give_reason(Reason(BillingReason.CHARGE_CHANGED, {"reason": reason.strip(), "amount": before}))
    locked.save(update_fields=["amount", "source", *REASON_FIELDS])
    audit.record(
        BillingAudit.CHARGE_CHANGED, by=by, subject=locked, changes={"amount": [str(before), str(price)]}, reason=reason
    )
    return locked


@transaction.atomic
def waive_charge(*, charge: Charge, reason: str, by: Any, now: datetime) -> Charge:
    """Charge nothing, with the reason. Errors: `reason_missing`, `charge_not_open`."""
    locked = _open(charge, reason, by)
    locked.state = Charge.State.WAIVED
    locked.give_reason(Reason(BillingReason.CHARGE_WAIVED, {"reason": reason.strip()}))
    locked.save(update_fields=["state", *REASON_FIELDS])
    audit.record(BillingAudit.CHARGE_WAIVED, by=by, subject=locked, reason=reason)
    return locked


def _open(charge: Charge, reason: str, by: Any) -> Charge:
    permissions.check_manages(by)
    if not reason.strip():
        raise DomainError("reason_missing", translate("Say why."), field="reason")
    locked = Charge.objects.select_for_update().get(pk=charge.pk)
    if locked.state != Charge.State.OPEN:
        raise ConflictError(
            "charge_not_open",
            translate("This charge is on %(invoice:a|an)s %(invoice)s, waived or paid from a package already."),
        )
    return locked
