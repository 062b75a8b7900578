"""The rule of the waiting list, by the tables of its page."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.waiting_list.rules.waiting_list import DAY, Wish, first_fitting, fits, starts_within, waits_in
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
TESS, SAM = UUID(int=1), UUID(int=2)
WISHES = {
    "any day, any hour": {},
    "Thursday, 8:00-12:00": {"weekdays": frozenset({3}), "begins": 480, "ends": 720},
    "Monday, 8:00-12:00": {"weekdays": frozenset({0}), "begins": 480, "ends": 720},
    "Friday, any hour": {"weekdays": frozenset({4})},
    "Thursday, any hour": {"weekdays": frozenset({3})},
    "with Tess": {"practitioners": frozenset({TESS})},
    "with Sam": {"practitioners": frozenset({SAM})},
}


def wish(**facts):
    return Wish(ZoneInfo("Europe/Berlin"), 50, date(2026, 12, 31), **facts)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("named", "starts_at", "expected"), rows("waiting-list", "They named"))
def test_what_fits(named, starts_at, expected):
    assert fits(wish(**WISHES[named]), at(starts_at), practitioner=TESS) == (expected == "yes")


@pytest.mark.parametrize(("named", "begins", "expected"), rows("waiting-list", "Waiting"))
def test_in_which_hours_somebody_counts(named, begins, expected):
    assert waits_in(wish(**WISHES[named]), at(begins), at(begins) + timedelta(hours=1)) == (expected == "yes")


@pytest.mark.parametrize(("freed", "minutes", "expected"), rows("waiting-list", "Freed"))
def test_when_it_can_begin(freed, minutes, expected):
    begins, ends = (at(f"2026-12-03 {each}") for each in freed.split("-"))
    found = starts_within(begins, ends, int(minutes))
    assert [f"{start:%H:%M}" for start in found] == ([] if expected == "–" else expected.split())


def test_the_earliest_that_leaves_the_notice():
    starts = [at("2026-12-03 11:00"), at("2026-12-03 09:00"), at("2026-12-03 10:00")]
    found = first_fitting(wish(ends=DAY), starts, earliest=at("2026-12-03 09:30"), practitioner=TESS)
    assert found == at("2026-12-03 10:00")
    assert first_fitting(wish(), starts, earliest=at("2026-12-04 09:30"), practitioner=TESS) is None
