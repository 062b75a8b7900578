"""Which times are offered by themselves: what was moved, handed over, missed or opened."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.models import OutboxMessage
from core.scheduling.actions import (
    complete_appointment,
    edit_appointment,
    move_appointment,
    remove_time_off,
)
from core.scheduling.models import TimeOff
from core.waiting_list import actions
from tests.factories.scheduling import book, completion_type, tomorrow
from tests.factories.waiting_list import open_list, wait
from tests.waiting_list.offers import HOUR, deliver, offers


def test_a_moved_time_and_one_that_was_missed_are_offered(cast, booked):
    wait(cast)
    later = booked.starts_at + 5 * HOUR
    move_appointment(booked, starts_at=later, ends_at=later + HOUR, by=cast.tess, now=clock.now())
    deliver()
    assert [offer.starts_at for offer in offers()] == [tomorrow()]

    open_list(cast, notice_hours=0, minutes=5)
    actions.decline_offer(offers()[0], by=cast.gus, now=clock.now())
    running = book(cast, at=clock.now() - timedelta(minutes=10), minutes=180, clients=[cast.otto])
    complete_appointment(running, completion_type=completion_type("Missed - no costs"), by=cast.tess, now=clock.now())
    deliver()
    assert len(offers()) == 2


def test_opened_hours_are_offered(cast, booked):
    day = tomorrow(days=4).date()
    off = TimeOff.objects.create(practitioner=cast.tess_staff, first_on=day, last_on=day, starts=0, ends=1440)
    wait(cast, weekdays=[day.weekday()], begins=9 * 60, ends=12 * 60)
    remove_time_off(off, by=cast.tess, now=clock.now())
    deliver()
    [offer] = offers()
    assert offer.starts_at.date() == day


def test_opened_hours_of_everybody_are_one_promise(cast):
    open_list(cast)
    wait(cast)
    today = clock.now().date()
    with CaptureQueriesContext(connection) as asked:
        actions.promise_days(None, today, today + timedelta(days=365), now=clock.now())
    assert len(asked) <= 6
    [promise] = OutboxMessage.objects.filter(name__startswith="waiting_list.")
    with CaptureQueriesContext(connection) as asked:
        made = actions.promise_each_day("", today, today + timedelta(days=365), key="x", now=clock.now())
    assert len(asked) <= 6 and made >= 28 * 3
    assert OutboxMessage.objects.filter(name="waiting_list.offer_time").count() == made
    assert promise.payload["practitioner"] == ""


def test_hours_that_were_opened_in_the_past_promise_nothing(cast):
    open_list(cast)
    wait(cast)
    past = clock.now().date() - timedelta(days=3)
    actions.promise_days(cast.tess_staff, past, past, now=clock.now())
    assert not OutboxMessage.objects.filter(name__startswith="waiting_list.").exists()


@pytest.mark.parametrize("how", ["edit", "move"])
def test_a_time_that_was_handed_over_is_offered_on_the_schedule_that_it_left(cast, booked, how):
    entry = wait(cast)
    if how == "edit":
        edit_appointment(booked, practitioner=cast.sam_staff, by=cast.nora, now=clock.now())
    else:
        move_appointment(
            booked,
            starts_at=booked.starts_at,
            ends_at=booked.ends_at,
            practitioner=cast.sam_staff,
            by=cast.nora,
            now=clock.now(),
        )
    deliver()
    [offer] = offers()
    assert (offer.entry, offer.practitioner, offer.starts_at) == (entry, cast.tess_staff, tomorrow())


def test_an_edit_that_hands_nothing_over_frees_nothing(cast, booked):
    wait(cast)
    edit_appointment(booked, note="Bring the cards.", by=cast.nora, now=clock.now())
    deliver()
    assert not offers()
