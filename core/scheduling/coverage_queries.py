"""Who is free and who can come in each hour of a week: a fixed number of questions, however many practitioners and clients."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Mod

from core.people.models import Client, StaffMember
from core.scheduling.availability_queries import hours_of_many
from core.scheduling.models import Appointment, AvailabilityWindow, ClientAvailability
from core.scheduling.rules import availability, coverage, wall_time
from core.scheduling.rules.availability import DAY
from core.scheduling.rules.conflicts import Span
from core.scheduling.rules.coverage import Group


@dataclass(frozen=True, slots=True)
class Wanted:
    """For what somebody is looked for: empty mode or no service: for any."""

    mode: str = ""
    service: UUID | None = None


@dataclass(frozen=True)
class Staffing:
    """Who of these practitioners is free in which hour, and who has set no hours and is not counted."""

    free: Sequence[list[StaffMember]]
    unknown: list[StaffMember]


def staffing(practitioners: Sequence[StaffMember], hours: Sequence[Span], *, wanted: Wanted) -> Staffing:
    """Who is free in each of these hours: seven questions, and that for closed days."""
    if not hours or not practitioners:
        return Staffing([[] for _hour in hours], [])
    whole = Span(min(hour.starts_at for hour in hours), max(hour.ends_at for hour in hours))
    first, last = whole.starts_at.date() - timedelta(days=1), whole.ends_at.date() + timedelta(days=1)
    many, booked = hours_of_many(practitioners, first, last), _booked(practitioners, whole)
    found: list[list[StaffMember]] = [[] for _hour in hours]
    unknown = []
    for person in practitioners:
        theirs = many[person.pk]
        if not any(theirs.weekly.values()):
            unknown.append(person)
            continue
        opened, busy = _opened(theirs, first, last, wanted), [*booked.get(person.pk, ()), *theirs.busy]
        for place, hour in enumerate(hours):
            if coverage.is_free(opened, busy, hour):
                found[place].append(person)
    return Staffing(found, unknown)


def client_groups(clients: QuerySet[Client]) -> list[Group]:
    """The windows of these clients, counted in the database: as many rows as there are different ones; two questions."""
    windows = AvailabilityWindow.objects.filter(availability__client__in=clients.order_by().values("pk")).order_by()
    plain = windows.values_list("availability__time_zone", "weekday", "starts", "ends").annotate(Count("pk"))
    after = AvailabilityWindow.objects.filter(
        availability=OuterRef("availability"), starts=0, weekday=Mod(OuterRef("weekday") + 1, 7)
    )
    joined = windows.filter(ends=DAY).annotate(until=Subquery(after.values("ends")[:1])).exclude(until=None)
    past = joined.values_list("availability__time_zone", "weekday", "starts", F("until") + DAY).annotate(Count("pk"))
    return [Group(wall_time.zone(zone), *rest) for zone, *rest in (*plain, *past)]


def clients_known(clients: QuerySet[Client]) -> tuple[int, int]:
    """Of how many of these clients the times are known, and how many there are."""
    counted = clients.order_by().aggregate(known=Count("availability", distinct=True), all=Count("pk", distinct=True))
    return counted["known"], counted["all"]


def clients_at(clients: QuerySet[Client], hour: Span) -> QuerySet[Client]:
    """Those of these clients who can come in this hour, on whatever clock each has; two questions."""
    zones = ClientAvailability.objects.order_by().values_list("time_zone", flat=True).distinct()
    found = Q(pk__in=[])
    for zone in zones:
        weekday, starts, ends = coverage.on_the_wall(hour, wall_time.zone(zone))
        windows = AvailabilityWindow.objects.filter(availability__time_zone=zone, weekday=weekday, starts__lte=starts)
        windows = windows.filter(ends__gte=min(ends, DAY))
        theirs = Q(pk__in=windows.values("availability__client_id"))
        if ends > DAY:
            rest = AvailabilityWindow.objects.filter(
                availability__time_zone=zone, weekday=(weekday + 1) % 7, starts=0, ends__gte=ends - DAY
            )
            theirs &= Q(pk__in=rest.values("availability__client_id"))
        found |= theirs
    return clients.filter(found)


def _opened(hours: availability.Hours, first: date, last: date, wanted: Wanted) -> list[Span]:
    modes: Collection[str] = [wanted.mode]
    if wanted.service is not None and not wanted.mode:
        modes = Appointment.Mode.values
    days = availability.days_between(first, last)
    return availability.merged(
        span
        for mode in modes
        for day in days
        for span in availability.open_spans(hours, day, mode=mode, service=wanted.service)
    )


def _booked(practitioners: Sequence[StaffMember], whole: Span) -> dict[UUID, list[Span]]:
    rows = Appointment.objects.filter(
        practitioner__in=practitioners, starts_at__lt=whole.ends_at, ends_at__gt=whole.starts_at
    )
    rows = rows.exclude(status=Appointment.Status.CANCELLED).order_by()
    found: dict[UUID, list[Span]] = defaultdict(list)
    for key, begins, ends in rows.values_list("practitioner_id", "starts_at", Coalesce("free_from", "ends_at")):
        if begins < ends:
            found[key].append(Span(begins, ends))
    return found
