"""Packages on offer, and some that were sold: one that is nearly used up, one that nobody has paid."""

from datetime import datetime
from decimal import Decimal

from billing.actions import manual_payments
from billing.packages.actions import catalogue, sales
from billing.packages.models import Purchase
from billing.packages.rules.package_terms import Validity
from billing.packages.rules.unit_use import Unit
from core.kernel.money import Money
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice


def sell_packages(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """Ten for the price of nine and five hours, on sale to everybody; three people have one."""
    each = practice.offers[0].amount
    how = {"by": cast.owner, "now": now}
    ten = catalogue.PackageTerms(
        "10 × " + practice.offers[0].name,
        Money(each * 9, practice.currency),
        Decimal(10),
        validity=Validity(6),
        is_online=True,
    )
    hours = catalogue.PackageTerms(
        "5 h", Money(each * 5, practice.currency), Decimal(5), unit=Unit.HOUR, validity=Validity(3), weekly_limit=Decimal(2)
    )  # fmt: skip
    packages = [catalogue.save_package(terms=terms, **how) for terms in (ten, hours)]
    for number, client in enumerate(list(cast.clients)[:3]):
        purchase = sales.sell_package(package=packages[number % 2], client=client, **how)
        if number < 2:
            _pay(purchase, cast, now=now)


def _pay(purchase: Purchase, cast: Cast, *, now: datetime) -> None:
    invoice = purchase.invoice
    invoice.refresh_from_db()
    if invoice.due:
        manual_payments.record_payment(
            invoice=invoice, amount=invoice.due, means="transfer", received_on=now.date(),
            by=cast.owner, now=now,
        )  # fmt: skip
