"""Six weeks of appointments around today: three held, three to come, with cancellations and no-shows in between."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.models import Service
from core.kernel.errors import DomainError
from core.people.models import Client, StaffMember, User
from core.scheduling import actions
from core.scheduling.actions.series_checks import SeriesPlan
from core.scheduling.models import Appointment, BookableResource, CompletionType
from core.scheduling.queries import taken_between
from core.scheduling.rules.series import Pattern
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice

BACK, AHEAD = timedelta(days=20), timedelta(days=22)
# Two fixed times a week, as people keep them: weekdays (Monday is 0) and the hour on the practitioner's wall.
RHYTHMS = (
    ((0, time(9)), (3, time(9))),
    ((0, time(10)), (2, time(15))),
    ((1, time(9)), (4, time(11, 15))),
    ((1, time(14)), (3, time(10))),
    ((2, time(9)), (4, time(9))),
    ((0, time(15, 15)), (3, time(14))),
    ((1, time(16, 15)), (4, time(14))),
)
GROUP_DAY, GROUP_HOUR, GROUP_SIZE = 2, time(16, 15), 3


def fill_calendar(practice: Practice, cast: Cast, *, now: datetime, dice: random.Random) -> int:
    """Every client keeps two times a week with their own practitioner, some meet in a group; what lies behind us is completed.

    Returns how many appointments there are.
    """
    _resources(practice, now)
    usual, first, group = (Service.objects.get(name=offer.name) for offer in practice.offers)
    active = [client for client in cast.clients if client.status == Client.Status.ACTIVE]
    plan: list[tuple[date, time, StaffMember, list[Client], Service]] = []
    for position, client in enumerate(active):
        practitioner = client.assignments.get().practitioner
        days = [
            (day, hour)
            for day in _days(now)
            for weekday, hour in RHYTHMS[position % len(RHYTHMS)]
            if day.weekday() == weekday
        ]
        for number, (day, hour) in enumerate(days):
            plan.append((day, hour, practitioner, [client], first if number == 0 and position % 3 == 0 else usual))
    for day in (day for day in _days(now) if day.weekday() == GROUP_DAY):
        plan.append((day, GROUP_HOUR, cast.practitioners[0], active[:GROUP_SIZE], group))
    booked = 0
    for day, hour, practitioner, clients, service in sorted(plan, key=lambda entry: entry[:2]):
        appointment = _book(practice, practitioner, clients, service, day, hour, now, dice)
        if appointment is not None:
            booked += 1
            _settle(appointment, now, dice)
    _edit_some(practice, now)
    return booked + _series(practice, cast, active, now)


def _series(practice: Practice, cast: Cast, active: list[Client], now: datetime) -> int:
    """A lesson each week, a group every other week with a break in between, and one without an end. Returns how many dates there are."""
    usual, _first, group = (Service.objects.get(name=offer.name) for offer in practice.offers)
    alone = active[-1].assignments.get().practitioner
    monday = (now + timedelta(days=7 - now.weekday())).date()
    plans = [
        _plan(alone, active[-1:], usual, monday + timedelta(days=1), time(17, 30), weeks=1, until=timedelta(weeks=11)),
        _plan(cast.practitioners[0], active[:3], group, monday + timedelta(days=3), time(17, 30), weeks=2, until=timedelta(weeks=18)),
        _plan(alone, active[-2:-1], usual, monday + timedelta(days=4), time(17, 30), weeks=1, until=None),
    ]  # fmt: skip
    made = 0
    for plan in plans:
        with suppress(DomainError):
            series = actions.book_series(
                plan, leave_out_busy=True, override_reason="The family asked for the evening.", by=_owner(), now=now
            )
            made += series.occurrences.count()
    moved = Appointment.objects.filter(series__isnull=False).order_by("starts_at")[3:4].get()
    later = moved.starts_at + timedelta(minutes=30)
    with suppress(DomainError):
        actions.move_appointment(
            moved, starts_at=later, ends_at=later + moved.duration, override_reason="A concert.", by=_owner(), now=now
        )
    return made


def _plan(
    practitioner: StaffMember, clients: list[Client], service: Service, first: date, at: time, *, weeks: int, until: timedelta | None
) -> SeriesPlan:  # fmt: skip
    return SeriesPlan(
        practitioner=practitioner, clients=clients, pattern=Pattern("weekly", weeks, (first.weekday(),)), first_on=first, at=at,
        minutes=service.minutes, time_zone=practitioner.user.time_zone, until_on=first + until if until else None,
        service_id=service.pk, service_name=service.name, other_service_names=service.other_names, is_open_group=len(clients) > 1,
    )  # fmt: skip


def book_soon(practice: Practice, cast: Cast, *, now: datetime) -> Appointment | None:
    """An online appointment that begins in a few minutes, so that the live room can be tried at once."""
    starts_at = (now + timedelta(minutes=10)).replace(second=0, microsecond=0)
    practitioner, client = cast.practitioners[0], cast.clients[0]
    for minutes in (0, 30, 60, 90, 120, 150, 180):
        try:
            return actions.book_appointment(
                practitioner=practitioner, clients=[client], starts_at=starts_at + timedelta(minutes=minutes),
                ends_at=starts_at + timedelta(minutes=minutes + 30), time_zone=practice.time_zone, service_name=practice.offers[0].name,
                other_service_names=practice.offers[0].other_names,
                service_id=Service.objects.get(name=practice.offers[0].name).pk, by=cast.owner, now=now,
                override_reason="To try the room at once.",
            )  # fmt: skip
        except DomainError:
            continue
    return None


def _days(now: datetime) -> Iterator[date]:
    day = (now - BACK).date()
    while day <= (now + AHEAD).date():
        yield day
        day += timedelta(days=1)


def _book(
    practice: Practice, practitioner: StaffMember, clients: list[Client], service: Service, day: date,
    start: time, now: datetime, dice: random.Random,
) -> Appointment | None:  # fmt: skip
    zone = practitioner.user.time_zone
    starts_at = datetime.combine(day, start, ZoneInfo(zone))
    online = len(clients) == 1 and (clients[0].time_zone != practice.time_zone or dice.random() < 0.4)
    try:
        return actions.book_appointment(
            practitioner=practitioner, clients=clients, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=service.minutes),
            time_zone=zone, service_name=service.name, other_service_names=service.other_names, service_id=service.pk,
            mode="online" if online else "in_person", is_open_group=len(clients) > 1,
            resources=() if online else _free_room(starts_at, starts_at + timedelta(minutes=service.minutes), dice), by=_owner(),
            now=min(now, starts_at - timedelta(days=3)),
        )  # fmt: skip
    except DomainError:
        return None  # because two rhythms may meet in the week of a clock change


def _resources(practice: Practice, now: datetime) -> None:
    kinds = dict.fromkeys(practice.rooms, "room") | dict.fromkeys(practice.equipment, "equipment")
    for name, kind in kinds.items():
        actions.save_resource(BookableResource(name=name, kind=kind), by=_owner(), now=now)


def _edit_some(practice: Practice, now: datetime) -> None:
    """Of what is coming, some was changed since it was booked."""
    coming = Appointment.objects.filter(status=Appointment.Status.BOOKED, starts_at__gt=now, mode="in_person")
    equipment = BookableResource.objects.filter(kind="equipment").first()
    for number, appointment in enumerate(coming.order_by("starts_at")[:12]):
        if number % 4 == 0 and equipment is not None:
            with suppress(DomainError):
                actions.edit_appointment(
                    appointment, note="Please bring the folder from last time.", resources=[*appointment.resources, equipment],
                    reason="We need it for the check at the end of the quarter.", by=_owner(), now=now,
                )  # fmt: skip


def _free_room(starts_at: datetime, ends_at: datetime, dice: random.Random) -> list[BookableResource]:
    """One of the rooms that nobody has then; none where all are taken."""
    rooms = list(BookableResource.objects.filter(kind="room"))
    free = [room for room in rooms if not taken_between(room, starts_at, ends_at).exists()]
    return [dice.choice(free)] if free else []


def _owner() -> User:
    """The owner books for everybody: it is the practice's calendar."""
    return User.objects.get(staff_member__role="owner")


def _settle(appointment: Appointment, now: datetime, dice: random.Random) -> None:
    """What became of an appointment that lies behind us; a few of those to come are cancelled."""
    owner = _owner()
    if _is_forgotten(appointment, now):
        return
    if appointment.ends_at < now - timedelta(hours=2):
        outcome = "missed" if dice.random() < 0.06 else "held"
        if outcome == "held" and appointment.starts_at.day % 5 == 0:
            _run_over(appointment)
        kind = CompletionType.objects.filter(outcome=outcome, is_active=True).first()
        actions.complete_appointment(
            appointment, completion_type=kind, by=owner, now=appointment.ends_at + timedelta(minutes=5)
        )
    elif appointment.starts_at > now + timedelta(days=2) and dice.random() < 0.07:
        actions.cancel_appointment(appointment, party="practice", reason="The practitioner is away.", by=owner, now=now)


def _is_forgotten(appointment: Appointment, now: datetime) -> bool:
    """Whether nobody has said yet what became of it: of the last days, those after lunch."""
    local = appointment.starts_at.astimezone(ZoneInfo(appointment.time_zone))
    return now - timedelta(days=4) < appointment.ends_at < now - timedelta(hours=2) and local.hour == 14


def _run_over(appointment: Appointment) -> None:
    """Now and then one takes ten minutes longer, where nobody waits."""
    with suppress(DomainError):
        actions.extend_appointment(
            appointment,
            minutes=10,
            by=appointment.practitioner.user,
            now=appointment.ends_at - timedelta(minutes=3),
        )
        appointment.refresh_from_db()


def note_arrivals(*, now: datetime) -> None:
    """Who has an appointment about now is here, as the front desk has noted it."""
    about = Appointment.objects.filter(status=Appointment.Status.BOOKED, mode="in_person")
    for appointment in about.filter(starts_at__gt=now - timedelta(hours=4), starts_at__lt=now + timedelta(hours=2)):
        for place in appointment.attending[:2]:
            actions.note_arrival(place, by=_owner(), now=min(now, appointment.starts_at - timedelta(minutes=6)))
