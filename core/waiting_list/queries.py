"""Who waits for a time that has freed, in order; and how many wait for which hours of the week."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from core.booking.group_queries import services_for_groups
from core.booking.queries import open_holds
from core.people.models import Client, LinkedLogin, StaffMember
from core.scheduling.availability_queries import WEEK, hours_of
from core.scheduling.models import Appointment, Cancellation, Participant
from core.scheduling.rules import availability, wall_time
from core.scheduling.rules.conflicts import Span
from core.waiting_list.models import WaitingEntry, WaitingOffer
from core.waiting_list.rules.waiting_list import Wish, first_fitting, fits, starts_within, waits_in

LAST_ZONE = timedelta(hours=12)  # behind UTC
MOST_ASKED = 60  # of those whom it fits


def waiting_on(day: date) -> QuerySet[WaitingEntry]:
    """Everybody who still waits on that day."""
    return WaitingEntry.objects.filter(state=WaitingEntry.State.WAITING, until_on__gte=day)


def anybody_waits(*, now: datetime) -> bool:
    """Whether it is worth looking at all."""
    return waiting_on(first_date(now)).exists()


def first_date(now: datetime) -> date:
    """The earliest date that it is anywhere on earth."""
    return (now - LAST_ZONE).date()


def waiting_for(
    practitioner: StaffMember, freed: Span, *, apart_from: Sequence[UUID] = (), earliest: datetime, now: datetime
) -> list[tuple[WaitingEntry, datetime]]:
    """Whom this practitioner's time fits, the longest first, each with the earliest start that could be booked now."""
    entries = list(_who_may_want(practitioner, freed, apart_from=apart_from))
    free = FreeTime(practitioner, freed, entries, now=now)
    fitting = ((entry, free.start_for(entry, earliest=earliest)) for entry in entries)
    return list(islice(((entry, start) for entry, start in fitting if start is not None), MOST_ASKED))


def waiting_for_place(
    group: Appointment, *, apart_from: Sequence[UUID] = (), earliest: datetime, now: datetime
) -> list[WaitingEntry]:
    """Whom a place in this group fits, the longest waiting first: those who wait for its service, and are not in it nor elsewhere then."""
    if group.starts_at < max(earliest, now):
        return []
    offered = WaitingOffer.objects.filter(group=group, starts_at=group.starts_at, practitioner=group.practitioner_id)
    busy = Participant.objects.filter(
        is_attending=True, client=OuterRef("client"), starts_at__lt=group.ends_at, ends_at__gt=group.starts_at
    )
    found = _who_may_take(group.practitioner, group.starts_at).filter(
        ~Exists(busy), service_id=group.service_id, mode=group.mode
    )
    found = found.exclude(pk__in=offered.values("entry_id")).exclude(client__in=list(apart_from))
    found = found.exclude(client__in=[client for client, _span in _charged_for(group.span)])
    length, by = group.minutes, group.practitioner_id
    fitting = (each for each in found if fits(replace(each.wish, minutes=length), group.starts_at, practitioner=by))
    return list(islice(fitting, MOST_ASKED))


def _who_may_want(practitioner: StaffMember, freed: Span, *, apart_from: Sequence[UUID]) -> "QuerySet[WaitingEntry]":
    """Whom a freed time may fit, as far as the database tells, without those who were offered it before."""
    offered = WaitingOffer.objects.filter(
        practitioner=practitioner, starts_at__gte=freed.starts_at, starts_at__lt=freed.ends_at
    )
    longest = (freed.ends_at - freed.starts_at) // timedelta(minutes=1)
    found = _who_may_take(practitioner, freed.starts_at).filter(minutes__lte=longest)
    whole_days = (freed.ends_at - freed.starts_at).days
    days = {(freed.starts_at + timedelta(days=number)).weekday() for number in range(-1, whole_days + 3)}
    found = found.filter(Q(weekdays=[]) | Q(weekdays__overlap=sorted(days)))
    found = found.exclude(service_id__in=services_for_groups())
    return found.exclude(pk__in=offered.values("entry_id")).exclude(client__in=list(apart_from))


def _charged_for(span: Span) -> list[tuple[UUID, Span]]:
    """Who has given up a time within this one and is charged for it: offered to them again, they would pay for it twice."""
    charged = Cancellation.objects.filter(
        completion_type__isnull=False, appointment__starts_at__lt=span.ends_at, appointment__ends_at__gt=span.starts_at
    )
    charged = charged.select_related("appointment", "participant__client").prefetch_related(
        "appointment__participants__client", "appointment__cancellations"
    )
    return [
        (client.pk, Span(each.appointment.starts_at, each.appointment.ends_at))
        for each in charged
        for client in each.clients
    ]


def _who_may_take(practitioner: StaffMember, starts_at: datetime) -> "QuerySet[WaitingEntry]":
    """Who waits for this practitioner or for anybody, is active, has a login that can take it, and no offer of whatever entry; the longest first."""
    found = WaitingEntry.objects.filter(
        Q(practitioners=practitioner) | Q(practitioners=None),
        Exists(LinkedLogin.objects.filter(client=OuterRef("client"), user__is_active=True)),
        state=WaitingEntry.State.WAITING,
        client__status=Client.Status.ACTIVE,
        until_on__gte=first_date(starts_at),
    )
    offered = WaitingOffer.objects.filter(state=WaitingOffer.State.OPEN)
    found = found.exclude(client__in=offered.values("entry__client_id"))
    return found.distinct().select_related("client").prefetch_related("practitioners").order_by("added_at", "pk")


class FreeTime:
    """The part of a freed time that is free now, of one practitioner and of those who wait: read once, asked for each of them."""

    def __init__(
        self, practitioner: StaffMember, freed: Span, entries: Sequence[WaitingEntry], *, now: datetime
    ) -> None:
        self.practitioner, self.freed = practitioner, freed
        around = {"starts_at__lt": freed.ends_at + WEEK, "ends_at__gt": freed.starts_at - WEEK}
        booked = Appointment.objects.filter(practitioner=practitioner, **around)
        self.booked = [each.span for each in booked.exclude(status=Appointment.Status.CANCELLED)]
        held = open_holds(now=now).filter(practitioner=practitioner, group=None, **around)  # a place takes no time
        self.held = [Span(*pair) for pair in held.values_list("starts_at", "ends_at")]
        first, last = (freed.starts_at - timedelta(days=1)).date(), (freed.ends_at + timedelta(days=1)).date()
        self.hours = hours_of(practitioner, first, last)
        self.elsewhere: dict[UUID, list[Span]] = defaultdict(list)
        places = Participant.objects.filter(
            client__in={entry.client_id for entry in entries},
            is_attending=True,
            starts_at__lt=freed.ends_at,
            ends_at__gt=freed.starts_at,
        )
        for place in places:
            self.elsewhere[place.client_id].append(place.span)
        for client, span in _charged_for(freed):
            self.elsewhere[client].append(span)

    def start_for(self, entry: WaitingEntry, *, earliest: datetime) -> datetime | None:
        """The earliest start within it that they wait for and that could be booked now; None for none."""
        length, wish = timedelta(minutes=entry.minutes), entry.wish
        busy = [*self.booked, *self.held, *self.elsewhere[entry.client_id]]
        return first_fitting(
            wish,
            starts_within(self.freed.starts_at, self.freed.ends_at, entry.minutes),
            earliest=earliest,
            practitioner=self.practitioner.pk,
            is_free=lambda start: self._is_open(Span(start, start + length), entry, busy),
        )

    def _is_open(self, span: Span, entry: WaitingEntry, busy: Sequence[Span]) -> bool:
        if any(each.overlaps(span) for each in busy):
            return False
        near = [each for each in self.booked if each.starts_at < each.ends_at]
        against = availability.why_not(self.hours, span, others=near, mode=entry.mode, service=entry.service_id)
        return not against


def has_place_already(offer: WaitingOffer) -> bool:
    """Whether the client is in the group in which a place is offered to them: somebody has put them in meanwhile."""
    return Participant.objects.filter(
        appointment=offer.group_id, client=offer.entry.client_id, is_attending=True
    ).exists()


def open_offers_of(entries: QuerySet[WaitingEntry], *, now: datetime) -> QuerySet[WaitingOffer]:
    """What can still be taken, of these entries."""
    found = WaitingOffer.objects.filter(entry__in=entries.order_by().values("pk"), state=WaitingOffer.State.OPEN)
    found = found.filter(expires_at__gt=now, starts_at__gt=now)
    return found.select_related("entry__client", "practitioner__user").order_by("expires_at")


def waiting_in(entries: QuerySet[WaitingEntry], hours: Sequence[Span]) -> list[int]:
    """How many of these wait for each of the hours: one question, as many rows as there are different wishes."""
    named = entries.order_by().values_list("time_zone", "until_on", "weekdays", "begins", "ends")
    wishes = [
        (Wish(wall_time.zone(zone), 0, until_on, frozenset(weekdays), begins, ends), number)
        for zone, until_on, weekdays, begins, ends, number in named.annotate(number=Count("pk", distinct=True))
    ]
    return [sum(number for wish, number in wishes if waits_in(wish, hour.starts_at, hour.ends_at)) for hour in hours]


def waiting_at(entries: QuerySet[WaitingEntry], hour: Span) -> list[WaitingEntry]:
    """Those of them, the longest first."""
    found = entries.select_related("client").prefetch_related("practitioners").order_by("added_at", "pk").distinct()
    return [entry for entry in found if waits_in(entry.wish, hour.starts_at, hour.ends_at)]
