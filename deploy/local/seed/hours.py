"""When the practices work: hours of each week, a day that is another one, time off with something booked in it, closures and holidays."""

from contextlib import suppress
from datetime import datetime, timedelta

from core.kernel.errors import DomainError
from core.people.models import StaffMember
from core.scheduling import actions
from core.scheduling.actions.availability import Wishes
from core.scheduling.models import Appointment, Closure, TimeOff
from core.scheduling.rules.availability import Window
from deploy.local.seed.people import Cast
from deploy.local.seed.practices import Practice

MORNING, AFTERNOON = Window(8 * 60 + 30, 12 * 60 + 30), Window(13 * 60 + 30, 18 * 60 + 30)
SATURDAY = Window(9 * 60, 13 * 60, "online")


def set_hours(practice: Practice, cast: Cast, *, now: datetime) -> None:
    """Everybody who practises has hours; the holidays are those of the practice's country."""
    for number, practitioner in enumerate(cast.practitioners):
        weekly = {day: [MORNING, AFTERNOON] for day in range(5)}
        if number == 0:
            weekly[5] = [SATURDAY]
        wishes = Wishes(time_zone=practitioner.user.time_zone, most_per_day=9)
        actions.set_working_hours(practitioner, weekly=weekly, wishes=wishes, by=cast.owner, now=now)
    actions.keep_public_holidays(country=practice.country, by=cast.owner, now=now)
    first = now.date() + timedelta(days=60)
    closure = Closure(name="Training for everybody", first_on=first, last_on=first + timedelta(days=1))
    actions.add_closure(closure, by=cast.owner, now=now)


def add_absences(cast: Cast, *, now: datetime) -> None:
    """Somebody is away on a day on which appointments are booked, and every Friday noon; another has a longer evening."""
    away, other = cast.practitioners[0], cast.practitioners[-1]
    if (day := _busy_day(away, now)) is not None:
        row = TimeOff(practitioner=away, first_on=day, last_on=day, note="Conference")
        actions.add_time_off(row, by=cast.owner, now=now)
    first = now.date() + timedelta(days=30)
    fridays = TimeOff(
        practitioner=away, first_on=first, last_on=first + timedelta(days=90), starts=16 * 60, ends=18 * 60 + 30, weekdays=[4],
        note="Choir",
    )  # fmt: skip
    actions.add_time_off(fridays, by=cast.owner, now=now)
    evening = now.date() + timedelta(days=24)
    windows = [Window(12 * 60, 21 * 60)]
    with suppress(DomainError):
        actions.set_day_hours(other, day=evening, windows=windows, by=cast.owner, now=now)


def _busy_day(practitioner: StaffMember, now: datetime) -> object:
    """A day a week ahead or later on which something is booked."""
    ahead = Appointment.objects.filter(
        practitioner=practitioner, status="booked", starts_at__gt=now + timedelta(days=7)
    )
    found = ahead.order_by("starts_at").first()
    return found.starts_at.date() if found else None


# When people come to such practices: after school, in the mornings, before and after work, on some days only.
WEEKS = (
    {day: [Window(15 * 60, 18 * 60)] for day in range(5)},
    {day: [Window(9 * 60, 12 * 60 + 30)] for day in (0, 2, 4)},
    {day: [Window(7 * 60 + 30, 9 * 60), Window(17 * 60, 20 * 60)] for day in range(4)},
    {1: [Window(14 * 60, 18 * 60)], 3: [Window(14 * 60, 18 * 60)], 5: [Window(9 * 60, 13 * 60)]},
)


def say_when_clients_can_come(cast: Cast, *, now: datetime) -> None:
    """Of two in three; of the others nothing is known."""
    for number, client in enumerate(cast.clients):
        if number % 3 == 2 or not client.is_active:
            continue
        weekly = WEEKS[number % len(WEEKS)]
        actions.set_client_availability(client, weekly=weekly, time_zone=client.time_zone, by=cast.owner, now=now)
