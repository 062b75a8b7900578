"""What a client's page shows of the calendar."""

from django.http import HttpRequest
from django.urls import reverse

from core.kernel import clock
from core.people.models import Client
from core.scheduling.models import Appointment, Participant
from core.scheduling.permissions import Viewpoint, appointments_visible_to
from core.scheduling.queries import is_over, with_people
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.panels import Panel
from portal.scheduling.appointment_rows import appointment_rows

SHOWN = 5


def appointments(request: HttpRequest, client: Client) -> Panel:
    """The client's next and last appointments, as far as this person may see them; and a way to book for whoever runs a schedule."""
    view, zone, now = Viewpoint(request.user), wall_time.zone(time_zones.zone_of(request)), clock.now()
    participants = Participant.objects.filter(
        client=client
    )  # by key, because a join would show a group once for each of its people
    found = with_people(appointments_visible_to(request.user).filter(pk__in=participants.values("appointment_id")))
    attended = participants.filter(is_attending=True).values("appointment_id")
    coming = found.filter(ends_at__gt=now, status=Appointment.Status.BOOKED, pk__in=attended)
    past = found.filter(is_over(now)).order_by("-starts_at")
    books = bool(view.schedules) and client.is_active
    return Panel(
        "scheduling/_client_appointments.html",
        {
            "upcoming": appointment_rows(coming[:SHOWN], view, zone),
            "past": appointment_rows(past[:SHOWN], view, zone),
            "zone": zone,
            "book_url": f"{reverse('scheduling:new')}?client={client.pk}" if books else "",
        },
    )
