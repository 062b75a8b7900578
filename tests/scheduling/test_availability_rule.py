"""The rule of availability, by the rows of its worked tables."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest

from core.kernel import zone_changes
from core.scheduling.rules import availability
from core.scheduling.rules.availability import DAY, Hours, TimeOff, Window, open_spans, why_not
from core.scheduling.rules.conflicts import Span
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
BERLIN = ZoneInfo("Europe/Berlin")
WEDNESDAY = date(2026, 3, 11)


def minute(text):
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def window(text):
    return Window(*(minute(part) for part in text.split("-")))


def at(text, day=WEDNESDAY):
    begins, ends = (minute(part) for part in text.split("-"))
    midnight = datetime.combine(day, time.min, BERLIN)
    return Span(*((midnight + timedelta(minutes=each)).astimezone(UTC) for each in (begins, ends)))


@pytest.mark.parametrize(("hours", "away", "wanted", "answer"), rows("availability", "Hours that day"))
def test_why_not_by_hours(hours, away, wanted, answer):
    weekly = {} if hours == "not set" else {0: [Window(0, 60)]}
    if hours[0].isdigit():
        weekly[2] = [window(part) for part in hours.split()]
    off = {"all day": [TimeOff(WEDNESDAY, WEDNESDAY)], "12:00-13:00": [TimeOff(WEDNESDAY, WEDNESDAY, 720, 780)]}
    days = {"that single day": {WEDNESDAY: []}, "the next single day": {WEDNESDAY + timedelta(days=1): []}}
    closed = {WEDNESDAY: "Fair"} if away == "closed" else {}
    found = Hours(BERLIN, weekly, days.get(away, {}), off=off.get(away, ()), closed=closed)
    assert why_not(found, at(wanted)) == ([] if answer == "fine" else [answer])


@pytest.mark.parametrize(("day", "opened", "utc"), rows("availability", "Day in Berlin"))
def test_open_spans_on_days_on_which_the_clocks_change(day, opened, utc):
    on = date.fromisoformat(day)
    found = open_spans(Hours(BERLIN, {on.weekday(): [window(opened)]}), on)
    shown = [f"{span.starts_at:%H:%M}-{span.ends_at:%H:%M}" for span in found]
    assert shown == ([] if utc == "nothing" else [utc])


@pytest.mark.parametrize(("wish", "answer"), rows("availability", "Wanted at 10:00 for 50 minutes, with"))
def test_why_not_by_wishes(wish, answer):
    before, after = re.search(r"(\d+) minutes before", wish), re.search(r"(\d+)(?: minutes)? after", wish)
    another, most = re.search(r"another from (\d\d:\d\d)", wish), re.search(r"at most (\d) a (day|week), (\d)", wish)
    others = [at(f"{another[1]}-{another[1][:2]}:59")] if another else []
    limits = {}
    elsewhere = re.match(r"busy elsewhere from (\d\d:\d\d)", wish)
    if most:
        limits = {f"most_per_{most[2]}": int(most[1])}
        others = [at(f"{13 + number}:00-{13 + number}:50") for number in range(int(most[3]))]
    hours = Hours(
        BERLIN,
        buffer_before=timedelta(minutes=int(before[1]) if before else 0),
        buffer_after=timedelta(minutes=int(after[1]) if after else 0),
        busy=[at(f"{elsewhere[1]}-12:00")] if elsewhere else [],
        **limits,
    )
    assert why_not(hours, at("10:00-10:50"), others=others) == ([] if answer == "fine" else [answer])


def test_a_window_for_one_way_or_service_takes_nothing_else():
    hours = Hours(BERLIN, {2: [Window(540, 720, "online"), Window(780, 900, "in_person")]})
    assert why_not(hours, at("09:00-09:50"), mode="online") == []
    assert why_not(hours, at("09:00-09:50"), mode="in_person") == ["hours"]
    assert len(open_spans(hours, WEDNESDAY)) == 2


def test_a_day_with_hours_of_its_own_knows_nothing_of_the_week():
    weekly = {2: [Window(540, 720)]}
    assert open_spans(Hours(BERLIN, weekly, {WEDNESDAY: []}), WEDNESDAY) == []
    (span,) = open_spans(Hours(BERLIN, weekly, {WEDNESDAY: [Window(600, 660)]}), WEDNESDAY)
    assert span == at("10:00-11:00")


def test_time_off_comes_back_on_its_weekdays_only():
    off = TimeOff(date(2026, 3, 1), date(2026, 3, 31), 720, 780, frozenset({2}))
    hours = Hours(BERLIN, off=[off])
    assert why_not(hours, at("12:10-12:50")) == ["off"]
    assert why_not(hours, at("12:10-12:50", WEDNESDAY + timedelta(days=1))) == []
    assert why_not(hours, at("12:10-12:50", date(2026, 4, 1))) == []


@pytest.mark.parametrize(
    ("starts", "ends", "problem"), [(540, 540, "empty"), (1320, 120, "backwards"), (540, 720, ""), (0, DAY, "")]
)
def test_a_window_ends_after_it_starts(starts, ends, problem):
    assert availability.problem_of(starts, ends) == problem


def test_windows_that_share_time_for_the_same_thing_overlap():
    assert availability.overlap([Window(540, 720), Window(700, 800)])
    assert availability.overlap([Window(540, 720, "online"), Window(700, 800)])
    assert not availability.overlap([Window(540, 720, "online"), Window(540, 720, "in_person")])
    assert not availability.overlap([Window(540, 720), Window(720, 800)])


def test_closed_spans_are_what_is_left_of_the_days():
    hours = Hours(BERLIN, {2: [Window(540, 720)]}, closed={WEDNESDAY + timedelta(days=7): "Fair"})
    shaded = availability.closed_spans(hours, WEDNESDAY, WEDNESDAY)
    assert [span.ends_at - span.starts_at for span in shaded] == [timedelta(hours=9), timedelta(hours=12)]


def test_common_is_what_lies_in_all():
    spans = [[at("00:00-09:00"), at("12:00-13:00"), at("17:00-24:00")], [at("08:00-12:30")], [at("00:00-24:00")]]
    assert availability.common(spans) == [at("08:00-09:00"), at("12:00-12:30")]
    assert availability.common([]) == []


def test_every_zone_keeps_its_wall_clock_through_every_change():
    """Nine to five is nine to five on the wall in each zone, on the days around each change of its clock from 2026 to 2028."""
    week = {day: [Window(540, 1020)] for day in range(7)}
    looked_at = 0
    for name in sorted(available_timezones()):
        zone = ZoneInfo(name)
        changes = zone_changes.changes(
            zone, after=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2028, 12, 31, tzinfo=UTC)
        )
        for change in changes:
            for day in (change.at.astimezone(zone).date() + timedelta(days=number) for number in (-1, 0, 1)):
                for span in open_spans(Hours(zone, week), day):
                    walls = [moment.astimezone(zone) for moment in (span.starts_at, span.ends_at)]
                    assert [(wall.date(), wall.hour, wall.minute) for wall in walls] == [(day, 9, 0), (day, 17, 0)], (
                        name
                    )
                    looked_at += 1
    assert looked_at > 1000
