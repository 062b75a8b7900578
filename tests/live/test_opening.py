"""When a room can be entered: the table of docs/rules/waiting-room.md."""

from datetime import UTC, datetime, timedelta

import pytest

from sessions_live.rules.opening import Meeting, opening

START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MEETING = Meeting(starts_at=START, ends_at=START + timedelta(minutes=45), is_online=True, is_booked=True)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("minutes_after_start", "code"),
    [(-16, "too_early"), (-15, "open"), (0, "open"), (45, "open"), (104, "open"), (105, "too_late")],
)
def test_room_opens_early_and_closes_late(minutes_after_start, code):
    assert opening(MEETING, now=START + timedelta(minutes=minutes_after_start)).code == code


@pytest.mark.unit
@pytest.mark.parametrize(
    ("meeting", "code"),
    [
        (Meeting(START, START + timedelta(minutes=45), is_online=False, is_booked=True), "not_online"),
        (Meeting(START, START + timedelta(minutes=45), is_online=True, is_booked=False), "not_booked"),
    ],
)
def test_room_of_another_kind_stays_closed(meeting, code):
    assert opening(meeting, now=START).code == code
