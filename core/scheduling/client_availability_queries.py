"""When clients can come, read from the database for the rule."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from core.kernel.translation import translate
from core.people.models import Client
from core.scheduling.models import AvailabilityWindow, ClientAvailability, WorkingHours
from core.scheduling.models.availability import hours_text
from core.scheduling.permissions import availability_readable_by
from core.scheduling.rules import client_availability, wall_time
from core.scheduling.rules.availability import Window
from core.scheduling.rules.client_availability import ClientTimes
from core.scheduling.rules.conflicts import Span


def availability_of(client: Client) -> ClientAvailability | None:
    """What is known of the client's times, with its windows; None where nothing is."""
    return ClientAvailability.objects.filter(client=client).prefetch_related("windows").first()


def times_of(clients: Iterable[Client]) -> dict[UUID, ClientTimes]:
    """The times of those of these clients whose times are known: one question."""
    weekly: dict[UUID, dict[int, list[Window]]] = defaultdict(dict)
    zones: dict[UUID, str] = {}
    keys = [client.pk for client in clients]
    rows = (
        AvailabilityWindow.objects.filter(availability__client__in=keys) if keys else AvailabilityWindow.objects.none()
    )
    columns = ("availability__client_id", "availability__time_zone", "weekday", "starts", "ends")
    for client, zone, weekday, starts, ends in rows.values_list(*columns):
        zones[client] = zone
        weekly[client].setdefault(weekday, []).append(Window(starts, ends))
    return {client: ClientTimes(wall_time.zone(zone), weekly[client]) for client, zone in zones.items()}


def readable_times(clients: Iterable[Client], *, by: Any) -> dict[UUID, ClientTimes]:
    """The same, of those whose times `by` may read."""
    keys = [client.pk for client in clients]
    return times_of(availability_readable_by(by).filter(pk__in=keys)) if keys else {}


def outside_sentences(clients: Iterable[Client], wanted: Span, known: Mapping[UUID, ClientTimes]) -> list[str]:
    """For each of these clients who is known not to have this time: what they have on that day, in the language in force.

    `known`: of those whose times the reader may read.
    """
    return [
        _outside(client, known[client.pk], wanted)
        for client in clients
        if client.pk in known and client_availability.is_outside(known[client.pk], wanted)
    ]


def _outside(client: Client, times: ClientTimes, wanted: Span) -> str:
    weekday, windows = times.on_day_of(wanted)
    hours = ", ".join(hours_text(window.starts, window.ends) for window in windows)
    return translate(
        "Outside of the times of %(name)s (%(weekday)s: %(hours)s).",
        name=client,
        weekday=WorkingHours.Weekday(weekday).label,
        hours=hours or translate("none"),
    )
