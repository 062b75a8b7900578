"""The folder in which the parts of a recording grow: the media server writes into it, the video is made from it."""

import hashlib
from pathlib import Path

from django.conf import settings

from sessions_live.models import Recording
from tenants import context


def folder_name(recording: Recording) -> str:
    """What the media server calls it: opaque, and never the same in two organizations."""
    return hashlib.sha256(f"{context.current().schema}:{recording.pk}".encode()).hexdigest()[:40]


def parts_folder(recording: Recording) -> Path:
    """Where it lies on this machine."""
    return Path(settings.MEDIA_RECORDINGS) / folder_name(recording)
