"""Events for the open pages of one room, sent over the channel layer once the act has committed, to whatever process holds their sockets."""

from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction
from django.db.models import Q

from core.kernel import clock
from core.notifications import notices
from core.scheduling.queries import most_in_a_group
from sessions_live.models import Admission, ChatMessage, Room, SharedVideo
from sessions_live.showings.queries import showing_facts
from tenants.sockets import group_name

Facts = dict[str, Any]
SESSION_STATE = "session_state"  # calendars ask again who is in session: nothing of it is said to all


def room_group(room_id: Any) -> str:
    """The channel group of a room's sockets."""
    return group_name("live", str(room_id))


def user_group(user_id: Any) -> str:
    """The channel group of one person's sockets in whatever room."""
    return group_name("live-person", str(user_id))


def access_changed(user_id: Any) -> None:
    """A person's access has changed: their sockets look again at once."""
    group = user_group(user_id)
    transaction.on_commit(lambda: _send(group, {"type": "live.access"}))


def people_changed(room: Room, *, gone: Any = None) -> None:
    """Who is in and who waits has changed; `gone` is the id of an admission that has ended."""
    _after_commit(room, lambda: {"type": "live.people", "gone": str(gone or ""), **participants_of(room)})
    notices.send_to_staff({"kind": SESSION_STATE})


def hosts_moved(people: Collection[Any], *, apart_from: Room) -> None:
    """These logins have come into a room, or left it: who waits at them elsewhere reads where they are."""
    theirs = Q(appointment__practitioner__user__in=people) | Q(link__staff__user__in=people)
    rooms = Room.objects.filter(theirs, admissions__state=Admission.State.WAITING).exclude(pk=apart_from.pk).distinct()
    for room in rooms.select_related("appointment__practitioner", "link__staff"):
        _after_commit(room, partial(_people_event, room))


def _people_event(room: Room) -> Facts:
    return {"type": "live.people", "gone": "", **participants_of(room)}


def admission_decided(room: Room, admission: Admission) -> None:
    """A host has decided about one person."""
    _after_commit(room, lambda: {"type": "live.decided", "admission": str(admission.pk), "state": str(admission.state)})


def moved(room: Room, admission: Admission) -> None:
    """A host has let somebody who waited here into another room: their page goes there."""
    _after_commit(room, lambda: {"type": "live.moved", "admission": str(admission.pk)})


def message_posted(room: Room, message: ChatMessage) -> None:
    """Somebody has written something."""
    from_host = message.sender_id is not None and (
        room.admissions.filter(user=message.sender_id, is_host=True).exists()
    )
    _after_commit(room, lambda: {"type": "live.chat", "message": message_facts(message, from_host=from_host)})


def engine_changed(room: Room) -> None:
    """The call takes place elsewhere from now on."""
    _after_commit(room, lambda: {"type": "live.engine", "generation": room.generation})


def recording_changed(room: Room, *, because: str = "", about: Any = None) -> None:
    """Somebody asked, answered or stopped; `because` says why a recording stopped, `about` whose answer alone is new."""
    _after_commit(room, lambda: {"type": "live.recording", "because": because, "about": str(about or "")})


def time_changed(room: Room, *, ends_at: datetime) -> None:
    """It ends at another time."""
    _after_commit(room, lambda: {"type": "live.time", "ends_at": ends_at.isoformat()})


def delayed(room: Room, *, until: datetime | None) -> None:
    """What comes before it takes until then; None: it begins on time after all."""
    _after_commit(room, lambda: {"type": "live.delay", "until": until.isoformat() if until else ""})


def work_area_changed(room: Room) -> None:
    """A host has hidden what lies beside the pictures for everybody, or shows it again."""
    _after_commit(room, lambda: {"type": "live.work_area", "hidden": room.work_area_hidden})


def video_changed(room: Room) -> None:
    """Another video is open, or none; or it plays or stands from another second on."""
    _after_commit(room, lambda: {"type": "live.video", "video": video_facts(room)})


def showing_changed(room: Room) -> None:
    """Another resource or file is open for everybody, or none; or it plays or stands from another second on."""
    _after_commit(room, lambda: {"type": "live.showing", "showing": showing_facts(room)})


def client_files_changed(client_id: Any) -> None:
    """A file of this client's has come, gone, or is shared otherwise: those in a room with them look again."""
    inside = Room.objects.filter(admissions__state=Admission.State.ADMITTED)
    for room in inside.filter(appointment__participants__client=client_id).distinct():
        _after_commit(room, lambda: {"type": "live.client_files", "client": str(client_id)})


def session_ended(room: Room) -> None:
    """It is over for everybody; who waits in a personal room waits on."""
    _after_commit(room, lambda: {"type": "live.ended", "waiting_too": room.link_id is None})


def participants_of(room: Room) -> Facts:
    """Those in the session and those in the waiting room, as pages read them."""
    open_ones = list(room.admissions.select_related("guest").filter(state__in=["waiting", "admitted"]))
    guests = sum(one.state == "admitted" and not one.is_host for one in open_ones)
    waits = any(one.state == "waiting" for one in open_ones)
    locked, spotlight = Room.objects.values_list("is_locked", "spotlight_id").get(pk=room.pk)
    return {
        "full": guests >= most_in_a_group(),
        "locked": locked,
        "elsewhere": waits and _is_elsewhere(room),
        "people": [
            {
                "peer": str(one.pk),
                "name": one.name,
                "mark": one.mark,
                "host": one.is_host,
                "hand": _hand_of(one),
                "spotlight": one.pk == spotlight,
            }
            for one in open_ones
            if one.state == "admitted"
        ],
        "queue": [
            {"admission": str(one.pk), "name": one.name, "mark": one.mark, "since": one.asked_at.isoformat()}
            for one in open_ones
            if one.state == "waiting"
        ],
    }


def _is_elsewhere(room: Room) -> bool:
    """Whether the person whose room it is is in another one, for the reading of those who wait."""
    owner = room.practitioner.user_id
    inside = Admission.objects.filter(user=owner, is_host=True, state=Admission.State.ADMITTED)
    return inside.exclude(room=room).exists()


def _hand_of(admission: Admission) -> str:
    """Since when it is raised; empty where it is not."""
    return admission.hand_raised_at.isoformat() if admission.hand_raised_at else ""


def video_facts(room: Room) -> Facts:
    """What everybody watches, as pages read it; `now` is the server's clock, in seconds, against which `at` is read."""
    shared = SharedVideo.objects.filter(room=room).first()
    if shared is None:
        return {"video": ""}
    return {
        "video": shared.video,
        "playing": shared.is_playing,
        "position": shared.position,
        "at": shared.at.timestamp(),
        "now": clock.now().timestamp(),
    }


def message_facts(message: ChatMessage, *, from_host: bool) -> Facts:
    """A message as pages read it; `waiting_person` is the login, or the guest, that it was written to or by."""
    return {
        "from_host": from_host,
        "id": str(message.pk),
        "sender": str(message.sender_person_id),
        "name": message.sender_name,
        "mark": message.mark,
        "text": message.text,
        "at": message.at.isoformat(),
        "waiting_person": str(message.waiting_id or ""),
    }


def _after_commit(room: Room, make: Callable[[], Facts]) -> None:
    group = room_group(room.pk)
    transaction.on_commit(lambda: _send(group, make()))


def _send(group: str, event: Facts) -> None:
    try:
        async_to_sync(get_channel_layer().group_send)(group, event)
    except (OSError, ConnectionError):
        # Because the rows are written: pages read them again when their sockets come back.
        return
