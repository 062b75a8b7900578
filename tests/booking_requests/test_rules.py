"""The rule of requests, by the tables of its page."""

from datetime import UTC, datetime

import pytest

from core.booking_requests.rules.booking_requests import expires_at, open_acts
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
SAID_AT = datetime(2026, 12, 1, 12, tzinfo=UTC)


def acts(text):
    return set() if text == "–" else set(text.split(", "))


def moment(text):
    return None if text == "–" else datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(("state", "asks", "answers"), rows("booking-requests", "State"))
def test_what_can_be_done(state, asks, answers):
    assert open_acts(state, asks=True, answers=False) == acts(asks)
    assert open_acts(state, asks=False, answers=True) == acts(answers)
    assert open_acts(state, asks=True, answers=True) == acts(asks) | acts(answers)
    assert open_acts(state, asks=False, answers=False) == set()


@pytest.mark.parametrize(("times", "moves", "expected"), rows("booking-requests", "Times on the table"))
def test_how_long_it_waits(times, moves, expected):
    starts = [] if times == "–" else [moment(each) for each in times.split(", ")]
    assert expires_at(starts, said_at=SAID_AT, moves_from=moment(moves)) == moment(expected)
