"""Reminders: one agenda per login and local day, evaluated when it is sent, never twice, never for what is off."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from core.kernel import clock
from core.people.models import User
from core.scheduling.actions import cancel_appointment, move_appointment
from core.scheduling.models import Reminder
from core.scheduling.rules import reminders
from tests.factories.scheduling import book, make_client
from tests.rules_tables import rows

HOUR = timedelta(hours=1)
START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def told(deliver):
    """`told()` -> the subjects of the reminders sent to Gus since the last call."""

    def run():
        return [mail for mail in deliver() if "gus@" in mail.to[0] and mail.subject.startswith("Reminder")]

    return run


def test_reminder_goes_out_24_hours_before_and_once(cast, at, told):
    book(cast, at=START)
    assert told() == []
    at(START - 24 * HOUR - timedelta(seconds=1))
    assert told() == []
    at(START - 24 * HOUR)
    mails = told()
    assert len(mails) == 1 and "10:00" in mails[0].body and "Europe/Berlin" in mails[0].body
    at(START - HOUR)
    assert told() == []


def test_reminder_is_one_agenda_of_all_clients_of_the_login_on_that_day(cast, at, told):
    sibling = make_client("Sibyl", practitioner=cast.tess_staff, login=cast.gus, zone="Europe/London")
    book(cast, at=START)
    book(cast, at=START + 3 * HOUR, clients=[sibling])
    book(cast, at=START + 24 * HOUR)
    at(START - 24 * HOUR)
    mails = told()
    assert len(mails) == 1
    for said in ("Cleo Marten", "Sibyl Other", "Europe/London", "2 appointments"):
        assert said in mails[0].body + mails[0].subject
    at(START - 21 * HOUR)
    assert told() == []
    at(START)
    assert len(told()) == 1  # the next day's


def test_reminder_of_an_appointment_booked_later_than_24_hours_before_goes_out_at_once(cast, at, told):
    at(START - 2 * HOUR)
    book(cast, at=START)
    assert len(told()) == 1
    at(START - HOUR)
    assert told() == []


def test_reminder_of_a_cancelled_appointment_is_never_sent(cast, at, told):
    appointment = book(cast, at=START)
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    at(START - 24 * HOUR)
    assert told() == []


def test_reminder_follows_a_move_and_a_move_back(cast, at, told):
    appointment = book(cast, at=START)
    later = START + 48 * HOUR
    move_appointment(appointment, starts_at=later, ends_at=later + HOUR, by=cast.tess, now=clock.now())
    at(START - 23 * HOUR)
    assert told() == []
    move_appointment(appointment, starts_at=START, ends_at=START + HOUR, by=cast.tess, now=clock.now())
    assert len(told()) == 1
    at(later - 24 * HOUR)
    assert told() == []


def test_reminder_of_a_moved_appointment_is_sent_anew(cast, at, told):
    appointment = book(cast, at=START)
    at(START - 24 * HOUR)
    assert len(told()) == 1
    later = START + 48 * HOUR
    move_appointment(appointment, starts_at=later, ends_at=later + HOUR, by=cast.tess, now=clock.now())
    at(later - 24 * HOUR)
    assert len(told()) == 1
    assert Reminder.objects.filter(user=cast.gus).count() == 2


def test_reminder_of_what_has_begun_is_not_sent(cast, at, told):
    book(cast, at=START)
    at(START + timedelta(minutes=1))
    assert told() == []


def test_reminder_leaves_out_a_login_that_may_not_log_in_any_more(cast, at, told):
    book(cast, at=START)
    User.objects.filter(pk=cast.gus.pk).update(is_active=False)
    at(START - 24 * HOUR)
    assert told() == []


ZONES = {"Berlin": ZoneInfo("Europe/Berlin"), "Tokyo": ZoneInfo("Asia/Tokyo")}


def instant(cell):
    """`9 March 20:00` of the tables, in 2026 and UTC."""
    return datetime.strptime(f"2026 {cell}", "%Y %d %B %H:%M").replace(tzinfo=UTC)


def entry(zone, starts_at):
    return reminders.Entry(uuid4(), uuid4(), ZONES[zone], starts_at)


@pytest.mark.unit
@pytest.mark.parametrize(("zone", "starts_at", "on_the_clock", "listed"), rows("reminders", "Another client's zone"))
def test_agenda_takes_the_same_local_day_by_each_clients_clock(zone, starts_at, on_the_clock, listed):
    trigger, other = entry("Berlin", START), entry(zone, instant(starts_at))
    assert other.starts_at.astimezone(other.zone).replace(tzinfo=UTC) == instant(on_the_clock)
    found = reminders.agenda(trigger, [trigger, other], now=datetime(2026, 3, 9, 9, tzinfo=UTC))
    assert (other in found) is (listed == "yes")


@pytest.mark.unit
@pytest.mark.parametrize(("booked", "goes_out"), rows("reminders", "Booked (or moved there)"))
def test_due_at(booked, goes_out):
    due_at = None if goes_out == "never" else instant(goes_out.removesuffix(", at once"))
    assert reminders.due_at(START, now=instant(booked)) == due_at
