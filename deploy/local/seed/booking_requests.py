"""What people ask for: one waits, two want the same time, other times are proposed, an appointment is to be moved, and one was declined."""

from contextlib import suppress
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from billing.models import Service
from core.booking_requests import actions
from core.booking_requests.models import BookingRequest
from core.kernel.errors import DomainError
from core.people.models import Client, StaffMember, User
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice


def ask_for_times(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """Of clients whose logins are let in, each with their own practitioner."""
    service = Service.objects.get(name=practice.offers[0].name)
    askers = [(client, login) for client in cast.clients if client.is_active and (login := _login(client))]
    if len(askers) < 4:
        return
    days = [_weekday(now, practice.time_zone, number) for number in (8, 9, 10, 13)]
    shared = [days[0].replace(hour=12), days[1].replace(hour=12)]
    first, second, third, fourth = askers[:4]
    with suppress(DomainError):
        _ask(first, service, shared, practitioner=None, note="After lunch would be best.", by=first[1], now=now)
        _ask(second, service, shared[:1], practitioner=None, wish="Or any Friday before three.", by=second[1], now=now)
    with suppress(DomainError):
        asked = _ask(third, service, [days[2].replace(hour=7)], practitioner=_own(third[0]), by=third[1], now=now)
        proposed = [days[3].replace(hour=12), days[3].replace(hour=13)]
        actions.propose_times(
            asked, practitioner=_own(third[0]), starts=proposed, message="So early nobody is here. Would lunchtime do?",
            override_reason="Agreed among colleagues.", by=cast.owner, now=now,
        )  # fmt: skip
    with suppress(DomainError):
        asked = _ask(fourth, service, [days[0].replace(hour=20)], practitioner=_own(fourth[0]), by=fourth[1], now=now)
        actions.decline_request(asked, reason="We close at six. Please name a time in the day.", by=cast.owner, now=now)
    _ask_to_move(second, now=now)


def _ask_to_move(asker: tuple[Client, User], *, now: datetime) -> None:
    client, login = asker
    booked = Appointment.objects.filter(clients=client, status="booked", starts_at__gt=now + timedelta(days=2))
    alone = next((each for each in booked.order_by("starts_at") if each.participants.count() == 1), None)
    if alone is None:
        return
    with suppress(DomainError):
        actions.ask_to_move(
            alone, client=client, starts=[alone.starts_at + timedelta(days=1, hours=1)], time_zone=client.time_zone,
            note="There is a school trip that morning.", by=login, now=now,
        )  # fmt: skip


def _ask(
    asker: tuple[Client, User],
    service: Service,
    starts: list[datetime],
    *,
    practitioner: StaffMember | None,
    wish: str = "",
    note: str = "",
    by: User,
    now: datetime,
) -> BookingRequest:
    client, _ = asker
    return actions.ask_for_appointment(
        client=client, service=ServiceChosen(service.name, service.pk, service.other_names), minutes=service.minutes,
        mode=Appointment.Mode.IN_PERSON, time_zone=client.time_zone, starts=starts, practitioner=practitioner, wish=wish, note=note, by=by,
        now=now,
    )  # fmt: skip


def _login(client: Client) -> User | None:
    return User.objects.filter(links__client=client, is_active=True).order_by("created_at").first()


def _own(client: Client) -> StaffMember:
    return client.assignments.order_by("pk")[0].practitioner


def _weekday(now: datetime, zone: str, ahead: int) -> datetime:
    """Midnight so many days ahead, on Monday if that is a weekend."""
    day = (now + timedelta(days=ahead)).astimezone(ZoneInfo(zone)).date()
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    return datetime.combine(day, time(0), ZoneInfo(zone))
