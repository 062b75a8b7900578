"""The services that can be booked. Billing keeps them; scheduling stands below it and knows only their name."""

from dataclasses import dataclass
from uuid import UUID

from billing.models import Service
from core.kernel.own_texts import OwnText
from core.kernel.reading_order import reading_key


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """One service as the booking form offers it."""

    id: UUID
    own_name: OwnText
    minutes: int


def service_choices() -> list[ServiceChoice]:
    """The services that are offered now, by name in the language in force."""
    found = Service.objects.filter(is_active=True)
    choices = [ServiceChoice(service.pk, service.own_name, service.minutes) for service in found]
    return sorted(choices, key=lambda choice: reading_key(str(choice.own_name)))
