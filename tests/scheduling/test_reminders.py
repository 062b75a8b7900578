"""Reminders: one agenda per login and local day, evaluated when it is sent, never twice, never for what is off."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from core.kernel import clock, outbox
from core.notifications.models import Notice
from core.people.actions import link_login, switch_access, unlink_login
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
    assert told() == []
    at(START - 24 * HOUR)
    mails = told()
    assert len(mails) == 1
    for said in ("Cleo Marten", "Sibyl Other", "Europe/London", "2 appointments"):
        assert said in mails[0].body + mails[0].subject
    at(START - 21 * HOUR)
    assert told() == []
    at(START)
    assert len(told()) == 1  # the next day's


def test_mail_about_a_late_booking_is_its_reminder(cast, at, deliver):
    at(START - 2 * HOUR)
    book(cast, at=START)
    mine = [mail for mail in deliver() if "gus@" in mail.to[0]]
    assert [mail.subject[:12] for mail in mine] == ["Appointment:"]
    at(START - HOUR)
    assert deliver() == []


def test_second_agenda_of_a_day_does_not_repeat_the_first(cast, at, told):
    tokyo = make_client("Toshi", practitioner=cast.tess_staff, login=cast.gus, zone="Asia/Tokyo")
    book(cast, at=START)  # 10 March in Berlin and in Tokyo
    book(cast, at=START + 7 * HOUR, clients=[tokyo])  # 11 March in Tokyo
    book(cast, at=START + 25 * HOUR, clients=[cast.cleo])  # 11 March in both
    assert told() == []
    at(START - 24 * HOUR)
    assert [mail.body.count("Speech therapy") for mail in told()] == [1]
    at(START - 17 * HOUR)  # Tokyo's 11 March, with Cleo's of the 11th
    assert [mail.body.count("Speech therapy") for mail in told()] == [2]
    at(START + HOUR)  # Cleo's 11th, which stood in that agenda
    assert told() == []


def test_what_was_booked_late_is_not_repeated_by_a_later_agenda(cast, at, told):
    book(cast, at=START + 8 * HOUR)
    assert told() == []
    at(START - 20 * HOUR)
    book(cast, at=START)  # told by its own mail
    assert told() == []
    at(START - 16 * HOUR)
    mails = told()
    assert [mail.body.count("Speech therapy") for mail in mails] == [1] and "18:00" in mails[0].body


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
    assert told() == []  # the mail about the move is the reminder
    assert Reminder.objects.filter(user=cast.gus, starts_at=START, channel="email").count() == 1
    at(later - 24 * HOUR)
    assert told() == []


def test_reminder_of_a_moved_appointment_is_sent_anew(cast, at, told):
    appointment = book(cast, at=START)
    assert told() == []
    at(START - 24 * HOUR)
    assert len(told()) == 1
    later = START + 72 * HOUR
    move_appointment(appointment, starts_at=later, ends_at=later + HOUR, by=cast.tess, now=clock.now())
    assert told() == []
    at(later - 24 * HOUR)
    assert len(told()) == 1
    assert Reminder.objects.filter(user=cast.gus, channel="email").count() == 2


def test_reminder_of_what_has_begun_is_not_sent(cast, at, told):
    book(cast, at=START)
    at(START + timedelta(minutes=1))
    assert told() == []


def test_reminder_leaves_out_a_login_that_may_not_log_in_any_more(cast, at, told):
    book(cast, at=START)
    User.objects.filter(pk=cast.gus.pk).update(is_active=False)
    at(START - 24 * HOUR)
    assert told() == []


def test_login_linked_after_the_booking_is_told_of_it_and_reminded(cast, at, deliver):
    guardian = User.objects.create_user(email="nan@north.test", password="x", name="Nan", time_zone="Europe/Berlin")
    book(cast, at=START)
    deliver()
    link_login(client=cast.cleo, login=guardian, relationship="guardian", by=cast.nora, now=clock.now())
    assert [mail.to[0] for mail in deliver()] == ["Nan <nan@north.test>"]
    at(START - 24 * HOUR)
    assert [mail.subject[:8] for mail in deliver() if "nan@" in mail.to[0]] == ["Reminder"]


def test_login_linked_on_the_last_day_gets_one_message(cast, at, deliver):
    guardian = User.objects.create_user(email="nan@north.test", password="x", name="Nan", time_zone="Europe/Berlin")
    book(cast, at=START)
    deliver()
    at(START - 3 * HOUR)
    deliver()
    link_login(client=cast.cleo, login=guardian, relationship="guardian", by=cast.nora, now=clock.now())
    assert [mail.subject[:12] for mail in deliver()] == ["Appointment:"]


def test_login_switched_off_and_on_is_told_of_what_was_booked_meanwhile_and_reminded(cast, at, deliver):
    known = book(cast, at=START)
    deliver()
    switch_access(login=cast.gus, may_log_in=False, by=cast.nora, now=clock.now())
    new = book(cast, at=START + 2 * HOUR)
    assert "gus@" not in str([mail.to for mail in deliver()])
    switch_access(login=cast.gus, may_log_in=True, by=cast.nora, now=clock.now())
    told = [mail for mail in deliver() if "gus@" in mail.to[0]]
    assert [str(new.pk) in mail.body for mail in told] == [True] and str(known.pk) not in told[0].body
    at(START - 24 * HOUR)
    assert [mail.subject[:8] for mail in deliver() if "gus@" in mail.to[0]] == ["Reminder"]


def test_news_that_a_switched_off_login_missed_is_told_when_it_is_on_again(cast, at, deliver):
    appointment = book(cast, at=START)
    User.objects.filter(pk=cast.gus.pk).update(is_active=False)
    assert "gus@" not in str([mail.to for mail in deliver()])  # promised, and dropped when it was to be sent
    cast.gus.refresh_from_db()
    switch_access(login=cast.gus, may_log_in=True, by=cast.nora, now=clock.now())
    assert [str(appointment.pk) in mail.body for mail in deliver()] == [True]


def test_practitioner_switched_off_and_on_is_told_of_what_others_booked_meanwhile(cast, at, deliver):
    own = book(cast, at=START + 4 * HOUR)
    switch_access(login=cast.tess, may_log_in=False, by=cast.nora, now=clock.now())
    new = book(cast, at=START, by=cast.nora)
    deliver()
    switch_access(login=cast.tess, may_log_in=True, by=cast.nora, now=clock.now())
    told = [mail.body for mail in deliver() if "tess@" in mail.to[0]]
    assert [str(new.pk) in body for body in told] == [True] and str(own.pk) not in told[0]


def test_guardian_who_changed_is_reminded_and_the_one_before_is_not(cast, at, deliver):
    nan = User.objects.create_user(email="nan@north.test", password="x", name="Nan", time_zone="Europe/Berlin")
    book(cast, at=START)
    deliver()
    unlink_login(client=cast.cleo, login=cast.gus, by=cast.nora, now=clock.now())
    link_login(client=cast.cleo, login=nan, relationship="guardian", by=cast.nora, now=clock.now())
    deliver()
    at(START - 24 * HOUR)
    to = str([mail.to for mail in deliver()])
    assert "nan@" in to and "gus@" not in to


def test_promises_of_the_release_before_remind_their_login_once(cast, at, deliver):
    appointment = book(cast, at=START)
    deliver()
    outbox.enqueue(
        "scheduling.remind", due_at=START - 24 * HOUR, appointment=str(appointment.pk), user=str(cast.gus.pk), starts_at=START.isoformat()
    )  # fmt: skip
    at(START - 24 * HOUR)
    assert len([mail for mail in deliver() if "gus@" in mail.to[0]]) == 1


@pytest.mark.parametrize("permissions", [[], ["see_history"]])
def test_no_news_of_what_may_not_be_seen(cast, at, deliver, permissions):
    cast.cleo.permissions = permissions
    cast.cleo.save()
    appointment = book(cast, at=START)
    assert deliver() == []
    at(START - 24 * HOUR)
    assert [mail for mail in deliver() if "tess@" not in mail.to[0]] == []  # she is reminded of her own schedule
    move_appointment(appointment, starts_at=START + HOUR, ends_at=START + 2 * HOUR, by=cast.tess, now=clock.now())
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    assert deliver() == []
    assert not Notice.objects.filter(user_id__in=[cast.cleo_login.pk, cast.gus.pk]).exists()


def test_reminder_stops_when_upcoming_appointments_are_hidden_after_the_booking(cast, at, deliver):
    book(cast, at=START)
    assert len(deliver()) == 2
    cast.cleo.permissions = []
    cast.cleo.save()
    at(START - 24 * HOUR)
    assert [mail for mail in deliver() if "tess@" not in mail.to[0]] == []  # she is reminded of her own schedule


def test_stretching_a_running_appointment_tells_people(cast, at, deliver):
    appointment = book(cast, at=START)
    deliver()
    at(START + timedelta(minutes=20))
    move_appointment(appointment, starts_at=START, ends_at=START + 2 * HOUR, by=cast.tess, now=clock.now())
    mine = [mail for mail in deliver() if "gus@" in mail.to[0]]
    assert len(mine) == 1 and "10:00 – 12:00" in mine[0].body and "10:00 – 10:50" in mine[0].body
    assert "takes from 10:00 – 12:00" in Notice.objects.filter(user_id=cast.gus.pk).latest("created_at").title
    at(START + 3 * HOUR)
    assert deliver() == []


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
