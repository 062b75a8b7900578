"""What is asked for, answered and agreed on, and each refusal from the same set-up."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.booking.actions import save_bookable_service
from core.booking.group_queries import places_left_in
from core.booking_requests import actions
from core.booking_requests.models import BookingRequest, RequestSettings
from core.booking_requests.notifications import answerers_of
from core.booking_requests.permissions import can_see
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent
from core.notifications.models import Notice
from core.people.models import Assignment, Client, StaffMember, User
from core.people.roles import ClientPermission
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.models import Appointment, AvailabilityOverride, WorkingHours
from tests.booking_requests.requests import HOUR, accept, deliver, fresh, mails_to
from tests.factories.booking import open_booking
from tests.factories.booking_requests import ask, propose
from tests.factories.scheduling import book, make_client, tomorrow


def test_an_accepted_time_is_booked_with_the_policy_of_today(cast, mailoutbox):
    request = ask(cast, note="Please with Tess’s dog.")

    appointment = accept(cast, request, 1)

    assert (appointment.starts_at, appointment.minutes, appointment.mode) == (tomorrow(11), 50, "online")
    assert [place.client for place in appointment.attending] == [cast.cleo]
    assert appointment.service_name == "Speech therapy" and appointment.time_zone == "Europe/Berlin"
    assert fresh(request).state == "accepted" and fresh(request).end.appointment == appointment
    assert fresh(request).end.ended_by_name == str(cast.tess)
    codes = list(AuditEvent.objects.order_by("at", "id").values_list("action", flat=True))
    assert {"booking_request.asked", "booking_request.accepted", "appointment.booked"} <= set(codes)
    assert len(mails_to(mailoutbox, "Gus")) == 1  # that it is booked, and no second one that it was accepted


def test_whoever_runs_the_schedule_is_told_what_is_asked(cast, mailoutbox):
    ask(cast, note="After school, please.")

    for name in ("Tess", "Sam"):
        (mail,) = mails_to(mailoutbox, name)
        assert "Cleo" in mail.subject and "After school, please." in mail.body
        assert "/requests/" in mail.body
    assert Notice.objects.filter(kind="request_asked").count() == 2
    assert not mails_to(mailoutbox, "Nora")  # because somebody looks after this schedule


def test_a_request_for_anybody_goes_to_those_who_look_after_every_schedule(cast, mailoutbox):
    ask(cast, practitioner=None)

    assert mails_to(mailoutbox, "Nora") and mails_to(mailoutbox, "Tess")
    assert not mails_to(mailoutbox, "Sam")


def test_nobody_is_told_of_a_request_that_they_may_not_open(cast):
    request = ask(cast)
    colleague = User.objects.create_user(email="rita@north.test", name="Rita", time_zone="UTC")
    rita = StaffMember.objects.create(user=colleague, role="practitioner")
    Assignment.objects.create(client=cast.cleo, practitioner=rita)
    assert set(answerers_of(fresh(request))) == {cast.tess, cast.sam}

    StaffMember.objects.filter(pk=cast.tess_staff.pk).update(status="inactive")

    told = answerers_of(fresh(request))
    assert cast.nora in told and colleague not in told
    assert all(can_see(User.objects.get(pk=user.pk), fresh(request)) for user in told)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"starts": ()}, "no_times"),
        ({"starts": [tomorrow(9 + n) for n in range(6)]}, "many_times"),
        ({"starts": [clock.now() - HOUR]}, "past_time"),
        ({"starts": [clock.now() + timedelta(days=900)]}, "too_late"),
        ({"time_zone": "Mars/Olympus"}, "unknown_zone"),
        ({"wish": "x" * 401}, "long_text"),
        ({"note": "a\x00b"}, "control_characters"),
    ],
)
def test_what_cannot_be_asked(cast, changes, code):
    with pytest.raises(DomainError) as refusal:
        ask(cast, **changes)
    assert refusal.value.code == code
    assert not BookingRequest.objects.exists()


def test_a_wish_in_words_needs_no_time_and_waits_thirty_days(cast):
    request = ask(cast, starts=(), wish="Tuesdays, not before three – 周二 🙂 ‏שלום")

    assert request.expires_at == request.asked_at + timedelta(days=30)
    with pytest.raises(DomainError):
        actions.accept_request(request, time=request.pk, practitioner=cast.tess_staff, by=cast.tess, now=clock.now())


def test_only_those_with_the_permission_ask(cast):
    for user in (cast.ada, cast.tess, cast.nora):  # an agent, and staff
        with pytest.raises(PermissionDenied):
            ask(cast, by=user)
    Client.objects.filter(pk=cast.cleo.pk).update(
        permissions=[each for each in cast.cleo.permissions if each != ClientPermission.REQUEST_APPOINTMENTS]
    )
    with pytest.raises(PermissionDenied):
        ask(cast)


def test_nobody_asks_where_the_organization_does_not_let_them(cast):
    actions.change_request_settings(is_open=False, by=cast.nora, now=clock.now())
    with pytest.raises(PermissionDenied):
        ask(cast)
    assert not RequestSettings.current().is_open
    with pytest.raises(PermissionDenied):
        actions.change_request_settings(is_open=True, by=cast.tess, now=clock.now())


def test_nobody_asks_for_somebody_else_than_is_offered(cast):
    with pytest.raises(DomainError) as refusal:
        ask(cast, practitioner=cast.sam_staff)
    assert refusal.value.code == "practitioner_not_asked"


def test_ten_open_requests_are_enough(cast):
    for _ in range(10):
        ask(cast)
    with pytest.raises(DomainError) as refusal:
        ask(cast)
    assert refusal.value.code == "many_requests"


def test_a_client_who_is_inactive_by_now_is_not_booked(cast):
    request = ask(cast)
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")

    with pytest.raises(DomainError) as refusal:
        accept(cast, request)

    assert refusal.value.code == "client_not_active"
    assert fresh(request).state == "asked" and not Appointment.objects.exists()


def test_a_time_that_is_taken_by_now_loses_with_a_sentence(cast):
    request = ask(cast)
    book(cast, at=tomorrow(9), clients=[make_client("Otto", practitioner=cast.tess_staff)])

    with pytest.raises(ConflictError) as refusal:
        accept(cast, request)

    assert refusal.value.code == "practitioner_not_free"
    assert fresh(request).state == "asked"
    assert accept(cast, request, 1).starts_at == tomorrow(11)


def test_beside_the_hours_somebody_says_why(cast):
    WorkingHours.objects.create(
        practitioner=cast.tess_staff, weekday=(tomorrow().weekday() + 1) % 7, starts=540, ends=720
    )
    request = ask(cast)
    with pytest.raises(DomainError) as refusal:
        accept(cast, request)
    assert (refusal.value.code, refusal.value.field) == ("not_available", "override_reason")

    appointment = accept(cast, request, override_reason="She asked for it.")
    assert AvailabilityOverride.objects.get(appointment=appointment).reason == "She asked for it."


def test_strangers_and_the_other_side_do_not_answer(cast):
    request = ask(cast)
    for user in (cast.gus, cast.ada):
        with pytest.raises(PermissionDenied):
            accept(cast, request, by=user)
        with pytest.raises(PermissionDenied):
            actions.decline_request(request, reason="No.", by=user, now=clock.now())
        with pytest.raises(PermissionDenied):
            propose(cast, request, by=user)
    for user in (cast.tess, cast.ada):
        with pytest.raises(PermissionDenied):
            actions.withdraw_request(request, by=user, now=clock.now())


def test_a_request_is_settled_once(cast):
    request = ask(cast)
    accept(cast, request)

    for act in (
        lambda: accept(cast, request, by=cast.sam),
        lambda: propose(cast, request),
        lambda: actions.decline_request(request, reason="No.", by=cast.tess, now=clock.now()),
        lambda: actions.withdraw_request(request, by=cast.gus, now=clock.now()),
    ):
        with pytest.raises(ConflictError) as refusal:
            act()
        assert refusal.value.code == "request_settled"
    assert Appointment.objects.count() == 1


def test_it_is_declined_with_a_reason_that_is_read(cast, mailoutbox):
    request = ask(cast)
    with pytest.raises(DomainError):
        actions.decline_request(request, reason=" ", by=cast.tess, now=clock.now())
    actions.decline_request(request, reason="We are away that week.", by=cast.tess, now=clock.now())

    assert fresh(request).state == "declined"
    (mail,) = mails_to(mailoutbox, "Gus")
    assert "We are away that week." in mail.body


def test_what_nobody_answers_any_more_expires_after_thirty_days(cast, moved_clock):
    request = ask(cast, tomorrow(9))
    propose(cast, request, [tomorrow(14, days=4)])
    moved_clock(timedelta(days=3))
    deliver()
    actions.keep_request(request, by=cast.gus, now=clock.now())
    moved_clock(timedelta(days=29))
    deliver()
    assert fresh(request).state == "asked"
    moved_clock(timedelta(days=2))
    deliver()
    assert fresh(request).state == "expired"


def test_it_expires_with_its_last_time_and_both_are_told(cast, mailoutbox, moved_clock):
    request = ask(cast)
    deliver()
    mailoutbox.clear()
    moved_clock(timedelta(days=3))

    deliver()

    assert fresh(request).state == "expired"
    assert {mail.to[0].split()[0] for mail in mailoutbox} == {"Gus", "Cleo", "Tess", "Sam"}
    assert fresh(request).end.ended_by_name == ""


def test_withdrawn_is_told_to_whoever_would_have_answered(cast, mailoutbox):
    request = ask(cast)
    deliver()
    mailoutbox.clear()
    actions.withdraw_request(request, by=cast.gus, now=clock.now())
    assert [mail.to[0].split()[0] for mail in mails_to(mailoutbox, "")] and fresh(request).state == "withdrawn"
    assert not [mail for mail in mailoutbox if mail.to[0].startswith("Gus")]


def test_an_administrator_of_a_schedule_puts_only_those_assigned_on_it(cast):
    sams = make_client("Sams", practitioner=cast.sam_staff, login=cast.gus)
    request = ask(cast, client=sams, practitioner=None)
    for act in (
        lambda: accept(cast, request, practitioner=cast.tess_staff, by=cast.sam),
        lambda: propose(cast, request, by=cast.sam),
    ):
        with pytest.raises(DomainError) as refusal:
            act()
        assert refusal.value.code == "client_not_assigned"
    assert accept(cast, request, practitioner=cast.sam_staff, by=cast.sam)


@pytest.mark.parametrize("places", [3, None])
def test_accepted_for_a_service_with_places_it_is_a_group_that_others_join(cast, places):
    online = open_booking(cast)
    online.bookable.places = places
    save_bookable_service(online.bookable, by=cast.nora)
    request = ask(cast, service=ServiceChosen("First talk", online.service.pk))

    booked = accept(cast, request)

    assert booked.is_open_group == (places is not None)
    assert places_left_in(booked, now=clock.now()) == (2 if places else 0)
