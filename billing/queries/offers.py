"""What the organization offers, as everybody may read it: the services of the catalogue; and what one of them costs whoever is about to book."""

from collections.abc import Sequence
from dataclasses import dataclass

from billing.models import Rate, Service
from billing.queries.organization import billing_settings
from billing.rules.pricing import Question, price_of
from billing.rules.tax import Line, totals_of
from core.kernel.money import Money
from core.kernel.reading_order import reading_key
from core.people.models import Client


@dataclass(frozen=True, slots=True)
class Offer:
    """One service; its price is what somebody pays, tax included."""

    name: str
    description: str
    minutes: int
    is_per_hour: bool
    price: Money


def offers() -> Sequence[Offer]:
    """Every service that is offered now, by name, in the language in force."""
    included = billing_settings().prices_include_tax
    found = [
        Offer(
            str(service.own_name),
            str(service.own_description),
            service.minutes,
            service.unit == Service.Unit.HOUR,
            totals_of([Line(service.price, service.tax_rate)], currency=service.currency, included=included).gross,
        )
        for service in Service.objects.filter(is_active=True)
    ]
    return sorted(found, key=lambda offer: reading_key(offer.name))


def price_before_booking(service: Service, client: Client | None = None) -> Money:
    """What one appointment of this service would cost, tax included: by the client's own rate where there is one."""
    price, included = charged_before_booking(service, client), billing_settings().prices_include_tax
    return totals_of([Line(price, service.tax_rate)], currency=price.currency, included=included).gross


def charged_before_booking(service: Service, client: Client | None = None) -> Money:
    """The same as it would be charged: tax comes on top of it, unless prices include it."""
    rate = Rate.objects.filter(client=client, service=service).first() if client is not None else None
    return price_of(
        Question(
            service=service.own_name,
            service_price=service.price,
            rate=rate.price if rate else None,
            per_hour=service.unit == Service.Unit.HOUR,
            minutes=service.minutes,
        )
    ).amount
