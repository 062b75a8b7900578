"""What a client's page shows of the calendar."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.kernel import clock
from core.people.models import Client
from core.people.permissions import is_active_staff
from core.people.roles import Permission
from core.scheduling.models import Appointment, Participant
from core.scheduling.permissions import (
    appointments_visible_to,
    can_add_appointments,
    can_read_availability,
    can_set_availability,
    clients_bookable_on,
    schedules_run_by,
)
from core.scheduling.queries import is_over, with_people
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.panels import Panel
from portal.scheduling.appointment_rows import appointment_rows
from portal.scheduling.availability_rows import availability_rows
from portal.scheduling.dashboard_cards import viewpoint_of

SHOWN = 5


def appointments(request: HttpRequest, client: Client) -> Panel:
    """The client's next and last appointments, as far as this person may see them; and a way to book for whoever runs a schedule."""
    view, zone, now = viewpoint_of(request), wall_time.zone(time_zones.zone_of(request)), clock.now()
    participants = Participant.objects.filter(
        client=client
    )  # by key, because a join would show a group once for each of its people
    found = with_people(appointments_visible_to(request.user).filter(pk__in=participants.values("appointment_id")))
    attended = participants.filter(is_attending=True).values("appointment_id")
    coming = found.filter(ends_at__gt=now, status=Appointment.Status.BOOKED, pk__in=attended)
    past = found.filter(is_over(now)).order_by("-starts_at")
    books = bool(view.schedules) and client.is_active and can_add_appointments(request.user)
    return Panel(
        "scheduling/_client_appointments.html",
        {
            "upcoming": appointment_rows(coming[:SHOWN], view, zone),
            "past": appointment_rows(past[:SHOWN], view, zone),
            "zone": zone,
            "book_url": f"{reverse('scheduling:new')}?client={client.pk}" if books else "",
        },
    )


def availability(request: HttpRequest, client: Client) -> Panel | None:
    """When the client can come, for those who may read it; and the way to change it for those who may."""
    user: Any = request.user
    if not can_read_availability(user, client):
        return None
    may_set = can_set_availability(user, client)
    return Panel(
        "scheduling/_client_availability.html",
        {
            "times": availability_rows([client]).get(client.pk),
            "find_url": _find_url(request, client),
            "change_url": reverse("scheduling:client_availability", args=[client.pk]) if may_set else "",
        },
    )


def _find_url(request: HttpRequest, client: Client) -> str:
    """Where times and practitioners are looked for, for whoever may book them."""
    user: Any = request.user
    if not can_add_appointments(user):
        return ""
    if user.may(Permission.SEE_ALL_CLIENTS):
        may_book = client.is_active and bool(viewpoint_of(request).schedules)
    else:
        bookable = clients_bookable_on(user, schedules_run_by(user)) if is_active_staff(user) else Client.objects.none()
        may_book = bookable.filter(pk=client.pk).exists()
    return f"{reverse('scheduling:pairing')}?client={client.pk}&mode=online" if may_book else ""
