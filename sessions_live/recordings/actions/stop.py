"""A recording stops: by a host, with the session, with the last host, or because something broke. What was written is kept."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit, outbox
from core.people.models import User
from sessions_live import broadcasts
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Admission, Recording, Room
from sessions_live.permissions import RoomRole, role_in
from sessions_live.recordings.outbox_names import FINISH_RECORDING
from sessions_live.recordings.queries import local_day, open_recordings
from sessions_live.recordings.reasons import StopReason
from sessions_live.rules.recording import last_day

State = Recording.State
FLUSHED_AFTER = timedelta(seconds=3)  # in which the media server completes its files


def stop_recording(room: Room, *, by: User, now: datetime) -> Recording | None:
    """A host stops recording, or asking. None where nothing was asked or recorded."""
    if role_in(by, room) is not RoomRole.HOST:
        raise PermissionDenied("only a host may stop a recording")
    return end_recording(room, because=StopReason.STOPPED, by=by, now=now)


@transaction.atomic
def end_recording(room: Room, *, because: StopReason, by: Any, now: datetime) -> Recording | None:
    """Close what is open in this room, once: of what was recorded a video will be made."""
    recording = open_recordings(room).select_for_update(of=["self"]).first()
    if recording is None:
        return None
    had_begun = recording.state == State.RECORDING
    recording.state = State.COMPOSING if had_begun else State.NOTHING
    recording.ended_at, recording.ended_because = now, because.value
    recording.keep_until = last_day(local_day(now), recording.keep_days) if had_begun else None
    recording.save(update_fields=["state", "ended_at", "ended_because", "keep_until"])
    audit.record(LiveAudit.RECORDING_STOPPED, by=by, subject=recording, changes={"because": [None, because.value]})
    if had_begun:
        outbox.enqueue(FINISH_RECORDING, due_at=now + FLUSHED_AFTER, about=recording, recording=str(recording.pk))
    broadcasts.recording_changed(room, because=because.value)
    return recording


def end_without_host(room: Room, *, now: datetime) -> Recording | None:
    """Somebody has left: without a host in the session nothing is recorded."""
    if room.admissions.filter(state=Admission.State.ADMITTED, is_host=True).exists():
        return None
    return end_recording(room, because=StopReason.HOST_GONE, by=audit.SYSTEM, now=now)
