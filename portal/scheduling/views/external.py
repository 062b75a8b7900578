"""Calendars that a practitioner keeps elsewhere: which ones are read, when they were, and what went wrong."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.scheduling.actions import add_external_calendar, read_again, remove_external_calendar
from core.scheduling.models import ExternalCalendar
from core.scheduling.permissions import get_external_calendar
from portal.forms import ActionView
from portal.scheduling.external_forms import ExternalCalendarForm
from portal.scheduling.views.hours import ScheduleFormView


class ExternalCalendarsView(ScheduleFormView):
    """The list of one practitioner's, and the form for another one."""

    template_name = "scheduling/external_calendars.html"
    current = "external"
    edits = False
    form_class = ExternalCalendarForm
    success_message = gettext_lazy("Added. It is read in a moment, and then every 15 minutes.")

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        calendars = ExternalCalendar.objects.filter(practitioner=self.practitioner)
        return {**super().get_context_data(form), "calendars": calendars}

    def perform(self, form: ExternalCalendarForm) -> ExternalCalendar:
        return add_external_calendar(self.practitioner, **form.cleaned_data, by=self.user, now=clock.now())


class ExternalCalendarRemovalView(ActionView):
    """Not read any more; its times are gone."""

    success_message = gettext_lazy("Taken away, with its busy times.")

    def load(self, pk: UUID) -> None:
        self.calendar = get_external_calendar(self.user, pk)

    def perform(self) -> None:
        remove_external_calendar(self.calendar, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling:external", args=[self.calendar.practitioner_id])


class ExternalCalendarReadingView(ExternalCalendarRemovalView):
    """Read now instead of in a while."""

    success_message = gettext_lazy("It is read in a moment. Look at this page again then.")

    def perform(self) -> None:
        read_again(self.calendar, by=self.user, now=clock.now())
