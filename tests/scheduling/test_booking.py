"""Booking: who may, for whom, and when somebody is not free."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.people.models import Assignment, Client, StaffMember
from core.scheduling.models import Appointment, Participant
from tests.factories.scheduling import book, make_client, tomorrow


def test_book_writes_audits_and_promises(cast):
    appointment = book(cast)
    assert appointment.status == "booked"
    assert [participant.client for participant in appointment.attending] == [cast.cleo]
    assert AuditEvent.objects.filter(action="appointment.booked", subject_id=str(appointment.pk)).count() == 1
    told = OutboxMessage.objects.filter(name="scheduling.tell").values_list("payload__user", flat=True)
    assert sorted(told) == sorted([str(cast.cleo_login.pk), str(cast.gus.pk)])
    assert OutboxMessage.objects.filter(name="scheduling.remind_people").count() == 1


def test_first_appointment_assigns_and_says_why_in_the_readers_language(cast):
    otto = make_client("Otto")
    book(cast, clients=[otto], by=cast.nora)
    event = AuditEvent.objects.get(action="client.practitioner_assigned", subject_id=str(otto.pk))
    assert event.reason == "" and event.reason_sentence == "By the first booking"
    with translation.override("de"):
        assert event.reason_sentence == "Durch die erste Buchung"


def test_book_by_somebody_else_tells_the_practitioner_too(cast):
    book(cast, by=cast.nora)
    assert OutboxMessage.objects.filter(name="scheduling.tell", payload__user=str(cast.tess.pk)).exists()


def test_book_in_the_past_records_without_telling(cast):
    book(cast, at=clock.now() - timedelta(days=2))
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize("who", ["tess", "sam", "nora"])
def test_book_is_allowed_to_those_who_run_the_schedule(cast, who):
    assert book(cast, by=getattr(cast, who)).is_booked


@pytest.mark.parametrize("who", ["cleo_login", "gus", "ada"])
def test_book_is_refused_to_everybody_else(cast, who):
    with pytest.raises(PermissionDenied, match="permission"):
        book(cast, by=getattr(cast, who))


def test_book_is_refused_on_a_schedule_that_nobody_granted(cast):
    with pytest.raises(PermissionDenied):
        book(cast, practitioner=cast.sam_staff, by=cast.tess)


def test_book_unassigned_client_is_refused_to_a_practitioner_and_assigns_for_the_front_desk(cast):
    stranger = make_client("Stan")
    with pytest.raises(DomainError, match="Stan Other is not assigned to Tess North") as refused:
        book(cast, clients=[stranger])
    assert refused.value.code == "client_not_assigned"
    book(cast, clients=[stranger], by=cast.nora)
    assert Assignment.objects.filter(client=stranger, practitioner=cast.tess_staff).exists()


@pytest.mark.parametrize("status", ["inactive", "prospect"])
def test_book_client_who_is_not_active_is_refused_even_if_the_picker_still_had_them(cast, status):
    stale = Client.objects.get(pk=cast.cleo.pk)
    Client.objects.filter(pk=cast.cleo.pk).update(status=status)
    with pytest.raises(DomainError, match="is not active") as refused:
        book(cast, clients=[stale], by=cast.nora)
    assert refused.value.code == "client_not_active"


def test_book_practitioner_who_left_is_refused(cast):
    StaffMember.objects.filter(pk=cast.tess_staff.pk).update(status="inactive")
    with pytest.raises(DomainError, match="not active any more"):
        book(cast, by=cast.nora)


def test_book_twice_names_the_clash_to_those_who_may_see_it(cast):
    other = make_client("Otto", practitioner=cast.tess_staff)
    book(cast, at=tomorrow(9))
    with pytest.raises(ConflictError) as clash:
        book(cast, at=tomorrow(9, 30), clients=[other])
    assert "Tess North" in clash.value.message and "Cleo Marten" in clash.value.message


def test_book_client_twice_hides_the_colleagues_appointment(cast):
    Assignment.objects.create(client=cast.cleo, practitioner=cast.sam_staff)
    book(cast, practitioner=cast.sam_staff, by=cast.sam, at=tomorrow(9))
    with pytest.raises(ConflictError) as clash:
        book(cast, at=tomorrow(9), by=cast.tess)
    assert clash.value.message == "Cleo Marten is not free then. Please choose another time."


def test_book_back_to_back_is_free(cast):
    book(cast, at=tomorrow(9), minutes=60)
    assert book(cast, at=tomorrow(10), minutes=60).is_booked


def test_book_group_keeps_one_place_each(cast):
    people = [cast.cleo, make_client("Otto", practitioner=cast.tess_staff)]
    assert len(book(cast, clients=[*people, cast.cleo]).attending) == 2


def test_book_large_group_asks_for_confirmation_and_huge_is_refused(cast):
    people = [make_client(f"C{number}", practitioner=cast.tess_staff) for number in range(26)]
    with pytest.raises(DomainError) as refused:
        book(cast, clients=people)
    assert refused.value.code == "group_confirm"
    assert len(book(cast, clients=people, large_group_confirmed=True).attending) == 26
    with pytest.raises(DomainError, match="Choose at least one"):
        book(cast, clients=[])


@pytest.mark.parametrize(
    ("at", "minutes", "code"),
    [(0, 4, "bad_length"), (0, 24 * 60 + 1, "bad_length"), (-32, 50, "too_early"), (731, 50, "too_late")],
)
def test_book_outside_sensible_times_is_refused(cast, at, minutes, code):
    with pytest.raises(DomainError) as refused:
        book(cast, at=clock.now() + timedelta(days=at), minutes=minutes)
    assert refused.value.code == code


def test_database_refuses_overlap_for_practitioner_and_client_on_its_own(cast):
    first = book(cast)
    copy = {"starts_at": first.starts_at, "ends_at": first.ends_at}
    twin = Appointment(practitioner=cast.tess_staff, service_name="x", time_zone="UTC", booked_at=clock.now(), **copy)
    with pytest.raises(IntegrityError, match="appointment_practitioner_free"), transaction.atomic():
        twin.save()
    twin.practitioner = cast.sam_staff
    twin.save()
    with pytest.raises(IntegrityError, match="participant_client_free"), transaction.atomic():
        Participant.objects.create(appointment=twin, client=cast.cleo, **copy)


def test_database_refuses_a_place_at_another_time_than_its_appointment(cast):
    first = book(cast)
    with pytest.raises(IntegrityError, match="participant_same_time"), transaction.atomic():
        Participant.objects.create(
            appointment=first,
            client=make_client("Otto"),
            starts_at=first.starts_at + timedelta(days=1),
            ends_at=first.ends_at + timedelta(days=1),
        )
