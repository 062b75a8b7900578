"""What of a calendar is shown, as its address says: of which service, and how it stands."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.scheduling.models import Appointment
from portal.person_choices import key_of
from portal.scheduling.appointment_rows import AppointmentRow, attending_only
from portal.scheduling.service_choices import ServiceChoice, service_choices

BOOKED, TO_COMPLETE, COMPLETED, CANCELLED = "booked", "to_complete", "completed", "cancelled"
STATES = {
    BOOKED: _("Booked"),
    TO_COMPLETE: _("To be completed"),
    COMPLETED: _("Completed"),
    CANCELLED: _("Cancelled"),
}
KEPT = (
    "schedule",
    "resource",
    "people",
    "service",
    "status",
)  # what an address of the calendar keeps, whatever else changes


@dataclass
class CalendarFilter:
    """The answer for one request."""

    request: HttpRequest

    @cached_property
    def service(self) -> UUID | None:
        return key_of(self.request.GET.get("service"))

    @cached_property
    def state(self) -> str:
        asked = self.request.GET.get("status", "")
        return asked if asked in STATES else ""

    @property
    def is_set(self) -> bool:
        return bool(self.service or self.state)

    @cached_property
    def services(self) -> list[ServiceChoice]:
        return service_choices()

    @property
    def states(self) -> Iterable[tuple[str, Any]]:
        return STATES.items()

    def narrow(self, found: QuerySet[Appointment]) -> QuerySet[Appointment]:
        """Of these appointments, those of the service and in the state."""
        if self.service is not None:
            found = found.filter(service_id=self.service)
        now = clock.now()
        if self.state == BOOKED:
            return found.filter(status=Appointment.Status.BOOKED, ends_at__gt=now)
        if self.state == TO_COMPLETE:
            return found.filter(status=Appointment.Status.BOOKED, ends_at__lte=now)
        return found.filter(status=self.state) if self.state else found

    def standing(self, rows: Iterable[AppointmentRow]) -> list[AppointmentRow]:
        """Without what is off, unless that is asked for."""
        return list(rows) if self.state == CANCELLED else attending_only(rows)

    def kept(self, **facts: str) -> list[tuple[str, str]]:
        """What a form of the page sends along, so that choosing one thing does not forget another."""
        asked = {name: self.request.GET[name] for name in KEPT if name in self.request.GET} | facts
        return [
            (name, value) for name, value in asked.items() if value or name == "people"
        ]  # nobody named is everybody
