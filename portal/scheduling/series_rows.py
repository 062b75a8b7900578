"""The dates of a series that is being booked, for its page: when each is, for whom elsewhere, and what speaks against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.people.models import User
from core.scheduling.actions.series_checks import SeriesDate, SeriesPlan
from core.scheduling.client_availability_queries import outside_sentences, readable_times
from core.scheduling.rules import wall_time
from core.scheduling.time_formats import FormattedTime, format_time_span


@dataclass(frozen=True, slots=True)
class DateRow:
    """One date: how its fields are filled, and what is said about it."""

    date: SeriesDate
    is_kept: bool
    was_left_out: bool  # by the product, because it is not free or closed
    when: FormattedTime
    elsewhere: Sequence[str]
    outside: Sequence[str]  # of whose times it is
    wall: datetime

    @property
    def key(self) -> str:
        return self.date.day.isoformat()

    @property
    def problems(self) -> Sequence[str]:
        return self.date.clashes or self.date.reasons

    @property
    def tone(self) -> str:
        if self.date.clashes:
            return "danger"
        return "warning" if self.date.reasons else ""

    @property
    def note(self) -> str:
        return self.date.occurrence.moment.note


def date_rows(plan: SeriesPlan, dates: Sequence[SeriesDate], *, listed: frozenset[date], by: User) -> list[DateRow]:
    """The rows; a date that is listed for the first time is left out if it is not free or closed."""
    language = get_language() or "en"
    known = readable_times(plan.clients, by=by)
    found = []
    for each in dates:
        is_new = each.day not in listed
        left_out = is_new and (bool(each.clashes) or each.is_closed)
        when = format_time_span(each.span.starts_at, each.span.ends_at, zone=plan.time_zone, language=language)
        wall = plan.moved.get(each.day) or datetime.combine(each.day, plan.at)
        is_kept = not left_out and each.day not in plan.skipped
        outside = outside_sentences(plan.clients, each.span, known)
        found.append(DateRow(each, is_kept, left_out, when, _elsewhere(plan, each, language), outside, wall))
    return found


def _elsewhere(plan: SeriesPlan, each: SeriesDate, language: str) -> list[str]:
    """The same time on the clocks of those who take part elsewhere."""
    own, names = wall_time.zone(plan.time_zone), dict[str, list[str]]()
    for client in plan.clients:
        zone = wall_time.zone(client.time_zone)
        both = (each.span.starts_at, each.span.ends_at)
        if not all(wall_time.same_clock(at, own, zone) for at in both):
            names.setdefault(client.time_zone, []).append(client.name)
    found = []
    for zone_name, people in names.items():
        when = format_time_span(each.span.starts_at, each.span.ends_at, zone=zone_name, language=language)
        found.append(
            _("For %(names)s: %(when)s")
            % {"names": ", ".join(people), "when": f"{when.short_day}, {when.hours} ({when.place})"}
        )
    return found
