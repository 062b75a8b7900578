"""When clients can come, as pages show it: the days that have hours, in the order of a week here."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from branding.queries import first_day_of_week
from core.people.models import Client
from core.scheduling.models import ClientAvailability, WorkingHours
from core.scheduling.rules.availability import WEEK


@dataclass(frozen=True, slots=True)
class AvailabilityRows:
    """The times of one client: each day with its hours, on which clock, and who said so when."""

    known: ClientAvailability
    days: list[tuple[str, str]]


def availability_rows(clients: Iterable[Client]) -> dict[UUID, AvailabilityRows]:
    """Those of these clients whose times are known: two questions."""
    rows = ClientAvailability.objects.filter(client__in=list(clients)).prefetch_related("windows")
    first = first_day_of_week()
    return {known.client_id: AvailabilityRows(known, _days(known, first)) for known in rows}


def _days(known: ClientAvailability, first: int) -> list[tuple[str, str]]:
    hours: dict[int, list[str]] = {}
    for window in known.windows.all():
        hours.setdefault(window.weekday, []).append(window.hours)
    order = [(first + number) % 7 for number in WEEK]
    return [(str(WorkingHours.Weekday(day).label), ", ".join(hours[day])) for day in order if day in hours]
