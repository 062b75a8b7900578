"""The coverage of a week: in each hour, who is free and who can come."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from babel.dates import format_date, format_skeleton
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language

from branding.queries import locale_of
from core.kernel import clock
from core.kernel.errors import NotFound
from core.scheduling.coverage_queries import client_groups, clients_at, clients_known, staffing
from core.scheduling.permissions import can_add_appointments, schedules_run_by
from core.scheduling.rules import coverage, wall_time
from core.scheduling.rules.availability import DAY
from core.scheduling.rules.conflicts import Span
from core.waiting_list.queries import waiting_at, waiting_in
from portal import time_zones
from portal.access import SignedInView
from portal.scheduling.coverage_forms import Counted, CoverageForm, counted
from portal.scheduling.views.calendar import _instant, _span_label, day_of

DAYS = 7
USUAL = range(8, 18)  # shown in any case
PER_PAGE = 25
FILTERS = ("schedule", "service", "mode", "language")
MOST_HEAT = 3


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one day, as the grid shows it; without a span where the clock jumps over it."""

    day: date
    span: Span | None = None
    free: int = 0
    clients: int = 0
    waiting: int = 0
    state: coverage.State = "none"
    url: str = ""
    is_shown: bool = False  # on a phone

    @property
    def heat(self) -> int:
        return min(self.free, MOST_HEAT)


class ScheduleRunnersView(SignedInView):
    """For those who run a schedule."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not schedules_run_by(request.user).exists():
            raise PermissionDenied("You do not run a schedule.")
        return super().dispatch(request, *args, **kwargs)

    def filters(self, request: HttpRequest) -> tuple[CoverageForm, Counted]:
        form = CoverageForm(request.GET, user=self.user)
        return form, counted(self.user, form.chosen())


class CoverageView(ScheduleRunnersView):
    """The next seven days, or seven from another day on; on a phone one of them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        zone = wall_time.zone(time_zones.zone_of(request))
        now = clock.now()
        today = now.astimezone(zone).date()
        first = day_of(request.GET.get("date", "")) or today
        shown = day_of(request.GET.get("day", "")) or first
        form, asked = self.filters(request)
        kept = kept_filters(request.GET)
        hours = coverage.hours_between(first, DAYS, zone)
        coming = {key: span for key, span in hours.items() if span.starts_at >= now}
        spans = list(coming.values())
        free = staffing(asked.practitioners, spans, wanted=asked.wanted)
        clients = coverage.clients_in(spans, client_groups(asked.clients))
        waiting = waiting_in(asked.waiting, spans)
        at_some_hours = waiting_in(asked.waiting.exclude(begins=0, ends=DAY), spans)
        named = {hour for (_day, hour), number in zip(coming, at_some_hours, strict=True) if number}
        found = {
            key: _cell(key, span, (len(people), number, waits), kept)
            for (key, span), people, number, waits in zip(coming.items(), free.free, clients, waiting, strict=True)
        }
        days = [first + timedelta(days=number) for number in range(DAYS)]
        if shown not in days:
            shown = first
        known, everybody = clients_known(asked.clients)
        context = {
            "form": form,
            "zone": zone,
            "days": [_head(day, shown, first, kept) for day in days],
            "rows": _rows(days, found, hours, shown, named),
            "unknown": free.unknown,
            "known": known,
            "everybody": everybody,
            "anybody_waits": any(waiting),
            "span": _span_label(days[0], days[-1]),
            "kept": kept,
            "first": first,
            **_steps(first, today, kept),
        }
        return render(request, "scheduling/coverage.html", context)


class HourView(ScheduleRunnersView):
    """Who is free in one hour, and who can come then."""

    def get(self, request: HttpRequest) -> HttpResponse:
        begins = _instant(request.GET.get("at", ""))
        if begins is None:
            raise NotFound("no hour")
        zone = wall_time.zone(time_zones.zone_of(request))
        hour = Span(begins, begins + coverage.HOUR)
        _form, asked = self.filters(request)
        free = staffing(asked.practitioners, [hour], wanted=asked.wanted).free[0]
        can_come = clients_at(asked.clients, hour).order_by("sort_key", "pk")
        waiting = waiting_at(asked.waiting, hour)
        page = Paginator(can_come, PER_PAGE).get_page(request.GET.get("page"))
        local = begins.astimezone(zone)
        kept = kept_filters(request.GET)
        book = urlencode({"date": local.date(), "time": f"{local:%H:%M}"})
        context = {
            "hour": hour,
            "zone": zone,
            "free": free,
            "waiting": waiting[:PER_PAGE],
            "more_waiting": max(0, len(waiting) - PER_PAGE),
            "offer_query": urlencode({"date": local.date(), "time": f"{local:%H:%M}"}),
            "page": page,
            "query": urlencode({"at": request.GET["at"], **kept}),
            "only": free[0] if len(free) == 1 else None,
            "book_url": f"{reverse('scheduling:new')}?{book}" if can_add_appointments(self.user) else "",
            "back": f"{reverse('scheduling:coverage')}?{urlencode({'date': local.date(), **kept})}",
        }
        template = "scheduling/_coverage_hour.html" if request.htmx else "scheduling/coverage_hour.html"  # type: ignore[attr-defined]
        return render(request, template, context)


def kept_filters(asked: QueryDict) -> dict[str, str]:
    """What an address says of whom to count, to be carried along."""
    return {name: asked[name][:80] for name in FILTERS if asked.get(name)}


def _cell(key: tuple[date, int], span: Span, numbers: tuple[int, int, int], kept: dict[str, str]) -> Cell:
    free, clients, _waiting = numbers
    url = f"{reverse('scheduling:coverage_hour')}?{urlencode({'at': span.starts_at.isoformat(), **kept})}"
    return Cell(key[0], span, *numbers, coverage.state(free, clients), url if any(numbers) else "")


def _rows(
    days: list[date],
    found: dict[tuple[date, int], Cell],
    hours: dict[tuple[date, int], Span],
    shown: date,
    named: set[int],
) -> list[tuple[str, list[Cell]]]:
    """The usual hours of the day, and those on which there is anything; each with a cell for each day.

    `named`: the hours for which somebody waits. Who waits for any hour does not wait for those of the night.
    """
    busy = [*named, *(hour for (_day, hour), cell in found.items() if cell.free or cell.clients)]
    first, last = min([USUAL[0], *busy]), max([USUAL[-1], *busy])
    return [
        (
            f"{hour:02}:00",
            [_placed(found.get((day, hour)), day, hours.get((day, hour)), is_shown=day == shown) for day in days],
        )
        for hour in range(first, last + 1)
    ]


def _placed(cell: Cell | None, day: date, span: Span | None, *, is_shown: bool) -> Cell:
    if cell is None:
        return Cell(day, span, is_shown=is_shown)
    return replace(cell, is_shown=is_shown)


def _head(day: date, shown: date, first: date, kept: dict[str, str]) -> dict[str, Any]:
    locale = locale_of(get_language() or "en")
    url = f"{reverse('scheduling:coverage')}?{urlencode({'date': first, 'day': day, **kept})}"
    return {
        "label": format_date(day, "EEE", locale=locale),
        "name": format_date(day, "EEEE", locale=locale),
        "date": format_skeleton("MMMd", day, locale=locale),
        "url": url,
        "current": day == shown,
    }


def _steps(first: date, today: date, kept: dict[str, str]) -> dict[str, str]:
    base, week = reverse("scheduling:coverage"), timedelta(days=DAYS)
    return {
        "previous_url": f"{base}?{urlencode({'date': first - week, **kept})}",
        "next_url": f"{base}?{urlencode({'date': first + week, **kept})}",
        "today_url": f"{base}?{urlencode(kept)}" if first != today else "",
    }
