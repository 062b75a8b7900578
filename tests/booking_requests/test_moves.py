"""Another time for what is booked already."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.booking_requests import actions
from core.booking_requests.models import BookingRequest
from core.booking_requests.permissions import can_answer, client_to_move
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.notifications.models import Notice
from core.scheduling.actions import cancel_appointment, edit_appointment, move_appointment
from core.scheduling.appointment_links import link_to, open_link
from core.scheduling.models import Appointment
from tests.booking_requests.requests import HOUR, accept, fresh, mails_to
from tests.factories.booking_requests import ask_move, propose
from tests.factories.scheduling import book, make_client, tomorrow


def by_link(cast, appointment, user, **changes):
    token = link_to(appointment, user=user, now=clock.now()).rpartition("/a/")[2].strip("/")
    values = {"wish": "Rather on Friday.", "starts_at": appointment.starts_at, "now": clock.now(), **changes}
    return actions.ask_by_link(open_link(token, now=clock.now()), **values)


def test_nothing_is_moved_to_a_proposed_time_that_has_passed(cast, moved_clock):
    appointment = book(cast, at=tomorrow(9, days=6))
    request = ask_move(cast, appointment, tomorrow(9, days=5))
    tuesday = propose(cast, request, [tomorrow(14), tomorrow(14, days=4)]).times.first()
    moved_clock(timedelta(days=3))

    with pytest.raises(ConflictError) as refusal:
        actions.accept_proposed(request, time=tuesday.pk, by=cast.gus, now=clock.now())

    assert refusal.value.code == "past_time"
    assert Appointment.objects.get().starts_at == appointment.starts_at


def test_the_old_time_stands_until_the_new_one_is_accepted(cast, mailoutbox):
    appointment = book(cast)
    request = ask_move(cast, appointment)
    assert Appointment.objects.get().starts_at == tomorrow()
    assert request.expires_at == tomorrow()  # because it begins then

    accept(cast, request)

    moved = Appointment.objects.get()
    assert moved.starts_at == tomorrow() + HOUR and moved.policy_id == appointment.policy_id
    assert fresh(request).state == "accepted" and fresh(request).end.appointment == moved
    assert any("New time" in mail.subject for mail in mails_to(mailoutbox, "Gus"))


def test_a_move_is_asked_for_once_and_not_of_a_group(cast):
    appointment = book(cast)
    ask_move(cast, appointment)
    with pytest.raises(ConflictError) as refusal:
        ask_move(cast, appointment)
    assert refusal.value.code == "asked_already"
    group = book(cast, at=tomorrow(15), clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)])
    with pytest.raises(PermissionDenied):
        ask_move(cast, group)


@pytest.mark.parametrize("what", ["move", "cancel"])
def test_what_becomes_of_the_appointment_otherwise_settles_the_request(cast, what):
    appointment = book(cast)
    request = ask_move(cast, appointment)
    if what == "move":
        later = appointment.starts_at + 3 * HOUR
        move_appointment(appointment, starts_at=later, ends_at=later + HOUR, by=cast.tess, now=clock.now())
    else:
        cancel_appointment(appointment, party="practice", by=cast.tess, now=clock.now())

    assert fresh(request).state == "overtaken"
    with pytest.raises(ConflictError):
        accept(cast, request)


@pytest.mark.parametrize("how", ["edit", "move"])
def test_a_request_goes_with_what_is_handed_over(cast, how):
    appointment = book(cast)
    request = ask_move(cast, appointment)
    [proposed] = propose(cast, request, [tomorrow(14)]).times.all()
    if how == "edit":
        edit_appointment(appointment, practitioner=cast.sam_staff, by=cast.nora, now=clock.now())
    else:
        span = {"starts_at": appointment.starts_at, "ends_at": appointment.ends_at}
        move_appointment(appointment, **span, practitioner=cast.sam_staff, by=cast.nora, now=clock.now())

    assert fresh(request).state == "proposed" and can_answer(cast.sam, fresh(request))
    assert {time.runner for time in fresh(request).times.all()} == {cast.sam_staff}
    moved = actions.accept_proposed(request, time=proposed.pk, by=cast.gus, now=clock.now())
    assert (moved.practitioner, moved.starts_at) == (cast.sam_staff, tomorrow(14))


def test_another_practitioner_is_no_other_time(cast):
    request = ask_move(cast, book(cast))
    with pytest.raises(DomainError) as refusal:
        accept(cast, request, practitioner=cast.sam_staff, by=cast.nora)
    assert refusal.value.code == "other_practitioner"


def test_by_the_link_in_a_mail_another_time_is_asked_for_like_in_the_portal(cast):
    appointment = book(cast)

    request = by_link(cast, appointment, cast.gus)

    assert (request.moves, request.wish, request.asked_by, request.state) == (
        appointment,
        "Rather on Friday.",
        cast.gus,
        "asked",
    )
    assert can_answer(cast.tess, request)
    with pytest.raises(ConflictError) as refusal:
        by_link(cast, appointment, cast.cleo_login)
    assert refusal.value.code == "asked_already"
    with pytest.raises(ConflictError) as refusal:
        by_link(cast, appointment, cast.gus, starts_at=tomorrow(20))
    assert refusal.value.code == "moved_since"


@pytest.mark.parametrize("why", ["group", "closed"])
def test_who_cannot_ask_by_the_link_is_heard_all_the_same(cast, why):
    others = [make_client("Otto", practitioner=cast.tess_staff)] if why == "group" else []
    appointment = book(cast, clients=[cast.cleo, *others])
    if why == "closed":
        actions.change_request_settings(is_open=False, by=cast.nora, now=clock.now())

    assert by_link(cast, appointment, cast.gus) is None

    assert not BookingRequest.objects.exists()
    assert Notice.objects.filter(user_id=cast.tess.pk, body="Rather on Friday.").exists()


def test_of_a_group_that_people_join_nobody_asks_for_another_time(cast):
    """Also while only one is in it: another one may join until then."""
    group = book(cast, is_open_group=True)

    with pytest.raises(PermissionDenied):
        ask_move(cast, group)
    assert client_to_move(cast.gus, group) is None
    assert by_link(cast, group, cast.gus) is None  # the wish is passed on, and nothing waits to be accepted
    assert not BookingRequest.objects.exists()


def test_what_became_a_group_meanwhile_is_not_moved(cast):
    appointment = book(cast)
    request = ask_move(cast, appointment)
    Appointment.objects.update(is_open_group=True)

    with pytest.raises(ConflictError) as refusal:
        accept(cast, request)

    assert refusal.value.code == "not_movable"
    assert Appointment.objects.get().starts_at == appointment.starts_at
