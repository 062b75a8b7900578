"""Makers of packages, by the same actions as the product's."""

from decimal import Decimal
from typing import Any

from billing.actions import charges, manual_payments
from billing.models import Charge
from billing.packages import queries
from billing.packages.actions import catalogue, sales
from billing.packages.models import Package, Purchase
from billing.packages.rules.package_terms import Validity
from billing.packages.rules.unit_use import Unit
from core.kernel.money import Money
from core.people.models import Client
from tests.factories.till import ended


def offer(name: str = "Ten at once", *, by: Any, now: Any, **terms: Any) -> Package:
    """Ten appointments of anything for 700.00, three months, unless said otherwise."""
    values: dict[str, Any] = {"price": Money(70000, "EUR"), "units": Decimal(10), "validity": Validity(3)}
    return catalogue.save_package(terms=catalogue.PackageTerms(name=name, **values | terms), by=by, now=now)


def sell(package: Package, client: Client, *, by: Any, now: Any, paid: bool = True) -> Purchase:
    """Sold by staff, and paid in cash."""
    purchase = sales.sell_package(package=package, client=client, by=by, now=now)
    if paid:
        pay(purchase, by=by, now=now)
    purchase.refresh_from_db()
    return purchase


def pay(purchase: Purchase, *, by: Any, now: Any) -> None:
    """All that is due of its invoice, in cash."""
    invoice = purchase.invoice
    invoice.refresh_from_db()
    manual_payments.record_payment(
        invoice=invoice, amount=invoice.due, means="cash", received_on=now.date(), by=by, now=now
    )


def hours(count: int, cents: int, **terms: Any) -> dict[str, Any]:
    """The terms of a package of hours."""
    return {"unit": Unit.HOUR, "units": Decimal(count), "price": Money(cents, "EUR"), **terms}


def charge(till: Any, number: int = 1, client: Client | None = None, **more: Any) -> Charge:
    """What an appointment of the client comes to, once it is completed."""
    found = charges.charge_appointment(
        ended=ended(till, client or till.cora, number, **more), by=till.tess, now=till.now
    )
    assert found is not None
    return found


def left(purchase: Purchase) -> int:
    """Units that are left, in hundredths of appointments."""
    return queries.left_of(purchase)


def rows_of(purchase: Purchase) -> list[tuple[str, int, int]]:
    return [(row.kind, row.units, row.value) for row in purchase.entries.order_by("position")]


def settings_of(till: Any, usable_when: str = "paid", notice_days: int = 14) -> Any:
    return catalogue.save_settings(usable_when=usable_when, notice_days=notice_days, by=till.nora, now=till.now)
