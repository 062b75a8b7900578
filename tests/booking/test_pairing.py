"""Who fits whom: the rule by its tables, and what is read for it."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.booking.pairing_queries import Wish, clients_for, practitioners_for
from core.booking.rules import pairing
from core.booking.rules.pairing import Contender, WeeklyTime
from core.people.models import Assignment, Client
from core.scheduling.actions import set_client_availability, set_working_hours
from core.scheduling.actions.availability import Wishes
from core.scheduling.client_availability_queries import times_of
from core.scheduling.rules.availability import Window
from tests.factories.scheduling import book, make_client
from tests.rules_tables import rows

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)  # a Monday
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@pytest.mark.unit
@pytest.mark.parametrize(
    ("met", "assigned", "language", "weeks", "booked", "waiting", "expected"), rows("pairing", "Met")
)
def test_points_of_a_pair(met, assigned, language, weeks, booked, waiting, expected):
    hours = [int(number) * 60 for number in re.findall(r"\d+", booked)] or [0, 0]
    contender = Contender(
        "key", "Tess", [], met_since=date(2026, 3, 1) if met == "yes" else None, is_assigned=assigned == "yes",
        shared_languages=frozenset({"es"} if language == "yes" else ()), booked=hours[0], works=hours[1],
        waiting_weeks=int(waiting or 0),
    )  # fmt: skip
    times = [WeeklyTime(1, time(16), NOW, int(weeks))]
    assert pairing.points(contender, times) == int(expected)


@pytest.mark.unit
@pytest.mark.parametrize(("free", "best"), rows("pairing", "Free, in Berlin"))
def test_best_weekly_times(free, best):
    starts = sorted(
        datetime.fromisoformat(text).replace(tzinfo=BERLIN).astimezone(UTC)
        for text in re.findall(r"\d{4}-\d\d-\d\d \d\d:\d\d", free)
    )
    found = [f"{DAYS[each.weekday]} {each.at:%H:%M} ({each.free})" for each in pairing.weekly_times(starts, BERLIN)]
    assert (", ".join(found) or "nothing") == best


@pytest.mark.unit
def test_weekly_time_stays_on_the_wall_over_a_change_of_the_clocks():
    starts = [
        datetime.combine(date(2026, 3, 17) + timedelta(weeks=number), time(16), BERLIN).astimezone(UTC)
        for number in range(4)
    ]
    [found] = pairing.weekly_times(starts, BERLIN)
    assert (found.weekday, found.at, found.free) == (1, time(16), 4)


def work(cast, staff, weekly):
    set_working_hours(staff, weekly=weekly, wishes=Wishes(time_zone="Europe/Berlin"), by=cast.nora, now=NOW)


def test_practitioners_are_ranked_by_times_language_continuity_and_load(cast):
    for staff in (cast.tess_staff, cast.sam_staff):
        work(cast, staff, {1: [Window(540, 1080)], 2: [Window(540, 720)]})
    set_client_availability(
        cast.cleo, weekly={1: [Window(960, 1080)]}, time_zone="Europe/Berlin", by=cast.nora, now=NOW
    )
    book(cast, at=datetime(2026, 3, 10, 15, 0, tzinfo=UTC), minutes=120, now=NOW, practitioner=cast.sam_staff,
         clients=[make_client("Otto")], by=cast.nora)  # fmt: skip
    spoken = {cast.sam_staff.pk: frozenset({"en"})}
    found = practitioners_for(
        cast.cleo,
        [cast.nora_staff, cast.sam_staff, cast.tess_staff],
        Wish(50, NOW),
        times=times_of([cast.cleo])[cast.cleo.pk],
        languages=spoken,
    )
    nora, sam, tess = found
    assert nora.starts == [] and tess.is_assigned and not sam.is_assigned and tess.met == 0
    assert sam.shared_languages == {"en"} and (sam.booked, sam.works) == (120, 720)
    first, *others = pairing.ranked(found, BERLIN)
    assert (first.contender.name, first.points) == ("Tess North", 30 + 20 + 15)
    assert [(each.weekday, each.at, each.free) for each in first.times] == [(1, time(16), 4)]
    assert [(each.contender.name, each.times[0].free) for each in others] == [("Sam North", 3)]


def test_who_has_met_counts_since_when_and_how_often(cast):
    work(cast, cast.tess_staff, {1: [Window(540, 1080)]})
    for hours in (-4, -2, 6):
        book(cast, at=NOW + timedelta(hours=hours), now=NOW, override_reason="First visit")
    [tess] = practitioners_for(cast.cleo, [cast.tess_staff], Wish(50, NOW), times=None, languages={})
    assert (tess.met_since, tess.met) == (NOW.date(), 2)


def test_clients_who_are_with_nobody_are_compared(cast):
    work(cast, cast.tess_staff, {1: [Window(540, 720)]})
    fits, does_not, unknown, assigned = (make_client(name) for name in ("Fits", "Not", "Unknown", "Assigned"))
    Assignment.objects.create(client=assigned, practitioner=cast.sam_staff)
    for client, window in ((fits, Window(540, 660)), (does_not, Window(900, 960))):
        set_client_availability(client, weekly={1: [window]}, time_zone="Europe/Berlin", by=cast.nora, now=NOW)
    Client.objects.filter(pk=unknown.pk).update(created_at=NOW - timedelta(weeks=6))
    found = pairing.ranked(
        clients_for(cast.tess_staff, Client.objects.all(), Wish(50, NOW), languages=frozenset({"en"})), BERLIN
    )
    assert [(each.contender.name, each.points) for each in found] == [("Unknown Other", 26), ("Fits Other", 20)]


def test_crowd_asks_the_same_number_of_questions(cast, django_assert_max_num_queries):
    work(cast, cast.tess_staff, {1: [Window(540, 720)]})
    for number in range(30):
        make_client(f"Crowd {number}")
    with django_assert_max_num_queries(14):
        assert len(clients_for(cast.tess_staff, Client.objects.all(), Wish(50, NOW), languages=frozenset())) == 30
    with django_assert_max_num_queries(16):
        practitioners_for(
            cast.cleo,
            [cast.tess_staff, cast.sam_staff],
            Wish(50, NOW),
            times=times_of([cast.cleo]).get(cast.cleo.pk),
            languages={},
        )
