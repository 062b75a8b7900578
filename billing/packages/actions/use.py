"""Charges met from packages, and units given back to them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from billing import permissions
from billing.models import Charge
from billing.packages import notifications
from billing.packages.actions import ledger
from billing.packages.audit_codes import PackagesAudit
from billing.packages.models import Purchase, UnitEntry
from billing.packages.queries import day_of, met_now, units_left, usable_purchases
from billing.packages.reasons import PackageReason
from billing.packages.rules.unit_use import Due, Met, level_of
from billing.queries.prices import EndedAppointment
from billing.rules.pricing import Source
from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import REASON_FIELDS
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.kernel.reasons import Reason, stored_reason
from core.kernel.translation import translate

CHARGE, WAIVE = "charge", "waive"
PACKAGE = "package"


@transaction.atomic
def meet_charge(*, charge: Charge, ended: EndedAppointment, by: Any, now: datetime) -> Charge:
    """Meet a new charge from the client's packages as far as they go. What is left of it is charged in money."""
    if charge.source == Source.OVERRIDE or not charge.amount:
        return charge
    # Held before they are counted, so that of two appointments that end at once the second finds what the first has left.
    usable = usable_purchases(charge.client).order_by("pk")
    found = {each.pk: each for each in usable.select_for_update().prefetch_related("services")}
    if not found:
        return charge
    day = day_of(ended.starts_at)
    met = met_now(list(found.values()), ended.service_id, Due(charge.price, charge.minutes, ended.share), day=day)
    if not met.uses:
        return charge
    before, price = units_left(found.values()), charge.price
    _take_off(charge, met, [found[use.key] for use in met.uses])
    for use in met.uses:
        entry = ledger.post(
            UnitEntry.Kind.USED,
            -use.units,
            purchase=found[use.key],
            happened_on=day,
            charge=charge,
            met_amount=use.met.amount,
            by=by,
            now=now,
        )
        _tell_if_low(found[use.key], entry, before[use.key])
    changes = {"amount": [str(price), str(charge.price)], "units": [None, sum(use.units for use in met.uses)]}
    audit.record(PackagesAudit.UNITS_USED, by=by, subject=charge, changes=changes)
    return charge


def _take_off(charge: Charge, met: Met, purchases: list[Purchase]) -> None:
    name = purchases[0].own_name if len(purchases) == 1 else OwnText(", ".join(each.name for each in purchases))
    reason = Reason(PackageReason.FROM_PACKAGE, {"package": name})
    if met.left:
        why = stored_reason(charge.reason_code, charge.reason_values) or charge.reason
        values = {"amount": charge.price - met.left, "package": name, "price": why}
        reason = Reason(PackageReason.PARTLY_FROM_PACKAGE, values)
    else:
        charge.state = Charge.State.MET
    charge.amount, charge.source = met.left.amount, PACKAGE
    charge.give_reason(reason)
    charge.save(update_fields=["amount", "source", "state", *REASON_FIELDS])


def _tell_if_low(purchase: Purchase, entry: UnitEntry, before: int) -> None:
    """Tell of the last two units, each once, as they are reached."""
    level = level_of(before + entry.units, purchase.units, purchase.counts)
    if level is not None and level != level_of(before, purchase.units, purchase.counts):
        notifications.package_low(purchase, entry, left=before + entry.units)


@transaction.atomic
def return_units(*, charge: Charge, then: str, reason: str, by: Any, now: datetime) -> Charge:
    """Give the units of a charge back; it is then charged in money (`charge`), or waived.

    Errors: `reason_missing`, `charge_not_met`, `charge_not_open`.
    """
    permissions.check_manages(by)
    if not reason.strip():
        raise DomainError("reason_missing", translate("Say why."), field="reason")
    keys = list(charge.unit_entries.values_list("purchase", flat=True))
    held = ledger.locked(keys)
    charge = Charge.objects.select_for_update().get(pk=charge.pk)
    if charge.state not in (Charge.State.MET, Charge.State.OPEN):
        raise ConflictError(
            "charge_not_open", translate("A part of it is on %(invoice:a|an)s %(invoice)s or waived already.")
        )
    returned = set(charge.unit_entries.filter(kind=UnitEntry.Kind.RETURNED).values_list("purchase", flat=True))
    used = charge.unit_entries.filter(kind=UnitEntry.Kind.USED).exclude(purchase__in=returned)
    rows = list(used.order_by("purchase"))
    if not rows:
        raise ConflictError("charge_not_met", translate("Its units are back in the package already."))
    for row in rows:
        ledger.post(
            UnitEntry.Kind.RETURNED,
            -row.units,
            purchase=held[row.purchase_id],
            happened_on=row.happened_on,
            charge=charge,
            met_amount=-row.met_amount,
            reason=reason.strip(),
            by=by,
            now=now,
        )
    before = charge.price
    charge.amount += sum(row.met_amount for row in rows)
    charge.state = Charge.State.WAIVED if then == WAIVE else Charge.State.OPEN
    charge.give_reason(Reason(PackageReason.RETURNED, {"reason": reason.strip()}))
    charge.save(update_fields=["amount", "state", *REASON_FIELDS])
    changes = {"amount": [str(before), str(Money(charge.amount, charge.currency))], "state": [None, charge.state]}
    audit.record(PackagesAudit.UNITS_RETURNED, by=by, subject=charge, changes=changes, reason=reason)
    return charge
