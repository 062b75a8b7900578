"""Text messages about what cannot wait for a mail: a delay, an offered time, an answer to a request, and that it begins."""

from datetime import timedelta

import pytest

from core.booking_requests import actions as requests
from core.kernel import clock, outbox
from core.notifications.models import ChannelPreference, Delivery
from core.people.models import Client
from core.scheduling.actions import cancel_appointment, extend_appointment
from core.scheduling.actions.edit import ServiceChosen
from sessions_live.actions import open_room
from sessions_live.actions.rooms import start_session
from tests.factories.scheduling import book, make_client, tomorrow
from tests.factories.text_service import agreed, open_account, text_service
from tests.factories.waiting_list import open_list, wait

MINUTE = timedelta(minutes=1)


@pytest.fixture
def texts(cast, settings, tmp_path):
    """What the provider has taken; Gus wants text messages."""
    with text_service(tmp_path) as (address, service):
        settings.SMS_API_BASE = address
        open_account(cast)
        agreed(cast.gus)
        yield lambda: [one.body for one in reversed(service.kept)]


def deliver():
    while outbox.deliver_due():
        pass


def test_offered_time_is_texted_with_the_link_that_takes_it(cast, texts, visit):
    open_list(cast)
    booked = book(cast, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    wait(cast)
    cancel_appointment(booked, party="practice", by=cast.tess, now=clock.now())
    deliver()

    [said] = texts()
    assert "has become free for you, until" in said and "Speech therapy" not in said and "Cleo" not in said
    link = said.rsplit("http://north.test", 1)[1]
    assert "Take this time" in visit().get(link).content.decode()
    row = Delivery.objects.get(channel="sms")
    assert row.kind == "waiting_offer" and "/w/" not in row.subject


def test_offer_is_texted_to_nobody_who_mutes_that(cast, texts):
    ChannelPreference.objects.create(user_id=cast.gus.pk, topic="appointments", channels=["email"])
    open_list(cast)
    booked = book(cast, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    wait(cast)
    cancel_appointment(booked, party="practice", by=cast.tess, now=clock.now())
    deliver()
    assert texts() == []


@pytest.fixture
def asked(cast, texts):
    Client.objects.filter(pk=cast.cleo.pk).update(permissions=["see_upcoming", "request_appointments"])
    return requests.ask_for_appointment(
        client=Client.objects.get(pk=cast.cleo.pk), service=ServiceChosen("Speech therapy"), minutes=50, mode="online",
        time_zone="UTC", starts=[tomorrow(9)], practitioner=cast.tess_staff, by=cast.cleo_login, now=clock.now(),
    )  # fmt: skip


def test_answers_to_a_request_are_texted(cast, texts, asked):
    requests.propose_times(
        asked, practitioner=cast.tess_staff, starts=[tomorrow(11)], override_reason="x", by=cast.tess, now=clock.now()
    )
    deliver()
    assert ["are proposed" in said for said in texts()] == [True]

    requests.decline_request(asked, reason="Ill.", by=cast.tess, now=clock.now())
    deliver()
    assert "cannot be offered" in texts()[-1] and "Ill." not in texts()[-1]


def test_answer_that_is_overtaken_is_not_texted(cast, texts, asked):
    requests.propose_times(
        asked, practitioner=cast.tess_staff, starts=[tomorrow(11)], override_reason="x", by=cast.tess, now=clock.now()
    )
    requests.withdraw_request(asked, by=cast.cleo_login, now=clock.now())
    deliver()
    assert texts() == []


def test_delay_is_texted_to_whoever_comes_next(cast, texts):
    now = clock.now()
    running = book(cast, clients=[make_client("Otto", practitioner=cast.tess_staff)], at=now - 20 * MINUTE, minutes=50)
    book(cast, at=running.ends_at, minutes=50)
    deliver()
    before = len(texts())
    extend_appointment(running, minutes=15, reason="x", by=cast.tess, now=now)
    deliver()
    [said] = texts()[before:]
    assert "may begin later, at about" in said


def test_start_is_texted_to_whoever_is_not_there(cast, texts):
    appointment = book(cast, at=clock.now() + 5 * MINUTE, mode="online")
    deliver()
    before = len(texts())
    room = open_room(appointment, now=clock.now())
    start_session(room, by=cast.tess, now=clock.now())
    deliver()
    [said] = texts()[before:]
    assert "is ready for you. Come in: http://north.test/live/" in said
