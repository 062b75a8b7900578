"""The front desk's day: who comes, with whom and where, who is here, and who owes; and the note that somebody has come."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import NotFound
from core.scheduling.actions import note_arrival, take_back_arrival
from core.scheduling.models import Participant
from core.scheduling.permissions import CHANGE, Viewpoint, get_appointment, schedules_run_by
from core.scheduling.queries import appointments_between, with_people
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.access import SignedInView
from portal.forms import ActionView
from portal.scheduling.appointment_rows import AppointmentRow, Place, appointment_rows, attending_only
from portal.scheduling.calendar_people import CalendarPeople
from portal.scheduling.dues import dues_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One person on the list."""

    row: AppointmentRow
    at: Place
    owed: list[str]


class TodayView(SignedInView):
    """Today on the schedules that one runs, or on those of them that one has ticked in the calendar."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not schedules_run_by(self.user).exists():
            raise PermissionDenied("You do not run a schedule.")
        zone = wall_time.zone(time_zones.zone_of(request))
        today = clock.now().astimezone(zone).date()
        people = CalendarPeople(request, self.user)
        found = with_people(people.narrow(appointments_between(self.user, *wall_time.day_bounds(today, zone))))
        view = Viewpoint(self.user)
        rows = [row for row in attending_only(appointment_rows(found, view, zone)) if row.runs]
        dues = dues_of(self.user, [each.place.client_id for row in rows for each in row.places])
        language = get_language() or "en"
        entries = [
            Entry(row, each, [amount.format(language) for amount in dues.get(each.place.client_id, ())])
            for row in rows
            for each in row.places
        ]
        context = {
            "entries": entries,
            "today": today,
            "zone": zone,
            "people": people.chosen,
            "names_nobody": people.names_nobody,
            "arrived": sum(entry.at.arrived_at is not None for entry in entries),
            "expected": len(entries),
            "switch": time_zones.switch(request),
        }
        return time_zones.remember_choice(request, render(request, "scheduling/today.html", context))


class ArrivalView(ActionView):
    """Somebody is here."""

    def load(self, pk: UUID, place: UUID) -> None:
        appointment = get_appointment(self.user, pk, to=CHANGE)
        found = next((each for each in appointment.participants.all() if each.pk == place), None)
        if found is None:
            raise NotFound(f"place {place}")
        self.place: Participant = found

    def perform(self) -> Any:
        return note_arrival(self.place, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(name)s is here.") % {"name": self.place.client.name}

    def get_success_url(self) -> str:
        if self.request.POST.get("from") == "appointment":
            return reverse("scheduling:appointment", args=[self.place.appointment_id])
        return reverse("scheduling:today")


class ArrivalRemovalView(ArrivalView):
    """It was a slip of the hand."""

    def perform(self) -> None:
        take_back_arrival(self.place, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("Taken back: %(name)s is not here yet.") % {"name": self.place.client.name}
