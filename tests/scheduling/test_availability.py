"""Working hours, time off and closures: who may set them, what they refuse, and what it takes to book beside them."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.people.models import StaffMember, User
from core.scheduling.actions import (
    add_closure,
    add_time_off,
    edit_appointment,
    keep_public_holidays,
    move_appointment,
    remove_closure,
    remove_time_off,
    set_day_hours,
    set_working_hours,
)
from core.scheduling.actions.availability import Wishes
from core.scheduling.availability_queries import appointments_in, closed_days
from core.scheduling.models import AvailabilityOverride, Closure, TimeOff, WorkingHours
from core.scheduling.rules.availability import Window
from tests.factories.scheduling import book, make_client

BERLIN = ZoneInfo("Europe/Berlin")
NINE_TO_FIVE = {day: [Window(540, 1020)] for day in range(5)}


@pytest.fixture
def wednesday():
    """A Wednesday at least a week ahead."""
    today = clock.now().astimezone(BERLIN).date() + timedelta(days=7)
    return today + timedelta(days=(2 - today.weekday()) % 7)


def at(day, hour, minute=0):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


def work(cast, weekly=NINE_TO_FIVE, *, by=None, practitioner=None, **wishes):
    values = {"time_zone": "Europe/Berlin", **wishes}
    set_working_hours(
        practitioner or cast.tess_staff, weekly=weekly, wishes=Wishes(**values), by=by or cast.tess, now=clock.now()
    )


def off(cast, first, last=None, **facts):
    row = TimeOff(practitioner=cast.tess_staff, first_on=first, last_on=last or first, **facts)
    return add_time_off(row, by=cast.tess, now=clock.now())


def test_time_within_the_hours_is_booked_and_time_beside_them_asks_why(cast, wednesday):
    work(cast)
    book(cast, at=at(wednesday, 9))
    with pytest.raises(DomainError, match="Tess North does not work then. Say why") as refused:
        book(cast, at=at(wednesday, 18))
    assert refused.value.field == "override_reason"
    appointment = book(cast, at=at(wednesday, 18), override_reason="Only time the family has")
    override = AvailabilityOverride.objects.get(appointment=appointment)
    assert (override.against, override.reason) == (["hours"], "Only time the family has")
    assert AuditEvent.objects.get(action="appointment.overridden").reason == "Only time the family has"


def test_what_is_written_down_afterwards_needs_no_explanation(cast):
    work(cast, {0: [Window(0, 5)]})
    assert book(cast, at=clock.now() - timedelta(hours=1))


def test_move_beside_the_hours_asks_why_and_within_them_does_not(cast, wednesday):
    work(cast)
    appointment = book(cast, at=at(wednesday, 9))
    sunday = wednesday + timedelta(days=4)
    times = {"starts_at": at(sunday, 10), "ends_at": at(sunday, 11), "by": cast.tess, "now": clock.now()}
    with pytest.raises(DomainError, match="does not work then"):
        move_appointment(appointment, **times)
    assert move_appointment(appointment, **times, override_reason="Concert").starts_at == at(sunday, 10)


def test_handing_over_asks_whether_the_other_works_then(cast, wednesday):
    work(cast, {0: [Window(540, 600)]}, by=cast.nora, practitioner=cast.sam_staff)
    appointment = book(cast, at=at(wednesday, 9))
    facts = {"practitioner": cast.sam_staff, "by": cast.nora, "now": clock.now()}
    with pytest.raises(DomainError, match="Sam North does not work then"):
        edit_appointment(appointment, **facts)
    edit_appointment(appointment, **facts, override_reason="Agreed")
    assert AvailabilityOverride.objects.get().reason == "Agreed"


@pytest.mark.parametrize(
    ("wishes", "sentence"),
    [
        ({"buffer_after": 15}, "wants 15 minutes between two"),
        ({"most_per_day": 1}, "at most 1 a day"),
        ({"most_per_week": 1}, "at most 1 a week"),
    ],
)
def test_wishes_about_how_appointments_lie(cast, wednesday, wishes, sentence):
    work(cast, **wishes)
    book(cast, at=at(wednesday, 9))
    other = make_client("Otto", practitioner=cast.tess_staff)
    with pytest.raises(DomainError, match=sentence):
        book(cast, at=at(wednesday, 10), clients=[other])


def test_time_off_and_what_is_booked_in_it(cast, wednesday):
    inside = book(cast, at=at(wednesday, 9))
    otto = make_client("Otto", practitioner=cast.tess_staff)
    book(cast, at=at(wednesday, 15), clients=[otto])
    row = off(cast, wednesday, starts=540, ends=720, note="Dentist")
    assert appointments_in([row], now=clock.now()) == {row.pk: [inside]}
    with pytest.raises(DomainError, match="Tess North is away then"):
        book(cast, at=at(wednesday, 11), clients=[otto])
    remove_time_off(row, by=cast.tess, now=clock.now())
    book(cast, at=at(wednesday, 11), clients=[otto])


def test_other_hours_of_one_day_and_the_week_again(cast, wednesday):
    work(cast)
    set_day_hours(cast.tess_staff, day=wednesday, windows=[], by=cast.tess, now=clock.now())
    with pytest.raises(DomainError, match="does not work then"):
        book(cast, at=at(wednesday, 9))
    set_day_hours(cast.tess_staff, day=wednesday, windows=[Window(1080, 1200)], by=cast.tess, now=clock.now())
    book(cast, at=at(wednesday, 18))
    set_day_hours(cast.tess_staff, day=wednesday, windows=None, by=cast.tess, now=clock.now())
    book(cast, at=at(wednesday, 9))


def test_closures_and_public_holidays_close_for_everybody(cast, wednesday):
    closure = add_closure(
        Closure(name="Team day", first_on=wednesday, last_on=wednesday), by=cast.nora, now=clock.now()
    )
    with pytest.raises(DomainError, match="That day is closed: Team day"):
        book(cast, at=at(wednesday, 9))
    remove_closure(closure, by=cast.nora, now=clock.now())
    book(cast, at=at(wednesday, 9))
    keep_public_holidays(country="DE", region="BY", by=cast.nora, now=clock.now())
    assert closed_days(date(2027, 1, 1), date(2027, 1, 6)).keys() == {date(2027, 1, 1), date(2027, 1, 6)}
    keep_public_holidays(country="DE", region="BY", worked=[date(2027, 1, 6)], by=cast.nora, now=clock.now())
    assert list(closed_days(date(2027, 1, 1), date(2027, 1, 6))) == [date(2027, 1, 1)]
    keep_public_holidays(country="", by=cast.nora, now=clock.now())
    assert closed_days(date(2027, 1, 1), date(2027, 1, 6)) == {}


@pytest.mark.parametrize(
    ("windows", "sentence"),
    [
        ([Window(1320, 120)], "Time past midnight is two windows"),
        ([Window(540, 540)], "ends when it starts"),
        ([Window(540, 720), Window(700, 800)], "share time"),
        ([Window(60 * n, 60 * n + 30) for n in range(7)], "at most 6 windows"),
    ],
)
def test_windows_that_make_no_sense_are_refused(cast, windows, sentence):
    with pytest.raises(DomainError, match=sentence):
        work(cast, {0: windows})
    assert not WorkingHours.objects.exists()


def test_wishes_and_days_that_make_no_sense_are_refused(cast, wednesday):
    with pytest.raises(DomainError, match="time zone"):
        work(cast, time_zone="Mars/Olympus")
    with pytest.raises(DomainError, match="between 0 and 240"):
        work(cast, buffer_before=500)
    with pytest.raises(DomainError, match="last day is before the first"):
        off(cast, wednesday, wednesday - timedelta(days=1))
    with pytest.raises(DomainError, match="more than two years"):
        off(cast, wednesday, wednesday + timedelta(days=800))
    far = date(9999, 12, 31)
    with pytest.raises(DomainError, match="more than five years ahead"):
        off(cast, far)
    with pytest.raises(DomainError, match="more than five years ahead"):
        add_closure(Closure(name="x", first_on=far, last_on=far), by=cast.nora, now=clock.now())
    kept = TimeOff.objects.create(practitioner=cast.tess_staff, first_on=far, last_on=far)  # of an earlier release
    assert appointments_in([kept], now=clock.now()) == {kept.pk: []}
    with pytest.raises(DomainError, match="country"):
        keep_public_holidays(country="XX", by=cast.nora, now=clock.now())
    with pytest.raises(DomainError, match="region"):
        keep_public_holidays(country="DE", region="TX", by=cast.nora, now=clock.now())


def test_hours_are_set_by_those_who_run_the_schedule_only(cast, wednesday):
    hal = User.objects.create_user(email="hal@north.test", name="Hal", time_zone="UTC")
    StaffMember.objects.create(user=hal, role="practitioner")
    work(cast, by=cast.sam)  # who administers it by a grant
    for stranger in (hal, cast.gus, cast.ada, cast.cleo_login):
        with pytest.raises(PermissionDenied):
            work(cast, by=stranger)
        with pytest.raises(PermissionDenied):
            row = TimeOff(practitioner=cast.tess_staff, first_on=wednesday, last_on=wednesday)
            add_time_off(row, by=stranger, now=clock.now())
    for other in (cast.tess, cast.sam, cast.gus):
        with pytest.raises(PermissionDenied):
            add_closure(Closure(name="x", first_on=wednesday, last_on=wednesday), by=other, now=clock.now())
        with pytest.raises(PermissionDenied):
            keep_public_holidays(country="DE", by=other, now=clock.now())


def test_the_same_hours_again_are_no_news_in_the_audit(cast):
    work(cast)
    work(cast)
    assert AuditEvent.objects.filter(action="working_hours.set").count() == 1


def test_another_service_of_the_same_hours_is_news_in_the_audit(cast):
    service = uuid4()
    work(cast, {0: [Window(540, 720, services=frozenset({service}))]})
    work(cast, {0: [Window(540, 720)]})
    event = AuditEvent.objects.filter(action="working_hours.set").latest("at")
    assert event.changes == {"day_0": [[f"09:00-12:00 {service}"], ["09:00-12:00"]]}
