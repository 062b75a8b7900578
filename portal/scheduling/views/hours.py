"""When somebody works: the hours of every week, other hours of a day, and time off with what is booked in it."""

from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any, ClassVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.models import StaffMember
from core.scheduling.actions.availability import (
    add_time_off,
    remove_time_off,
    set_day_hours,
    set_working_hours,
)
from core.scheduling.actions.calendar_locks import calendar_transaction, lock_calendars
from core.scheduling.availability_queries import appointments_in, closed_days
from core.scheduling.models import DayHours, TimeOff
from core.scheduling.permissions import Viewpoint, get_schedule, get_time_off
from core.scheduling.queries import schedules_in_order
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.access import SignedInView
from portal.forms import ActionView, FormView
from portal.scheduling.appointment_rows import appointment_rows
from portal.scheduling.hours_forms import DayForm, TimeOffForm, WeekForm
from portal.scheduling.schedule_filter import ScheduleFilterForm, shown_schedule

YEAR = timedelta(days=365)
PAGES = {
    "hours": gettext_lazy("Every week"),
    "days": gettext_lazy("Single days"),
    "time_off": gettext_lazy("Time off"),
    "external": gettext_lazy("Other calendars"),
}


class OwnHoursView(SignedInView):
    """Where to a schedule's hours: the one that is asked for, else one's own, or the first that one runs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        page = request.GET.get("page", "hours")
        chosen = shown_schedule(request, self.user) or next(iter(schedules_in_order(self.user)), None)
        if chosen is None:
            raise PermissionDenied("You do not run a schedule.")
        return redirect(f"scheduling:{page if page in PAGES else 'hours'}", chosen.pk)


class ScheduleFormView(FormView):
    """A form about when one practitioner works; all of them stand on pages of the same head."""

    current: ClassVar[str]
    practitioner: StaffMember

    def load(self, pk: UUID) -> None:
        self.practitioner = get_schedule(self.user, pk)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        tabs = [
            {
                "label": label,
                "url": reverse(f"scheduling:{name}", args=[self.practitioner.pk]),
                "current": name == self.current,
            }
            for name, label in PAGES.items()
        ]
        return {
            **super().get_context_data(form),
            "practitioner": self.practitioner,
            "filter": ScheduleFilterForm({"schedule": str(self.practitioner.pk)}, user=self.user),
            "page": self.current,
            "tabs": tabs,
        }

    def get_success_url(self) -> str:
        return reverse(f"scheduling:{self.current}", args=[self.practitioner.pk])


class HoursView(ScheduleFormView):
    """The hours of every week."""

    template_name = "scheduling/hours.html"
    current = "hours"
    edits = True
    success_message = gettext_lazy("Saved. What is booked already stays as it is.")

    def get_edited(self) -> list[Any]:
        return [self.practitioner]

    def in_one_transaction(self) -> AbstractContextManager[Any]:
        return calendar_transaction()

    def hold_edited(self) -> None:
        lock_calendars([self.practitioner.pk])  # before the row, as a booking does
        super().hold_edited()

    def get_form(self, *posted: Any) -> WeekForm:
        return WeekForm(*posted, practitioner=self.practitioner)

    def perform(self, form: WeekForm) -> None:
        set_working_hours(self.practitioner, weekly=form.weekly(), wishes=form.wishes(), by=self.user, now=clock.now())


class DaysView(ScheduleFormView):
    """Days with hours of their own; what is closed for everybody stands among them."""

    template_name = "scheduling/days.html"
    current = "days"
    edits = False
    form_class = DayForm
    success_message = gettext_lazy("Saved. What is booked already stays as it is.")

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        today = clock.now().date()
        rows: dict[date, list[DayHours]] = {}
        for row in DayHours.objects.filter(practitioner=self.practitioner, day__gte=today):
            rows.setdefault(row.day, []).append(row)
        closed = closed_days(today, today + YEAR)
        return {**super().get_context_data(form), "days": sorted(rows.items()), "closed": sorted(closed.items())}

    def perform(self, form: DayForm) -> None:
        values = form.cleaned_data
        set_day_hours(
            self.practitioner, day=values["day"], windows=list(values["windows"]), by=self.user, now=clock.now()
        )


class DayRemovalView(ActionView):
    """The hours of the week again on this day."""

    success_message = gettext_lazy("The hours of the week hold on that day again.")

    def load(self, pk: UUID, day: str) -> None:
        self.practitioner = get_schedule(self.user, pk)
        try:
            self.day = date.fromisoformat(day)
        except ValueError as error:
            raise NotFound(f"day {day}") from error

    def perform(self) -> None:
        set_day_hours(self.practitioner, day=self.day, windows=None, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling:days", args=[self.practitioner.pk])


class TimeOffView(ScheduleFormView):
    """When somebody is away, and what is booked then all the same."""

    template_name = "scheduling/time_off.html"
    current = "time_off"
    edits = False
    form_class = TimeOffForm
    success_message = gettext_lazy("Noted. What is booked then is listed, to be moved or cancelled.")

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        now, zone = clock.now(), wall_time.zone(time_zones.zone_of(self.request))
        coming = TimeOff.objects.filter(practitioner=self.practitioner, last_on__gte=now.date() - timedelta(days=1))
        view = Viewpoint(self.user)
        booked = appointments_in(list(coming), now=now)
        rows = [(off, appointment_rows(booked[off.pk], view, zone)) for off in coming]
        return {**super().get_context_data(form), "rows": rows, "zone": zone}

    def perform(self, form: TimeOffForm) -> TimeOff:
        return add_time_off(form.time_off(self.practitioner), by=self.user, now=clock.now())


class TimeOffRemovalView(ActionView):
    """There after all."""

    success_message = gettext_lazy("Taken back.")

    def load(self, pk: UUID) -> None:
        self.off = get_time_off(self.user, pk)
        self.practitioner = self.off.practitioner

    def perform(self) -> None:
        remove_time_off(self.off, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("scheduling:time_off", args=[self.practitioner.pk])
