"""Celery's work for files."""

from celery import shared_task

from core.files.actions import examination
from tenants.tasks import OrganizationTask


@shared_task(base=OrganizationTask)
def make_previews(file_id: str) -> str:
    """Make the smaller pictures. May run twice: the second one finds nothing to do."""
    return examination.make_previews(file_id)
