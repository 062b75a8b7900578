"""Free times of 20 practitioners over 90 days, each with hours, other days, time off and another calendar: with 100 appointments, and with 5,000."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.bench.results import Results

PRACTITIONERS, DAYS = 20, 90
FEW, MANY = 100, 5_000
MOST_MS, MOST_GROWTH = 100, 3


def measure_slots(results: Results, times: int) -> None:
    """`slots_ms`: the 95th percentile with many appointments; `slots_growth`: how many times the median of few."""
    from tenants import hosts
    from tenants.context import organization_context
    from tenants.provisioning import provision_organization

    organization = provision_organization(
        name="Slots", slug="slots", host="slots.localhost", plan="enterprise", owner_email="olive@slots.test", owner_name="Olive",
        blueprint="clinic", by="Bench", time_zone="Europe/Berlin",
    )  # fmt: skip
    with organization_context(hosts.find_organization("slots.localhost") or organization):
        people, client = _people()
        _book(people, client, 0, FEW)
        few = _asked(people, times)
        _book(people, client, FEW, MANY)
        many = _asked(people, times)
    worst = statistics.quantiles(many, n=20)[-1]
    growth = statistics.median(many) / statistics.median(few)
    results.note("slots_ms", worst, "ms", note=f"p95 of {times}{'' if worst <= MOST_MS else f' over {MOST_MS}'}")
    results.note("slots_growth", growth, "×", note="" if growth <= MOST_GROWTH else f"over {MOST_GROWTH}")


def _people() -> tuple[list[Any], Any]:
    from core.people.models import Client, StaffMember, User
    from core.scheduling.models import (
        BusyTime,
        DayHours,
        ExternalCalendar,
        ScheduleSettings,
        TimeOff,
        WorkingHours,
    )

    today = datetime.now(UTC).date()
    people = []
    for number in range(PRACTITIONERS):
        user = User.objects.create_user(email=f"p{number}@slots.test", name=f"P{number}", time_zone="Europe/Berlin")
        people.append(StaffMember.objects.create(user=user, role="practitioner"))
    for person in people:
        ScheduleSettings.objects.create(practitioner=person, buffer_after=5, most_per_day=9)
        WorkingHours.objects.bulk_create(
            WorkingHours(practitioner=person, weekday=day, starts=starts, ends=starts + 240)
            for day in range(5)
            for starts in (480, 780)
        )
        DayHours.objects.create(practitioner=person, day=today + timedelta(days=20), starts=600, ends=900)
        TimeOff.objects.create(
            practitioner=person, first_on=today + timedelta(days=30), last_on=today + timedelta(days=34)
        )
        calendar = ExternalCalendar.objects.create(
            practitioner=person, name="Private", host="x", added_at=datetime.now(UTC)
        )
        noon = datetime(today.year, today.month, today.day, 11, tzinfo=UTC)
        BusyTime.objects.bulk_create(
            BusyTime(
                calendar=calendar,
                practitioner=person,
                starts_at=noon + timedelta(days=day, hours=6 * half),
                ends_at=noon + timedelta(days=day, hours=6 * half + 1),
            )
            for day in range(400)
            for half in range(2)
        )
    return people, Client.objects.create(first_name="C", time_zone="UTC")


def _book(people: list[Any], client: Any, done: int, until: int) -> None:
    """Spread over all practitioners and days, none touching another."""
    from core.scheduling.models import Appointment

    now = datetime.now(UTC).replace(hour=7, minute=0, second=0, microsecond=0)
    rows = []
    for number in range(done, until):
        person, place = people[number % PRACTITIONERS], number // PRACTITIONERS
        starts_at = now + timedelta(days=1 + place % DAYS, hours=2 * (place // DAYS))
        rows.append(
            Appointment(
                practitioner=person, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=50), time_zone="UTC", service_name="x",
                booked_at=now,
            )
        )  # fmt: skip
    Appointment.objects.bulk_create(rows, batch_size=1000)


def _asked(people: list[Any], times: int) -> list[float]:
    from uuid import uuid4

    from core.booking.models import BookableService, BookingSettings
    from core.booking.queries import Wanted, free_times
    from core.people.models import StaffMember

    bookable = BookableService(service_id=uuid4(), slug="bench", modes=["online"])
    bookable.save()
    wanted = Wanted(bookable, 50, "online", BookingSettings(is_open=True, horizon_days=DAYS, step=15))
    loaded = list(StaffMember.objects.filter(pk__in=[person.pk for person in people]).select_related("user"))
    free_times(wanted, loaded, now=datetime.now(UTC))
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        free_times(wanted, loaded, now=datetime.now(UTC))
        spent.append((time.perf_counter() - started) * 1000)
    bookable.delete()
    return spent
