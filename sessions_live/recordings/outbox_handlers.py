"""What the outbox does for recordings: watch one while it runs, and have its video made when it has stopped."""

from typing import Any

from asgiref.sync import async_to_sync

from core.kernel import audit, clock, outbox
from core.kernel.errors import GatewayError
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from sessions_live import engines
from sessions_live.media.engine import EngineError
from sessions_live.models import Admission, Recording
from sessions_live.recordings import recorder
from sessions_live.recordings.actions.composition import COMPOSED_WITHIN
from sessions_live.recordings.actions.consent import WATCH_EVERY
from sessions_live.recordings.actions.stop import end_recording
from sessions_live.recordings.outbox_names import FINISH_RECORDING, WATCH_RECORDING
from sessions_live.recordings.reasons import StopReason
from sessions_live.recordings.tasks import compose_recording

PATIENT_ATTEMPTS = 2  # with a media server that does not answer; then what is there is composed


def _page(message: OutboxMessage) -> str:
    return f"/recordings/{message.payload['recording']}/"


def _host(message: OutboxMessage) -> list[Any]:
    """Whoever recorded."""
    return list(Recording.objects.filter(pk=message.payload["recording"]).values_list("asked_by_id", flat=True))


_RECORDING: dict[str, Any] = {"page": _page, "answerable": _host}


@outbox.handler(WATCH_RECORDING, label=gettext_noop("Look at a running recording"), **_RECORDING)
def watch_recording(message: OutboxMessage) -> None:
    """Look every minute whether a recording still runs: the media server writes, and a host is in the call. Otherwise it is closed."""
    recording = _recording(message, Recording.State.RECORDING)
    because = why_over(recording)
    if because:
        end_recording(recording.room, because=because, by=audit.SYSTEM, now=clock.now())
    else:
        outbox.enqueue(WATCH_RECORDING, due_at=clock.now() + WATCH_EVERY, about=recording, recording=str(recording.pk))


@outbox.handler(FINISH_RECORDING, label=gettext_noop("Video of a recording"), **_RECORDING)
def finish_recording(message: OutboxMessage) -> None:
    """Let the media server complete its files, then have the video made; looked at again, should the worker be lost."""
    recording = _recording(message, Recording.State.COMPOSING)
    if not _is_stopped(recording) and message.attempts <= PATIENT_ATTEMPTS:
        raise GatewayError("the media server does not answer", permanent=False)
    outbox.enqueue(FINISH_RECORDING, due_at=clock.now() + COMPOSED_WITHIN, about=recording, recording=str(recording.pk))
    compose_recording.delay(str(recording.pk))


def why_over(recording: Recording) -> StopReason | None:
    """Why the recording no longer runs; None while it does."""
    try:
        present = async_to_sync(recorder.recorded_peers)(engines.for_jobs(), recording.room_id)
    except EngineError:
        present = None
    if present is None:
        return StopReason.SERVER
    hosts = recording.room.admissions.filter(state=Admission.State.ADMITTED, is_host=True)
    return None if present & {str(pk) for pk in hosts.values_list("pk", flat=True)} else StopReason.HOST_GONE


def _recording(message: OutboxMessage, state: Recording.State) -> Recording:
    found = Recording.objects.select_related("room__appointment").filter(pk=message.payload["recording"]).first()
    if found is None or found.state != state:
        raise outbox.Obsolete("the recording has moved on")
    return found


def _is_stopped(recording: Recording) -> bool:
    try:
        return async_to_sync(recorder.stop)(engines.for_jobs(), recording.room_id)
    except EngineError:
        return True  # there is no media server at all any more
