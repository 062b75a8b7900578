"""The calendar: a page with the agenda of a week, and the events that the grid asks for."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlencode
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
from core.scheduling.permissions import can_add_appointments, schedules_offered_to
from core.scheduling.queries import taken_between
from core.scheduling.rules import wall_time
from core.scheduling.rules.availability import closed_spans, common, days_between
from portal import time_zones
from portal.access import SignedInView
from portal.scheduling.appointment_rows import by_day
from portal.scheduling.calendar_filter import CalendarFilter
from portal.scheduling.calendar_people import CalendarPeople, legend_form
from portal.scheduling.calendar_rows import calendar_rows
from portal.scheduling.schedule_filter import (
    ScheduleFilterForm,
    rooms_to_show,
    shown_room,
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
        people = CalendarPeople(request, self.user)
        schedule = people.asked
        today = clock.now().astimezone(zone).date()
        asked = day_of(request.GET.get("date", ""))
        day = asked or today
        view_asked = request.GET.get("view") in VIEWS
        view = request.GET["view"] if view_asked else "week"
        chosen = CalendarFilter(request)
        is_part = request.GET.get("part") == "agenda"
        first, last = _days_of(view if is_part else "week", day)
        if asked is None and not is_part:  # what has been is behind whoever just looks what comes
            first, last = today, today + timedelta(days=6)
        room = shown_room(request, self.user)
        context = {
            "room": room,
            "agenda": by_day(calendar_rows(people, chosen, room, _instants(first, last, zone), zone)),
            "chosen": chosen,
            "schedule": schedule,
            "names_nobody": people.names_nobody,
            "zone": zone,
            "span": _span_label(first, last),
            "today": today,
        }
        if is_part:
            return render(request, "scheduling/_agenda_part.html", context)
        kept = chosen.kept(date=day.isoformat())
        with_something = {shown for shown, _rows in context["agenda"]}
        context |= {
            "strip": [(each, each in with_something) for each in days_between(first, last)],
            "filter": ScheduleFilterForm(request.GET, user=self.user),
            "may_add": can_add_appointments(self.user),
            "people": people,
            "legend": legend_form(request, people),
            "rooms": rooms_to_show(self.user),
            "switch": time_zones.switch(request),
            "day": day,
            "view": view,
            "view_asked": view_asked,
            "unfiltered_url": f"?{urlencode(chosen.kept(date=day.isoformat(), service='', status=''))}",
            "own_choice_url": f"?{urlencode([pair for pair in kept if pair[0] not in ('people', 'schedule')])}",
            "kept": chosen.kept(date=day.isoformat(), view=view if view_asked else ""),
            "written": _written(),
            "first_day": (first_day_of_week() + 1) % 7,  # scripts count from Sunday
            **_steps(first, chosen.kept(), is_whole_week=asked is not None),
        }
        return time_zones.remember_choice(request, render(request, "scheduling/calendar.html", context))


class EventsView(SignedInView):
    """The events of a span as JSON: only what this person may see, and only the names they may read."""

    def get(self, request: HttpRequest) -> HttpResponse:
        begins, ends = _instant(request.GET.get("start", "")), _instant(request.GET.get("end", ""))
        if begins is None or ends is None or not timedelta(0) < ends - begins <= LONGEST:
            return JsonResponse({"message": translate("Ask for a span of up to 62 days.")}, status=400)
        people, room = CalendarPeople(request, self.user), shown_room(request, self.user)
        zone = wall_time.zone(time_zones.zone_of(request))
        rows = calendar_rows(people, CalendarFilter(request), room, (begins, ends), zone)
        events = [row.as_event() for row in rows]
        if not people.names_nobody:
            events += _shade(self.user, people.chosen, begins, ends)
        if room is not None:
            events += _taken_by_others(room, begins, ends, known={event["id"] for event in events})
        return JsonResponse(events, safe=False)


def _shade(user: User, chosen: list[StaffMember], begins: datetime, ends: datetime) -> list[dict[str, str]]:
    """When whose calendar is shown does not work; of several, when nobody does; of very many nothing."""
    shown = chosen or list(schedules_offered_to(user).select_related("user")[: MOST_SHADED + 1])
    if not shown or len(shown) > MOST_SHADED:
        return []
    first, last = begins.date() - timedelta(days=1), ends.date() + timedelta(days=1)
    many = hours_of_many(shown, first, last)
    spans = [closed_spans(hours, first, last) for hours in many.values()]
    closed = [("", span) for span in common(spans)]
    busy = [(translate("Busy elsewhere"), span) for span in many[shown[0].pk].busy] if len(shown) == 1 else []
    return [
        {
            "title": title,
            "start": max(span.starts_at, begins).isoformat(),
            "end": min(span.ends_at, ends).isoformat(),
            "display": "background",
        }
        for title, span in (*closed, *busy)
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


def day_of(text: str) -> date | None:
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


def _steps(first: date, kept: list[tuple[str, str]], *, is_whole_week: bool) -> dict[str, str]:
    """Where the week's arrows lead; what was chosen stays."""
    base = reverse("scheduling:calendar")
    before, after = first - timedelta(days=7 if is_whole_week else 1), first + timedelta(days=7)
    return {
        "previous_url": f"{base}?{urlencode([('date', before), *kept])}",
        "next_url": f"{base}?{urlencode([('date', after), *kept])}",
        "today_url": f"{base}?{urlencode(kept)}",
    }
