"""Moving."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.people.models import Client
from core.scheduling.actions import move_appointment
from core.scheduling.models import Participant
from tests.factories.scheduling import book, make_client, tomorrow

HOUR = timedelta(hours=1)


def move(appointment, by, *, by_time=timedelta(days=1)):
    return move_appointment(
        appointment,
        starts_at=appointment.starts_at + by_time,
        ends_at=appointment.ends_at + by_time,
        by=by,
        now=clock.now(),
    )


def test_move_carries_the_places_and_tells(cast):
    before = book(cast)
    after = move(before, cast.tess)
    participant = Participant.objects.get(appointment=after)
    assert (participant.starts_at, participant.ends_at) == (after.starts_at, after.ends_at)
    assert after.starts_at == before.starts_at + timedelta(days=1) and after.sequence == 1
    assert AuditEvent.objects.get(action="appointment.moved").changes["starts_at"][0] == before.starts_at.isoformat()
    assert OutboxMessage.objects.filter(name="scheduling.tell", payload__kind="moved").count() == 2
    assert OutboxMessage.objects.filter(name="scheduling.remind_people").count() == 2


def test_move_to_the_same_time_changes_nothing(cast):
    appointment = book(cast)
    assert move(appointment, cast.tess, by_time=timedelta(0)).sequence == 0
    assert not AuditEvent.objects.filter(action="appointment.moved").exists()


def test_move_within_its_own_time_is_free(cast):
    appointment = book(cast)
    assert move(appointment, cast.tess, by_time=timedelta(minutes=10)).sequence == 1


@pytest.mark.parametrize("who", ["cleo_login", "gus", "ada"])
def test_move_is_refused_to_clients_and_agents(cast, who):
    appointment = book(cast)
    with pytest.raises(PermissionDenied):
        move(appointment, getattr(cast, who))


def test_move_onto_another_is_a_conflict(cast):
    book(cast, at=tomorrow(9))
    second = book(cast, at=tomorrow(12), clients=[make_client("Otto", practitioner=cast.tess_staff)])
    with pytest.raises(ConflictError, match="Tess North is not free then: .*, with Cleo Marten"):
        move(second, cast.tess, by_time=-3 * HOUR)


def test_move_with_a_client_who_is_not_active_any_more_is_refused(cast):
    appointment = book(cast)
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")
    with pytest.raises(DomainError, match="not active"):
        move(appointment, cast.tess)
