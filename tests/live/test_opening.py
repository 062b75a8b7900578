"""When a room can be entered: the table of docs/rules/opening.md."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from sessions_live.rules.opening import Meeting, opening
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MEETING = Meeting(starts_at=START, ends_at=START + timedelta(minutes=45), is_online=True, is_booked=True)
ROWS = rows("opening", "at")


@pytest.mark.parametrize(("at", "minutes", "code"), [row for row in ROWS if row[1]])
def test_room_opens_early_and_closes_late(at, minutes, code):
    now = START + timedelta(minutes=int(minutes))
    assert f"{now:%H:%M}" == at
    assert opening(MEETING, now=now).code == code


@pytest.mark.parametrize(("when", "_minutes", "code"), [row for row in ROWS if not row[1]])
def test_room_of_another_kind_stays_closed(when, _minutes, code):
    meeting = replace(MEETING, is_online="in person" not in when, is_booked="completed" not in when)
    for minutes in (-16, 0, 105):
        assert opening(meeting, now=START + timedelta(minutes=minutes)).code == code
