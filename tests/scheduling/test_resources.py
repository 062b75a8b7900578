"""Rooms and equipment: nothing is taken by two at one time, and who looks after them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from psycopg.errors import LockNotAvailable

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent
from core.scheduling.actions import (
    calendar_locks,
    cancel_appointment,
    complete_appointment,
    edit_appointment,
    move_appointment,
    remove_resource,
    save_resource,
)
from core.scheduling.models import Appointment, BookableResource, Reservation
from tests.factories.scheduling import book, completion_type, make_client, tomorrow

HOUR = timedelta(hours=1)


@pytest.fixture
def studio(cast):
    return save_resource(BookableResource(name="Studio 2"), by=cast.nora, now=clock.now())


@pytest.fixture
def piano(cast):
    return save_resource(BookableResource(name="Piano", kind="equipment"), by=cast.nora, now=clock.now())


def elsewhere(cast, **facts):
    """Sam's appointment with somebody else."""
    values = {"practitioner": cast.sam_staff, "clients": [make_client("Otto")], "by": cast.nora, **facts}
    return book(cast, **values)


def test_room_is_taken_once_at_a_time_and_free_when_it_ends(cast, studio):
    first = book(cast, at=tomorrow(9), resources=[studio])
    with pytest.raises(ConflictError, match="Studio 2 is not free then: .*, with Tess North"):
        elsewhere(cast, at=tomorrow(9, 30), resources=[studio])
    elsewhere(cast, at=first.ends_at, resources=[studio])
    assert Reservation.objects.filter(resource=studio).count() == 2
    assert AuditEvent.objects.filter(action="appointment.booked").first().changes["resources"]


def test_particulars_of_a_room_that_is_taken_are_told_only_to_those_who_may_see_them(cast, studio):
    elsewhere(cast, at=tomorrow(9), resources=[studio])
    with pytest.raises(ConflictError) as refused:
        book(cast, at=tomorrow(9), resources=[studio])
    assert str(refused.value) == "Studio 2 is not free then. Please choose another time."


def test_room_moves_along_and_stops_a_move_onto_another(cast, studio):
    first = book(cast, at=tomorrow(9), resources=[studio])
    second = elsewhere(cast, at=tomorrow(12), resources=[studio])
    with pytest.raises(ConflictError, match="Studio 2 is not free"):
        move_appointment(second, starts_at=first.starts_at, ends_at=first.ends_at, by=cast.nora, now=clock.now())
    move_appointment(second, starts_at=tomorrow(15), ends_at=tomorrow(16), by=cast.nora, now=clock.now())
    assert Reservation.objects.get(appointment=second).starts_at == tomorrow(15)


def test_room_of_what_is_cancelled_is_free(cast, studio):
    appointment = book(cast, resources=[studio])
    cancel_appointment(appointment, party="practice", by=cast.tess, now=clock.now())
    elsewhere(cast, at=appointment.starts_at, resources=[studio])


def test_room_of_what_was_missed_is_free(cast, studio):
    appointment = book(cast, at=clock.now() - HOUR, resources=[studio])
    complete_appointment(
        appointment, completion_type=completion_type("Missed - no costs"), by=cast.tess, now=clock.now()
    )
    elsewhere(cast, at=appointment.starts_at, resources=[studio])


def test_edit_changes_rooms_and_tells_of_equipment_only_who_runs_it(cast, studio, piano, deliver):
    appointment = book(cast)
    deliver()
    edit_appointment(appointment, resources=[piano], by=cast.nora, now=clock.now())
    (mail,) = deliver()
    assert "Equipment: – → Piano" in mail.body and "tess@" in mail.to[0]
    edit_appointment(appointment, resources=[piano, studio], by=cast.nora, now=clock.now())
    sent = deliver()
    assert len(sent) == 3 and all("Rooms: – → Studio 2" in mail.body for mail in sent)
    assert Appointment.objects.get(pk=appointment.pk).place == "Studio 2"
    edit_appointment(appointment, resources=[], by=cast.nora, now=clock.now(), tell=False)
    assert not Reservation.objects.exists()


def test_edit_refuses_a_room_that_is_taken_and_one_that_is_archived(cast, studio):
    elsewhere(cast, at=tomorrow(9), resources=[studio])
    appointment = book(cast, at=tomorrow(9))
    with pytest.raises(ConflictError, match="Studio 2 is not free"):
        edit_appointment(appointment, resources=[studio], by=cast.nora, now=clock.now())
    assert remove_resource(studio, by=cast.nora, now=clock.now()) is False
    with pytest.raises(DomainError, match="Not to be booked any more: Studio 2"):
        elsewhere(cast, at=tomorrow(20), clients=[cast.cleo], resources=[studio])


def test_what_was_never_booked_is_deleted_and_the_rest_archived(cast, studio, piano):
    book(cast, resources=[studio])
    assert remove_resource(piano, by=cast.nora, now=clock.now()) is True
    assert remove_resource(studio, by=cast.nora, now=clock.now()) is False
    assert list(BookableResource.objects.values_list("name", "is_active")) == [("Studio 2", False)]


def test_two_of_one_name_are_refused_and_what_was_booked_keeps_its_kind(cast, studio):
    with pytest.raises(DomainError, match="of that name already"):
        save_resource(BookableResource(name="Studio 2"), by=cast.nora, now=clock.now())
    book(cast, resources=[studio])
    studio.kind = "equipment"
    with pytest.raises(DomainError, match="booked as what it is"):
        save_resource(studio, by=cast.nora, now=clock.now())


@pytest.mark.parametrize("who", ["tess", "sam", "gus", "ada", "cleo_login"])
def test_rooms_are_looked_after_by_those_who_manage_all_schedules_only(cast, studio, who):
    with pytest.raises(PermissionDenied):
        save_resource(BookableResource(name="Attic"), by=getattr(cast, who), now=clock.now())
    with pytest.raises(PermissionDenied):
        remove_resource(studio, by=getattr(cast, who), now=clock.now())


def test_room_whose_calendar_somebody_holds_is_removed_later(cast, studio, monkeypatch):
    def held(_people):
        raise OperationalError from LockNotAvailable()

    monkeypatch.setattr(calendar_locks, "lock_calendars", held)
    with pytest.raises(ConflictError, match="Please try again"):
        remove_resource(studio, by=cast.nora, now=clock.now())
    assert BookableResource.objects.filter(pk=studio.pk, is_active=True).exists()
