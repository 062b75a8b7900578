"""Say when a client can come."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import Client
from core.scheduling.actions.availability import check_windows, text_of
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.client_availability_queries import availability_of
from core.scheduling.models import AvailabilityWindow, ClientAvailability
from core.scheduling.permissions import can_set_availability
from core.scheduling.rules import availability, client_availability, wall_time
from core.scheduling.rules.availability import Window


@transaction.atomic
def set_client_availability(
    client: Client, *, weekly: Mapping[int, Sequence[Window]], time_zone: str, by: Any, now: datetime
) -> ClientAvailability | None:
    """Replace the client's times of every week; with no windows at all, nothing is known of them any more. What is booked stays."""
    if not can_set_availability(by, client):
        raise PermissionDenied("You do not have permission to change these times.")
    if not wall_time.is_zone(time_zone):
        raise DomainError("unknown_zone", translate("Choose a time zone from the list."), field="time_zone")
    for day in availability.WEEK:
        check_windows(weekly.get(day, ()), field=f"day_{day}")
    Client.objects.select_for_update().get(pk=client.pk)  # because two at once would both write a whole week
    before = _written(availability_of(client))
    kept = {day: client_availability.joined(weekly.get(day, ())) for day in availability.WEEK}
    found = _write(client, kept, time_zone=time_zone, by=by, now=now) if any(kept.values()) else _forget(client)
    after = _written(found)
    changes = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changes:
        audit.record(SchedulingAudit.CLIENT_AVAILABILITY_SET, by=by, subject=client, changes=changes)
    return found


def _write(
    client: Client, weekly: Mapping[int, Sequence[Window]], *, time_zone: str, by: Any, now: datetime
) -> ClientAvailability:
    said = {"time_zone": time_zone, "set_by_name": str(by)[:150], "set_at": now}
    found, _created = ClientAvailability.objects.update_or_create(client=client, defaults=said)
    found.windows.all().delete()
    AvailabilityWindow.objects.bulk_create(
        AvailabilityWindow(availability=found, weekday=day, starts=window.starts, ends=window.ends)
        for day, windows in weekly.items()
        for window in windows
    )
    return found


def _forget(client: Client) -> None:
    ClientAvailability.objects.filter(client=client).delete()


def _written(found: ClientAvailability | None) -> dict[str, Any]:
    written: dict[str, Any] = {f"day_{day}": [] for day in availability.WEEK}
    for row in found.windows.all() if found else ():
        written[f"day_{row.weekday}"].append(text_of(row))
    return written | {"time_zone": found.time_zone if found else None}
