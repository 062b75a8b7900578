"""Charges: fixed when an appointment ends, changed only by hand, with a reason, before they stand on an invoice."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from billing import permissions
from billing.audit_codes import BillingAudit
from billing.models import Charge, CostOverride, Rate, Service
from billing.reasons import BillingReason
from billing.rules.pricing import WHOLE, Price, Question, price_of
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import REASON_FIELDS, reason_fields
from core.kernel.money import Money
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from core.people.models import Client
from tenants import entitlements


@dataclass(frozen=True)
class EndedAppointment:
    """An appointment that ended for one client: held, cancelled late, or missed. `share` in per cent."""

    appointment_id: UUID
    client: Client
    service_id: UUID | None
    starts_at: datetime
    minutes: int
    practitioner_name: str = ""
    share: Decimal = WHOLE
    completion: str = ""


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
    service = Service.objects.filter(pk=ended.service_id).first() if ended.service_id else None
    price = _price(ended, service)
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
    return charge


def _price(ended: EndedAppointment, service: Service | None) -> Price | None:
    override = CostOverride.objects.filter(appointment_id=ended.appointment_id, client=ended.client).first()
    rate = Rate.objects.filter(client=ended.client, service=service).first() if service else None
    if service is None and override is None:
        return None
    return price_of(
        Question(
            service=service.name if service else "",
            service_price=service.price if service else override.price,  # type: ignore[union-attr]  # one of them exists
            rate=rate.price if rate else None,
            override=override.price if override else None,
            override_reason=override.reason if override else "",
            per_hour=service is not None and service.unit == Service.Unit.HOUR,
            minutes=ended.minutes,
            share=ended.share,
            completion=ended.completion,
        )
    )


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
        BillingAudit.COST_OVERRIDE_SET, by=by, subject=override, changes={"amount": [None, str(price)]}, reason=reason
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
        raise ConflictError("charge_not_open", translate("This charge is on an invoice or waived already."))
    return locked
