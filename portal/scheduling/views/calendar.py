"""The calendar: a page with the agenda of a week, and the events that the grid asks for."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from branding.queries import first_day_of_week, locale_of
from core.kernel import clock
from core.kernel.translation import translate
from core.people.models import StaffMember, User
from core.scheduling.availability_queries import hours_of_many
from core.scheduling.models import BookableResource
from core.scheduling.permissions import Viewpoint, schedules_run_by
from core.scheduling.queries import appointments_between, taken_between
from core.scheduling.rules import wall_time
from core.scheduling.rules.availability import closed_spans, common
from portal import time_zones
from portal.access import SignedInView
from portal.scheduling.appointment_rows import appointment_rows, attending_only, by_day
from portal.scheduling.schedule_filter import (
    ScheduleFilterForm,
    rooms_to_show,
    shown_room,
    shown_schedule,
)
from themes.formats import weekday_and_day

VIEWS = ("day", "week", "month")
LONGEST = timedelta(days=62)
MOST_SHADED = 40  # schedules of whom the common hours are looked for
YEARS = range(1971, 2200)  # because a week before the first date there is, or after the last, cannot be written


class CalendarView(SignedInView):
    """Day, week and month on a wide screen; the week's agenda on a phone and without scripts; on paper the agenda of what is shown."""

    def get(self, request: HttpRequest) -> HttpResponse:
        zone = wall_time.zone(time_zones.zone_of(request))
        schedule = shown_schedule(request, self.user)
        today = clock.now().astimezone(zone).date()
        day = _day(request.GET.get("date", "")) or today
        view = request.GET.get("view", "week")
        view = view if view in VIEWS else "week"
        is_part = request.GET.get("part") == "agenda"
        first, last = _days_of(view if is_part else "week", day)
        found = appointments_between(self.user, *_instants(first, last, zone))
        if schedule is not None:
            found = found.filter(practitioner=schedule)
        if (room := shown_room(request, self.user)) is not None:
            found = found.filter(reservations__resource=room)
        context = {
            "room": room,
            "agenda": by_day(attending_only(appointment_rows(found, Viewpoint(self.user), zone))),
            "schedule": schedule,
            "zone": zone,
            "span": _span_label(first, last),
            "today": today,
        }
        if is_part:
            return render(request, "scheduling/_agenda_part.html", context)
        context |= {
            "filter": ScheduleFilterForm(request.GET, user=self.user),
            "rooms": rooms_to_show(self.user),
            "switch": time_zones.switch(request),
            "day": day,
            "view": view,
            "written": _written(),
            "first_day": (first_day_of_week() + 1) % 7,  # scripts count from Sunday
            **_steps(schedule, first, room),
        }
        return time_zones.remember_choice(request, render(request, "scheduling/calendar.html", context))


class EventsView(SignedInView):
    """The events of a span as JSON: only what this person may see, and only the names they may read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        begins, ends = _instant(request.GET.get("start", "")), _instant(request.GET.get("end", ""))
        if begins is None or ends is None or not timedelta(0) < ends - begins <= LONGEST:
            return JsonResponse({"message": translate("Ask for a span of up to 62 days.")}, status=400)
        found = appointments_between(self.user, begins, ends)
        schedule = shown_schedule(request, self.user)
        if schedule is not None:
            found = found.filter(practitioner=schedule)
        room = shown_room(request, self.user)
        if room is not None:
            found = found.filter(reservations__resource=room)
        zone = wall_time.zone(time_zones.zone_of(request))
        shown = attending_only(appointment_rows(found, Viewpoint(self.user), zone))
        events = [row.as_event() for row in shown]
        events += _shade(self.user, schedule, begins, ends)
        if room is not None:
            events += _taken_by_others(room, begins, ends, known={event["id"] for event in events})
        return JsonResponse(events, safe=False)


def _shade(user: User, schedule: StaffMember | None, begins: datetime, ends: datetime) -> list[dict[str, str]]:
    """When whose calendar is shown does not work; of several, when nobody does; of very many nothing."""
    many_shown = schedules_run_by(user).select_related("user")[: MOST_SHADED + 1]
    shown = [schedule] if schedule is not None else list(many_shown)
    if not shown or len(shown) > MOST_SHADED:
        return []
    first, last = begins.date() - timedelta(days=1), ends.date() + timedelta(days=1)
    many = hours_of_many(shown, first, last)
    spans = [closed_spans(hours, first, last) for hours in many.values()]
    return [
        {
            "title": "",
            "start": max(span.starts_at, begins).isoformat(),
            "end": min(span.ends_at, ends).isoformat(),
            "display": "background",
        }
        for span in common(spans)
        if span.starts_at < ends and begins < span.ends_at
    ]


def _taken_by_others(
    room: BookableResource, begins: datetime, ends: datetime, *, known: set[str]
) -> list[dict[str, str]]:
    """When the room is held for appointments of which this person reads nothing else."""
    return [
        {
            "title": translate("Taken"),
            "start": each.starts_at.isoformat(),
            "end": each.span.ends_at.isoformat(),
            "display": "background",
        }
        for each in taken_between(room, begins, ends)
        if str(each.appointment_id) not in known
    ]


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


def _days_of(view: str, day: date) -> tuple[date, date]:
    """First and last day of the day, week or month in which `day` lies."""
    if view == "day":
        return day, day
    if view == "month":
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    first = day - timedelta(days=(day.weekday() - first_day_of_week()) % 7)
    return first, first + timedelta(days=6)


def _instants(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return wall_time.day_bounds(first, zone)[0], wall_time.day_bounds(last, zone)[1]


def _span_label(first: date, last: date) -> str:
    locale = locale_of(get_language() or "en")
    ends = format_skeleton("yMMMd", last, locale=locale)
    if first == last:
        return weekday_and_day(format_date(first, "EEEE", locale=locale), ends)
    pattern = "MMMd" if first.year == last.year else "yMMMd"
    return f"{format_skeleton(pattern, first, locale=locale)} – {ends}"


def _steps(schedule: StaffMember | None, first: date, room: BookableResource | None) -> dict[str, str]:
    """Where the week's arrows lead."""
    base = reverse("scheduling:calendar")
    kept = f"&schedule={schedule.pk}" if schedule else ""
    kept += f"&resource={room.pk}" if room else ""
    return {
        "previous_url": f"{base}?date={first - timedelta(days=7)}{kept}",
        "next_url": f"{base}?date={first + timedelta(days=7)}{kept}",
        "today_url": f"{base}?{kept.lstrip('&')}",
    }
