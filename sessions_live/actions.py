"""What happens in a live room: open, ask, admit, deny, write, leave, end."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.notifications import notices
from core.people.models import User
from core.scheduling.models import Appointment
from sessions_live.models import Admission, ChatMessage, Room
from sessions_live.permissions import Seat, hosts_of, opening_of, seat_of
from sessions_live.signals import session_ended, session_started

LONGEST_MESSAGE = 2000
SENTENCES = {
    "not_online": "This appointment takes place in person.",
    "not_booked": "This appointment is no longer booked.",
    "too_early": "The room opens 15 minutes before the start.",
    "too_late": "The room has closed.",
}


def open_room(appointment: Appointment, *, now: datetime) -> Room:
    """Return the appointment's room, made at the first call. DomainError when it cannot be entered now."""
    check_open(appointment, now=now)
    room, _ = Room.objects.get_or_create(appointment=appointment, defaults={"created_at": now})
    return room


def check_open(appointment: Appointment, *, now: datetime) -> None:
    """DomainError with the reason when the room is closed."""
    answer = opening_of(appointment, now=now)
    if not answer.is_open:
        raise DomainError(answer.code, SENTENCES[answer.code])


@transaction.atomic
def ask_admission(room: Room, *, by: User, now: datetime) -> Admission:
    """Come to the door. A host is in at once and the guests are told that it begins; a guest waits, and the hosts hear of it.

    Coming back within an open admission returns that one: whoever was let in does not wait twice.
    """
    seat = seat_of(by, room.appointment)
    if seat is None:
        raise DomainError("not_a_participant", "You do not take part in this session.")
    check_open(room.appointment, now=now)
    is_host = seat is Seat.HOST
    try:
        with transaction.atomic():
            admission = Admission.objects.create(
                room=room,
                user=by,
                name=by.name,
                is_host=is_host,
                state=Admission.State.ADMITTED if is_host else Admission.State.WAITING,
                asked_at=now,
                decided_at=now if is_host else None,
                decided_by=by if is_host else None,
            )
    except IntegrityError:
        return Admission.objects.get(room=room, user=by, state__in=["waiting", "admitted"])
    audit.record("admission.given" if is_host else "admission.asked", by=by, subject=room)
    if is_host:
        _start(room, by=by, now=now)
    else:
        _ring(room, admission)
    return admission


@transaction.atomic
def admit(room: Room, admission_id: Any, *, by: User, now: datetime) -> Admission:
    """Let a waiting person in."""
    return _decide(room, admission_id, Admission.State.ADMITTED, by=by, now=now)


@transaction.atomic
def deny(room: Room, admission_id: Any, *, by: User, now: datetime) -> Admission:
    """Turn a waiting person away, or take somebody out who is in."""
    return _decide(room, admission_id, Admission.State.DENIED, by=by, now=now)


@transaction.atomic
def leave(admission: Admission, *, now: datetime) -> Admission:
    """The person has gone; they may ask again."""
    Admission.objects.filter(pk=admission.pk, state__in=["waiting", "admitted"]).update(
        state=Admission.State.LEFT, left_at=now, decided_at=admission.decided_at or now
    )
    admission.refresh_from_db()
    return admission


@transaction.atomic
def post_message(room: Room, text: str, *, by: User, waiting_person: User | None, now: datetime) -> ChatMessage:
    """Write to everybody in the session, or between the hosts and one waiting person."""
    text = text.strip()
    if not text:
        raise DomainError("empty_message", "Write something first.")
    if len(text) > LONGEST_MESSAGE:
        raise DomainError("message_too_long", f"A message has at most {LONGEST_MESSAGE} characters.")
    return ChatMessage.objects.create(
        room=room, sender=by, sender_name=by.name, waiting_person=waiting_person, text=text, at=now
    )


@transaction.atomic
def end_session(room: Room, *, by: User, now: datetime) -> Room:
    """End it for everybody. Ending is not completing: what is owed is decided when the appointment is completed (LIV-34)."""
    room = Room.objects.select_for_update(of=["self"]).select_related("appointment").get(pk=room.pk)
    room.ended_at = now
    room.save(update_fields=["ended_at"])
    room.admissions.filter(state__in=["waiting", "admitted"]).update(
        state=Admission.State.LEFT, left_at=now, decided_at=now
    )
    audit.record("session.ended", by=by, subject=room)
    session_ended.send(Room, room=room, by=by, now=now)
    return room


@transaction.atomic
def raise_generation(room: Room, *, policy: str | None = None) -> Room:
    """The running call moves to another engine: clients hand over to the new generation."""
    room = Room.objects.select_for_update().get(pk=room.pk)
    room.generation += 1
    if policy is not None:
        room.policy = policy
    room.save(update_fields=["generation", "policy"])
    return room


def _start(room: Room, *, by: User, now: datetime) -> None:
    """The first host of a session: the guests are told that it begins (LIV-33, NOT-11)."""
    again = room.ended_at is not None
    if room.started_at is not None and not again:
        return
    room.started_at, room.ended_at = room.started_at or now, None
    room.save(update_fields=["started_at", "ended_at"])
    audit.record("session.started", by=by, subject=room)
    session_started.send(Room, room=room, by=by, now=now)
    for user_id in _guest_logins(room):
        notices.post(
            user_id=user_id,
            kind="live.started",
            title=f"{by.name} is ready for you",
            body=room.appointment.service_name,
            path=f"/live/{room.appointment_id}/",
        )


def _ring(room: Room, admission: Admission) -> None:
    """Pop-up and sound on every page that a host has open; a notice for those who look later."""
    for user_id in hosts_of(room):
        notices.post(
            user_id=user_id,
            kind="live.waiting",
            title=f"{admission.name} is waiting",
            body=room.appointment.service_name,
            path=f"/live/{room.appointment_id}/",
        )
        notices.push(
            user_id,
            {
                "kind": "live.ring",
                "room": str(room.pk),
                "admission": str(admission.pk),
                "name": admission.name,
                "title": f"{admission.name} is waiting",
                "body": room.appointment.service_name,
                "path": f"/live/{room.appointment_id}/",
            },
        )


def _guest_logins(room: Room) -> list[Any]:
    attending = room.appointment.participants.filter(is_attending=True)
    return list(
        User.objects.filter(links__client__participations__in=attending).values_list("pk", flat=True).distinct()
    )


def _decide(room: Room, admission_id: Any, state: Admission.State, *, by: User, now: datetime) -> Admission:
    admission = Admission.objects.select_for_update().filter(pk=admission_id, room=room, is_host=False).first()
    open_states = ["waiting"] if state == Admission.State.ADMITTED else ["waiting", "admitted"]
    if admission is None or admission.state not in open_states:
        raise ConflictError("not_waiting", "This person is not waiting any more.")
    admission.state, admission.decided_at, admission.decided_by = state, now, by
    admission.save(update_fields=["state", "decided_at", "decided_by"])
    verb = "given" if state == Admission.State.ADMITTED else "denied"
    audit.record(f"admission.{verb}", by=by, subject=room, changes={"person": [None, admission.name]})
    return admission
