"""Makers of appointments, by the same action as the product's."""

from datetime import UTC, date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from core.kernel import clock
from core.people.models import Assignment, Client, LinkedLogin, User
from core.scheduling.actions import book_appointment, book_series
from core.scheduling.actions.series_checks import SeriesPlan
from core.scheduling.models import Appointment, AppointmentSeries, CompletionType
from core.scheduling.rules.series import Pattern


def tomorrow(hour: int = 9, minute: int = 0, *, days: int = 2) -> datetime:
    """An instant on a coming day (in two days by default, so that it is more than 24 hours ahead), in UTC."""
    day = clock.now() + timedelta(days=days)
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def book(cast: SimpleNamespace, *, at: datetime | None = None, minutes: int = 50, **changes: Any) -> Appointment:
    """Tess meets Cleo, booked by Tess, unless `changes` says otherwise."""
    starts_at = at or tomorrow()
    values = {
        "practitioner": cast.tess_staff,
        "clients": [cast.cleo],
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=minutes),
        "time_zone": "Europe/Berlin",
        "service_name": "Speech therapy",
        "by": cast.tess,
        "now": clock.now(),
    }
    return book_appointment(**{**values, **changes})


def weekly_plan(cast: SimpleNamespace, *, first: date | None = None, weeks: int = 4, **changes: Any) -> SeriesPlan:
    """Tess meets Cleo each week at 16:00 in Berlin, so many times from next week on, unless `changes` says otherwise."""
    first = first or (clock.now() + timedelta(days=7)).date()
    values: dict[str, Any] = {
        "practitioner": cast.tess_staff,
        "clients": (cast.cleo,),
        "pattern": Pattern("weekly", 1, (first.weekday(),)),
        "first_on": first,
        "at": time(16),
        "minutes": 50,
        "time_zone": "Europe/Berlin",
        "service_name": "Speech therapy",
        "until_on": first + timedelta(weeks=weeks - 1) if weeks else None,
    }
    return SeriesPlan(**{**values, **changes})


def book_weekly(cast: SimpleNamespace, *, by: Any = None, **changes: Any) -> AppointmentSeries:
    """That series, booked."""
    return book_series(weekly_plan(cast, **changes), by=by or cast.tess, now=clock.now())


def make_client(
    first_name: str, *, zone: str = "Europe/Berlin", practitioner: Any = None, login: User | None = None, **facts: Any
) -> Client:
    """An active client, assigned to `practitioner` and linked to `login` when given."""
    client = Client.objects.create(first_name=first_name, last_name="Other", time_zone=zone, **facts)
    if practitioner is not None:
        Assignment.objects.create(client=client, practitioner=practitioner)
    if login is not None:
        LinkedLogin.objects.create(user=login, client=client, relationship=LinkedLogin.Relationship.GUARDIAN)
    return client


def completion_type(name: str) -> CompletionType:
    """One of the types that every organization starts with."""
    return CompletionType.objects.get(name=name)
