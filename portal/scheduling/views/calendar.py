"""The calendar: a page with the agenda of a week, and the events that the grid asks for."""

from datetime import UTC, date, datetime, timedelta

from babel.dates import format_skeleton
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from branding.queries import locale_of
from core.kernel import clock
from core.kernel.translation import translate
from core.people.models import StaffMember
from core.scheduling.permissions import Viewpoint
from core.scheduling.queries import appointments_between, schedules_in_order
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.access import SignedInView
from portal.scheduling.appointment_rows import appointment_rows, attending_only, by_day
from portal.scheduling.schedule_filter import chosen_schedule

VIEWS = ("day", "week", "month")
LONGEST = timedelta(days=62)
YEARS = range(1971, 2200)  # because a week before the first date there is, or after the last, cannot be written


class CalendarView(SignedInView):
    """Day, week and month on a wide screen; the week's agenda on a phone and without scripts."""

    def get(self, request: HttpRequest) -> HttpResponse:
        zone = wall_time.zone(time_zones.zone_of(request))
        schedules = schedules_in_order(self.user)
        schedule = chosen_schedule(request, schedules)
        day = _day(request.GET.get("date", "")) or clock.now().astimezone(zone).date()
        monday = day - timedelta(days=day.weekday())
        begins, ends = wall_time.day_bounds(monday, zone)[0], wall_time.day_bounds(monday + timedelta(days=6), zone)[1]
        found = appointments_between(self.user, begins, ends)
        if schedule is not None:
            found = found.filter(practitioner=schedule)
        view = request.GET.get("view", "week")
        context = {
            "agenda": by_day(attending_only(appointment_rows(found, Viewpoint(self.user), zone))),
            "schedules": schedules,
            "schedule": schedule,
            "switch": time_zones.switch(request),
            "zone": zone,
            "day": day,
            "view": view if view in VIEWS else "week",
            "week": _week_label(monday),
            "written": _written(),
            "today": clock.now().astimezone(zone).date(),
            **_steps(schedule, monday),
        }
        return time_zones.remember_choice(request, render(request, "scheduling/calendar.html", context))


class EventsView(SignedInView):
    """The events of a span as JSON: only what this person may see, and only the names they may read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        begins, ends = _instant(request.GET.get("start", "")), _instant(request.GET.get("end", ""))
        if begins is None or ends is None or not timedelta(0) < ends - begins <= LONGEST:
            return JsonResponse({"message": translate("Ask for a span of up to 62 days.")}, status=400)
        found = appointments_between(self.user, begins, ends)
        schedule = chosen_schedule(request, schedules_in_order(self.user)) if request.GET.get("schedule") else None
        if schedule is not None:
            found = found.filter(practitioner=schedule)
        zone = wall_time.zone(time_zones.zone_of(request))
        shown = attending_only(appointment_rows(found, Viewpoint(self.user), zone))
        return JsonResponse([row.as_event() for row in shown], safe=False)


def _day(text: str) -> date | None:
    """The day that stands in an address; nothing for what is none, or not one of ours."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if found.year not in YEARS:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _written() -> str:
    """The script's name for how the reader writes days and hours; it knows British English, and no other beside the American."""
    locale = locale_of(get_language() or "en")
    return "en-gb" if locale.language == "en" and locale.territory not in (None, "US") else locale.language


def _week_label(monday: date) -> str:
    locale = locale_of(get_language() or "en")
    first = format_skeleton("MMMd", monday, locale=locale)
    return f"{first} – {format_skeleton('yMMMd', monday + timedelta(days=6), locale=locale)}"


def _steps(schedule: StaffMember | None, monday: date) -> dict[str, str]:
    """Where the week's arrows lead."""
    base = reverse("scheduling:calendar")
    kept = f"&schedule={schedule.pk}" if schedule else ""
    return {
        "previous_url": f"{base}?date={monday - timedelta(days=7)}{kept}",
        "next_url": f"{base}?date={monday + timedelta(days=7)}{kept}",
        "today_url": f"{base}?{kept.lstrip('&')}",
    }
