"""Predicate, queryset and door say the same for the whole cast."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.models import Assignment, Client, StaffMember, User
from core.people.roles import ClientPermission
from core.scheduling.actions import allow_client_cancellations
from core.scheduling.models import Appointment
from core.scheduling.permissions import (
    CANCEL,
    CHANGE,
    COMPLETE,
    JOIN,
    SEE,
    Viewpoint,
    appointments_visible_to,
    can,
    can_run_schedule,
    get_appointment,
    schedules_run_by,
)
from tests.factories.scheduling import book, make_client, tomorrow

EVERYBODY = ["nora", "sam", "tess", "cleo_login", "gus", "ada"]
RUNS = {SEE, CHANGE, CANCEL, COMPLETE}
MAY = {
    "tess": RUNS | {JOIN},
    "sam": RUNS,
    "nora": RUNS,
    "cleo_login": {SEE, JOIN},
    "gus": {SEE, JOIN},
    "ada": {SEE},
}


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_may_what_their_part_allows_and_nothing_else(cast, who):
    appointment, user = book(cast), getattr(cast, who)
    assert {to for to in (SEE, CHANGE, CANCEL, COMPLETE, JOIN) if can(user, to, appointment)} == MAY[who]
    for to in (SEE, CHANGE, CANCEL, COMPLETE, JOIN):
        if to in MAY[who]:
            assert get_appointment(user, appointment.pk, to=to) == appointment
        else:
            with pytest.raises(PermissionDenied):
                get_appointment(user, appointment.pk, to=to)


@pytest.mark.parametrize(
    ("who", "run"),
    [
        ("nora", {"nora", "sam", "tess"}),
        ("sam", {"sam", "tess"}),
        ("tess", {"tess"}),
        ("cleo_login", set()),
        ("gus", set()),
        ("ada", set()),
    ],
)
def test_schedules_are_run_by_predicate_as_by_queryset(cast, who, run):
    user = getattr(cast, who)
    listed = set(schedules_run_by(user))
    assert listed == {getattr(cast, f"{name}_staff") for name in run}
    assert listed == {person for person in StaffMember.objects.all() if can_run_schedule(user, person)}


@pytest.mark.parametrize("who", EVERYBODY)
def test_lists_answer_as_single_questions_do(cast, who):
    allow_client_cancellations(True, by=cast.nora, now=clock.now())
    cast.cleo.permissions = [*cast.cleo.permissions, ClientPermission.CANCEL_APPOINTMENTS.value]
    cast.cleo.save()
    other = make_client("Otto")
    Assignment.objects.create(client=cast.cleo, practitioner=cast.sam_staff)
    book(cast, at=tomorrow(9))
    book(cast, at=tomorrow(11), clients=[cast.cleo, other], by=cast.nora)
    book(cast, at=tomorrow(13), practitioner=cast.sam_staff, clients=[other], by=cast.nora)
    user = getattr(cast, who)
    visible = set(appointments_visible_to(user))
    for appointment in Appointment.objects.prefetch_related("participants__client"):
        assert can(user, SEE, appointment) == (appointment in visible)
        if appointment in visible:
            assert Viewpoint(user).can_cancel(appointment) == can(user, CANCEL, appointment)
        else:
            with pytest.raises(NotFound):
                get_appointment(user, appointment.pk)


@pytest.mark.parametrize(
    ("permission", "at"), [("see_upcoming", timedelta(days=1)), ("see_history", timedelta(days=-1))]
)
def test_what_a_clients_login_sees_follows_the_clients_permissions(cast, permission, at):
    appointment = book(cast, at=clock.now() + at)
    assert can(cast.gus, SEE, appointment)
    cast.cleo.permissions = [kept for kept in cast.cleo.permissions if kept != permission]
    cast.cleo.save()
    assert not can(cast.gus, SEE, appointment)
    assert can(cast.ada, SEE, appointment)


def test_rights_end_with_the_tie_the_grant_and_the_switch(cast):
    appointment = book(cast)
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")
    assert not can(cast.gus, SEE, appointment)
    StaffMember.objects.filter(pk=cast.sam_staff.pk).update(status="inactive")
    assert not can(User.objects.get(pk=cast.sam.pk), SEE, appointment)
    User.objects.filter(pk=cast.ada.pk).update(is_active=False)
    assert not can(User.objects.get(pk=cast.ada.pk), SEE, appointment)
