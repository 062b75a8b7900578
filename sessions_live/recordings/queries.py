"""Questions about recordings, and about who has agreed to them."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from branding.queries import current_brand
from core.people.models import Client
from core.scheduling.models import Appointment
from core.scheduling.rules import wall_time
from sessions_live import engines
from sessions_live.models import Admission, Consent, LiveSettings, Recording, Room
from sessions_live.recordings.permissions import recordings_visible_to

AGREED = Consent.Answer.AGREED


def recording_offered() -> bool:
    """Whether hosts can record at all: the organization allows it, and what carries the calls can do it."""
    return LiveSettings.current().recording_allowed and engines.can_record()


def open_recordings(room: Room) -> QuerySet[Recording]:
    """The recording of this room that is asked for or made at present: one or none."""
    return Recording.objects.filter(room=room, state__in=Recording.OPEN_STATES)


def running_recordings(room: Room) -> QuerySet[Recording]:
    """The recording of this room that is made at present: one or none."""
    return Recording.objects.filter(room=room, state=Recording.State.RECORDING)


def answers_by_user(recording: Recording) -> dict[Any, str]:
    """What each person has answered last, by the id of the login or guest."""
    return {one.person_id: str(one.answer) for one in recording.consents.order_by("at", "id")}


def last_answer(recording: Recording, person_id: Any) -> str:
    """What this person has answered last; nothing if they have not."""
    last = recording.consents.filter(Q(user_id=person_id) | Q(guest_id=person_id)).order_by("at", "id").last()
    return str(last.answer) if last is not None else ""


def may_be_recorded(room: Room, person_id: Any) -> bool:
    """Whether this person's picture and voice may be written now: a recording runs, and they have agreed to that very recording."""
    running = running_recordings(room).first()
    return running is not None and last_answer(running, person_id) == AGREED


def peers_without_consent(room: Room, recording: Recording) -> list[str]:
    """The peers in the call of those who are in and have not agreed."""
    agreed = {person_id for person_id, answer in answers_by_user(recording).items() if answer == AGREED}
    present = room.admissions.filter(state=Admission.State.ADMITTED)
    return [str(one.pk) for one in present if one.person_id not in agreed]


def recordings_of_client(user: Any, client: Client) -> QuerySet[Recording]:
    """Of the sessions in which this client took part, the latest first; those that this person may see."""
    of_client = recordings_visible_to(user).filter(room__appointment__participants__client=client)
    return of_client.prefetch_related("consents")


def recordings_of_appointment(user: Any, appointment: Appointment) -> QuerySet[Recording]:
    """Of one session, the latest first; those that this person may see."""
    return recordings_visible_to(user).filter(room__appointment=appointment).prefetch_related("consents")


def local_day(at: datetime) -> date:
    """The day in the organization's own time zone, by which days of keeping are counted."""
    return at.astimezone(wall_time.zone(current_brand().time_zone)).date()
