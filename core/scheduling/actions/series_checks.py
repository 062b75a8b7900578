"""The dates of a series looked at before they are written, all in a fixed number of questions: who is not free, and what else speaks against each.

The preview and the act look with the same function; the act does so behind the locks.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import get_language

from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.people.models import Client, StaffMember
from core.scheduling.actions.availability_checks import AROUND, sentence_of
from core.scheduling.actions.booking_checks import clash_sentence
from core.scheduling.availability_queries import hours_of
from core.scheduling.models import (
    Appointment,
    AppointmentSeries,
    BookableResource,
    Participant,
    Reservation,
    SchedulingSettings,
)
from core.scheduling.permissions import appointments_visible_to
from core.scheduling.rules import availability, series, wall_time
from core.scheduling.rules.conflicts import Span
from core.scheduling.rules.series import Occurrence, Pattern
from core.scheduling.time_formats import format_time_span

NEAR = timedelta(days=8)  # what counts for limits of a day and a week
MOST_SAID = 10  # dates in one sentence


@dataclass(frozen=True, slots=True)
class SeriesPlan:
    """A series as somebody wants it. `moved`: dates by the rule, and when they shall be on the wall instead."""

    practitioner: StaffMember
    clients: Sequence[Client]
    pattern: Pattern
    first_on: date
    at: time
    minutes: int
    time_zone: str
    service_name: str
    until_on: date | None = None
    service_id: UUID | None = None
    other_service_names: Mapping[str, str] = field(default_factory=dict)
    mode: str = Appointment.Mode.ONLINE
    location: str = ""
    note: str = ""
    is_open_group: bool = False  # people join it: its dates stand with nobody in them, too
    resources: Sequence[BookableResource] = ()
    skipped: frozenset[date] = frozenset()
    moved: Mapping[date, datetime] = field(default_factory=dict)

    @property
    def length(self) -> timedelta:
        return timedelta(minutes=self.minutes)

    @property
    def can_go_on(self) -> bool:
        """Whether anybody runs it, and anybody comes or may still join."""
        return self.practitioner.is_active and (bool(self.clients) or self.is_open_group)

    def dates(self, *, now: datetime) -> list[date]:
        """Its days by the rule: all of one that ends, those up to the horizon of one that does not. DomainError for none, or for too many."""
        last = self.until_on or horizon(now=now)
        _check_length(self.length)
        if last > (now + series.FURTHEST).date():
            raise DomainError(
                "too_late",
                translate("A series ends within two years. Choose an earlier day, or no end."),
                field="until",
            )
        found = series.dates(self.pattern, self.first_on, until=last)
        if len(found) > series.MOST:
            raise DomainError("series_too_long", too_many(), field="ends")
        if not found:
            raise DomainError(
                "series_empty",
                translate("No date of this series lies before its end. Choose a later end."),
                field="ends",
            )
        begins = planned(self, found[:1])[0].span.starts_at
        if begins <= now:
            raise DomainError(
                "series_begun", translate("A series begins with a date that is still to come."), field="date"
            )
        return found


@dataclass(frozen=True, slots=True)
class SeriesDate:
    """One date, looked at: when it is, who is not free (in sentences), and what else speaks against it (codes and sentences)."""

    day: date
    occurrence: Occurrence
    is_moved: bool = False
    clashes: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()

    @property
    def span(self) -> Span:
        return self.occurrence.span

    @property
    def is_closed(self) -> bool:
        return "closed" in self.against


def too_many() -> str:
    return translate(
        "A series has at most %(most)s dates. End it earlier, or leave the end open: then dates are made ahead.",
        most=series.MOST,
    )


def horizon(*, now: datetime) -> date:
    """Up to which day the dates of open-ended series are made."""
    return (now + timedelta(weeks=SchedulingSettings.current().series_weeks)).date()


def plan_of(repeated: AppointmentSeries) -> SeriesPlan:
    """A series as a plan: what its next dates will be."""
    return SeriesPlan(
        practitioner=repeated.practitioner,
        clients=[client for client in repeated.clients.all() if client.is_active],
        pattern=repeated.pattern,
        first_on=repeated.first_on,
        at=repeated.wall_time,
        minutes=repeated.minutes,
        time_zone=repeated.time_zone,
        until_on=repeated.until_on,
        service_name=repeated.service_name,
        service_id=repeated.service_id,
        other_service_names=repeated.other_service_names,
        mode=repeated.mode,
        location=repeated.location,
        note=repeated.note,
        is_open_group=repeated.is_open_group,
        resources=[resource for resource in repeated.resources.all() if resource.is_active],
    )


def planned(plan: SeriesPlan, days: Sequence[date]) -> list[SeriesDate]:
    """These days of the plan as instants, none looked at yet; those that are skipped too."""
    zone = wall_time.zone(plan.time_zone)
    found = []
    for each in series.occurrences(days, plan.at, plan.length, zone):
        elsewhere = plan.moved.get(each.day)
        if elsewhere is not None:
            moved = Occurrence(each.day, wall_time.to_instant(elsewhere, zone), plan.length)
            found.append(SeriesDate(each.day, moved, is_moved=True))
        else:
            found.append(SeriesDate(each.day, each))
    return found


def look(
    plan: SeriesPlan, dates: Sequence[SeriesDate], *, by: Any, apart_from: Sequence[UUID] = (), now: datetime
) -> list[SeriesDate]:
    """The same dates with what speaks against each; those that are skipped are looked at as well, but take no time from the others."""
    if not dates:
        return []
    spans = {each.day: each.span for each in dates}
    whole = Span(min(span.starts_at for span in spans.values()), max(span.ends_at for span in spans.values()))
    taken = _Taken(plan, whole, apart_from=apart_from)
    clashes = taken.sentences(spans, by=by)
    hours = hours_of(plan.practitioner, (whole.starts_at - AROUND).date(), (whole.ends_at + AROUND).date())
    own, kept = _InOrder(taken.own), _InOrder(span for day, span in spans.items() if day not in plan.skipped)
    found = []
    for each in dates:
        span, said = spans[each.day], clashes[each.day]
        mine = [other for other in kept.near(span, NEAR) if other is not span]
        if any(other.overlaps(span) for other in mine):
            said.append(translate("Another date of the series lies there."))
        against: list[str] = []
        if span.starts_at > now:
            others = [*own.near(span, NEAR), *mine]
            against = availability.why_not(hours, span, others=others, mode=plan.mode, service=plan.service_id)
        reasons = tuple(sentence_of(code, plan.practitioner, hours, span) for code in against)
        found.append(SeriesDate(each.day, each.occurrence, each.is_moved, tuple(said), tuple(against), reasons))
    return found


def refuse_clashes(dates: Sequence[SeriesDate], *, zone: str) -> None:
    """ConflictError naming each date that is not free, and why."""
    if taken := [(each, each.clashes[0]) for each in dates if each.clashes]:
        raise ConflictError("series_not_free", _by_date(taken, zone=zone), field="dates")


def refuse_unexplained(dates: Sequence[SeriesDate], *, reason: str, zone: str) -> None:
    """DomainError naming each date that is beside the practitioner's time, unless there is a reason."""
    beside = [(each, " ".join(each.reasons)) for each in dates if each.reasons]
    if beside and not reason.strip():
        why = _by_date(beside, zone=zone)
        raise DomainError(
            "not_available",
            translate("%(why)s Say why it shall be then all the same.", why=why),
            field="override_reason",
        )


def day_of(span: Span, *, zone: str) -> str:
    """A date as one sentence names it."""
    when = format_time_span(span.starts_at, span.ends_at, zone=zone, language=get_language() or "en")
    return f"{when.short_day}, {when.hours}"


def _by_date(found: Sequence[tuple[SeriesDate, str]], *, zone: str) -> str:
    sentences = [f"{day_of(each.span, zone=zone)}: {why}" for each, why in found[:MOST_SAID]]
    if len(found) > MOST_SAID:
        sentences.append(translate("And %(number)s more dates.", number=len(found) - MOST_SAID))
    return " ".join(sentences)


class _InOrder:
    """Spans by their start, to find those near another without looking at all."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans = sorted(spans, key=lambda span: span.starts_at)
        self.starts = [span.starts_at for span in self.spans]

    def near(self, span: Span, far: timedelta) -> list[Span]:
        """Those that begin up to so far before or after it; none is longer than a day."""
        first = bisect_left(self.starts, span.starts_at - far - AROUND)
        return self.spans[first : bisect_right(self.starts, span.ends_at + far)]


class _Taken:
    """When practitioner, clients and resources are taken in a time: three questions; particulars only of what is met."""

    def __init__(self, plan: SeriesPlan, whole: Span, *, apart_from: Sequence[UUID]) -> None:
        touching = {"starts_at__lt": whole.ends_at + NEAR, "ends_at__gt": whole.starts_at - NEAR}
        times = ("starts_at", "ends_at", "free_from")
        appointments = Appointment.objects.filter(practitioner=plan.practitioner, **touching).order_by()
        booked = appointments.exclude(status=Appointment.Status.CANCELLED).exclude(pk__in=apart_from)
        places = Participant.objects.filter(client__in=plan.clients, is_attending=True, **touching).order_by()
        rows = [(plan.practitioner.pk, *row) for row in booked.values_list("pk", *times)]
        self.own = [span for _, _, span in map(_held, rows) if span.starts_at < span.ends_at]
        rows += places.exclude(appointment__in=apart_from).values_list("client", "appointment", *times)
        if plan.resources:
            held = Reservation.objects.filter(resource__in=plan.resources, is_held=True, **touching).order_by()
            rows += held.exclude(appointment__in=apart_from).values_list("resource", "appointment", *times)
        self.people = {each.pk: each for each in (plan.practitioner, *plan.clients, *plan.resources)}
        self.by_span: dict[Span, list[tuple[UUID, UUID]]] = {}
        for person, appointment, span in map(_held, rows):
            self.by_span.setdefault(span, []).append((person, appointment))
        self.spans = _InOrder(self.by_span)

    def sentences(self, spans: Mapping[date, Span], *, by: Any) -> dict[date, list[str]]:
        """For each day who is not free at its time, each person once."""
        met = {day: self._met(span) for day, span in spans.items()}
        keys = {appointment for clashes in met.values() for appointment in clashes.values()}
        if not keys:
            return {day: [] for day in spans}
        loaded = Appointment.objects.select_related("practitioner__user").prefetch_related("participants__client")
        appointments = loaded.in_bulk(list(keys))
        visible: set[UUID] = set()
        if getattr(by, "pk", None):
            visible = set(appointments_visible_to(by).filter(pk__in=keys).values_list("pk", flat=True))
        return {
            day: [
                clash_sentence(
                    str(self.people[person]),
                    appointments[key],
                    by=by,
                    person=self.people[person],
                    visible=key in visible,
                )
                for person, key in clashes.items()
            ]
            for day, clashes in met.items()
        }

    def _met(self, span: Span) -> dict[UUID, UUID]:
        """Who is taken then, and by which appointment; the practitioner first."""
        found: dict[UUID, UUID] = {}
        for other in self.spans.near(span, timedelta(0)):
            if other.overlaps(span):
                for person, appointment in self.by_span[other]:
                    found.setdefault(person, appointment)
        return {person: found[person] for person in self.people if person in found}


def _held(row: tuple[Any, ...]) -> tuple[UUID, UUID, Span]:
    person, appointment, starts_at, ends_at, free_from = row
    return person, appointment, Span(starts_at, free_from or ends_at)


def _check_length(length: timedelta) -> None:
    if not timedelta(minutes=5) <= length <= timedelta(hours=24):
        raise DomainError(
            "bad_length", translate("Choose a length of at least 5 minutes and at most 24 hours."), field="minutes"
        )
