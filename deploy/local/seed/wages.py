"""What practitioners earn, and a payout of last month."""

from datetime import datetime, timedelta
from decimal import Decimal

from billing.models import Service
from billing.queries import organization
from billing.wages.actions import accounts, entries, rates, runs
from billing.wages.models import WageEntry
from billing.wages.queries import sums_to_pay
from billing.wages.rules.payout import fingerprint
from billing.wages.rules.wage import Basis, Terms
from core.kernel.money import Money
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice


def set_wage_rates(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """Each practitioner by the hour; one service a share of the price; one person a fixed amount."""
    service = Service.objects.filter(is_active=True).first()
    for place, person in enumerate(cast.practitioners):
        hourly = Terms(Basis.HOUR, Money(practice.offers[0].amount * (50 + 5 * place) // 100, practice.currency))
        rates.set_rate(practitioner=person, service=None, terms=hourly, by=cast.owner, now=now)
        if service is not None and place == 0:
            share = Terms(Basis.SHARE, share=Decimal(60))
            rates.set_rate(practitioner=person, service=service, terms=share, by=cast.owner, now=now)


def pay_wages(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """A bonus and a deduction; what was earned until a week ago is paid, the rest waits."""
    today = organization.today(now)
    _set_accounts(cast, now)
    first, *others = cast.practitioners
    by_hand = [(first, WageEntry.Kind.BONUS, 5000, "Open evening", 2)]
    by_hand += [(each, WageEntry.Kind.DEDUCTION, 1200, "Key that was lost", 3) for each in others[:1]]
    for person, kind, amount, what, days in by_hand:
        entries.enter_by_hand(
            practitioner=person, kind=kind, amount=Money(amount, practice.currency), description=what,
            day=today - timedelta(days=days), by=cast.owner, now=now,
        )  # fmt: skip
    until = today - timedelta(days=7)
    sums = sums_to_pay(until=until, currency=practice.currency)
    if sums.paid:
        run = runs.make_run(until=until, currency=practice.currency, seen=fingerprint(sums), by=cast.owner, now=now)
        runs.note_paid(run=run, paid_on=today - timedelta(days=5), by=cast.owner, now=now)
    left = sums_to_pay(until=today, currency=practice.currency)
    if left.paid:  # to be paid by a file for the bank
        runs.make_run(until=today, currency=practice.currency, seen=fingerprint(left), by=cast.owner, now=now)


# Numbers of the kind that banks print in their examples.
OWN, THEIRS = (
    "DE89370400440532013000",
    ("DE75512108001245126199", "AT611904300234573201", "NL91ABNA0417164300", "FR1420041010050500013M02606"),
)


def _set_accounts(cast: Cast, now: datetime) -> None:
    """Where wages are paid from, and where they go to."""
    accounts.set_account(practitioner=None, holder=str(cast.owner), iban=OWN, by=cast.owner, now=now)
    for person, iban in zip(cast.practitioners, THEIRS * 9, strict=False):
        accounts.set_account(practitioner=person, holder=str(person), iban=iban, by=cast.owner, now=now)
