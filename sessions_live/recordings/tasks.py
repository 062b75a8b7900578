"""Celery's work for recordings."""

from uuid import UUID

from celery import shared_task

from sessions_live.recordings.actions import composition
from tenants.tasks import OrganizationTask


@shared_task(base=OrganizationTask)
def compose_recording(recording_id: str) -> str:
    """Make the video. May run twice: the second one finds nothing to do."""
    return composition.compose(UUID(recording_id))
