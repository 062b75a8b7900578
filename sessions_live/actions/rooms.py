"""A live room is opened, its session starts, moves to the media server, ends."""

from datetime import datetime

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import gettext_noop, translate
from core.people.models import User
from core.scheduling.models import Appointment
from sessions_live import broadcasts, notifications
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Admission, LiveSettings, Room
from sessions_live.permissions import opening_of
from sessions_live.recordings.actions.stop import end_recording
from sessions_live.recordings.reasons import StopReason

CLOSED = {
    "not_online": gettext_noop("This takes place in person."),
    "not_booked": gettext_noop("This is no longer booked."),
    "too_early": gettext_noop("The %(room)s opens 15 minutes before the start."),
    "too_late": gettext_noop("The %(room)s has closed."),
}


def open_room(appointment: Appointment, *, now: datetime) -> Room:
    """Return the appointment's room, made at the first call. DomainError when it cannot be entered now.

    The organization's media policy holds from the next time that the room is empty: a call does not change its way while it runs.
    """
    check_open(appointment, now=now)
    policy = LiveSettings.current().policy
    room, _ = Room.objects.get_or_create(appointment=appointment, defaults={"created_at": now, "policy": policy})
    if room.policy != policy and not room.admissions.filter(state=Admission.State.ADMITTED).exists():
        room.policy = policy
        room.save(update_fields=["policy"])
    return room


def check_open(appointment: Appointment, *, now: datetime) -> None:
    """DomainError with the reason when the room is closed."""
    answer = opening_of(appointment, now=now)
    if not answer.is_open:
        raise DomainError(answer.code, translate(CLOSED[answer.code]))


def start_session(room: Room, *, by: User, now: datetime) -> None:
    """The first host of a session: the guests are told that it begins (LIV-33, NOT-11)."""
    again = room.ended_at is not None
    if room.started_at is not None and not again:
        return
    room.started_at, room.ended_at = room.started_at or now, None
    room.save(update_fields=["started_at", "ended_at"])
    audit.record(LiveAudit.SESSION_STARTED, by=by, subject=room)
    notifications.tell_guests_of_start(room, by=by, now=now)


@transaction.atomic
def end_session(room: Room, *, by: User, now: datetime) -> Room:
    """End it for everybody. Ending is not completing: what is owed is decided when the appointment is completed (LIV-34)."""
    room = Room.objects.select_for_update(of=["self"]).select_related("appointment__practitioner").get(pk=room.pk)
    room.ended_at, room.moved_to_server = now, False
    room.save(update_fields=["ended_at", "moved_to_server"])
    waiting = list(room.admissions.filter(state=Admission.State.WAITING))
    room.admissions.filter(state__in=Admission.OPEN_STATES).update(
        state=Admission.State.LEFT, left_at=now, decided_at=now, held_until=None
    )
    end_recording(room, because=StopReason.ENDED, by=by, now=now)
    audit.record(LiveAudit.SESSION_ENDED, by=by, subject=room)
    broadcasts.session_ended(room)
    for admission in waiting:
        notifications.withdraw_waiting(room, admission)
    return room


@transaction.atomic
def move_to_server(room: Room) -> Room:
    """A call between two has become one of three: it moves to the media server, and stays there until the session ends."""
    room = Room.objects.select_for_update(of=["self"]).select_related("appointment").get(pk=room.pk)
    if not room.uses_server:
        room.moved_to_server = True
        room.generation += 1
        room.save(update_fields=["moved_to_server", "generation"])
        broadcasts.engine_changed(room)
    return room
