"""Completing, and deciding how appointments may end."""

from datetime import timedelta
from importlib import import_module

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.people.models import Assignment
from core.scheduling import signals
from core.scheduling.actions import adopt_policy, complete_appointment, save_completion_type
from core.scheduling.models import Appointment, CancellationPolicy, CompletionType, Participant
from core.scheduling.queries import completion_types_for_completing, levels_of
from tests.factories.scheduling import book, completion_type, make_client


def complete(appointment, by, **changes):
    values = {"completion_type": completion_type("Completed"), "by": by, "now": clock.now()}
    return complete_appointment(appointment, **{**values, **changes})


def past(cast, **changes):
    return book(cast, at=clock.now() - timedelta(hours=1), **changes)


def test_complete_records_and_announces(cast):
    heard = []
    listener = lambda sender, **news: heard.append(news)  # noqa: E731 because a signal keeps only a weak reference
    signals.appointment_completed.connect(listener)
    appointment = past(cast)
    done = complete(appointment, cast.tess)
    signals.appointment_completed.disconnect(listener)
    assert Appointment.objects.get(pk=appointment.pk).status == "completed"
    assert done.charged_minutes == 50 and done.wage_share == 100
    assert heard[0]["completion_type"].name == "Completed" and heard[0]["charged_minutes"] == 50
    assert [row.client_share for row in heard[0]["completion"].attendances.all()] == [100]


def test_complete_group_with_one_missing_charges_each_on_their_own(cast):
    other = make_client("Otto", practitioner=cast.tess_staff)
    missed = completion_type("Missed - no costs")
    done = complete(past(cast, clients=[cast.cleo, other]), cast.tess, per_client={other.pk: missed})
    assert {row.participant.client: row.client_share for row in done.attendances.all()} == {cast.cleo: 100, other: 0}


def test_complete_before_the_start_is_refused(cast):
    with pytest.raises(DomainError, match="has not begun"):
        complete(book(cast), cast.tess)


def test_complete_twice_is_a_conflict(cast):
    appointment = past(cast)
    complete(appointment, cast.tess)
    with pytest.raises(ConflictError, match="completed already"):
        complete(appointment, cast.tess)


@pytest.mark.parametrize("who", ["cleo_login", "gus", "ada"])
def test_complete_is_refused_to_clients_and_agents(cast, who):
    with pytest.raises(PermissionDenied):
        complete(past(cast), getattr(cast, who))


def test_complete_with_a_type_for_cancelling_is_refused(cast):
    with pytest.raises(DomainError, match="cannot be chosen"):
        complete(past(cast), cast.tess, completion_type=completion_type("Cancelled late - half"))


def test_complete_with_impossible_minutes_is_refused(cast):
    with pytest.raises(DomainError, match="Minutes are between"):
        complete(past(cast), cast.tess, charged_minutes=2000)


def test_policy_takes_three_levels_and_not_four(cast):
    kind = completion_type("Cancelled late - half")
    adopt_policy(levels=[(72, kind), (48, kind), (24, kind)], by=cast.nora, now=clock.now())
    with pytest.raises(DomainError, match="at most 3 levels"):
        adopt_policy(levels=[(h, kind) for h in (4, 24, 48, 72)], by=cast.nora, now=clock.now())


@pytest.mark.parametrize(
    ("levels", "code"),
    [([(24, "Completed")], "unusable_type"), ([(0, "Cancelled late - half")], "bad_hours")],
)
def test_policy_with_senseless_levels_is_refused(cast, levels, code):
    with pytest.raises(DomainError) as refused:
        adopt_policy(levels=[(h, completion_type(n)) for h, n in levels], by=cast.nora, now=clock.now())
    assert refused.value.code == code


def test_policy_is_not_the_practitioners_to_decide(cast):
    with pytest.raises(PermissionDenied):
        adopt_policy(levels=[], by=cast.tess, now=clock.now())


def test_completion_type_changed_is_followed_by_the_policy_and_not_by_the_past(cast):
    kind = completion_type("Cancelled late - half")
    first = adopt_policy(levels=[(24, kind)], by=cast.nora, now=clock.now())
    kind.client_share = 75
    save_completion_type(kind, by=cast.nora, now=clock.now())
    newest = CancellationPolicy.objects.order_by("-adopted_at", "-id").first()
    assert newest != first
    assert [level.client_share for level in levels_of(newest)] == [75]
    assert [level.client_share for level in levels_of(first)] == [50]


def test_completion_type_of_ones_own_can_be_chosen_and_a_taken_name_cannot(cast):
    own = CompletionType(name="Trial lesson", outcome="held", client_share=0, wage_share=100)
    save_completion_type(own, by=cast.nora, now=clock.now())
    assert own in completion_types_for_completing()
    with pytest.raises(DomainError, match="of that name already"):
        save_completion_type(CompletionType(name="Trial lesson", outcome="held"), by=cast.nora, now=clock.now())


def running(cast, **changes):
    """One that began ten minutes ago and is planned for fifty."""
    return book(cast, at=clock.now() - timedelta(minutes=10), **changes)


@pytest.mark.parametrize(
    ("kind", "begins", "is_free"),
    [
        ("Missed - no costs", 0, True),
        ("Missed - full costs and wages", -10, True),
        ("Completed", 0, True),
        ("Completed", -5, False),
    ],
)
def test_time_is_free_again_once_it_is_over(cast, kind, begins, is_free):
    now = clock.now()
    complete(running(cast), cast.tess, completion_type=completion_type(kind), now=now)
    again = {"at": now + timedelta(minutes=begins), "minutes": 20}
    if is_free:
        assert book(cast, **again).status == "booked"
        return
    with pytest.raises(ConflictError, match="not free"):
        book(cast, **again)


def test_time_that_was_missed_is_free_for_what_took_place_instead(cast):
    complete(past(cast), cast.tess, completion_type=completion_type("Missed - no costs"))
    other = make_client("Otto", practitioner=cast.tess_staff)
    instead = past(cast, clients=[other])
    complete(instead, cast.tess)
    with pytest.raises(ConflictError, match="not free"):
        past(cast, clients=[other])


def test_client_who_was_missing_from_a_group_is_free_and_the_others_are_not(cast):
    now, other = clock.now(), make_client("Otto", practitioner=cast.tess_staff)
    Assignment.objects.create(client=other, practitioner=cast.sam_staff)
    Assignment.objects.create(client=cast.cleo, practitioner=cast.sam_staff)
    group = past(cast, clients=[cast.cleo, other])
    complete(group, cast.tess, per_client={other.pk: completion_type("Missed - no costs")}, now=now)
    with pytest.raises(ConflictError, match="Cleo Marten is not free"):
        past(cast, clients=[cast.cleo], practitioner=cast.sam_staff, by=cast.nora)
    assert past(cast, clients=[other], practitioner=cast.sam_staff, by=cast.nora)


def test_migration_frees_what_was_missed_or_ended_early_before(cast):
    early, missed = running(cast), past(cast, minutes=30)
    complete(early, cast.tess)
    complete(missed, cast.tess, completion_type=completion_type("Missed - no costs"))
    meant = dict(Appointment.objects.values_list("pk", "free_from"))
    places = dict(Participant.objects.values_list("pk", "free_from"))
    Appointment.objects.update(free_from=None)
    Participant.objects.update(free_from=None)
    with connection.cursor() as cursor:
        cursor.execute(import_module("core.scheduling.migrations.0005_time_free_again").FREE_AGAIN)
    assert dict(Appointment.objects.values_list("pk", "free_from")) == meant and None not in meant.values()
    assert dict(Participant.objects.values_list("pk", "free_from")) == places and None not in places.values()
