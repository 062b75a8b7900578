"""The names and paces of what the outbox does for recordings, and where their parts grow."""

import hashlib
from datetime import timedelta
from pathlib import Path

from django.conf import settings

from sessions_live.models import Recording
from tenants import context

WATCH = "sessions_live.watch_recording"
FINISH = "sessions_live.finish_recording"
WATCH_EVERY = timedelta(minutes=1)
FLUSHED_AFTER = timedelta(seconds=3)  # in which the media server completes its files
COMPOSED_WITHIN = timedelta(hours=2)


def folder_name(recording: Recording) -> str:
    """What the media server calls it: opaque, and never the same in two organizations."""
    return hashlib.sha256(f"{context.current().schema}:{recording.pk}".encode()).hexdigest()[:40]


def parts_of(recording: Recording) -> Path:
    """The folder into which the media server writes, and from which the film is made."""
    return Path(settings.MEDIA_RECORDINGS) / folder_name(recording)
