"""The services that can be booked. Billing keeps them; scheduling stands below it and knows only their name."""

from dataclasses import dataclass
from uuid import UUID

from billing.models import Service
from core.booking.group_queries import services_for_groups
from core.kernel.own_texts import OwnText
from core.kernel.reading_order import reading_key


@dataclass(frozen=True, slots=True)
class ServiceChoice:
    """One service as the booking form offers it."""

    id: UUID
    own_name: OwnText
    minutes: int
    is_for_groups: bool = False  # people join it: it can stand in the calendar before anybody has


def service_choices() -> list[ServiceChoice]:
    """The services that are offered now, by name in the language in force."""
    for_groups = set(services_for_groups())
    choices = [
        ServiceChoice(service.pk, service.own_name, service.minutes, service.pk in for_groups)
        for service in Service.objects.filter(is_active=True)
    ]
    return sorted(choices, key=lambda choice: reading_key(str(choice.own_name)))
