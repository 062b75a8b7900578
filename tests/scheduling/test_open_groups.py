"""Groups that people join: they stand in the calendar before anybody has, and go on standing when the last one leaves."""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from core.booking.actions import save_bookable_service
from core.booking.queries import places_left
from core.booking.rules import slots
from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError
from core.scheduling import signals
from core.scheduling.actions import (
    book_series,
    cancel_appointment,
    complete_appointment,
    edit_appointment,
    move_appointment,
    set_reminders,
)
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.actions.series import extend_series
from core.scheduling.actions.series_ends import set_end_of_series
from core.scheduling.models import Appointment, Attendance, Cancellation, Participant
from tests.factories.booking import open_booking, wanted_of
from tests.factories.scheduling import book, completion_type, make_client, tomorrow, weekly_plan


@pytest.fixture
def online(cast):
    online = open_booking(cast)
    online.bookable.places = 4
    save_bookable_service(online.bookable, by=cast.nora)
    return online


@pytest.fixture
def group(cast, online):
    """Nobody is in it yet."""
    return book(
        cast, clients=[], is_open_group=True, service_id=online.service.pk, service_name="First talk", minutes=60
    )


def attending(appointment):
    return Participant.objects.filter(appointment=appointment, is_attending=True).count()


def test_only_what_people_join_can_be_booked_with_nobody(cast):
    with pytest.raises(DomainError) as refusal:
        book(cast, clients=[])
    assert (refusal.value.code, refusal.value.field) == ("group_refuse", "clients")
    assert not Appointment.objects.exists()


def test_whoever_does_not_run_the_schedule_makes_no_group(cast, online):
    with pytest.raises(PermissionDenied):
        book(cast, clients=[], is_open_group=True, by=cast.cleo_login)


def test_all_its_places_can_be_booked_online(online, group):
    left = places_left(wanted_of(online), [online.person.practitioner], now=clock.now())
    assert left[slots.number_of(group.starts_at)] == 4


def test_a_group_with_nobody_holds_its_time(cast, group):
    with pytest.raises(ConflictError) as refusal:
        book(cast)
    assert "First talk" in refusal.value.message


def test_the_last_one_leaves_and_the_group_stands(cast, group):
    edit_appointment(group, clients=[cast.cleo], by=cast.tess, now=clock.now())
    place = Participant.objects.get(appointment=group)

    cancel_appointment(group, participant=place, by=cast.tess, now=clock.now())

    group.refresh_from_db()
    assert group.is_booked and attending(group) == 0
    assert Cancellation.objects.get().participant == place


def test_everybody_is_taken_out_and_the_group_stands(cast, group):
    edit_appointment(group, clients=[cast.cleo], by=cast.tess, now=clock.now())
    edit_appointment(group, clients=[], by=cast.tess, now=clock.now())
    group.refresh_from_db()
    assert group.is_booked and attending(group) == 0


def test_nobody_is_left_in_it_when_it_becomes_something_else(cast, group):
    with pytest.raises(DomainError):
        edit_appointment(group, service=ServiceChosen("Speech therapy"), by=cast.tess, now=clock.now())
    edit_appointment(group, service=ServiceChosen("Speech therapy"), clients=[cast.cleo], by=cast.tess, now=clock.now())
    group.refresh_from_db()
    assert not group.is_open_group


def test_cancelling_it_is_the_practice_s_and_costs_nobody_anything(cast, group):
    cancel_appointment(group, by=cast.tess, now=clock.now())
    cancellation = Cancellation.objects.get()
    assert (cancellation.party, cancellation.completion_type) == ("practice", None)


def test_it_is_moved_and_completed_with_nobody_in_it(cast, group, moved_clock):
    move_appointment(group, starts_at=tomorrow(10), ends_at=tomorrow(11), by=cast.tess, now=clock.now())
    moved_clock(timedelta(days=4))
    group.refresh_from_db()
    done = complete_appointment(
        group, completion_type=completion_type("Missed - no costs"), by=cast.tess, now=clock.now()
    )
    assert not Attendance.objects.filter(completion=done).exists()


def test_whoever_runs_it_is_reminded_of_it_though_nobody_has_joined(cast, group, moved_clock, mailoutbox):
    set_reminders(
        minutes=[1440], schedule_minutes=[1440], quiet_begins=None, quiet_ends=None, by=cast.nora, now=clock.now()
    )
    outbox.deliver_due()
    mailoutbox.clear()
    moved_clock(group.starts_at - timedelta(hours=23) - clock.now())
    while outbox.deliver_due():
        pass
    [mail] = [mail for mail in mailoutbox if "Tess" in mail.to[0]]
    assert "First talk" in mail.body and "Nobody yet" in mail.body


def test_a_series_of_a_group_goes_on_with_nobody_in_it(cast, online):
    plan = weekly_plan(cast, clients=(), weeks=0, is_open_group=True, service_id=online.service.pk)
    series = book_series(plan, override_reason="x", by=cast.tess, now=clock.now())
    made = series.occurrences.count()
    assert made and not Participant.objects.exists()

    told = []

    def hear(*, appointment, left, **_):
        told.append((appointment, left))

    with signal_heard(signals.places_freed, hear):
        longer = extend_series(series.pk, now=clock.now() + timedelta(weeks=4))
        assert longer and told == [(each, []) for each in longer]
        assert series.occurrences.filter(is_open_group=True).count() > made

        told.clear()
        last = (clock.now() + timedelta(weeks=60)).date()
        set_end_of_series(series, until_on=last, override_reason="x", by=cast.tess, now=clock.now())
    assert told and {left == [] for _each, left in told} == {True}


@contextmanager
def signal_heard(signal, receiver):
    signal.connect(receiver)
    try:
        yield
    finally:
        signal.disconnect(receiver)


def test_staff_put_it_into_the_calendar_by_the_form(cast, visit, online):
    browser = visit(cast.nora)
    day = tomorrow()
    facts = {
        "practitioner": str(cast.tess_staff.pk), "service": str(online.service.pk), "date": day.date().isoformat(),
        "time": "09:00", "minutes": "60", "time_zone": "UTC", "mode": "online", "override_reason": "x",
    }  # fmt: skip

    assert browser.post(reverse("scheduling:new"), facts).status_code == 302

    made = Appointment.objects.get()
    assert made.is_open_group and not attending(made)
    page = browser.get(reverse("scheduling:appointment", args=[made.pk])).content.decode()
    assert "0 of 4 places taken" in page and "Nobody has joined yet" in page and "Nobody yet" in page
    for url in (
        reverse("scheduling:list"),
        reverse("scheduling:cancellation", args=[made.pk]),
        reverse("scheduling:summary", args=[made.pk]),
        reverse("scheduling:edit", args=[made.pk]),
    ):
        assert browser.get(url).status_code == 200, url
    file = browser.get(reverse("scheduling:calendar_file", args=[made.pk])).content.decode()
    assert "SUMMARY:First talk" in file
    [event] = browser.get(
        reverse("scheduling:events"), {"start": day.date().isoformat(), "end": (day + timedelta(days=1)).date().isoformat()}
    ).json()  # fmt: skip
    assert (event["title"], event["detail"].split(" · ")[0]) == ("First talk", "Nobody yet")


def test_the_form_wants_somebody_in_what_nobody_joins(cast, visit, online):
    online.bookable.places = None
    save_bookable_service(online.bookable, by=cast.nora)
    facts = {
        "practitioner": str(cast.tess_staff.pk), "service": str(online.service.pk), "date": tomorrow().date().isoformat(),
        "time": "09:00", "minutes": "60", "time_zone": "UTC", "mode": "online", "override_reason": "x",
    }  # fmt: skip
    answer = visit(cast.nora).post(reverse("scheduling:new"), facts)
    assert answer.status_code == 422 and not Appointment.objects.exists()


def test_one_of_two_is_not_cancelled_with_the_group_by_the_form(cast, visit, group):
    """Of a group with one in it, the form asks whose place, too."""
    edit_appointment(group, clients=[make_client("Ida", practitioner=cast.tess_staff)], by=cast.tess, now=clock.now())
    browser = visit(cast.nora)
    url = reverse("scheduling:cancellation", args=[group.pk])
    assert "Whose place?" in browser.get(url).content.decode()
    place = Participant.objects.get(appointment=group)
    assert browser.post(url, {"party": "client", "participant": str(place.pk)}).status_code == 302
    group.refresh_from_db()
    assert group.is_booked and attending(group) == 0


def test_what_stands_in_the_calendar_is_joined_from_then_on_when_its_service_gets_places(cast, online):
    online.bookable.places = None
    save_bookable_service(online.bookable, by=cast.nora)
    before = book(cast, service_id=online.service.pk, service_name="First talk", minutes=60)
    assert not before.is_open_group
    online.bookable.places = 4
    save_bookable_service(online.bookable, by=cast.nora)
    before.refresh_from_db()
    assert before.is_open_group
