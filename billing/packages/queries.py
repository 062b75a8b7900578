"""What is left of packages, and what they will meet."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet, Sum

from billing.models import CostOverride
from billing.packages.models import PackageSettings, Purchase, UnitEntry
from billing.packages.rules.package_terms import worth
from billing.packages.rules.unit_use import Due, Lot, Met, meet, week_of
from billing.permissions import clients_paid_by
from billing.queries.payers import payer_for
from billing.queries.prices import full_amounts
from branding.queries import current_brand
from core.kernel.money import Money
from core.people.models import Client
from core.people.queries import clients_of_agent
from core.people.rules.client_status import ACTIVE
from core.scheduling.models import Appointment
from core.scheduling.queries import places_ahead

FORECAST = 100  # dates ahead that a forecast looks at


@dataclass(frozen=True)
class Forecast:
    """What is booked ahead: how many dates packages meet in whole, the next and the last of them, and the first that they do not."""

    dates: int = 0
    next: datetime | None = None
    last: datetime | None = None
    uncovered: datetime | None = None


def package_settings() -> PackageSettings:
    """The settings in force; defaults, unsaved, where nobody has set any."""
    return PackageSettings.objects.filter(is_current=True).first() or PackageSettings()


def day_of(moment: datetime) -> date:
    """The date where the organization is."""
    return moment.astimezone(ZoneInfo(current_brand().time_zone)).date()


def units_left(purchases: Iterable[Purchase]) -> dict[UUID, int]:
    """What is left of each: one question."""
    keys = [purchase.pk for purchase in purchases]
    rows = UnitEntry.objects.filter(purchase__in=keys).order_by().values_list("purchase").annotate(Sum("units"))
    return dict.fromkeys(keys, 0) | {key: int(total) for key, total in rows}


def left_of(purchase: Purchase) -> int:
    return units_left([purchase])[purchase.pk]


def value_left(purchase: Purchase, left: int) -> Money:
    return worth(purchase.price, left, purchase.units)


def usable_purchases(client: Client) -> "QuerySet[Purchase]":
    """Those of the client from which units may be taken."""
    return Purchase.objects.filter(client=client, is_released=True)


def lots_of(purchases: Sequence[Purchase]) -> dict[UUID, Lot]:
    """Each as the rule takes it, without what a weekly limit leaves."""
    left = units_left(purchases)
    return {
        each.pk: Lot(
            key=each.pk,
            unit=each.counts,
            left=left[each.pk],
            currency=each.currency,
            bought_at=each.sold_at,
            expires_on=each.expires_on,
            frozen=(each.frozen_from, each.frozen_until) if each.frozen_from and each.frozen_until else None,
        )
        for each in purchases
    }


def used_by_week(purchases: Sequence[Purchase]) -> dict[tuple[UUID, date], int]:
    """How many units of those with a weekly limit were used for appointments of which week, by its Monday."""
    limited = [each.pk for each in purchases if each.weekly_limit is not None]
    found: dict[tuple[UUID, date], int] = {}
    if limited:
        counted = UnitEntry.objects.filter(purchase__in=limited, kind__in=["used", "returned"])
        for key, day, units in counted.values_list("purchase", "happened_on", "units"):
            week = (key, week_of(day)[0])
            found[week] = found.get(week, 0) - units
    return found


def for_service(purchases: Iterable[Purchase], service_id: UUID | None) -> list[Purchase]:
    """Those that are for the service; what has none is met by a package for everything. `purchases` with their services."""
    return [
        each for each in purchases if each.covers_all or service_id in {service.pk for service in each.services.all()}
    ]


def met_now(purchases: Sequence[Purchase], service_id: UUID | None, due: Due, *, day: date) -> Met:
    """What these packages meet of it."""
    fitting = for_service(purchases, service_id)
    return meet(due, limited_lots(fitting, lots_of(fitting), used_by_week(fitting), day), day=day)


def limited_lots(
    purchases: Sequence[Purchase], lots: dict[UUID, Lot], used: dict[tuple[UUID, date], int], day: date
) -> list[Lot]:
    """The lots, with what the limit of that week leaves of each."""
    monday = week_of(day)[0]
    return [
        lots[each.pk]
        if each.weekly_limit is None
        else replace(lots[each.pk], in_week=each.weekly_limit - used.get((each.pk, monday), 0))
        for each in purchases
    ]


def priced_by_rule(appointments: Sequence[Appointment], clients: Sequence[UUID]) -> dict[tuple[UUID, UUID], Money]:
    """What these places cost, without those whose amount somebody has set by hand: that is charged, and no package meets it."""
    by_hand = CostOverride.objects.filter(appointment_id__in=[each.pk for each in appointments], client__in=clients)
    left_out = set(by_hand.values_list("appointment_id", "client"))
    return {key: amount for key, amount in full_amounts(appointments, clients).items() if key not in left_out}


def forecast_of(client: Client, *, now: datetime) -> Forecast:
    """What of all that is booked ahead for the client their packages will meet, if it is held as booked."""
    purchases = list(usable_purchases(client).prefetch_related("services"))
    if not purchases:
        return Forecast()
    keys = places_ahead(client, now=now).order_by("starts_at").values_list("appointment_id", flat=True)[:FORECAST]
    found = Appointment.objects.filter(pk__in=list(keys)).prefetch_related("participants__client").order_by("starts_at")
    ahead = list(found)
    amounts = priced_by_rule(ahead, [client.pk])
    lots, used, forecast = lots_of(purchases), used_by_week(purchases), Forecast()
    for each in ahead:
        amount = amounts.get((each.pk, client.pk))
        if not amount:
            continue
        day, fitting = day_of(each.starts_at), for_service(purchases, each.service_id)
        met = meet(Due(amount, each.minutes), limited_lots(fitting, lots, used, day), day=day)
        for use in met.uses:
            lots[use.key] = replace(lots[use.key], left=lots[use.key].left - use.units)
            week = (use.key, week_of(day)[0])
            used[week] = used.get(week, 0) + use.units
        if met.uses and not met.left:
            forecast = replace(
                forecast, dates=forecast.dates + 1, next=forecast.next or each.starts_at, last=each.starts_at
            )
        elif forecast.uncovered is None:
            forecast = replace(forecast, uncovered=each.starts_at)
    return forecast


def met_if_held(appointment: Appointment, clients: Iterable[Client]) -> list[tuple[Client, Purchase, Met]]:
    """For each of these clients what their packages would meet of the appointment; those alone for whom they meet something."""
    clients = list(clients)
    mine: dict[UUID, list[Purchase]] = {}
    for purchase in Purchase.objects.filter(client__in=clients, is_released=True).prefetch_related("services"):
        mine.setdefault(purchase.client_id, []).append(purchase)
    if not mine:
        return []
    amounts, found = priced_by_rule([appointment], list(mine)), []
    for client in clients:
        amount, purchases = amounts.get((appointment.pk, client.pk)), mine.get(client.pk, [])
        if not amount or not purchases:
            continue
        due = Due(amount, appointment.minutes, Decimal(100))
        met = met_now(purchases, appointment.service_id, due, day=day_of(appointment.starts_at))
        if met.uses:
            first = next(each for each in purchases if each.pk == met.uses[0].key)
            found.append((client, first, met))
    return found


def siblings_of(client: Client) -> "QuerySet[Client]":
    """Others in active care for whom the same person pays: by their login, or as an agent."""
    payer = payer_for(client)
    others = Client.objects.filter(status=ACTIVE, archived_at=None).exclude(pk=client.pk)
    if payer.agent is not None:
        return others.filter(pk__in=clients_of_agent(payer.agent).values("pk"))
    if payer.user is not None:
        return others.filter(pk__in=clients_paid_by(payer.user))
    return others.none()


def paid_by_the_same(client: Client, other: Client) -> bool:
    """Whether the bills of both go to one login or one agent."""
    one, two = payer_for(client), payer_for(other)
    if one.agent is not None or two.agent is not None:
        return one.agent is not None and one.agent == two.agent
    return one.user is not None and one.user == two.user


def searched(found: "QuerySet[Purchase]", *, state: str, today: date) -> "QuerySet[Purchase]":
    """Those that can be used, those that await their payment, or those that are over."""
    over = Q(expires_on__lt=today)
    if state == "waiting":
        return found.filter(is_released=False)
    if state == "over":
        return found.filter(over)
    return found.filter(~over) if state == "current" else found
