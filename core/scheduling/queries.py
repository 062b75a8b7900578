"""Questions that pages and actions ask about the calendar."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import JSONObject

from core.kernel.kept_subqueries import KeptSubquery
from core.kernel.search import Word
from core.kernel.search_keys import Sorted
from core.people.models import Assignment, Client, StaffMember
from core.people.queries import clients_with
from core.people.roles import PRACTITIONER
from core.scheduling.models import (
    Appointment,
    Arrival,
    BookableResource,
    CancellationPolicy,
    CompletionType,
    Confirmation,
    LateNotice,
    Participant,
    Reservation,
)
from core.scheduling.permissions import appointments_visible_to, schedules_offered_to
from core.scheduling.rules import group_size
from core.scheduling.rules.cancellation import Consequence, Level, consequence
from tenants import entitlements


def levels_of(policy: CancellationPolicy | None) -> list[Level]:
    """The levels of a policy as the rule takes them; none without a policy."""
    if policy is None:
        return []
    return [
        Level(row.hours_before, str(row.completion_type), row.client_share, row.wage_share, row.completion_type_id)
        for row in policy.levels.select_related("completion_type")
    ]


def consequence_of(appointment: Appointment, *, now: datetime) -> Consequence:
    """What it means if a client cancels this appointment now, by the policy of its booking."""
    return consequence(levels_of(appointment.policy), starts_at=appointment.starts_at, now=now)


@dataclass(frozen=True, slots=True)
class Answers:
    """What was said about some places at their present time."""

    is_confirmed: bool = False  # all of them
    late_minutes: int | None = None  # the latest word


def answers_of(appointment: Appointment, places: Sequence[Participant]) -> Answers:
    """What was answered by links about these places: as `with_people` has loaded it, else looked up."""
    known = appointment.__dict__.get("confirmed_places"), appointment.__dict__.get("late_places")
    confirmed, late = known if known[0] is not None else _answers(appointment)
    keys = {str(place.pk) for place in places}
    theirs = [row for row in confirmed or () if str(row["place"]) in keys]
    minutes = [row["minutes"] for row in late or () if str(row["place"]) in keys]
    is_whole = bool(keys) and len(theirs) == len(keys)
    return Answers(is_whole, minutes[0] if minutes else None)


def _answers(appointment: Appointment) -> tuple[list[Any], list[Any]]:
    at = {"participant__appointment": appointment, "starts_at": appointment.starts_at}
    return list(_confirmed(**at).values(place=F("participant_id"))), list(
        _late(**at).values("minutes", place=F("participant_id"))
    )


def _confirmed(**at: Any) -> QuerySet[Confirmation]:
    return Confirmation.objects.filter(**at).order_by("pk")


def _late(**at: Any) -> QuerySet[LateNotice]:
    """The latest word first."""
    return LateNotice.objects.filter(**at).order_by("-told_at", "pk")


def arrivals_of(appointment: Appointment) -> dict[UUID, datetime]:
    """When each place's client came, for its present time: as `with_people` has loaded it, else looked up."""
    known = appointment.__dict__.get("arrived_places")
    if known is None:
        at = {"participant__appointment": appointment, "starts_at": appointment.starts_at}
        return dict(Arrival.objects.filter(**at).values_list("participant_id", "arrived_at"))
    return {UUID(row["place"]): datetime.fromisoformat(row["at"]) for row in known}


def most_in_a_group() -> int:
    """How many people one session takes on the plan of the organization in force."""
    return group_size.most_on_plan(entitlements.limit(entitlements.GROUP))


def policy_in_force() -> CancellationPolicy | None:
    """The policy that the next booking will get."""
    return CancellationPolicy.objects.prefetch_related("levels__completion_type").order_by("-adopted_at", "-id").first()


def completion_types_for_completing() -> QuerySet[CompletionType]:
    """What an appointment that has begun can be completed as."""
    return CompletionType.objects.filter(is_active=True).exclude(outcome=CompletionType.Outcome.CANCELLED)


def completion_types_for_policy() -> QuerySet[CompletionType]:
    """What a policy level can count as."""
    return CompletionType.objects.filter(is_active=True).exclude(outcome=CompletionType.Outcome.HELD)


def appointments_between(user: Any, starts_at: datetime, ends_at: datetime) -> QuerySet[Appointment]:
    """What `user` may see that touches this span."""
    return appointments_visible_to(user).filter(starts_at__lt=ends_at, ends_at__gt=starts_at)


def taken_between(resource: BookableResource, starts_at: datetime, ends_at: datetime) -> QuerySet[Reservation]:
    """For whom a room or equipment is held in this span."""
    held = Reservation.objects.filter(resource=resource, is_held=True)
    return held.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).order_by("starts_at", "pk")


def is_over(now: datetime) -> Q:
    """What lies behind: its time has passed, or it was completed before."""
    return Q(ends_at__lte=now) | Q(status=Appointment.Status.COMPLETED)


def to_be_completed(*, now: datetime) -> QuerySet[Appointment]:
    """What is over and says nothing yet of what became of it."""
    return Appointment.objects.filter(status=Appointment.Status.BOOKED, ends_at__lte=now)


def delayed_until(appointment: Appointment) -> datetime | None:
    """Until when what its practitioner has before it takes, if that was extended into it."""
    before = Appointment.objects.filter(
        practitioner=appointment.practitioner_id,
        status=Appointment.Status.BOOKED,
        free_from__lte=appointment.starts_at,
        ends_at__gt=appointment.starts_at,
        starts_at__lt=appointment.starts_at,
    ).exclude(pk=appointment.pk)
    return before.order_by("ends_at").values_list("ends_at", flat=True).last()


def with_people(found: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """The same appointments with practitioner, clients, what they take, what was answered and who is here: one more question for all of them."""
    return with_clients(found).annotate(**_beside())


def with_clients(found: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """The same appointments with practitioner and clients, for lists that say no more."""
    participants = Prefetch("participants", Participant.objects.select_related("client"))
    return found.select_related("practitioner__user").prefetch_related(participants)


# What a row of a list, or an entry of the calendar, says of an appointment, of its places, and of whom they meet.
_SAID = (
    "practitioner", "starts_at", "ends_at", "free_from", "time_zone", "status", "mode", "location", "service_id", "service_name",
    "other_service_names", "series",
)  # fmt: skip
_OF_PLACES = (
    "appointment", "starts_at", "ends_at", "is_attending", "client__first_name", "client__last_name", "client__status",
    "client__time_zone", "client__color", "client__permissions",
)  # fmt: skip
_OF_PRACTITIONER = (
    "practitioner__user__name", "practitioner__user__time_zone", "practitioner__user__sort_key", "practitioner__role",
    "practitioner__status", "practitioner__color",
)  # fmt: skip


def for_rows(found: QuerySet[Appointment], *, beside: Collection[str] | None = None) -> QuerySet[Appointment]:
    """As `with_people`, but of all these only what a row says, because most of what takes time is to read what nobody is shown.

    `beside`: which of the things in `_beside` the rows say; all, unless it is given.
    """
    places = Prefetch("participants", Participant.objects.select_related("client").only(*_OF_PLACES))
    loaded = found.select_related("practitioner__user").only(*_SAID, *_OF_PRACTITIONER).prefetch_related(places)
    asked = _beside()
    return loaded.annotate(**{name: asked[name] for name in (asked if beside is None else beside)})


@cache
def _beside() -> dict[str, KeptSubquery]:
    """What is asked for in the same question."""
    at = {"participant__appointment": OuterRef("pk"), "starts_at": OuterRef("starts_at")}
    said = {
        "confirmed_places": _confirmed(**at).values(row=JSONObject(place="participant_id")),
        "arrived_places": Arrival.objects.filter(**at)
        .order_by("pk")
        .values(row=JSONObject(place="participant_id", at="arrived_at")),
        "late_places": _late(**at).values(row=JSONObject(place="participant_id", minutes="minutes")),
    }
    asked = {f"{kind}_names": _names_taken(kind) for kind in BookableResource.Kind.values} | said
    return {name: KeptSubquery(ArraySubquery(rows), Appointment, "pk", "starts_at") for name, rows in asked.items()}


def _names_taken(kind: str) -> QuerySet[Any]:
    """The names of an appointment's rooms or equipment; not a prefetch, because that would be a question of its own on every list."""
    taken = Reservation.objects.filter(appointment=OuterRef("pk"), resource__kind=kind)
    return taken.order_by(Sorted("resource__name")).values("resource__name")


def places_ahead(client: Client, *, now: datetime) -> QuerySet[Participant]:
    """The client's places in what is booked and has not begun, the next first, with appointment and practitioner loaded."""
    booked = Participant.objects.filter(client=client, is_attending=True, starts_at__gt=now)
    booked = booked.filter(appointment__status=Appointment.Status.BOOKED)
    return booked.select_related("appointment__practitioner__user").order_by("starts_at", "pk")


def booked_ahead_with(practitioner: StaffMember, *, now: datetime) -> QuerySet[Appointment]:
    """What is booked on somebody's schedule and has not begun, the next first."""
    booked = Appointment.objects.filter(practitioner=practitioner, starts_at__gt=now)
    return booked.filter(status=Appointment.Status.BOOKED).order_by("starts_at", "pk")


def in_appointment(word: Word) -> Q:
    """Appointments of clients and practitioners in whom the word is found."""
    places = Participant.objects.filter(client__in=clients_with(word))
    return Q(pk__in=places.values("appointment")) | word.in_("practitioner__user__search_key")


def schedules_in_order(user: Any) -> list[StaffMember]:
    """The schedules that this person runs, their own first."""
    found = list(schedules_offered_to(user).select_related("user"))
    own = getattr(user.staff, "pk", None)
    return sorted(found, key=lambda person: (person.pk != own, person.user.sort_key))


def schedules_to_book_on(user: Any) -> list[StaffMember]:
    """Those of them on which appointments are booked: of practitioners, of whoever has clients, of colleagues before one's own.

    Because an owner or a front desk has a schedule too, and mostly books for others. All of them where nobody practises yet.
    """
    schedules = schedules_in_order(user)
    busy = _with_clients(schedules)
    own = getattr(user.staff, "pk", None)
    practising = [
        person for person in schedules if person.role == PRACTITIONER.code or person.pk in busy or person.pk == own
    ]
    others_first = sorted(practising, key=lambda person: person.role != PRACTITIONER.code and person.pk not in busy)
    return others_first or schedules


def _with_clients(schedules: list[StaffMember]) -> set[UUID]:
    """Who of them has clients: one look for each of them, however many clients there are."""
    theirs = Assignment.objects.filter(practitioner=OuterRef("pk"))
    found = StaffMember.objects.filter(Exists(theirs), pk__in=[person.pk for person in schedules])
    return set(found.order_by().values_list("pk", flat=True))
