"""Cancelling by the policy of the booking, and the two gates of clients."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.people.roles import ClientPermission
from core.scheduling import signals
from core.scheduling.actions import adopt_policy, allow_client_cancellations, cancel_appointment
from core.scheduling.models import Cancellation
from tests.factories.scheduling import book, completion_type, make_client

PRACTICE = Cancellation.Party.PRACTICE


@pytest.fixture
def late_costs(cast):
    """Below 24 hours everything is due."""
    full = completion_type("Cancelled late - full costs and wages")
    return adopt_policy(levels=[(24, full)], by=cast.nora, now=clock.now())


@pytest.fixture
def gates_open(cast):
    allow_client_cancellations(True, by=cast.nora, now=clock.now())
    cast.cleo.permissions = [*cast.cleo.permissions, ClientPermission.CANCEL_APPOINTMENTS.value]
    cast.cleo.save(update_fields=["permissions"])


def cancel(appointment, by, **changes):
    return cancel_appointment(appointment, by=by, now=clock.now(), **changes)


def soon(hours):
    return clock.now().replace(microsecond=0) + timedelta(hours=hours)


def test_cancel_in_time_is_free(cast, late_costs):
    done = cancel(book(cast, at=soon(25)), cast.tess)
    assert done.completion_type is None and done.client_share == 0


def test_cancel_late_counts_as_the_policys_type(cast, late_costs):
    done = cancel(book(cast, at=soon(23)), cast.tess)
    assert done.completion_type.name == "Cancelled late - full costs and wages"
    assert (done.client_share, done.wage_share, done.hours_before) == (100, 100, 24)
    assert done.clients == [cast.cleo]


def test_cancel_late_by_the_practice_costs_nothing(cast, late_costs):
    assert cancel(book(cast, at=soon(23)), cast.tess, party=PRACTICE).completion_type is None


def test_cancel_late_waived_keeps_the_reason(cast, late_costs):
    done = cancel(book(cast, at=soon(23)), cast.tess, waiver_reason="Illness")
    assert done.completion_type is None and done.waiver_reason == "Illness" and done.hours_before == 24


def test_cancel_follows_the_policy_of_the_booking(cast, late_costs):
    appointment = book(cast, at=soon(23))
    adopt_policy(levels=[], by=cast.nora, now=clock.now() + timedelta(seconds=1))
    assert cancel(appointment, cast.tess).client_share == 100


def test_cancel_frees_the_time(cast):
    appointment = book(cast)
    cancel(appointment, cast.tess)
    assert book(cast, at=appointment.starts_at).is_booked


def test_cancel_twice_is_a_conflict(cast):
    appointment = book(cast)
    cancel(appointment, cast.tess)
    with pytest.raises(ConflictError, match="cancelled already"):
        cancel(appointment, cast.tess)


def test_cancel_after_the_start_is_refused(cast):
    with pytest.raises(DomainError, match="has begun"):
        cancel(book(cast, at=soon(-1)), cast.tess)


def test_cancel_by_the_clients_login_with_both_gates_open(cast, late_costs, gates_open):
    done = cancel(book(cast, at=soon(23)), cast.gus, party=PRACTICE, waiver_reason="please")
    assert done.party == "client" and done.client_share == 100 and done.waiver_reason == ""


def test_cancel_by_the_clients_login_is_refused_with_the_organizations_gate_closed(cast, gates_open):
    allow_client_cancellations(False, by=cast.nora, now=clock.now())
    with pytest.raises(PermissionDenied):
        cancel(book(cast), cast.gus)


def test_cancel_by_the_clients_login_is_refused_with_the_clients_gate_closed(cast, gates_open):
    cast.cleo.permissions = [p for p in cast.cleo.permissions if p != "cancel_appointments"]
    cast.cleo.save(update_fields=["permissions"])
    with pytest.raises(PermissionDenied):
        cancel(book(cast), cast.gus)


def test_cancel_by_an_agent_is_refused(cast, gates_open):
    with pytest.raises(PermissionDenied):
        cancel(book(cast), cast.ada)


def test_cancel_one_place_leaves_the_group_in_place(cast, gates_open):
    heard = []
    listener = lambda sender, **news: heard.append(news)  # noqa: E731 because a signal keeps only a weak reference
    signals.participant_cancelled.connect(listener)
    other = make_client("Otto", practitioner=cast.tess_staff)
    appointment = book(cast, clients=[cast.cleo, other])
    done = cancel(appointment, cast.gus)
    signals.participant_cancelled.disconnect(listener)
    appointment.refresh_from_db()
    assert appointment.is_booked and done.clients == [cast.cleo] and heard[0]["participant"].client == cast.cleo
    assert [participant.client for participant in appointment.attending] == [other]
    rest = cancel(appointment, cast.tess)
    assert rest.participant is None and rest.clients == [other]


def test_cancel_place_of_another_client_is_refused(cast, gates_open):
    other = make_client("Otto", practitioner=cast.tess_staff)
    appointment = book(cast, clients=[cast.cleo, other])
    participant = next(participant for participant in appointment.attending if participant.client == other)
    with pytest.raises(PermissionDenied):
        cancel(appointment, cast.gus, participant=participant)
