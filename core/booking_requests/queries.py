"""What is asked for, by whom else, and how the times stand in the calendar: a fixed number of questions, however many times there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.booking.models import BookablePractitioner, BookingSettings
from core.booking_requests.models import BookingRequest, RequestedTime
from core.booking_requests.permissions import own_requests, requests_answered_by, with_everything
from core.people.models import Client, StaffMember
from core.scheduling.actions.availability_checks import sentence_of
from core.scheduling.availability_queries import WEEK, hours_of
from core.scheduling.models import Appointment, Participant
from core.scheduling.rules import availability, conflicts
from core.scheduling.rules.conflicts import Span

MOST_TO_ASK = 30  # practitioners in one list
DAY = timedelta(days=1)  # because a day begins at other instants elsewhere


def practitioners_to_ask(clients: Iterable[Client]) -> list[StaffMember]:
    """With whom these clients can ask for a time: those assigned to them, and those who are booked online, by name."""
    active = StaffMember.objects.filter(status=StaffMember.Status.ACTIVE).select_related("user")
    wanted = Q(assignments__client__in=list(clients))
    if BookingSettings.current().is_open:
        wanted |= Q(pk__in=BookablePractitioner.objects.values("practitioner_id"))
    return list(active.filter(wanted).distinct().order_by("user__sort_key", "pk")[:MOST_TO_ASK])


def waiting_for(user: Any) -> QuerySet[BookingRequest]:
    """What waits for an answer of those who run schedules, the longest first."""
    return requests_answered_by(user).filter(state=BookingRequest.State.ASKED).order_by("asked_at", "pk")


def open_requests_of(user: Any) -> QuerySet[BookingRequest]:
    """What is open for the clients for whom a login acts; what they have to answer first."""
    return own_requests(user).filter(state__in=BookingRequest.OPEN).order_by("-state", "asked_at")


@dataclass
class Standing:
    """One time as it stands: what speaks against it, and who else asks for it."""

    time: RequestedTime
    is_past: bool = False
    is_taken: bool = False
    against: list[str] = field(default_factory=list)
    others: list[BookingRequest] = field(default_factory=list)

    @property
    def is_fine(self) -> bool:
        return not (self.is_past or self.is_taken or self.against)


def standings_of(request: BookingRequest, times: Sequence[RequestedTime], *, by: Any, now: datetime) -> list[Standing]:
    """How these times stand: in the calendar of the practitioner in question, in the client's, and beside other requests that `by` answers."""
    found = [Standing(each, is_past=each.starts_at <= now) for each in times]
    coming = [each for each in found if not each.is_past]
    if not coming:
        return found
    rivals = rivals_of(request, [each.time for each in coming], by=by)
    clients = _spans(
        Participant.objects.filter(client=request.client_id, is_attending=True), coming, request, "appointment_id"
    )
    people = {each.runner for each in times if each.runner is not None}
    booked = {person.pk: _booked(person, coming, request) for person in people}
    first, last = min(each.time.starts_at for each in coming) - DAY, max(each.time.ends_at for each in coming) + DAY
    hours = {person.pk: hours_of(person, first.date(), last.date()) for person in people}
    for standing in coming:
        span = Span(standing.time.starts_at, standing.time.ends_at)
        standing.others = rivals[standing.time.pk]
        person = standing.time.runner
        if any(each.overlaps(span) for each in clients):
            standing.is_taken = True
            standing.against.append(conflicts.sentence(name=request.client.name))
        if person is None:
            continue
        if any(each.overlaps(span) for each in booked[person.pk]):
            standing.is_taken = True
            standing.against.append(conflicts.sentence(name=str(person)))
            continue
        near = [each for each in booked[person.pk] if each.overlaps(Span(span.starts_at - WEEK, span.ends_at + WEEK))]
        theirs = hours[person.pk]
        codes = availability.why_not(theirs, span, others=near, mode=request.mode, service=request.service_id)
        standing.against += [sentence_of(code, person, theirs, span) for code in codes]
    return found


def rivals_of(
    request: BookingRequest, times: Sequence[RequestedTime], *, by: Any
) -> Mapping[UUID, list[BookingRequest]]:
    """The other open requests, of those that `by` answers, for the same practitioner's time; by the id of the time."""
    overlapping = Q()
    for each in times:
        overlapping |= Q(starts_at__lt=each.ends_at, ends_at__gt=each.starts_at)
    answered = requests_answered_by(by).filter(state__in=BookingRequest.OPEN).exclude(pk=request.pk).order_by()
    rows = RequestedTime.objects.filter(overlapping, request__in=answered.values("pk"), proposal__refused_at=None)
    rows = rows.select_related("request__client", "request__moves").order_by("request__asked_at", "pk")
    found: dict[UUID, list[BookingRequest]] = defaultdict(list)
    for row in rows:
        theirs = row.runner_id
        for each in times:
            mine = each.runner_id
            meets = row.starts_at < each.ends_at and row.ends_at > each.starts_at
            if meets and (theirs is None or mine is None or theirs == mine) and row.request not in found[each.pk]:
                found[each.pk].append(row.request)
    return found


def request_of(appointment: Appointment, user: Any) -> BookingRequest | None:
    """The open request to move it, or the one that it came from, if this person reads it."""
    both = Q(moves=appointment, state__in=BookingRequest.OPEN) | Q(end__appointment=appointment)
    own, answered = own_requests(user).order_by(), requests_answered_by(user).order_by()
    found = BookingRequest.objects.filter(both).filter(Q(pk__in=own.values("pk")) | Q(pk__in=answered.values("pk")))
    return with_everything(found).order_by("-asked_at").first()


def is_asked_to_move(user: Any) -> Exists:
    """Of an appointment, in the same question: whether another time was asked for and not agreed on, as far as this person reads it."""
    own, answered = own_requests(user).order_by(), requests_answered_by(user).order_by()
    found = BookingRequest.objects.filter(moves=OuterRef("pk"), state__in=BookingRequest.OPEN).order_by()
    return Exists(found.filter(Q(pk__in=own.values("pk")) | Q(pk__in=answered.values("pk"))))


def _booked(person: StaffMember, coming: Sequence[Standing], request: BookingRequest) -> list[Span]:
    rows = Appointment.objects.filter(practitioner=person).exclude(status=Appointment.Status.CANCELLED)
    return _spans(rows, coming, request, "pk")


def _spans(rows: "QuerySet[Any]", coming: Sequence[Standing], request: BookingRequest, key: str) -> list[Span]:
    """The times of these rows around those in question, without what is to be moved."""
    first = min(each.time.starts_at for each in coming) - WEEK
    last = max(each.time.ends_at for each in coming) + WEEK
    found = rows.filter(starts_at__lt=last, ends_at__gt=first)
    if request.moves_id is not None:
        found = found.exclude(**{key: request.moves_id})
    spans = (
        Span(begins, free_from or ends)
        for begins, ends, free_from in found.values_list("starts_at", "ends_at", "free_from")
    )
    return [span for span in spans if span.starts_at < span.ends_at]
