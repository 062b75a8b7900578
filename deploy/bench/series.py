"""A year of weekly series, made by the nightly job as for any organization; and their rule in every zone."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from datetime import time as hour
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from deploy.bench.results import Results

if TYPE_CHECKING:
    from core.people.models import StaffMember

PER_PRACTITIONER = 25  # five hours on five days
WEEKS = 52
MOST_S = 10


def measure_series(results: Results, number: int) -> None:
    """How long the night takes in which a year of so many series is made."""
    from core.kernel import clock
    from core.scheduling.actions import make_dates_ahead
    from core.scheduling.models import Appointment, SchedulingSettings

    SchedulingSettings.objects.update_or_create(is_current=True, defaults={"series_weeks": WEEKS})
    now = clock.now()
    fill(number, now)
    started = time.monotonic()
    make_dates_ahead(now=now)
    took, made = time.monotonic() - started, Appointment.objects.filter(series__isnull=False).count()
    note = f"{made} appointments of {number} series, with places and reminders; at most {MOST_S}"
    results.note("series_s", took, "s", baseline=MOST_S, note=note)


def fill(number: int, now: datetime) -> None:
    """So many open-ended weekly series, none of whose dates are made yet."""
    from core.people.models import Client, StaffMember, User
    from core.scheduling.models import AppointmentSeries

    monday = (now + timedelta(days=7 - now.weekday())).date()
    staff: list[StaffMember] = []
    for count in range(-(-number // PER_PRACTITIONER)):
        user = User.objects.create(email=f"p{count}@bench.test", name=f"P{count}", time_zone="Europe/Berlin")
        staff.append(StaffMember.objects.create(user=user, role="practitioner"))
    for count in range(number):
        slot, client = (
            count % PER_PRACTITIONER,
            Client.objects.create(first_name=f"C{count}", time_zone="Europe/Berlin"),
        )
        day = monday + timedelta(days=slot % 5)
        series = AppointmentSeries.objects.create(
            rrule=f"FREQ=WEEKLY;BYDAY={('MO', 'TU', 'WE', 'TH', 'FR')[slot % 5]}",
            first_on=day,
            wall_time=hour(9 + slot // 5),
            time_zone="Europe/Berlin",
            minutes=50,
            made_until=day - timedelta(days=1),
            practitioner=staff[count // PER_PRACTITIONER],
            service_name="Therapy",
            booked_at=now,
        )
        series.clients.add(client)


def sweep_zones(results: Results) -> None:
    """Weekly series at the hour of every change of every zone's clock, and at nine: none is at another hour on the wall."""
    from core.kernel import time_zones, zone_changes
    from core.scheduling.rules import series

    wrong = looked = 0
    begins, ends = datetime(2024, 1, 1, tzinfo=UTC), datetime(2033, 1, 1, tzinfo=UTC)
    for name in sorted(time_zones.known()):
        zone: Any = ZoneInfo(name)
        for change in zone_changes.changes(zone, after=begins, until=ends):
            gone = change.on_the_old_clock + timedelta(minutes=10)
            for at in (gone.time(), hour(9)):
                days = [gone.date() + timedelta(weeks=week) for week in range(-2, 3)]
                for each in series.occurrences(days, at, timedelta(hours=1), zone):
                    shown = each.span.starts_at.astimezone(zone)
                    is_right = shown.replace(tzinfo=None) == datetime.combine(each.day, at) and not shown.fold
                    looked += 1
                    wrong += not is_right and each.moment.adjustment != "gap"
    results.note("series_wrong_hours", wrong, "dates", note=f"of {looked} in every zone, 2024 to 2032")
