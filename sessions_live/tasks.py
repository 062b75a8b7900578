"""Promises about recordings, kept by the outbox, and the work of Celery's that they start."""

from uuid import UUID

from asgiref.sync import async_to_sync
from celery import shared_task

from core.kernel import audit, clock, outbox
from core.kernel.errors import GatewayError
from core.kernel.models import OutboxMessage
from sessions_live import engines
from sessions_live.media.engine import EngineError
from sessions_live.models import Admission, Recording
from sessions_live.recordings import capture, composing
from sessions_live.recordings.ending import end_recording
from sessions_live.recordings.places import COMPOSED_WITHIN, FINISH, WATCH, WATCH_EVERY
from tenants.tasks import OrganizationTask

PATIENT_ATTEMPTS = 2  # with a media server that does not answer; then what is there is composed


@outbox.handler(WATCH)
def watch_recording(message: OutboxMessage) -> None:
    """Look every minute whether a recording still runs: the media server writes, and a host is in the call. Otherwise it is closed."""
    recording = _recording(message, Recording.State.RECORDING)
    because = why_over(recording)
    if because:
        end_recording(recording.room, because=because, by=audit.SYSTEM, now=clock.now())
    else:
        outbox.enqueue(WATCH, due_at=clock.now() + WATCH_EVERY, recording=str(recording.pk))


@outbox.handler(FINISH)
def finish_recording(message: OutboxMessage) -> None:
    """Let the media server complete its files, then have the film made; looked at again, should the worker be lost."""
    recording = _recording(message, Recording.State.COMPOSING)
    if not _stopped(recording) and message.attempts <= PATIENT_ATTEMPTS:
        raise GatewayError("the media server does not answer", permanent=False)
    outbox.enqueue(FINISH, due_at=clock.now() + COMPOSED_WITHIN, recording=str(recording.pk))
    compose_recording.delay(str(recording.pk))


@shared_task(base=OrganizationTask)
def compose_recording(recording_id: str) -> str:
    """Make the film. May run twice: the second one finds nothing to do."""
    return composing.compose(UUID(recording_id))


def why_over(recording: Recording) -> str:
    """A key of `ending.REASONS` when the recording no longer runs; empty while it does."""
    try:
        present = async_to_sync(capture.look)(engines.for_jobs(), recording.room_id)
    except EngineError:
        present = None
    if present is None:
        return "server"
    hosts = recording.room.admissions.filter(state=Admission.State.ADMITTED, is_host=True)
    return "" if present & {str(pk) for pk in hosts.values_list("pk", flat=True)} else "host_gone"


def _recording(message: OutboxMessage, state: Recording.State) -> Recording:
    found = Recording.objects.select_related("room__appointment").filter(pk=message.payload["recording"]).first()
    if found is None or found.state != state:
        raise outbox.Obsolete("the recording has moved on")
    return found


def _stopped(recording: Recording) -> bool:
    try:
        return async_to_sync(capture.stop)(engines.for_jobs(), recording.room_id)
    except EngineError:
        return True  # there is no media server at all any more
