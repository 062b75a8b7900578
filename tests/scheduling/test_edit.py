"""Editing what an appointment is, and who hears of it."""

from datetime import timedelta
from email.utils import parseaddr
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, OutboxMessage
from core.people.models import Assignment, Client, StaffMember
from core.scheduling.actions import (
    adopt_policy,
    booking_checks,
    cancel_appointment,
    complete_appointment,
    edit_appointment,
    move_appointment,
    save_resource,
)
from core.scheduling.actions.edit import ServiceChosen
from core.scheduling.changes import described
from core.scheduling.models import Appointment, BookableResource, Cancellation, Participant, Reservation
from tests.factories.scheduling import book, completion_type, make_client, tomorrow
from tests.scheduling.mail_entries import calendar_of, event_of

HOUR = timedelta(hours=1)


def edit(appointment, by, **facts):
    return edit_appointment(appointment, **facts, by=by, now=clock.now())


def again(appointment):
    return Appointment.objects.get(pk=appointment.pk)


def attending(appointment):
    return {place.client for place in Participant.objects.filter(appointment=appointment, is_attending=True)}


def address(mail):
    return parseaddr(mail.to[0])[1]


def entry(mail):
    event, (_, calendar) = event_of(mail), calendar_of(mail)
    return str(calendar["METHOD"]), int(event["SEQUENCE"]), str(event["UID"])


def test_edit_of_the_place_is_noted_and_everybody_gets_the_new_one(cast, deliver):
    appointment = book(cast)
    deliver()
    edit(appointment, cast.nora, mode="in_person", location="Studio 2", note="Bring the cards.")
    now = again(appointment)
    assert (now.mode, now.location, now.note, now.sequence) == ("in_person", "Studio 2", "Bring the cards.", 1)
    changes = AuditEvent.objects.get(action="appointment.changed").changes
    assert changes == {"mode": ["online", "in_person"], "location": ["", "Studio 2"], "note": ["…", "…"]}
    sent = deliver()
    assert {address(mail) for mail in sent} == {cast.cleo_login.email, cast.gus.email, cast.tess.email}
    assert all(entry(mail) == ("REQUEST", 1, appointment.uid) for mail in sent)
    assert all("Where: Online → In person" in mail.body and "Place: – → Studio 2" in mail.body for mail in sent)
    assert not any("Bring the cards" in mail.body for mail in sent)


def test_edit_that_changes_nothing_writes_nothing(cast):
    appointment = book(cast)
    assert not edit(appointment, cast.tess, clients=[cast.cleo], practitioner=cast.tess_staff, mode="online").changes
    assert again(appointment).sequence == 0 and not AuditEvent.objects.filter(action="appointment.changed").exists()


def test_edit_tells_nobody_who_is_not_to_be_told(cast, deliver):
    appointment = book(cast)
    deliver()
    edit(appointment, cast.nora, location="Studio 2", tell=False)
    assert deliver() == [] and again(appointment).sequence == 1


def test_who_comes_in_is_invited_who_goes_is_taken_out_and_the_others_read_of_neither(cast, deliver):
    otto = make_client("Otto", login=cast.sam, practitioner=cast.tess_staff)
    mia = make_client("Mia", practitioner=cast.tess_staff)
    appointment = book(cast, clients=[cast.cleo, otto])
    deliver()
    edit(appointment, cast.nora, clients=[otto, mia])
    assert attending(appointment) == {otto, mia}
    sent = {address(mail): mail for mail in deliver()}
    assert set(sent) == {cast.cleo_login.email, cast.gus.email, cast.tess.email}  # Sam, whose Otto stays, reads nothing
    assert entry(sent[cast.gus.email]) == ("CANCEL", 1, appointment.uid)
    assert "Mia" not in sent[cast.gus.email].body and "Otto" not in sent[cast.gus.email].body
    assert entry(sent[cast.tess.email]) == ("REQUEST", 1, appointment.uid)
    assert "Mia Other, Otto Other" in sent[cast.tess.email].body
    given_up = Cancellation.objects.get()
    assert (given_up.participant.client, given_up.party, given_up.client_share) == (cast.cleo, "practice", 0)


def test_who_was_taken_out_can_come_in_again(cast, deliver):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    appointment = book(cast, clients=[cast.cleo, otto])
    edit(appointment, cast.nora, clients=[otto])
    deliver()
    edit(appointment, cast.nora, clients=[otto, cast.cleo])
    assert attending(appointment) == {otto, cast.cleo} and not Cancellation.objects.exists()
    assert Participant.objects.filter(appointment=appointment).count() == 2
    sent = {address(mail): mail for mail in deliver()}
    assert entry(sent[cast.gus.email]) == ("REQUEST", 2, appointment.uid)


def test_who_cancelled_late_and_owes_for_it_cannot_come_in_again(cast):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    adopt_policy(
        levels=[(200, completion_type("Cancelled late - full costs and wages"))], by=cast.nora, now=clock.now()
    )
    appointment = book(cast, clients=[cast.cleo, otto])
    place = Participant.objects.get(appointment=appointment, client=cast.cleo)
    cancel_appointment(appointment, participant=place, by=cast.nora, now=clock.now())
    with pytest.raises(ConflictError, match="charged for it: Cleo Marten"):
        edit(appointment, cast.nora, clients=[otto, cast.cleo])


def test_a_guardian_of_two_keeps_the_entry_while_one_of_them_stays(cast, deliver):
    otto = make_client("Otto", login=cast.gus, practitioner=cast.tess_staff)
    appointment = book(cast, clients=[cast.cleo, otto])
    deliver()
    edit(appointment, cast.nora, clients=[otto])
    mail = next(mail for mail in deliver() if address(mail) == cast.gus.email)
    assert entry(mail) == ("REQUEST", 1, appointment.uid)
    assert "brings your calendar up to date" in mail.body and "takes it out" not in mail.body


def test_a_place_that_is_cancelled_leaves_the_practitioners_entry_of_the_group(cast, deliver):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    appointment = book(cast, clients=[cast.cleo, otto])
    deliver()
    place = Participant.objects.get(appointment=appointment, client=otto)
    cancel_appointment(appointment, participant=place, by=cast.nora, now=clock.now())
    (mail,) = deliver()
    assert address(mail) == cast.tess.email and entry(mail) == ("REQUEST", 1, appointment.uid)


def test_whoever_hands_over_loses_the_entry_and_the_other_gets_it(cast, deliver):
    sue = StaffMember.objects.create(
        user=type(cast.tess).objects.create_user(email="sue@north.test", name="Sue North", time_zone="UTC"),
        role="practitioner",
    )
    appointment = book(cast)
    deliver()
    edit(appointment, cast.nora, practitioner=sue)
    assert again(appointment).practitioner == sue
    assert Assignment.objects.filter(client=cast.cleo, practitioner=sue).exists()
    sent = {address(mail): mail for mail in deliver()}
    assert set(sent) == {cast.cleo_login.email, cast.gus.email, cast.tess.email, "sue@north.test"}
    assert entry(sent[cast.tess.email])[:2] == ("CANCEL", 1)
    assert "No longer on your schedule" in sent[cast.tess.email].subject
    assert str(appointment.pk) not in sent[cast.tess.email].body
    assert entry(sent["sue@north.test"])[:2] == ("REQUEST", 1)
    assert ": Tess North → Sue North" in sent[cast.gus.email].body


def test_service_is_another_one_from_then_on(cast):
    appointment = book(cast)
    edit(appointment, cast.tess, service=ServiceChosen("Assessment"))
    assert again(appointment).service_name == "Assessment"


@pytest.mark.parametrize("who", ["cleo_login", "gus", "ada"])
def test_edit_is_refused_to_clients_and_agents(cast, who):
    appointment = book(cast)
    with pytest.raises(PermissionDenied):
        edit(appointment, getattr(cast, who), location="Studio 2")


def test_nobody_puts_an_appointment_on_a_schedule_that_they_do_not_run(cast):
    appointment = book(cast)
    with pytest.raises(PermissionDenied):
        edit(appointment, cast.tess, practitioner=cast.sam_staff)


def test_nobody_is_put_where_they_are_not_free(cast):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    book(cast, at=tomorrow(9), practitioner=cast.sam_staff, clients=[otto], by=cast.nora)
    appointment = book(cast, at=tomorrow(9))
    with pytest.raises(ConflictError, match="Otto Other is not free"):
        edit(appointment, cast.nora, clients=[cast.cleo, otto])
    with pytest.raises(ConflictError, match=f"{cast.sam} is not free"):
        edit(appointment, cast.nora, practitioner=cast.sam_staff)
    assert attending(appointment) == {cast.cleo} and again(appointment).sequence == 0


def test_whoever_is_not_active_or_not_assigned_does_not_come_in_but_may_stay(cast):
    idle = make_client("Ida", practitioner=cast.tess_staff)
    stranger = make_client("Otto")
    appointment = book(cast, clients=[cast.cleo, idle])
    Client.objects.filter(pk=idle.pk).update(status="inactive")
    edit(appointment, cast.tess, clients=[idle])
    with pytest.raises(DomainError, match="not assigned"):
        edit(appointment, cast.tess, clients=[idle, stranger])
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")
    with pytest.raises(DomainError, match="Cleo Marten is not active"):
        edit(appointment, cast.tess, clients=[idle, cast.cleo])


def test_somebody_always_takes_part(cast):
    with pytest.raises(DomainError, match="at least one person"):
        edit(book(cast), cast.tess, clients=[])


def test_what_is_completed_keeps_what_is_charged_and_takes_a_new_note(cast):
    appointment = book(cast, at=clock.now() - 3 * HOUR)
    complete_appointment(appointment, completion_type=completion_type("Completed"), by=cast.tess, now=clock.now())
    edit(appointment, cast.tess, note="Went well.", location="Studio 2")
    assert again(appointment).note == "Went well."
    for facts in (
        {"clients": [cast.cleo, make_client("Otto", practitioner=cast.tess_staff)]},
        {"practitioner": cast.sam_staff},
        {"service": ServiceChosen("Assessment")},
    ):
        with pytest.raises(ConflictError, match="It is completed"):
            edit(appointment, cast.nora, **facts)


def test_what_is_cancelled_stays_as_it_was(cast):
    appointment = book(cast)
    cancel_appointment(appointment, party="practice", by=cast.tess, now=clock.now())
    with pytest.raises(ConflictError, match="cannot be changed any more"):
        edit(appointment, cast.tess, note="Late")


def test_a_move_after_the_edit_makes_its_mail_void(cast, deliver):
    appointment = book(cast)
    deliver()
    edit(appointment, cast.nora, location="Studio 2")
    move_appointment(
        again(appointment), starts_at=appointment.starts_at + HOUR, ends_at=appointment.ends_at + HOUR, by=cast.nora, now=clock.now()
    )  # fmt: skip
    assert all("New time" in mail.subject or "Moved" in mail.subject for mail in deliver())
    assert OutboxMessage.objects.filter(payload__kind="changed", state="void").count() == 3


@pytest.mark.parametrize(("kind", "is_held"), [("Completed", True), ("Missed - no costs", False)])
def test_room_of_what_is_over_is_taken_for_the_time_that_it_took(cast, kind, is_held):
    appointment = book(cast, at=clock.now() - HOUR / 2, minutes=60)
    complete_appointment(appointment, completion_type=completion_type(kind), by=cast.tess, now=clock.now())
    after = book(cast, at=clock.now() + timedelta(minutes=2), minutes=10)
    studio = save_resource(BookableResource(name="Studio 2"), by=cast.nora, now=clock.now())
    edit(after, cast.tess, resources=[studio])
    edit(appointment, cast.tess, resources=[studio])
    taken = Reservation.objects.get(appointment=appointment)
    assert taken.free_from == again(appointment).free_from < after.starts_at
    assert (taken.span.ends_at > taken.span.starts_at) is is_held


def test_group_beyond_the_plan_becomes_smaller_and_not_larger(cast, monkeypatch):
    others = [make_client(f"Otto {number}", practitioner=cast.tess_staff) for number in range(4)]
    appointment = book(cast, clients=others)
    monkeypatch.setattr(booking_checks, "most_in_a_group", lambda: 2)
    with pytest.raises(DomainError, match="Your plan"):
        edit(appointment, cast.tess, clients=[*others, cast.cleo])
    edit(appointment, cast.tess, clients=others[:3])
    assert attending(again(appointment)) == set(others[:3])


def test_change_of_the_service_reads_in_the_language_of_the_reader(cast):
    appointment = book(cast, service_name="Lesson", other_service_names={"de": "Stunde"})
    edit(appointment, cast.tess, service=ServiceChosen("Trial", uuid4(), {"de": "Stunde", "fr": "Essai"}))
    changes = AuditEvent.objects.get(action="appointment.changed").changes
    with override("fr"):
        assert [(change.old, change.new) for change in described(changes, {})] == [("Lesson", "Essai")]
    with override("de"):
        assert described(changes, {}) == []
    assert [change.new for change in described({"service": ["Lesson", "Trial"], "note": ["…", "…"]}, {})] == [
        "Trial",
        "",
    ]
