"""Makers of wages, by the same actions as the product's."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from billing.models import Service
from billing.queries import organization
from billing.wages.actions import entries, rates, runs
from billing.wages.models import PayoutRun, WageEntry, WageRate
from billing.wages.queries import sums_to_pay
from billing.wages.rules.payout import fingerprint
from billing.wages.rules.wage import Basis, Terms
from core.kernel import clock
from core.kernel.money import Money
from core.people.models import StaffMember


def rate(practitioner: StaffMember, service: Service | None = None, *, by: Any, **how: Any) -> WageRate:
    """45.00 each time unless said otherwise: `hour=6000`, `share="30"`, `each=4500`."""
    if "share" in how:
        terms = Terms(Basis.SHARE, share=Decimal(how["share"]))
    elif "hour" in how:
        terms = Terms(Basis.HOUR, Money(how["hour"], "EUR"))
    else:
        terms = Terms(Basis.APPOINTMENT, Money(how.get("each", 4500), "EUR"))
    return rates.set_rate(practitioner=practitioner, service=service, terms=terms, by=by, now=clock.now())


def enter(
    practitioner: StaffMember, cents: int, *, by: Any, days_ago: int = 0, what: str = "Only for this"
) -> WageEntry:
    """An amount by hand: a bonus, below zero a deduction."""
    now = clock.now()
    return entries.enter_by_hand(
        practitioner=practitioner,
        kind=WageEntry.Kind.BONUS if cents > 0 else WageEntry.Kind.DEDUCTION,
        amount=Money(abs(cents), "EUR"),
        description=what,
        day=organization.today(now) - timedelta(days=days_ago),
        by=by,
        now=now,
    )


def earn(practitioner: StaffMember, *, euros: int, by: Any) -> WageRate:
    """A rate, and a bonus of the same amount."""
    enter(practitioner, euros * 100, by=by)
    return rate(practitioner, each=euros * 100, by=by)


def pay_out(*, by: Any, currency: str = "EUR") -> PayoutRun:
    """Everything up to today, put together and not paid yet."""
    today = organization.today(clock.now())
    seen = fingerprint(sums_to_pay(until=today, currency=currency))
    return runs.make_run(until=today, currency=currency, seen=seen, by=by, now=clock.now())
