"""Times that are proposed instead: taken, refused, overtaken or passed."""

from datetime import timedelta

import pytest

from core.booking_requests import actions
from core.kernel import clock
from core.kernel.errors import ConflictError
from core.scheduling.models import Appointment
from tests.booking_requests.requests import accept, deliver, fresh, mails_to
from tests.factories.booking_requests import ask, propose
from tests.factories.scheduling import book, make_client, tomorrow


def test_a_proposed_time_is_taken_by_those_who_ask(cast, mailoutbox):
    request = ask(cast)
    proposal = propose(cast, request, message="Would these do?")
    (mail,) = [each for each in mails_to(mailoutbox, "Gus") if "Other times" in each.subject]
    assert "Would these do?" in mail.body and "Tess" in mail.body

    first, second = proposal.times.all()
    appointment = actions.accept_proposed(fresh(request), time=second.pk, by=cast.gus, now=clock.now())

    assert appointment.starts_at == tomorrow(15, days=3) and appointment.booked_by == cast.gus
    assert fresh(request).state == "accepted"
    assert any("New on your schedule" in each.subject for each in mails_to(mailoutbox, "Tess"))


def test_a_proposed_time_that_is_taken_by_now_leaves_the_others(cast):
    request = ask(cast)
    first, second = propose(cast, request).times.all()
    book(cast, at=first.starts_at, clients=[make_client("Otto", practitioner=cast.tess_staff)])

    with pytest.raises(ConflictError) as refusal:
        actions.accept_proposed(request, time=first.pk, by=cast.gus, now=clock.now())

    assert refusal.value.code == "practitioner_not_free" and "Otto" not in refusal.value.message
    assert fresh(request).state == "proposed"
    assert actions.accept_proposed(request, time=second.pk, by=cast.gus, now=clock.now())


def test_what_is_not_free_is_not_proposed(cast):
    request = ask(cast)
    book(cast, at=tomorrow(14, days=3), clients=[make_client("Otto", practitioner=cast.tess_staff)])
    with pytest.raises(ConflictError):
        propose(cast, request)
    assert fresh(request).state == "asked" and not request.proposals.exists()


def test_none_of_the_proposed_times_suits(cast, mailoutbox):
    request = ask(cast)
    time = propose(cast, request).times.first()

    actions.keep_request(request, words="Only mornings.", by=cast.gus, now=clock.now())

    assert fresh(request).state == "asked" and fresh(request).expires_at == tomorrow(11)
    assert any("Only mornings." in mail.body for mail in mails_to(mailoutbox, "Tess"))
    with pytest.raises(ConflictError):
        actions.accept_proposed(request, time=time.pk, by=cast.gus, now=clock.now())
    assert accept(cast, request).starts_at == tomorrow(9)


def test_none_suits_after_what_was_asked_for_has_passed(cast, moved_clock):
    tuesday, thursday, friday = tomorrow(9), tomorrow(14, days=4), tomorrow(10, days=5)
    request = ask(cast, tuesday)
    propose(cast, request, [thursday])
    moved_clock(timedelta(days=3))

    actions.keep_request(request, words="Only mornings.", by=cast.gus, now=clock.now())
    deliver()

    assert (fresh(request).state, fresh(request).expires_at) == (
        "asked",
        fresh(request).changed_at + timedelta(days=30),
    )
    with pytest.raises(ConflictError) as refusal:
        accept(cast, request)
    assert refusal.value.code == "past_time"
    second = propose(cast, request, [friday]).times.get()
    assert actions.accept_proposed(request, time=second.pk, by=cast.gus, now=clock.now()).starts_at == friday


def test_a_proposed_time_that_has_passed_is_not_booked(cast, moved_clock):
    request = ask(cast, tomorrow(9))
    tuesday, thursday = propose(cast, request, [tomorrow(14), tomorrow(14, days=4)]).times.all()
    moved_clock(timedelta(days=3))

    with pytest.raises(ConflictError) as refusal:
        actions.accept_proposed(request, time=tuesday.pk, by=cast.gus, now=clock.now())

    assert (refusal.value.code, refusal.value.field) == ("past_time", "time")
    assert fresh(request).state == "proposed" and not Appointment.objects.exists()
    assert (
        actions.accept_proposed(request, time=thursday.pk, by=cast.gus, now=clock.now()).starts_at == thursday.starts_at
    )


def test_a_second_proposal_takes_the_place_of_the_first(cast):
    request = ask(cast)
    first = propose(cast, request).times.first()
    propose(cast, request, [tomorrow(9, days=5)])

    with pytest.raises(ConflictError) as refusal:
        actions.accept_proposed(request, time=first.pk, by=cast.gus, now=clock.now())

    assert refusal.value.code == "not_proposed"


def test_a_proposal_lets_it_wait_longer(cast, moved_clock):
    request = ask(cast)
    propose(cast, request, [tomorrow(9, days=9)])
    moved_clock(timedelta(days=3))
    deliver()
    assert fresh(request).state == "proposed"
