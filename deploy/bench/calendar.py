"""The calendar's answers: a day with a column for each of 20 people, and a week of 400 appointments; their questions, and their time."""

from __future__ import annotations

import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from deploy.bench.results import Results, questions_in

HOST = "calendar.localhost"
PEOPLE, APPOINTMENTS = 20, 400
MOST_MS = 150


def measure_calendar(results: Results, times: int) -> None:
    """`day_ms`, `week_ms`: the 95th percentile in the server; `day_queries`, `week_queries`: what the database is asked."""
    from django.test import Client as Browser

    from core.people.models import User
    from tenants import hosts
    from tenants.context import organization_context
    from tenants.provisioning import provision_organization

    organization = provision_organization(
        name="Calendar", slug="calendar", host=HOST, plan="enterprise", owner_email="olive@calendar.test", owner_name="Olive",
        blueprint="clinic", by="Bench", time_zone="Europe/Berlin",
    )  # fmt: skip
    with organization_context(hosts.find_organization(HOST) or organization):
        monday = _fill()
        browser = Browser(headers={"host": HOST})
        browser.force_login(
            User.objects.get(email="olive@calendar.test"),
            backend="allauth.account.auth_backends.AuthenticationBackend",
        )
    week = {"start": monday.isoformat(), "end": (monday + timedelta(days=7)).isoformat()}
    day = {"date": str(monday.date())}
    worst, queries = _measured(browser, f"http://{HOST}/calendar/columns/", day, times)
    results.note("day_ms", worst, "ms", note=_note(worst, times))
    results.note("day_queries", queries, "")
    worst, queries = _measured(browser, f"http://{HOST}/calendar/events/", week, times)
    results.note("week_ms", worst, "ms", note=_note(worst, times))
    results.note("week_queries", queries, "")


def _measured(browser: Any, path: str, asked: dict[str, str], times: int) -> tuple[float, int]:
    """The 95th percentile in milliseconds, and how often the database is asked."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser.get(path, asked)
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(path, asked)
    assert answer.status_code == 200, answer.status_code
    questions = questions_in(captured)  # read now, because the next request forgets them
    taken = []
    for _ in range(times):
        begins = time.perf_counter()
        browser.get(path, asked)
        taken.append((time.perf_counter() - begins) * 1000)
    return statistics.quantiles(taken, n=20)[-1], len(questions)


def _note(worst: float, times: int) -> str:
    return f"p95 of {times}{'' if worst <= MOST_MS else f' over {MOST_MS}'}"


def _fill() -> datetime:
    """Twenty people, each with hours and four appointments on each of five days. Returns that week's Monday."""
    from core.people.models import Client, StaffMember, User
    from core.scheduling.models import Appointment, Participant, WorkingHours

    now = datetime.now(UTC)
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
    rows, places = [], []
    for number in range(PEOPLE):
        user = User.objects.create_user(email=f"p{number}@calendar.test", name=f"P{number}", time_zone="Europe/Berlin")
        person = StaffMember.objects.create(user=user, role="practitioner")
        WorkingHours.objects.create(practitioner=person, weekday=0, starts=480, ends=1080)
        client = Client.objects.create(first_name=f"C{number}", time_zone="UTC")
        for place in range(APPOINTMENTS // PEOPLE):
            starts_at = monday + timedelta(days=place % 5, hours=8 + 2 * (place // 5))
            ends_at = starts_at + timedelta(minutes=50)
            row = Appointment(
                practitioner=person, starts_at=starts_at, ends_at=ends_at, time_zone="UTC", service_name="x", booked_at=now
            )  # fmt: skip
            rows.append(row)
            places.append(Participant(appointment=row, client=client, starts_at=starts_at, ends_at=ends_at))
    Appointment.objects.bulk_create(rows)
    Participant.objects.bulk_create(places)
    return monday
