"""What is done at night: uploads that nobody goes on with, and bytes of which no row speaks."""

from datetime import datetime, timedelta

from core.files import contents
from core.files.actions.uploads import drop_upload
from core.files.models import Rendition, StoredFile, Upload, UploadPart
from core.kernel import audit

UNUSED = timedelta(days=1)
_LOOKED_AT = (2, 3)  # days ago: whatever was begun then has ended


def drop_unused_uploads(*, now: datetime) -> None:
    """What was sent and taken for nothing within a day, and what broke off and was not gone on with."""
    for upload in Upload.objects.filter(touched_at__lt=now - UNUSED):
        drop_upload(upload=upload, by=audit.SYSTEM)


def remove_lost_contents(*, now: datetime) -> None:
    """What a program that was killed between the store and the database has left behind."""
    for days in _LOOKED_AT:
        names = set(contents.names_of((now - timedelta(days=days)).date()))
        for rows in (StoredFile.objects, Rendition.objects, UploadPart.objects):
            names -= set(rows.filter(stored_as__in=names).values_list("stored_as", flat=True))
        contents.delete(sorted(names))
