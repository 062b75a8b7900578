"""The only writer of the ledger of units. Whoever writes holds the package's row."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Sum

from billing.models import Charge
from billing.packages.models import Purchase, UnitEntry
from billing.packages.queries import day_of
from billing.packages.rules.package_terms import worth
from core.kernel.errors import ConflictError
from core.kernel.models import reason_fields
from core.kernel.reasons import Reason
from core.kernel.translation import translate


def locked(keys: Iterable[UUID]) -> dict[UUID, Purchase]:
    """These packages as they are now, held until the transaction ends; always in one order."""
    found = Purchase.objects.select_for_update().filter(pk__in=list(keys)).order_by("pk")
    return {each.pk: each for each in found}


def post(
    kind: UnitEntry.Kind,
    units: int,
    *,
    purchase: Purchase,
    by: Any,
    now: datetime,
    happened_on: date | None = None,
    charge: Charge | None = None,
    met_amount: int = 0,
    days: int = 0,
    reason: str | Reason = "",
) -> UnitEntry:
    """Append one row. ConflictError `units_missing` where less is left than it would take."""
    rows = UnitEntry.objects.filter(purchase=purchase).aggregate(left=Sum("units"), last=Max("position"))
    before = int(rows["left"] or 0)
    after = before + units
    if after < 0:
        raise ConflictError("units_missing", translate("There is not that much left of this package any more."))
    value = worth(purchase.price, after, purchase.units) - worth(purchase.price, before, purchase.units)
    return UnitEntry.objects.create(
        purchase=purchase,
        position=(rows["last"] or 0) + 1,
        kind=kind,
        units=units,
        value=value.amount,
        days=days,
        charge=charge,
        met_amount=met_amount,
        appointment_id=charge.appointment_id if charge else None,
        happened_on=happened_on or day_of(now),
        at=now,
        by=str(by)[:200],
        **reason_fields(reason),
    )
