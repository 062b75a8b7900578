"""What happens after the stop: the media server completes its files, a worker makes one video, and it is kept or can be tried again."""

import errno
import logging
import shutil
from datetime import datetime, timedelta
from uuid import UUID

from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction

from core.kernel import audit, clock, outbox
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.people.models import User
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Recording
from sessions_live.recordings import notifications
from sessions_live.recordings.outbox_names import FINISH_RECORDING
from sessions_live.recordings.queries import local_day
from sessions_live.recordings.reasons import CompositionFailure
from sessions_live.recordings.storage import parts_folder
from sessions_live.recordings.video import Video, VideoError, compose_video, has_parts
from tenants.storage import StorageFullError

logger = logging.getLogger(__name__)
State = Recording.State
COMPOSED_WITHIN = timedelta(hours=2)


def compose(recording_id: UUID | str) -> str:
    """Make the video of one recording, unless somebody else does at this moment. Returns the state in which it is then."""
    recording = _claim(recording_id, clock.now())
    if recording is None:
        return ""
    folder = parts_folder(recording)
    if not has_parts(folder):
        _close(recording, State.NOTHING)
        shutil.rmtree(folder, ignore_errors=True)
        return State.NOTHING
    try:
        _keep(recording, compose_video(folder, within=COMPOSED_WITHIN.total_seconds()))
    except Exception as error:  # noqa: BLE001 because the host must hear of it, whatever store and disk there are
        logger.warning("The video of a recording could not be made: %s", error)
        _fail(recording, _code_of(error))
        return State.FAILED
    shutil.rmtree(folder, ignore_errors=True)
    return State.KEPT


@transaction.atomic
def try_again(recording: Recording, *, by: User, now: datetime) -> Recording:
    """After a failure: the parts are still there. Error: `not_failed`."""
    recording = Recording.objects.select_for_update(of=["self"]).get(pk=recording.pk)
    if recording.state != State.FAILED:
        raise ConflictError("not_failed", translate("There is nothing to try again."))
    recording.state, recording.failure, recording.composing_since = State.COMPOSING, "", None
    recording.save(update_fields=["state", "failure", "composing_since"])
    audit.record(LiveAudit.RECORDING_TRIED_AGAIN, by=by, subject=recording)
    outbox.enqueue(FINISH_RECORDING, about=recording, recording=str(recording.pk))
    return recording


@transaction.atomic
def _claim(recording_id: UUID | str, now: datetime) -> Recording | None:
    recording = Recording.objects.select_for_update(of=["self"]).filter(pk=recording_id, state=State.COMPOSING).first()
    taken = recording.composing_since if recording is not None else None
    if recording is None or (taken is not None and now - taken < COMPOSED_WITHIN):
        return None
    recording.composing_since = now
    recording.save(update_fields=["composing_since"])
    return recording


def _keep(recording: Recording, video: Video) -> None:
    """The file first, then the row; a row that cannot be written leaves no file behind."""
    began_on = local_day(recording.began_at)  # type: ignore[arg-type]  # a constraint: it has begun
    with video.path.open("rb") as content:
        name = default_storage.save(f"recordings/{began_on}-{recording.short_id}.mp4", File(content))
    try:
        with transaction.atomic():
            Recording.objects.filter(pk=recording.pk).update(
                state=State.KEPT, file=name, sha256=video.sha256, size=video.size, seconds=video.seconds, failure="",
                composing_since=None,
            )  # fmt: skip
            recording.refresh_from_db()
            audit.record(LiveAudit.RECORDING_KEPT, by=audit.SYSTEM, subject=recording)
            notifications.tell_ready(recording)
    except BaseException:
        default_storage.delete(name)
        raise


def _code_of(error: Exception) -> CompositionFailure:
    """What the row and the host are told."""
    if isinstance(error, VideoError):
        return error.code
    full = isinstance(error, StorageFullError) or getattr(error, "errno", None) == errno.ENOSPC
    return CompositionFailure.NO_ROOM if full else CompositionFailure.NOT_STORED


@transaction.atomic
def _fail(recording: Recording, code: CompositionFailure) -> None:
    Recording.objects.filter(pk=recording.pk).update(state=State.FAILED, failure=code.value, composing_since=None)
    recording.refresh_from_db()
    audit.record(
        LiveAudit.RECORDING_FAILED, by=audit.SYSTEM, subject=recording, changes={"failure": [None, code.value]}
    )
    notifications.tell_failed(recording)


@transaction.atomic
def _close(recording: Recording, state: Recording.State) -> None:
    Recording.objects.filter(pk=recording.pk).update(state=state, composing_since=None, keep_until=None)
    audit.record(LiveAudit.RECORDING_EMPTY, by=audit.SYSTEM, subject=recording)
