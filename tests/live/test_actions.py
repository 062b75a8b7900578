"""Asking, admitting, denying, writing, ending."""

from datetime import timedelta

import pytest

from core.kernel import clock, outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.notifications.models import Notice
from sessions_live import actions
from sessions_live.models import Admission
from sessions_live.permissions import RoomRole, get_room
from sessions_live.queries import session_messages, waiting_for
from tests.factories.push_service import add_device, push_service


def test_guest_waits_and_the_hosts_hear_of_it(cast, room):
    admission = actions.ask_admission(room, by=cast.gus, now=clock.now())

    assert admission.state == Admission.State.WAITING
    heard = set(Notice.objects.filter(kind="live.waiting").values_list("user_id", flat=True))
    assert heard == {cast.tess.pk, cast.sam.pk}
    assert list(waiting_for(cast.tess)) == [admission]
    assert list(waiting_for(cast.gus)) == []


def test_host_is_in_at_once_and_the_guests_are_told(cast, room):
    admission = actions.ask_admission(room, by=cast.tess, now=clock.now())

    assert admission.state == Admission.State.ADMITTED
    told = set(Notice.objects.filter(kind="live.started").values_list("user_id", flat=True))
    assert told == {cast.gus.pk, cast.cleo_login.pk}


@pytest.mark.parametrize("then", ["away", "there", "ended", "late"])
def test_guest_who_is_not_there_gets_a_mail_that_it_begins(cast, room, mailoutbox, monkeypatch, then):
    actions.ask_admission(room, by=cast.tess, now=clock.now())
    if then == "there":
        actions.ask_admission(room, by=cast.gus, now=clock.now())
    if then == "ended":
        actions.end_session(room, by=cast.tess, now=clock.now())
    if then == "late":
        later = clock.now() + timedelta(minutes=20)
        monkeypatch.setattr(clock, "now", lambda: later)
    while outbox.deliver_due():
        pass
    told = [mail for mail in mailoutbox if "is ready for you" in mail.subject and "gus@" in mail.to[0]]
    assert len(told) == (1 if then == "away" else 0)
    if told:
        assert f"/live/{room.appointment_id}/" in told[0].body and "Cleo" not in told[0].body


@pytest.fixture
def phones(cast, settings):
    """Push of what Tess (as host) and Gus are told, read by name."""
    with push_service() as service:
        settings.PUSH_SERVICES = [service.origin]
        add_device(cast.tess, service.device("tess"))
        add_device(cast.gus, service.device("gus"))
        yield service


@pytest.mark.parametrize(("then", "reached"), [("waits", ["/tess"]), ("left", []), ("late", [])])
def test_push_that_somebody_waits_is_for_as_long_as_they_do(cast, room, phones, moved_clock, then, reached):
    admission = actions.ask_admission(room, by=cast.gus, now=clock.now())
    if then == "left":
        Admission.objects.filter(pk=admission.pk).update(state=Admission.State.LEFT, decided_at=clock.now())
    if then == "late":
        moved_clock(timedelta(minutes=16))
    while outbox.deliver_due():
        pass

    live = [each for each in phones.arrived if each.headers["urgency"] == "high"]
    assert [each.path for each in live] == reached
    assert all(int(each.headers["ttl"]) <= 15 * 60 for each in live)


@pytest.mark.parametrize(("then", "reached"), [("away", ["/gus"]), ("there", []), ("ended", []), ("late", [])])
def test_push_that_it_begins_is_for_whoever_is_not_there(cast, room, phones, moved_clock, then, reached):
    actions.ask_admission(room, by=cast.tess, now=clock.now())
    if then == "there":
        actions.ask_admission(room, by=cast.gus, now=clock.now())
    if then == "ended":
        actions.end_session(room, by=cast.tess, now=clock.now())
    if then == "late":
        moved_clock(timedelta(minutes=16))
    while outbox.deliver_due():
        pass

    assert [
        each.path for each in phones.arrived if each.path == "/gus" and each.headers["urgency"] == "high"
    ] == reached


def test_guests_who_may_not_see_what_is_coming_are_not_told_that_it_begins(cast, room):
    cast.cleo.permissions = []
    cast.cleo.save()
    room.refresh_from_db()
    actions.ask_admission(room, by=cast.tess, now=clock.now())

    assert not Notice.objects.filter(kind="live.started").exists()


def test_admitted_person_does_not_wait_twice(cast, room):
    first = actions.ask_admission(room, by=cast.gus, now=clock.now())
    actions.admit(room, first.pk, by=cast.tess, now=clock.now())

    assert actions.ask_admission(room, by=cast.gus, now=clock.now()).state == Admission.State.ADMITTED


def test_second_decision_loses(cast, room):
    admission = actions.ask_admission(room, by=cast.gus, now=clock.now())
    actions.deny(room, admission.pk, by=cast.tess, now=clock.now())

    with pytest.raises(ConflictError):
        actions.admit(room, admission.pk, by=cast.sam, now=clock.now())


def test_agent_gets_no_seat(cast, room):
    with pytest.raises(DomainError):
        actions.ask_admission(room, by=cast.ada, now=clock.now())
    with pytest.raises(NotFound):
        get_room(cast.ada, room.pk)


def test_seats_follow_the_appointment(cast, room):
    assert get_room(cast.tess, room.pk)[1] is RoomRole.HOST
    assert get_room(cast.sam, room.pk)[1] is RoomRole.HOST
    assert get_room(cast.gus, room.pk)[1] is RoomRole.GUEST


@pytest.mark.parametrize(("text", "code"), [("  ", "empty_message"), ("x" * 2001, "message_too_long")])
def test_bad_message_is_refused(cast, room, text, code):
    host = actions.ask_admission(room, by=cast.tess, now=clock.now())
    with pytest.raises(DomainError) as refusal:
        actions.post_message(room, text, by=cast.tess, waiting_person=None, now=clock.now())

    assert refusal.value.code == code
    assert session_messages(room, host) == []


def test_ending_is_not_completing(cast, room):
    actions.ask_admission(room, by=cast.tess, now=clock.now())

    ended = actions.end_session(room, by=cast.tess, now=clock.now())

    ended.appointment.refresh_from_db()
    assert ended.ended_at is not None
    assert ended.appointment.is_booked
