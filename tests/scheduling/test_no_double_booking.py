"""A property: after any sequence of bookings, moves and cancellations, nobody is in two places at once."""

from contextlib import suppress
from datetime import timedelta
from itertools import combinations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people.models import Assignment
from core.scheduling.actions import cancel_appointment, move_appointment
from core.scheduling.models import Appointment, Participant
from tests.factories.scheduling import book, make_client, tomorrow

SLOTS = st.integers(0, 11)  # quarters of three hours
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("book"), SLOTS, st.integers(1, 4), st.integers(0, 1), st.sets(st.integers(0, 2), min_size=1)),
        st.tuples(st.just("move"), SLOTS, st.integers(1, 4), st.integers(0, 9)),
        st.tuples(st.just("cancel"), st.integers(0, 9)),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nobody_is_in_two_places_at_once(cast, steps):
    with transaction.atomic():
        practitioners = [cast.tess_staff, cast.sam_staff]
        clients = [cast.cleo, make_client("Otto"), make_client("Mei")]
        for client in clients:
            Assignment.objects.get_or_create(client=client, practitioner=cast.sam_staff)
        made = []
        for step in steps:
            with suppress(DomainError):
                _take(step, made, practitioners, clients, cast)
        _assert_no_overlap()
        transaction.set_rollback(True)


def _take(step, made, practitioners, clients, cast):
    kind = step[0]
    if kind == "book":
        _, slot, length, who, group = step
        chosen = [clients[number] for number in group]
        made.append(
            book(cast, at=_at(slot), minutes=15 * length, practitioner=practitioners[who], clients=chosen, by=cast.nora)
        )
    elif made and kind == "move":
        _, slot, length, which = step
        starts_at = _at(slot)
        move_appointment(
            made[which % len(made)],
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=15 * length),
            by=cast.nora,
            now=clock.now(),
        )
    elif made:
        cancel_appointment(made[step[1] % len(made)], by=cast.nora, now=clock.now())


def _at(slot):
    return tomorrow(9) + timedelta(minutes=15 * slot)


def _assert_no_overlap():
    standing = Appointment.objects.exclude(status="cancelled")
    for first, second in combinations(standing, 2):
        if first.practitioner_id == second.practitioner_id:
            assert first.ends_at <= second.starts_at or second.ends_at <= first.starts_at
    participants = Participant.objects.filter(is_attending=True).select_related("appointment")
    for first, second in combinations(participants, 2):
        assert (first.starts_at, first.ends_at) == (first.appointment.starts_at, first.appointment.ends_at)
        if first.client_id == second.client_id:
            assert first.ends_at <= second.starts_at or second.ends_at <= first.starts_at
