"""Reading and deleting what was recorded: every reading is noted, every deletion leaves a receipt."""

import shutil
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.models import AuditEvent, reason_fields
from core.kernel.reasons import Reason
from core.kernel.translation import translate
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Recording, RecordingDeletion
from sessions_live.recordings.queries import local_day
from sessions_live.recordings.reasons import DeletionReason
from sessions_live.recordings.storage import parts_folder
from sessions_live.rules.recording import can_move

State = Recording.State
SAME_READING = timedelta(minutes=30)  # a player asks for many pieces; within this they are one reading
LONGEST_REASON = 500


def record_playing(recording: Recording, *, by: Any, now: datetime) -> None:
    """Somebody plays it: noted once per reading, whichever piece they ask for first."""
    before = AuditEvent.objects.filter(
        subject_kind=recording._meta.label_lower,
        subject_id=str(recording.pk),
        action=LiveAudit.RECORDING_PLAYED,
        actor_id=str(by.pk),
        at__gt=now - SAME_READING,
    )
    if not before.exists():
        audit.record(LiveAudit.RECORDING_PLAYED, by=by, subject=recording)


def record_download(recording: Recording, *, by: Any) -> None:
    """Somebody takes a copy away."""
    audit.record(LiveAudit.RECORDING_DOWNLOADED, by=by, subject=recording)


@transaction.atomic
def delete_recording(recording: Recording, *, reason: str | Reason, by: Any, now: datetime) -> RecordingDeletion:
    """Remove video and parts for good; the row stays as the receipt. Errors: `reason_missing`, `being_composed`, `nothing_to_delete`.

    The files go before the receipt is written, because it may claim nothing that has not happened.
    """
    if isinstance(reason, str):
        reason = " ".join(reason.split())[:LONGEST_REASON]
    if not reason:
        raise DomainError("reason_missing", translate("Say why it is deleted."), field="reason")
    recording = (
        Recording.objects.select_for_update(of=["self"]).select_related("room__appointment").get(pk=recording.pk)
    )
    if recording.state in (State.RECORDING, State.COMPOSING):
        raise ConflictError(
            "being_composed", translate("The video is being made at this moment. Delete it when it is ready.")
        )
    if not can_move(recording.state, State.DELETED):
        raise ConflictError("nothing_to_delete", translate("There is nothing to delete any more."))
    receipt = RecordingDeletion.objects.create(
        recording=recording,
        by=by if by.pk is not None else None,
        by_name=str(by)[:150],
        at=now,
        **reason_fields(reason),
        sha256=recording.sha256,
        size=recording.size,
    )
    name = recording.file
    recording.state, recording.file, recording.failure = State.DELETED, "", ""
    recording.save(update_fields=["state", "file", "failure"])
    audit.record(LiveAudit.RECORDING_DELETED, by=by, subject=recording, reason=reason)
    _remove_files(recording, name)
    return receipt


def delete_expired(*, now: datetime) -> int:
    """Everything whose last day has passed; returns how many. Run every night."""
    today = local_day(now)
    over = Recording.objects.filter(state__in=[State.KEPT, State.FAILED], keep_until__lt=today)
    count = 0
    for recording in over:
        reason = Reason(DeletionReason.EXPIRED, {"day": recording.keep_until.isoformat()})  # type: ignore[union-attr]
        delete_recording(recording, reason=reason, by=audit.SYSTEM, now=now)
        count += 1
    return count


def _remove_files(recording: Recording, name: str) -> None:
    """Take the files away, and look that they are gone. OSError otherwise, which undoes the deletion."""
    folder = parts_folder(recording)
    if folder.exists():
        shutil.rmtree(folder)
    if name:
        default_storage.delete(name)
        if default_storage.exists(name):
            raise OSError(f"{name} could not be removed")
