"""The coverage of a week: the rule by its tables, and the counts of the database against it."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.people.models import Client
from core.scheduling.actions import add_time_off, set_client_availability, set_working_hours
from core.scheduling.actions.availability import Wishes
from core.scheduling.coverage_queries import Wanted, client_groups, clients_at, clients_known, staffing
from core.scheduling.models import AvailabilityWindow, ClientAvailability, TimeOff
from core.scheduling.rules import coverage
from core.scheduling.rules.availability import Window
from core.scheduling.rules.client_availability import ClientTimes, is_outside
from core.scheduling.rules.coverage import Group
from tests.factories.scheduling import book, make_client
from tests.rules_tables import rows

BERLIN = ZoneInfo("Europe/Berlin")
TUESDAY = date(2026, 3, 10)
DAYS = ["Monday", "Tuesday", "Wednesday"]
NOW = datetime(2026, 3, 9, 6, 0, tzinfo=UTC)


def minute(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def written(text):
    found = re.findall(r"(\w+) (\d\d:\d\d)-(\d\d:\d\d)", text)
    return [(DAYS.index(day), minute(starts), minute(ends)) for day, starts, ends in found]


def hours_of_tuesday():
    return coverage.hours_between(TUESDAY, 1, BERLIN)


@pytest.mark.unit
@pytest.mark.parametrize(("free", "clients", "state"), rows("coverage", "Free"))
def test_state_of_an_hour(free, clients, state):
    assert coverage.state(int(free), int(clients)) == state


@pytest.mark.parametrize(("windows", "zone", "hours"), rows("coverage", "Window of a client"))
def test_hours_in_which_a_client_can_come(cast, windows, zone, hours):
    weekly = {}
    for day, starts, ends in written(windows):
        weekly.setdefault(day, []).append(Window(starts, ends))
    set_client_availability(cast.cleo, weekly=weekly, time_zone=zone, by=cast.nora, now=NOW)
    asked = hours_of_tuesday()
    counts = coverage.clients_in(list(asked.values()), client_groups(Client.objects.all()))
    found = [hour for (_day, hour), number in zip(asked, counts, strict=True) if number]
    assert found == [int(hour) for hour in hours.split()]
    listed = [hour for (_day, hour), span in asked.items() if clients_at(Client.objects.all(), span).exists()]
    assert listed == found


@pytest.mark.unit
def test_missing_hour_is_left_out_and_doubled_one_counts_once():
    spring = coverage.hours_between(date(2026, 3, 29), 1, BERLIN)
    autumn = coverage.hours_between(date(2026, 10, 25), 1, BERLIN)
    assert (date(2026, 3, 29), 2) not in spring and len(spring) == 23
    assert len(autumn) == 24 and autumn[date(2026, 10, 25), 2].starts_at == datetime(2026, 10, 25, 0, tzinfo=UTC)


@pytest.mark.unit
@pytest.mark.parametrize(
    "name",
    ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Chatham", "Africa/Cairo"],
)
def test_count_says_what_the_rule_of_single_clients_says(name):
    """Over the weeks of both changes, for windows that touch midnight and odd quarters."""
    zone = ZoneInfo(name)
    weekly = {
        0: [Window(0, 90)],
        2: [Window(600, 735)],
        5: [Window(1290, 1440)],
        6: [Window(0, 200), Window(1200, 1440)],
    }
    groups = [Group(zone, day, each.starts, each.ends, 1) for day, windows in weekly.items() for each in windows]
    groups += [Group(zone, 5, 1290, 1440 + 200, 1), Group(zone, 6, 1200, 1440 + 90, 1)]
    for change in (
        date(2026, 3, 5),
        date(2026, 3, 26),
        date(2026, 4, 2),
        date(2026, 9, 24),
        date(2026, 10, 22),
        date(2026, 10, 29),
    ):
        spans = list(coverage.hours_between(change, 7, BERLIN).values())
        counts = coverage.clients_in(spans, groups)
        expected = [int(not is_outside(ClientTimes(zone, weekly), span)) for span in spans]
        beside_changes = [
            (got, wanted) for got, wanted, span in zip(counts, expected, spans, strict=True)
            if span.starts_at.astimezone(zone).utcoffset() == (span.ends_at + timedelta(hours=2)).astimezone(zone).utcoffset()
        ]  # fmt: skip
        assert [got for got, _wanted in beside_changes] == [wanted for _got, wanted in beside_changes]


def test_free_are_those_who_work_and_have_nothing_booked(cast):
    wishes = Wishes(time_zone="Europe/Berlin")
    online = [Window(540, 720, "online"), Window(720, 1020)]
    set_working_hours(cast.tess_staff, weekly={1: online}, wishes=wishes, by=cast.nora, now=NOW)
    set_working_hours(cast.sam_staff, weekly={1: [Window(540, 1020)]}, wishes=wishes, by=cast.nora, now=NOW)
    away = TimeOff(practitioner=cast.sam_staff, first_on=TUESDAY, last_on=TUESDAY, starts=600, ends=660)
    add_time_off(away, by=cast.nora, now=NOW)
    book(cast, at=datetime(2026, 3, 10, 12, 30, tzinfo=UTC), minutes=30, now=NOW)  # 13:30 in Berlin
    asked = hours_of_tuesday()

    def free(**wanted):
        people = [cast.nora_staff, cast.sam_staff, cast.tess_staff]
        found = staffing(people, list(asked.values()), wanted=Wanted(**wanted))
        assert found.unknown == [cast.nora_staff]
        return {
            hour: [str(each)[:4] for each in who] for (_day, hour), who in zip(asked, found.free, strict=True) if who
        }

    anywhere = free()
    assert anywhere[9] == anywhere[11] == anywhere[12] == ["Sam ", "Tess"]
    assert anywhere[10] == ["Tess"] and anywhere[13] == ["Sam "] and 17 not in anywhere and 8 not in anywhere
    assert free(mode="in_person")[9] == ["Sam "]


def test_counts_ask_the_same_number_of_questions_for_a_crowd(cast, django_assert_num_queries):
    people = [make_client(f"Crowd {number}") for number in range(40)]
    known = ClientAvailability.objects.bulk_create(
        ClientAvailability(client=each, time_zone=zone, set_by_name="Nora", set_at=NOW)
        for each, zone in zip(people, ["Europe/Berlin", "America/New_York"] * 20, strict=True)
    )
    AvailabilityWindow.objects.bulk_create(
        AvailabilityWindow(availability=each, weekday=day, starts=900, ends=1080) for each in known for day in range(7)
    )
    with django_assert_num_queries(3):
        groups = client_groups(Client.objects.all())
        assert clients_known(Client.objects.all()) == (40, 41)
    assert len(groups) == 14 and {group.number for group in groups} == {20}
