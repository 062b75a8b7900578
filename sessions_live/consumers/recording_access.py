"""The database side of recording in a room: who asked, who agreed, what each page is told. Everything is looked up afresh."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import translation

from core.kernel import audit, clock
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from sessions_live import actions
from sessions_live.consumers.access import RoomAccess
from sessions_live.models import Admission, ConsentText, Recording
from sessions_live.queries import most_peers, room_by_id
from sessions_live.recordings import queries
from sessions_live.recordings.actions import consent, stop
from sessions_live.recordings.reasons import StopReason, stop_sentence
from sessions_live.recordings.storage import folder_name

JUST_BEGUN = timedelta(seconds=15)  # in which the media server is still being told


@dataclass(frozen=True)
class Start:
    """What the media server needs to know to begin."""

    room_id: Any
    folder: str
    capacity: int
    without_consent: list[str]


class RecordingAccess:
    """What one page of a room may do about recording, and does."""

    def __init__(self, access: RoomAccess) -> None:
        self.access = access

    def request_consent(self) -> None:
        user, room, _ = self.access.get_room(host=True)
        consent.request_consent(room, by=user, now=clock.now())

    def answer(self, recording: str, version: str, agrees: bool) -> bool:
        """Note the answer; whether the recording is to begin now."""
        user, room, _ = self.access.get_room()
        _, begins = consent.answer_consent(
            room, _identifier(recording), version=version, agrees=agrees, by=user, now=clock.now()
        )
        return begins

    def start(self) -> Start | None:
        """Move a call of two to the media server, where it can be recorded. None when it has stopped meanwhile."""
        _, room, _ = self.access.get_room()
        running = queries.running_recordings(room).first()
        if running is None:
            return None
        room = actions.move_to_server(room)
        return Start(room.pk, folder_name(running), most_peers(), queries.peers_without_consent(room, running))

    def stop(self) -> None:
        user, room, _ = self.access.get_room(host=True)
        stop.stop_recording(room, by=user, now=clock.now())

    def end(self, because: StopReason) -> None:
        """Something went wrong: the product ends it, whoever's page has learnt of it and may be here by now or not."""
        stop.end_recording(room_by_id(self.access.room_id), because=because, by=audit.SYSTEM, now=clock.now())

    def should_run(self) -> bool:
        """Whether the media server ought to be recording this room by now."""
        _, room, _ = self.access.get_room()
        return queries.running_recordings(room).filter(began_at__lt=clock.now() - JUST_BEGUN).exists()

    def may_be_recorded(self) -> bool:
        """Whether this person has agreed to what runs now."""
        user, room, _ = self.access.get_room()
        return queries.may_be_recorded(room, user.pk)

    def state_for(self, admission: Admission, because: str = "") -> dict[str, Any]:
        """What a page shows; the names and answers of the others to hosts only."""
        _, room, _ = self.access.get_room()
        told = stop_sentence(because)
        recording = queries.open_recordings(room).select_related("asked_by").first()
        if recording is None:
            return {"type": "recording_state", "state": "", "told": told}
        answers = queries.answers_by_user(recording)
        text = _text_for(recording)
        state = {
            "type": "recording_state",
            "state": str(recording.state),
            "told": told,
            "recording": str(recording.pk),
            "by": recording.asked_by.name,
            "mine": answers.get(admission.person_id, ""),
            "version": text.digest,
            "words": text.text.split("\n\n"),
        }
        if admission.is_host:
            present = room.admissions.filter(state=Admission.State.ADMITTED)
            state["answers"] = {str(one.pk): answers.get(one.person_id, "") for one in present}
        return state


def _text_for(recording: Recording) -> ConsentText:
    """The words in the reader's language, or in the one that the organization names first."""
    texts = {text.language: text for text in recording.texts.all()}
    return texts.get(translation.get_language() or "") or next(iter(texts.values()))


def _identifier(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ConflictError("recording_over", translate("This recording has ended.")) from None
