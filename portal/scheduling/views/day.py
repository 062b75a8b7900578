"""The day with a column for each practitioner, and whom somebody has chosen to see."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse

from core.kernel import clock
from core.kernel.translation import translate
from core.scheduling.actions import choose_calendar
from core.scheduling.permissions import schedules_run_by
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.access import SignedInView
from portal.forms import FormView
from portal.scheduling.calendar_filter import CalendarFilter
from portal.scheduling.calendar_people import CalendarChoiceForm, CalendarPeople
from portal.scheduling.calendar_rows import calendar_rows
from portal.scheduling.day_columns import day_columns
from portal.scheduling.schedule_filter import shown_room
from portal.scheduling.views.calendar import day_of


class ColumnsView(SignedInView):
    """The columns as JSON, for those who run a schedule."""

    def get(self, request: HttpRequest) -> HttpResponse:
        day = day_of(request.GET.get("date", ""))
        if day is None:
            return JsonResponse({"message": translate("Ask for a day.")}, status=400)
        zone = wall_time.zone(time_zones.zone_of(request))
        people, room = CalendarPeople(request, self.user), shown_room(request, self.user)
        rows = calendar_rows(people, CalendarFilter(request), room, wall_time.day_bounds(day, zone), zone)
        shown = people.columns(row.appointment.practitioner for row in rows if row.runs)
        return JsonResponse(
            {
                "date": day.isoformat(),
                "columns": day_columns(shown.people, rows, day, zone),
                "leftOut": shown.left_out,
                "note": shown.sentence,
            }
        )


class ChoiceView(FormView):
    """Whose schedules one looks at, and by whom they are coloured; the calendar shows the form as its legend."""

    template_name = "scheduling/choice.html"
    edits = False

    def is_one_per_content(self) -> bool:
        """Not: to tick somebody, untick them and tick them again is three choices."""
        return False

    def load(self) -> None:
        if not schedules_run_by(self.user).exists():
            raise PermissionDenied("You do not run a schedule.")

    def get_initial(self) -> dict[str, Any]:
        choice = CalendarPeople(self.request, self.user).choice
        return {"schedules": choice.schedules, "color_by": choice.color_by}

    def get_form(self, *posted: Any) -> CalendarChoiceForm:
        words = self.request.vocabulary  # type: ignore[attr-defined]
        return CalendarChoiceForm(*posted, initial=self.get_initial(), user=self.user, words=words)

    def perform(self, form: CalendarChoiceForm) -> None:
        values = form.cleaned_data
        # What is shown need not be what is kept: other colours alone change nothing about whom.
        keeps_people = "keeps_people" in self.request.POST and not values["schedules"]
        schedules = None if keeps_people else values["schedules"]
        choose_calendar(schedules=schedules, color_by=values["color_by"], by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling:calendar")
