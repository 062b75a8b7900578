"""Extending what is running, into what comes next only with an explanation, and taking that back."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.notifications import push
from core.notifications.models import Notice
from core.people.models import Client
from core.scheduling.actions import (
    cancel_appointment,
    complete_appointment,
    edit_appointment,
    extend_appointment,
    move_appointment,
    save_resource,
    take_back_extension,
)
from core.scheduling.actions.extension import extension_to_take_back
from core.scheduling.models import Appointment, BookableResource, Extension, Participant, Reservation
from core.scheduling.rules import extension
from core.scheduling.rules.conflicts import Span
from tests.factories.scheduling import book, completion_type, make_client
from tests.rules_tables import rows

MINUTE = timedelta(minutes=1)
START = datetime(2026, 5, 4, 10, tzinfo=UTC)


def at(text):
    hours, minutes = text.split(":")
    return START.replace(hour=int(hours), minute=int(minutes))


@pytest.mark.parametrize(("when", "minutes", "code", "ends_at"), rows("extension", "at"))
@pytest.mark.unit
def test_the_rule_answers_as_its_table_says(when, minutes, code, ends_at):
    time, _, state = when.partition(", ")
    found = extension.verdict(Span(START, at("10:50")), int(minutes), is_booked=not state, now=at(time))
    assert (found.code, found.ends_at) == (code, at(ends_at) if ends_at else None)


@pytest.mark.parametrize(("others", "explained", "until"), rows("extension", "what comes next"))
@pytest.mark.unit
def test_what_comes_next_keeps_its_time(others, explained, until):
    spans = [] if others == "nothing" else [Span(*(at(side) for side in others.split(" – ")))]
    found = extension.free_from(Span(START, at("11:10")), spans)
    assert found == (at(until) if until else None)
    assert (found is not None) == (explained == "needed")


@pytest.mark.unit
def test_nothing_takes_longer_than_a_day():
    assert extension.verdict(Span(START, START + 23 * 60 * MINUTE), 61, is_booked=True, now=START).code == "too_long"


@pytest.fixture
def running(cast):
    """An appointment that began forty minutes ago and takes fifty."""
    return book(cast, at=clock.now() - 40 * MINUTE)


@pytest.fixture
def next_one(cast, running):
    """What Tess has directly afterwards, with somebody else."""
    return book(cast, at=running.ends_at, clients=[make_client("Otto", practitioner=cast.tess_staff, login=cast.gus)])


def extend(appointment, by, minutes=15, **facts):
    return extend_appointment(appointment, minutes=minutes, by=by, now=clock.now(), **facts)


def test_extending_moves_the_end_of_everybody_and_tells(cast, running):
    before = running.ends_at
    OutboxMessage.objects.all().delete()
    extend(running, cast.tess)
    running.refresh_from_db()
    assert running.ends_at == before + 15 * MINUTE and running.sequence == 1 and running.minutes == 65
    assert Participant.objects.get(appointment=running).ends_at == running.ends_at
    changes = AuditEvent.objects.get(action="appointment.extended").changes
    assert changes["ends_at"] == [before.isoformat(), running.ends_at.isoformat()]
    told = OutboxMessage.objects.filter(name="scheduling.tell", payload__kind="moved")
    assert {message.payload["user"] for message in told} == {str(cast.cleo_login.pk), str(cast.gus.pk)}
    assert Notice.objects.filter(user_id=cast.cleo_login.pk, kind="appointment_moved").exists()


def test_taking_it_back_restores_the_end(cast, running):
    before = running.ends_at
    extend(running, cast.tess)
    after = take_back_extension(running, by=cast.sam, now=clock.now())
    after.refresh_from_db()
    assert after.ends_at == before and after.sequence == 2
    assert Extension.objects.get().taken_back_at is not None
    assert AuditEvent.objects.filter(action="appointment.extension_taken_back").exists()
    with pytest.raises(ConflictError, match="no extension"):
        take_back_extension(running, by=cast.tess, now=clock.now())


def test_only_the_latest_is_taken_back(cast, running):
    extend(running, cast.tess, 5)
    between = Appointment.objects.get(pk=running.pk).ends_at
    extend(running, cast.tess, 10)
    assert take_back_extension(running, by=cast.tess, now=clock.now()).ends_at == between


@pytest.mark.parametrize("who", ["cleo_login", "gus", "ada"])
def test_clients_and_agents_cannot_extend(cast, running, who):
    with pytest.raises(PermissionDenied):
        extend(running, getattr(cast, who))
    extend(running, cast.tess)
    with pytest.raises(PermissionDenied):
        take_back_extension(running, by=getattr(cast, who), now=clock.now())


def test_what_has_not_begun_is_not_extended(cast):
    with pytest.raises(DomainError, match="not begun"):
        extend(book(cast), cast.tess)


def test_what_is_completed_is_not_extended(cast, running):
    complete_appointment(running, completion_type=completion_type("Completed"), by=cast.tess, now=clock.now())
    with pytest.raises(ConflictError, match="completed"):
        extend(running, cast.tess)


@pytest.mark.parametrize("minutes", [0, 241, -5])
def test_minutes_that_are_none_are_refused(cast, running, minutes):
    with pytest.raises(DomainError) as refusal:
        extend(running, cast.tess, minutes)
    assert refusal.value.field == "minutes"


def test_into_the_next_one_only_with_an_explanation(cast, running, next_one):
    with pytest.raises(DomainError, match=r"Tess North is not free then: .*, with Otto Other") as refusal:
        extend(running, cast.tess)
    assert refusal.value.field == "reason" and not Extension.objects.exists()
    running.refresh_from_db()
    assert running.ends_at == next_one.starts_at


def test_explained_it_runs_over_and_the_next_one_keeps_its_time(cast, running, next_one):
    OutboxMessage.objects.all().delete()
    extend(running, cast.tess, reason="In the middle of it")
    running.refresh_from_db()
    assert running.ends_at == next_one.starts_at + 15 * MINUTE and running.free_from == next_one.starts_at
    assert AuditEvent.objects.get(action="appointment.extended").reason == "In the middle of it"
    assert Participant.objects.get(appointment=running).free_from is None
    told = OutboxMessage.objects.filter(name="scheduling.tell_delay")
    assert [message.payload["user"] for message in told] == [str(cast.gus.pk)]
    assert "may begin later" in Notice.objects.get(user_id=cast.gus.pk, kind="appointment_delayed").title


def test_push_that_it_begins_later_does_not_wait_longer_than_until_it_begins(cast, running, next_one, monkeypatch):
    asked = []
    monkeypatch.setattr(push, "promise", lambda notice, topic, **facts: asked.append((notice.kind, facts)))
    extend(running, cast.tess, reason="In the middle of it")
    delayed = [facts for kind, facts in asked if kind == "appointment_delayed"]
    assert delayed and all(
        facts == {"happens_at": next_one.starts_at, "heard_by": None, "about": next_one, "branch": None}
        for facts in delayed
    )


def test_taken_back_the_next_one_hears_that_it_begins_on_time(cast, running, next_one):
    before = running.ends_at
    extend(running, cast.tess, reason="In the middle of it")
    take_back_extension(running, by=cast.tess, now=clock.now())
    running.refresh_from_db()
    assert running.ends_at == before and running.free_from is None
    assert Notice.objects.filter(kind="appointment_delayed", title__contains="on time after all").count() == 1


def test_extended_twice_into_the_next_one_is_explained_twice(cast, running, next_one):
    extend(running, cast.tess, 5, reason="A little longer")
    with pytest.raises(DomainError, match="not free"):
        extend(running, cast.tess, 5)
    extend(running, cast.tess, 5, reason="A little longer still")
    assert Appointment.objects.get(pk=running.pk).ends_at == next_one.starts_at + 10 * MINUTE
    take_back_extension(running, by=cast.tess, now=clock.now())
    fresh = Appointment.objects.get(pk=running.pk)
    assert fresh.ends_at == next_one.starts_at + 5 * MINUTE and fresh.free_from == next_one.starts_at


def test_a_gap_before_the_next_one_is_held(cast, running):
    start = running.ends_at + 10 * MINUTE
    other = book(cast, at=start, clients=[make_client("Otto", practitioner=cast.tess_staff)])
    extend(running, cast.tess, 20, reason="In the middle of it")
    running.refresh_from_db()
    assert running.free_from == other.starts_at
    with pytest.raises(ConflictError):
        book(
            cast,
            at=running.starts_at + 52 * MINUTE,
            minutes=5,
            clients=[make_client("Ida", practitioner=cast.tess_staff)],
        )


def test_the_clients_next_one_with_somebody_else_counts_too(cast, running):
    other = book(cast, at=running.ends_at, practitioner=cast.sam_staff, by=cast.nora)
    with pytest.raises(DomainError, match="Cleo Marten is not free then"):
        extend(running, cast.tess)
    extend(running, cast.tess, reason="Her mother agrees")
    place = Participant.objects.get(appointment=running)
    running.refresh_from_db()
    assert (place.free_from, running.free_from) == (other.starts_at, None)
    assert Notice.objects.filter(user_id=cast.sam.pk, kind="schedule_delayed").exists()


def test_what_runs_over_can_be_moved_and_completed(cast, running, next_one):
    extend(running, cast.tess, reason="In the middle of it")
    moved = move_appointment(
        running, starts_at=running.starts_at - 120 * MINUTE, ends_at=running.ends_at - 120 * MINUTE, by=cast.tess, now=clock.now()
    )  # fmt: skip
    moved.refresh_from_db()
    assert moved.free_from is None


def test_completed_late_it_holds_nothing_of_the_next_one(cast, running, next_one):
    extend(running, cast.tess, reason="In the middle of it")
    complete_appointment(
        running, completion_type=completion_type("Completed"), by=cast.tess, now=next_one.starts_at + 10 * MINUTE
    )
    running.refresh_from_db()
    assert running.free_from == next_one.starts_at and running.completion.charged_minutes == 65


def test_an_inactive_client_stays_in_what_is_running(cast, running):
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")
    extend(running, cast.tess)
    assert Participant.objects.get(appointment=running).ends_at == Appointment.objects.get(pk=running.pk).ends_at


def test_what_was_left_to_the_next_one_is_held_again_once_nobody_waits(cast, running):
    room = save_resource(BookableResource(name="Studio 2"), by=cast.nora, now=clock.now())
    edit_appointment(running, resources=[room], by=cast.tess, now=clock.now())
    waits = {"practitioner": cast.sam_staff, "by": cast.nora}
    other = book(cast, at=running.ends_at, resources=[room], **waits)
    extend(running, cast.tess, 15, reason="Her mother agrees")
    rows = [Participant.objects.get(appointment=running), Reservation.objects.get(appointment=running)]
    assert [row.free_from for row in rows] == [other.starts_at] * 2
    cancel_appointment(other, party="practice", by=cast.nora, now=clock.now())
    extend(running, cast.tess, 5)
    for row in rows:
        row.refresh_from_db()
        assert row.free_from is None and row.ends_at == other.starts_at + 20 * MINUTE
    beside = {"at": other.starts_at + 5 * MINUTE, "minutes": 10, **waits}
    with pytest.raises(ConflictError, match="Cleo Marten"):
        book(cast, **beside)
    with pytest.raises(ConflictError, match="Studio 2"):
        book(cast, clients=[make_client("Ida")], resources=[room], **beside)


@pytest.mark.parametrize("earlier", [-25, 10], ids=["into the extension", "to an earlier start"])
def test_an_extension_is_not_taken_back_once_somebody_has_moved_it(cast, running, earlier):
    extend(running, cast.tess)  # ends 25 minutes from now; without it, 10 minutes
    now = Appointment.objects.get(pk=running.pk)
    starts_at = now.ends_at - 10 * MINUTE if earlier < 0 else now.starts_at - earlier * MINUTE
    move_appointment(now, starts_at=starts_at, ends_at=now.ends_at, by=cast.tess, now=clock.now())
    moved = Appointment.objects.get(pk=running.pk)
    assert extension_to_take_back(moved) is None
    with pytest.raises(ConflictError, match="no extension any more"):
        take_back_extension(moved, by=cast.tess, now=clock.now())
    moved.refresh_from_db()
    assert (moved.starts_at, moved.ends_at) == (starts_at, now.ends_at)


def test_an_extension_of_an_earlier_release_is_taken_back_where_that_is_possible(cast, running):
    extend(running, cast.tess)
    Extension.objects.update(starts_at=None)
    now = Appointment.objects.get(pk=running.pk)
    assert extension_to_take_back(now) is not None
    move_appointment(now, starts_at=running.ends_at, ends_at=now.ends_at, by=cast.tess, now=clock.now())
    assert extension_to_take_back(Appointment.objects.get(pk=running.pk)) is None


def test_whoever_takes_over_what_runs_into_the_next_one_has_all_of_its_time(cast, running, next_one):
    extend(running, cast.tess, reason="In the middle of it")
    late = {"at": next_one.starts_at + 5 * MINUTE, "minutes": 30, "practitioner": cast.sam_staff, "by": cast.nora}
    busy = book(cast, clients=[make_client("Ida")], **late)
    hand_over = {"practitioner": cast.sam_staff, "by": cast.nora, "now": clock.now()}
    with pytest.raises(ConflictError, match="Sam North is not free then"):
        edit_appointment(running, **hand_over)
    cancel_appointment(busy, party="practice", by=cast.nora, now=clock.now())
    edit_appointment(running, **hand_over)
    running.refresh_from_db()
    assert (running.practitioner_id, running.free_from) == (cast.sam_staff.pk, None)
    with pytest.raises(ConflictError, match="Sam North is not free then"):
        book(cast, clients=[make_client("Eva")], **late)


def test_whoever_comes_into_what_runs_into_the_next_one_is_free_for_all_of_it(cast, running, next_one):
    extend(running, cast.tess, reason="In the middle of it")
    busy, free = make_client("Ida", practitioner=cast.tess_staff), make_client("Eva", practitioner=cast.tess_staff)
    room = save_resource(BookableResource(name="Studio 2"), by=cast.nora, now=clock.now())
    book(
        cast, at=next_one.starts_at + 5 * MINUTE, practitioner=cast.sam_staff, clients=[busy], resources=[room], by=cast.nora
    )  # fmt: skip
    how = {"by": cast.tess, "now": clock.now()}
    with pytest.raises(ConflictError, match="Ida Other is not free then"):
        edit_appointment(running, clients=[cast.cleo, busy], **how)
    with pytest.raises(ConflictError, match="Studio 2 is not free then"):
        edit_appointment(running, resources=[room], **how)
    other_room = save_resource(BookableResource(name="Studio 3"), by=cast.nora, now=clock.now())
    edit_appointment(running, clients=[cast.cleo, free], resources=[other_room], **how)
    running.refresh_from_db()
    assert running.free_from == next_one.starts_at  # Tess still has the next one
    assert Participant.objects.get(appointment=running, client=free).free_from is None
    assert Reservation.objects.get(appointment=running).free_from is None


def test_what_has_begun_meanwhile_is_not_said_to_begin_on_time(cast, running, next_one):
    extend(running, cast.tess, reason="In the middle of it")
    told = OutboxMessage.objects.filter(name="scheduling.tell_delay").count()
    take_back_extension(running, by=cast.tess, now=next_one.starts_at + 2 * MINUTE)
    assert not Notice.objects.filter(kind="appointment_delayed", title__contains="on time after all").exists()
    assert OutboxMessage.objects.filter(name="scheduling.tell_delay").count() == told
