"""Which times can be booked: the worked table, all zones' clock changes, and who is given to whom wants anybody."""

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from core.booking.rules import slots
from core.booking.rules.slots import Calendar, Offer
from core.scheduling.rules import availability
from core.scheduling.rules.availability import Hours, TimeOff, Window
from tests.rules_tables import rows

pytestmark = pytest.mark.unit
BERLIN = ZoneInfo("Europe/Berlin")
THURSDAY = date(2026, 12, 3)


def minute(text):
    hour, _, rest = text.partition(":")
    return int(hour) * 60 + int(rest)


def instant(day, text, zone=BERLIN):
    return slots.number_of(datetime(day.year, day.month, day.day, *divmod(minute(text), 60), tzinfo=zone))


def spans(text, day):
    return [(instant(day, begins), instant(day, ends)) for begins, ends in re.findall(r"(\d+:\d\d)-(\d+:\d\d)", text)]


def day_of(text):
    found = re.search(r"(\d+) (March|October) 2026", text)
    return date(2026, {"March": 3, "October": 10}[found[2]], int(found[1])) if found else THURSDAY


def calendar_and_offer(case, length, step):
    day = day_of(case)
    midnight = datetime(day.year, day.month, day.day, tzinfo=BERLIN)
    begins, ends = "9:00", "12:00"
    if found := re.search(r"works (?:from )?(\d+:\d\d)(?:-(\d+:\d\d))?", case):
        begins, ends = found[1], found[2] or ends
    windows = [Window(minute(begins), minute(ends), "in_person" if "only in person" in case else "")]
    if "windows are" in case:
        windows = [Window(minute(a), minute(b)) for a, b in re.findall(r"(\d+:\d\d)-(\d+:\d\d)", case)]
    booked = spans(case, day) if case.startswith(("booked 1", "held")) else []
    if "booked on Monday" in case:
        booked = spans("10:00-10:50", day - timedelta(days=3))
    hours = Hours(
        zone=BERLIN,
        weekly={} if "no hours" in case else {day.weekday(): windows},
        days={day: [Window(600, 720)]} if "but for this day" in case else {},
        off=[TimeOff(day, day, 660, 720)] if "time off" in case else [],
        closed={day: "x"} if case == "closed" else {},
        buffer_after=timedelta(minutes=15 if "15 minutes between" in case else 0),
        most_per_day=1 if "one a day" in case else None,
        most_per_week=1 if "one a week" in case else None,
    )
    offer = Offer(
        length=timedelta(minutes=int(length)),
        step=int(step),
        earliest=midnight + timedelta(hours=11 if "notice" in case else 0),
        latest=midnight + timedelta(hours=10 if "horizon" in case else 24),
        mode="online",
    )
    return Calendar(hours, booked, spans(case, day) if "room" in case else ()), offer


@pytest.mark.parametrize(("case", "length", "step", "free"), rows("slots", "What is so"))
def test_free_times_are_those_of_the_table(case, length, step, free):
    found = slots.free_times(*calendar_and_offer(case, length, step))

    assert " ".join(f"{slots.at(each).astimezone(BERLIN):%H:%M}" for each in found) == free.replace("–", "")


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"]
)
def test_times_of_a_year_are_those_on_the_wall_whatever_the_clocks_do(zone):
    where = ZoneInfo(zone)
    hours = Hours(zone=where, weekly={day: [Window(9 * 60, 12 * 60)] for day in range(7)})
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    offer = Offer(timedelta(minutes=60), 60, begins, begins + timedelta(days=365))

    found = [slots.at(each).astimezone(where) for each in slots.free_times(Calendar(hours), offer)]

    assert {f"{each:%H:%M}" for each in found} == {"09:00", "10:00", "11:00"}
    assert len(found) in range(3 * 364, 3 * 366 + 1)


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Beirut"])
def test_open_time_in_numbers_is_that_of_the_rule_of_working_hours(zone):
    where, begins = ZoneInfo(zone), datetime(2024, 1, 1, 12, tzinfo=UTC)
    hours = Hours(
        zone=where,
        weekly={day: [Window(0, 400), Window(300, 700, "online"), Window(900, 1440, "in_person")] for day in range(6)},
        days={date(2024, 5, 1): [Window(60, 90)], date(2024, 5, 2): []},
        off=[
            TimeOff(date(2024, 2, 1), date(2024, 12, 1), 100, 200, frozenset({0, 6})),
            TimeOff(date(2024, 8, 1), date(2024, 8, 9)),
        ],
        closed={date(2024, 3, 10): "x"},
    )
    offer = Offer(timedelta(minutes=5), 5, begins, begins + timedelta(days=500), "online")
    expected = [
        (slots.number_of(span.starts_at), slots.number_of(span.ends_at), day)
        for day in availability.days_between(
            begins.astimezone(where).date(), (begins + timedelta(days=501)).astimezone(where).date()
        )
        for span in availability.open_spans(hours, day, mode="online")
    ]

    assert slots._pieces(hours, offer) == expected
    assert len(expected) > 400


def test_days_of_a_visitor_elsewhere_are_theirs():
    late = [instant(THURSDAY, "9:00"), instant(THURSDAY, "11:00")]
    auckland = ZoneInfo("Pacific/Auckland")

    found = slots.days_with(late, [THURSDAY, THURSDAY + timedelta(days=1)], auckland)

    assert found == {THURSDAY: 2, THURSDAY + timedelta(days=1): 0}
    assert [f"{slots.at(each).astimezone(auckland):%H:%M}" for each in slots.times_of(late, THURSDAY, auckland)] == [
        "21:00",
        "23:00",
    ]


@pytest.mark.parametrize(("load", "given"), [({}, "Ada"), ({"Ada": 2, "Ben": 1}, "Ben"), ({"Ada": 1, "Ben": 1}, "Ada")])
def test_whoever_wants_anybody_gets_the_least_busy(load, given):
    ids = {name: UUID(int=number) for number, name in enumerate(("Ben", "Ada"))}

    found = slots.least_busy(ids.items(), Counter({ids[name]: many for name, many in load.items()}))

    assert found == ids[given]
    assert slots.least_busy([], Counter()) is None
