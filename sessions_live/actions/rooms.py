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
from sessions_live.models import Admission, LiveSettings, PersonalLink, Room, SharedVideo
from sessions_live.permissions import ROOMS, is_closed_for_good, opening_of
from sessions_live.recordings.actions.stop import end_recording
from sessions_live.recordings.actions.stop import end_without_host as end_recording_without_host
from sessions_live.recordings.reasons import StopReason
from sessions_live.showings.actions.ending import end_showings

CLOSED = {
    "not_online": gettext_noop("This takes place in person."),
    "not_booked": gettext_noop("This is no longer booked."),
    "too_early": gettext_noop("The %(room)s opens 15 minutes before the start."),
    "too_late": gettext_noop("The %(room)s has closed."),
    "no_link": gettext_noop("Nobody can be met by this link any more."),
}


def open_room(appointment: Appointment, *, now: datetime) -> Room:
    """Return the appointment's room, made at the first call. DomainError when it cannot be entered now.

    The organization's media policy holds from the next time that the room is empty: a call does not change its way while it runs.
    """
    answer = opening_of(appointment, now=now)
    if not answer.is_open:
        raise DomainError(answer.code, translate(CLOSED[answer.code]))
    return _opened(now, appointment=appointment)


def open_personal_room(link: PersonalLink, *, now: datetime) -> Room:
    """The room in which whoever comes by this link is met, made at the first call."""
    return _opened(now, link=link)


def _opened(now: datetime, **of_whom: Appointment | PersonalLink) -> Room:
    policy = LiveSettings.current().policy
    room, _ = Room.objects.get_or_create(**of_whom, defaults={"created_at": now, "policy": policy})
    if room.policy != policy and not room.admissions.filter(state=Admission.State.ADMITTED).exists():
        room.policy = policy
        room.save(update_fields=["policy"])
    return room


def check_open(room: Room, *, now: datetime) -> None:
    """DomainError with a code of `CLOSED` when nobody may be in the room now."""
    if room.appointment is None:
        code = is_closed_for_good(room, now=now)
    else:
        answer = opening_of(room.appointment, now=now)
        code = "" if answer.is_open else answer.code
    if code:
        raise DomainError(code, translate(CLOSED[code]))


def start_session(room: Room, *, by: User, now: datetime) -> None:
    """The first host of a session: the guests are told that it begins (LIV-33, NOT-11)."""
    again = room.ended_at is not None or (room.link_id is not None and not _has_others(room, by))
    if room.started_at is not None and not again:
        return
    room.started_at = now if room.link_id else room.started_at or now
    room.ended_at, room.is_locked = None, False
    room.save(update_fields=["started_at", "ended_at", "is_locked"])
    audit.record(LiveAudit.SESSION_STARTED, by=by, subject=room)
    if room.appointment is not None:
        notifications.tell_guests_of_start(room, by=by, now=now)


def _has_others(room: Room, by: User) -> bool:
    return room.admissions.filter(state=Admission.State.ADMITTED).exclude(user=by).exists()


def end_without_host(room: Room, *, now: datetime) -> None:
    """Somebody has left. Without a host nothing is recorded, and nobody stays in a personal room by themselves."""
    end_recording_without_host(room, now=now)
    if room.link_id is None:
        return
    clear_for_next(room)
    inside = list(room.admissions.filter(state=Admission.State.ADMITTED).values_list("is_host", flat=True))
    if inside and not any(inside):
        end_session(room, by=audit.SYSTEM, now=now)


def clear_for_next(room: Room) -> None:
    """The last guest of a personal room has gone: the next one, who may be somebody else, does not see what was shown to them."""
    if room.link_id is None or room.admissions.filter(state=Admission.State.ADMITTED, is_host=False).exists():
        return
    if SharedVideo.objects.filter(room=room).delete()[0]:
        broadcasts.video_changed(room)


@transaction.atomic
def end_session(room: Room, *, by: User | audit.System, now: datetime) -> Room:
    """End it for everybody; who waits in a personal room waits on.

    Ending is not completing: what is owed is decided when the appointment is completed (LIV-34).
    """
    room = ROOMS.select_for_update(of=["self"]).get(pk=room.pk)
    room.ended_at, room.moved_to_server, room.is_locked, room.spotlight = now, False, False, None
    room.save(update_fields=["ended_at", "moved_to_server", "is_locked", "spotlight"])
    ending = Admission.OPEN_STATES if room.link_id is None else [Admission.State.ADMITTED]
    waiting = list(room.admissions.filter(state=Admission.State.WAITING)) if room.link_id is None else []
    hosts = list(room.admissions.filter(state=Admission.State.ADMITTED, is_host=True).values_list("user_id", flat=True))
    room.admissions.filter(state__in=ending).update(
        state=Admission.State.LEFT, left_at=now, decided_at=now, held_until=None
    )
    end_recording(room, because=StopReason.ENDED, by=by, now=now)
    SharedVideo.objects.filter(room=room).delete()
    end_showings(room, now=now)
    audit.record(LiveAudit.SESSION_ENDED, by=by, subject=room)
    broadcasts.session_ended(room)
    broadcasts.hosts_moved(hosts, apart_from=room)
    broadcasts.people_changed(room)
    for admission in waiting:
        notifications.withdraw_waiting(room, admission)
    return room


@transaction.atomic
def move_to_server(room: Room) -> Room:
    """A call between two has become one of three: it moves to the media server, and stays there until the session ends."""
    room = ROOMS.select_for_update(of=["self"]).get(pk=room.pk)
    if not room.uses_server:
        room.moved_to_server = True
        room.generation += 1
        room.save(update_fields=["moved_to_server", "generation"])
        broadcasts.engine_changed(room)
    return room
