"""A file comes in parts: begun, part after part received, and whole; what breaks off goes on where it was."""

from contextlib import closing
from datetime import datetime
from typing import Any

from django.db import transaction

from core.files import contents, keys, queries
from core.files.actions.checks import MOST_UNFINISHED, check_before, checked_type
from core.files.actions.files import remove_file, write_file
from core.files.models import Upload, UploadPart
from core.files.outbox_names import REMOVE_CONTENTS
from core.files.permissions import get_purpose_for, get_upload
from core.files.rules.file_names import clean_name
from core.files.rules.file_types import HEAD, FileType
from core.files.sealing import Readable
from core.kernel import outbox
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.translation import translate


@transaction.atomic
def begin_upload(*, purpose: str, name: str, size: int, by: Any, now: datetime) -> Upload:
    """Say that so many bytes are coming. Errors: those of `checks.check_before`, `too_many_uploads`."""
    wanted = get_purpose_for(by, purpose)
    name = clean_name(name)
    check_before(wanted, name=name, size=size, by=by)
    if queries.unfinished(by) >= MOST_UNFINISHED:
        sentence = translate("Too many files are on their way. Wait until some have arrived, or take some back.")
        raise DomainError("too_many_uploads", sentence, field="files")
    upload = Upload(user=by, purpose=wanted.code, size=size, key=keys.key_in_force(), begun_at=now, touched_at=now)
    upload.set_name(name)
    upload.save()
    return upload


def receive_part(*, upload: Upload, start: int, size: int, content: Readable, by: Any, now: datetime) -> Upload:
    """The part of `size` bytes from byte `start` on. With the last one the file is whole.

    Errors: `part_misplaced` (ask how many bytes are here, and go on there), `part_too_long`, those of `checks.checked_type`, after which the
    upload is gone, `storage_full`.
    """
    try:
        with transaction.atomic():
            upload = _held(upload, by)
            _add(upload, start=start, size=size, content=content, now=now)
            if start < HEAD <= upload.received:
                _type_of(upload, by)  # at once, and not after all of it has come
            if upload.received == upload.size:
                _finish(upload, by=by, now=now)
    except DomainError as refusal:
        if refusal.code in ("file_mismatch", "file_kind"):
            drop_upload(upload=upload, by=by)
        raise
    return upload


@transaction.atomic
def drop_upload(*, upload: Upload, by: Any) -> None:
    """Take it back, with all that has come of it. Nothing happens when it is gone."""
    found = Upload.objects.select_for_update(of=["self"]).select_related("file").filter(pk=upload.pk).first()
    if found is None:
        return
    outbox.enqueue(REMOVE_CONTENTS, names=list(found.parts.values_list("stored_as", flat=True)))
    file = found.file
    found.delete()
    if file is not None:
        remove_file(file=file, by=by)


def _held(upload: Upload, by: Any) -> Upload:
    get_upload(by, upload.pk)
    found = Upload.objects.select_for_update(of=["self"]).select_related("key").filter(pk=upload.pk).first()
    if found is None:
        raise NotFound(f"upload {upload.pk}")
    return found


def _add(upload: Upload, *, start: int, size: int, content: Readable, now: datetime) -> None:
    if start != upload.received or upload.is_complete:
        raise ConflictError("part_misplaced", translate("The upload goes on at another place."))
    if start + size > upload.size:
        raise DomainError("part_too_long", translate("More came than was announced."))
    stored = contents.store(content, key=upload.key)
    if stored.size != size:  # because the line broke in the middle of it: it comes again
        contents.delete([stored.name])
        raise ConflictError("part_misplaced", translate("The upload goes on at another place."))
    UploadPart.objects.create(upload=upload, start=start, size=size, stored_as=stored.name)
    upload.received, upload.touched_at = start + size, now
    upload.save(update_fields=["received", "touched_at"])


def _type_of(upload: Upload, by: Any) -> FileType:
    """What it is, by what is here of it."""
    head = b""
    with closing(contents.Joined(upload.parts.all(), upload.key)) as parts:
        while len(head) < HEAD and (more := parts.read(HEAD - len(head))):
            head += more
    return checked_type(get_purpose_for(by, upload.purpose), name=upload.name, head=head)


def _finish(upload: Upload, *, by: Any, now: datetime) -> None:
    """Make one file of the parts; they go."""
    purpose, file_type = get_purpose_for(by, upload.purpose), _type_of(upload, by)
    parts = contents.Joined(upload.parts.all(), upload.key)
    upload.file = write_file(parts, name=upload.name, file_type=file_type, purpose=purpose, by=by, now=now)
    upload.save(update_fields=["file"])
    names = list(upload.parts.values_list("stored_as", flat=True))
    upload.parts.all().delete()
    outbox.enqueue(REMOVE_CONTENTS, names=names)
