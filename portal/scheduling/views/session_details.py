"""What a live session shows of appointments: this one, and the others of its people (SCH-05)."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel import clock
from core.scheduling.models import Appointment
from core.scheduling.permissions import Viewpoint, appointments_visible_to, get_appointment
from core.scheduling.queries import is_over, with_people
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.access import SignedInView
from portal.scheduling.appointment_rows import AppointmentRow, appointment_rows

PER_PAGE = 10


class SessionDetailsView(SignedInView):
    """A part of the room's page: when and where, and everything before and after that this person may see."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        now, zone = clock.now(), wall_time.zone(time_zones.zone_of(request))
        past = request.GET.get("when") == "past"
        found = with_people(self.others(appointment))
        found = found.filter(is_over(now)).order_by("-starts_at") if past else found.exclude(is_over(now))
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        view = Viewpoint(self.user)
        context: dict[str, Any] = {
            "appointment": appointment,
            "row": AppointmentRow(appointment, view, zone),
            "past": past,
            "page": page,
            "rows": appointment_rows(page.object_list, view, zone),
            "zone": zone,
        }
        return render(request, "scheduling/_session_details.html", context)

    def others(self, appointment: Appointment) -> QuerySet[Appointment]:
        """Whoever runs the schedule sees those of the people who take part here; everybody else their own."""
        visible = appointments_visible_to(self.user)
        if not Viewpoint(self.user).runs(appointment):
            return visible
        clients = appointment.participants.values("client")
        return visible.filter(pk__in=Appointment.objects.filter(participants__client__in=clients).values("pk"))
