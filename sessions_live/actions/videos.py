"""A video from elsewhere that everybody in a session watches in step; hosts open, steer and close it (LIV-24)."""

import math
from datetime import datetime

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import User
from sessions_live import broadcasts
from sessions_live.actions.rooms import check_open
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import LiveSettings, Room, SharedVideo
from sessions_live.rules.video_address import video_in

LONGEST = 12 * 3600.0  # seconds


@transaction.atomic
def open_video(room: Room, address: str, *, by: User, now: datetime) -> SharedVideo:
    """Put the video that this address names before everybody, at its beginning and standing. Errors: `video_unknown`, `videos_not_allowed`."""
    check_open(room, now=now)
    if not LiveSettings.current().youtube_allowed:
        raise DomainError("videos_not_allowed", translate("Videos from YouTube are switched off here."))
    video = video_in(address)
    if video is None:
        sentence = translate("This is no address of a video on YouTube. Copy it from the page of the video.")
        raise DomainError("video_unknown", sentence, field="address")
    facts = {"video": video, "is_playing": False, "position": 0.0, "at": now, "opened_by": by}
    shared, _ = SharedVideo.objects.update_or_create(room=room, defaults=facts)
    audit.record(LiveAudit.VIDEO_OPENED, by=by, subject=room, changes={"video": [None, video]})
    broadcasts.video_changed(room)
    return shared


@transaction.atomic
def steer_video(room: Room, *, playing: bool, position: float, by: User, now: datetime) -> SharedVideo:
    """From now on it plays, or stands, from this second of it. `no_video` where none is open."""
    check_open(room, now=now)
    shared = SharedVideo.objects.select_for_update().filter(room=room).first()
    if shared is None:
        raise DomainError("no_video", translate("No video is open."))
    shared.is_playing, shared.at = playing, now
    shared.position = min(max(position, 0.0), LONGEST) if math.isfinite(position) else 0.0
    shared.save(update_fields=["is_playing", "position", "at"])
    broadcasts.video_changed(room)
    return shared


@transaction.atomic
def close_video(room: Room, *, by: User, now: datetime) -> None:
    """Nobody sees it any more."""
    check_open(room, now=now)
    shared = SharedVideo.objects.filter(room=room).first()
    if shared is not None:
        audit.record(LiveAudit.VIDEO_CLOSED, by=by, subject=room, changes={"video": [shared.video, None]})
        shared.delete()
    broadcasts.video_changed(room)
