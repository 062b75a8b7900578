"""The free times on a form that asks for one: boxes to tick, and the part that comes anew when somebody else or something else is chosen."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from core.booking.rules import slots
from core.booking_requests.free_times import times_to_choose
from core.booking_requests.models import RequestSettings
from core.booking_requests.permissions import clients_who_may_ask
from core.booking_requests.queries import practitioners_to_ask
from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.models import Client
from core.scheduling.models import Appointment
from core.scheduling.rules import wall_time
from core.scheduling.time_formats import format_time_span
from portal import time_zones
from portal.access import SignedInView
from portal.booking.times import start_from
from portal.person_choices import key_of
from portal.scheduling.service_choices import ServiceChoice, service_choices
from portal.scheduling.wanted_forms import UNNAMED_MINUTES

FIELD = "free_time"


@dataclass(frozen=True, slots=True)
class FreeTime:
    """One box: its value, when it is, and whether it is ticked."""

    value: int
    day: str
    hours: str
    is_ticked: bool


def chosen_in(sent: Any) -> list[datetime]:
    """The instants that were ticked, whoever has them by now: a wish holds nothing."""
    found = (start_from(text) for text in sent.getlist(FIELD))
    return [start for start in found if start is not None]


def free_times_for(
    request: HttpRequest, clients: Sequence[Client], services: Sequence[ServiceChoice]
) -> list[FreeTime]:
    """Of whom and what is chosen in the form, or would be chosen at first."""
    asked = request.POST if request.method == "POST" else request.GET
    client = _one_of(clients, asked.get("client"))
    people = practitioners_to_ask([client] if client else clients)
    wanted = _one_of(people, asked.get("practitioner"))
    service = next((each for each in services if str(each.id) == asked.get("service")), None)
    if service is None and len(services) == 1:
        service = services[0]
    if services and (service is None or service.is_for_groups):
        return []
    starts = times_to_choose(
        [wanted] if wanted else people,
        minutes=service.minutes if service else UNNAMED_MINUTES,
        mode=asked.get("mode") if asked.get("mode") in Appointment.Mode.values else Appointment.Mode.ONLINE,
        service_id=service.id if service else None,
        client=client,
        zone=wall_time.zone(time_zones.zone_of(request)),
        now=clock.now(),
    )
    return shown(request, starts)


def free_times_to_move(request: HttpRequest, appointment: Appointment, client: Client) -> list[FreeTime]:
    """Of whoever runs it, as long as it takes."""
    starts = times_to_choose(
        [appointment.practitioner],
        minutes=appointment.minutes,
        mode=appointment.mode,
        service_id=appointment.service_id,
        client=client,
        moved=appointment,
        zone=wall_time.zone(time_zones.zone_of(request)),
        now=clock.now(),
    )
    return shown(request, starts)


def shown(request: HttpRequest, starts: Sequence[datetime]) -> list[FreeTime]:
    """Those that are ticked stay, also where somebody has them by now."""
    asked = request.POST if request.method == "POST" else request.GET
    zone, language = time_zones.zone_of(request), get_language() or "en"
    ticked = {start for start in chosen_in(asked) if start > clock.now()}
    found = []
    for start in sorted({*starts, *ticked}):
        time = format_time_span(start, start, zone=zone, language=language)
        found.append(FreeTime(slots.number_of(start), time.short_day, time.start, start in ticked))
    return found


class FreeTimesView(SignedInView):
    """The boxes alone, for what is chosen in the form by now."""

    def get(self, request: HttpRequest) -> HttpResponse:
        clients = list(clients_who_may_ask(self.user))
        if not clients or not RequestSettings.current().shows_free_times:
            raise NotFound("no free times")
        rows = free_times_for(request, clients, service_choices())
        return render(request, "booking_requests/_free_times.html", {"free_times": rows})


def _one_of(rows: Sequence[Any], key: str | None) -> Any:
    """The one with this key; the only one where none is named."""
    wanted = key_of(key)
    if wanted is None and len(rows) == 1:
        return rows[0]
    return next((row for row in rows if row.pk == wanted), None)
