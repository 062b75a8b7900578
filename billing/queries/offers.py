"""What the organization offers, as everybody may read it: the services of the catalogue, never what one client pays."""

from collections.abc import Sequence
from dataclasses import dataclass

from billing.models import Service
from billing.queries.organization import billing_settings
from billing.rules.tax import Line, totals_of
from core.kernel.money import Money
from core.kernel.reading_order import reading_key


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
