"""The services that can be booked. Billing keeps them; scheduling stands below it and knows only their name."""

from dataclasses import dataclass
from uuid import UUID

from billing.models import Service
from core.kernel.own_texts import OwnText


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """One service as the booking form offers it."""

    id: UUID
    own_name: OwnText
    minutes: int


def service_choices() -> list[ServiceChoice]:
    """The services that are offered now."""
    found = Service.objects.filter(is_active=True)
    return [ServiceChoice(service.pk, service.own_name, service.minutes) for service in found]
