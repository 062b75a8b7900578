"""What is earned, owed and paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet, Sum

from billing.models import Service
from billing.queries import organization
from billing.queries.prices import EndedAppointment, full_amounts, price_when_ended
from billing.rules import tax
from billing.wages.models import Payout, PayoutRun, WageEntry, WageRate
from billing.wages.rules import payout
from billing.wages.rules.wage import WHOLE, Earned, Question, earned_by
from branding.queries import current_brand
from core.kernel import clock
from core.kernel.money import Money
from core.kernel.own_texts import OwnText
from core.people.models import Client, StaffMember
from core.scheduling.models import Appointment
from tenants import entitlements


@dataclass(frozen=True)
class Balance:
    """What somebody has earned and was not paid, in one currency."""

    practitioner_id: UUID
    money: Money
    entries: int


def payouts_with_accounts(run: PayoutRun) -> "QuerySet[Payout]":
    """Everybody's part of a payout, with where it goes to."""
    found = Payout.objects.filter(run=run).select_related("practitioner__user", "practitioner__bank_account")
    return found.order_by("practitioner__user__sort_key", "pk")


def rate_of(practitioner_id: UUID, service_id: UUID | None) -> WageRate | None:
    """The rate that holds: the service's, else the one for everything else."""
    found = {rate.service_id: rate for rate in WageRate.objects.filter(practitioner=practitioner_id)}
    return found.get(service_id) or found.get(None)


def wage_of(
    appointment: Appointment,
    clients: Sequence[Client],
    *,
    minutes: int,
    part: Decimal = WHOLE,
    completion: str | OwnText = "",
    is_one_place: bool = False,
) -> Earned | None:
    """What whoever runs the appointment earns by it, for the places of these clients; None without a rate, or where the plan has no billing."""
    if not entitlements.allows(entitlements.BILLING):
        return None
    rate = rate_of(appointment.practitioner_id, appointment.service_id)
    if rate is None:
        return None
    price = net_price(appointment, clients, minutes=minutes) if rate.share is not None else None
    question = Question(rate.terms, minutes, price, part, completion, is_one_place)
    return earned_by(question)


def wage_asked_for(practitioner: StaffMember, client: Client, service_id: UUID | None, *, minutes: int) -> Money | None:
    """What somebody would earn by an appointment that is only asked for; None where nothing is known."""
    asked = Appointment(practitioner=practitioner, service_id=service_id, starts_at=clock.now())
    earned = wage_of(asked, [client], minutes=minutes)
    return earned.amount if earned else None


def net_price(appointment: Appointment, clients: Sequence[Client], *, minutes: int) -> Money | None:
    """The full prices of these places together, without tax; None where one of them is not known, or they are of several currencies."""
    lines = []
    for client in clients:
        ended = EndedAppointment(appointment.pk, client, appointment.service_id, appointment.starts_at, minutes)
        service, price = price_when_ended(ended)
        if price is None:
            return None
        lines.append(tax.Line(price.amount, service.tax_rate if service else Decimal(0)))
    if Money.sum_of(line.amount for line in lines) is None:
        return None
    included = organization.billing_settings().prices_include_tax
    # Without tax on top, what was priced is what the practice has of it.
    return tax.totals_of(lines, currency=lines[0].amount.currency, included=included).net


def expected_wages(appointments: Sequence[Appointment]) -> dict[UUID, Money]:
    """What whoever runs each appointment earns by it if it is held as booked: a fixed number of questions, however many there are."""
    if not entitlements.allows(entitlements.BILLING):
        return {}
    rates = {
        (rate.practitioner_id, rate.service_id): rate
        for rate in WageRate.objects.filter(practitioner__in={each.practitioner_id for each in appointments})
    }
    if not rates:
        return {}
    clients = {place.client_id for each in appointments for place in each.attending}
    services = Service.objects.filter(pk__in={each.service_id for each in appointments if each.service_id})
    prices, rows = full_amounts(appointments, clients), {row.pk: row for row in services}
    included, found = organization.billing_settings().prices_include_tax, {}
    for each in appointments:
        rate = rates.get((each.practitioner_id, each.service_id)) or rates.get((each.practitioner_id, None))
        if rate is None:
            continue
        service = rows.get(each.service_id) if each.service_id else None
        taxed = service.tax_rate if service else Decimal(0)
        amounts = [prices.get((each.pk, place.client_id)) for place in each.attending]
        earned = earned_by(Question(rate.terms, each.minutes, _net(amounts, taxed, included=included)))
        if earned is not None:
            found[each.pk] = earned.amount
    return found


def earned_by_appointment(appointment: Appointment) -> Money | None:
    """What whoever runs it has earned by it, with its places that were cancelled by themselves; None where nothing was entered, or in several
    currencies. What was entered for somebody who ran it before is theirs.
    """
    entries = WageEntry.objects.filter(
        appointment_id=appointment.pk, practitioner=appointment.practitioner_id
    ).order_by()
    return Money.sum_of(entry.money for entry in entries)


def _net(amounts: Sequence[Money | None], rate: Decimal, *, included: bool) -> Money | None:
    known = [amount for amount in amounts if amount is not None]
    total = Money.sum_of(known)
    if total is None or len(known) < len(amounts):
        return None
    return tax.totals_of([tax.Line(each, rate) for each in known], currency=total.currency, included=included).net


def end_of(day: date) -> datetime:
    """The first instant after this day where the organization is."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(current_brand().time_zone))


def unpaid(*, until: date, currency: str) -> "QuerySet[WageEntry]":
    """What was earned up to the end of that day and is in no payout."""
    return WageEntry.objects.filter(payout=None, currency=currency, happened_at__lt=end_of(until))


def sums_to_pay(*, until: date, currency: str) -> payout.Sums:
    """Who is paid how much by a payout up to that day, and who is not."""
    rows = unpaid(until=until, currency=currency).order_by().values_list("practitioner").annotate(Sum("amount"))
    return payout.sums_of(rows, currency=currency)


def currencies_unpaid() -> list[str]:
    """In which currencies anything waits, the organization's first."""
    found = set(WageEntry.objects.filter(payout=None).order_by().values_list("currency", flat=True).distinct())
    own = current_brand().currency
    return [own, *sorted(found - {own})]


def balances(practitioners: Sequence[StaffMember]) -> list[Balance]:
    """What each of them has earned and was not paid: one question."""
    rows = WageEntry.objects.filter(payout__run__paid_on=None, practitioner__in=practitioners).order_by()
    sums = rows.values_list("practitioner", "currency").annotate(Sum("amount"), Count("pk"))
    return [Balance(person, Money(total, currency), count) for person, currency, total, count in sums]


def month_of(practitioner: StaffMember, first: date, after: date) -> "QuerySet[WageEntry]":
    """What somebody has earned from one day up to another, that one left out, as dates are where the organization is."""
    zone = ZoneInfo(current_brand().time_zone)
    begins, ends = (datetime.combine(day, time(), zone) for day in (first, after))
    found = WageEntry.objects.filter(practitioner=practitioner, happened_at__gte=begins, happened_at__lt=ends)
    return found.select_related("payout__run")
