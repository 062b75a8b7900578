"""A file comes in parts: begun, part after part received, and whole; what breaks off goes on where it was."""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

from django.db import transaction

from core.files import contents, keys, queries
from core.files.actions.checks import MOST_UNFINISHED, check_before, checked_type, hold_room
from core.files.actions.files import SealedFile, remove_file, write_file
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
    name, key = clean_name(name), keys.key_in_force()
    hold_room()
    check_before(wanted, name=name, size=size, by=by)
    if queries.unfinished(by) >= MOST_UNFINISHED:
        sentence = translate("Too many files are on their way. Wait until some have arrived, or take some back.")
        raise DomainError("too_many_uploads", sentence, field="files")
    upload = Upload(user=by, purpose=wanted.code, size=size, key=key, begun_at=now, touched_at=now)
    upload.set_name(name)
    upload.save()
    return upload


def receive_part(*, upload: Upload, start: int, size: int, content: Readable, by: Any, now: datetime) -> Upload:
    """The part of `size` bytes from byte `start` on. With the last one the file is whole; nothing at the right place changes nothing.

    No transaction is open while the bytes come or the whole file is sealed: rows are written when all of it lies in the store.

    Errors: `part_misplaced` (ask how many bytes are here, and go on there), `part_too_long`, those of `checks.checked_type`, after which the
    upload is gone, `storage_full`.
    """
    upload = get_upload(by, upload.pk)
    _check_place(upload, start=start, size=size)
    if not size:
        return upload
    stored = contents.store(content, key=upload.key)
    part = UploadPart(upload=upload, start=start, size=size, stored_as=stored.name)
    try:
        if stored.size != size:  # because the line broke in the middle of it: it comes again
            raise _misplaced()
        parts = [*upload.parts.all(), part]
        if start < HEAD <= start + size:
            _type_of(upload, parts, by)  # at once, and not after all of it has come
        return _finish(parts, by=by, now=now) if start + size == upload.size else _add(part, by=by, now=now)
    except BaseException as error:
        contents.delete([stored.name])
        if isinstance(error, DomainError) and error.code in ("file_mismatch", "file_kind"):
            drop_upload(upload=upload, by=by)
        raise


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


def _held(part: UploadPart, by: Any) -> Upload:
    """Its upload as it is now, held: another request may have brought the same part meanwhile."""
    get_upload(by, part.upload_id)
    found = Upload.objects.select_for_update(of=["self"]).select_related("key").filter(pk=part.upload_id).first()
    if found is None:
        raise NotFound(f"upload {part.upload_id}")
    _check_place(found, start=part.start, size=part.size)
    return found


def _check_place(upload: Upload, *, start: int, size: int) -> None:
    if start != upload.received or (size and upload.is_complete):
        raise _misplaced()
    if start + size > upload.size:
        raise DomainError("part_too_long", translate("More came than was announced."))


def _misplaced() -> ConflictError:
    return ConflictError("part_misplaced", translate("The upload goes on at another place."))


@transaction.atomic
def _add(part: UploadPart, *, by: Any, now: datetime) -> Upload:
    upload = _held(part, by)
    part.save()
    upload.received, upload.touched_at = part.start + part.size, now
    upload.save(update_fields=["received", "touched_at"])
    return upload


def _type_of(upload: Upload, parts: Sequence[UploadPart], by: Any) -> FileType:
    """What it is, by what is here of it."""
    head = b""
    with closing(contents.Joined(parts, upload.key)) as content:
        while len(head) < HEAD and (more := content.read(HEAD - len(head))):
            head += more
    return checked_type(get_purpose_for(by, upload.purpose), name=upload.name, head=head)


def _finish(parts: Sequence[UploadPart], *, by: Any, now: datetime) -> Upload:
    """Make one file of the parts, of which the last has no row yet: whoever asks learns that all is here when the file is."""
    upload, last = parts[-1].upload, parts[-1]
    purpose, file_type = get_purpose_for(by, upload.purpose), _type_of(upload, parts, by)
    with closing(contents.Joined(parts, upload.key)) as content:
        stored = contents.store(content, key=keys.key_in_force())
    try:
        with transaction.atomic():
            held = _held(last, by)
            names = [*held.parts.values_list("stored_as", flat=True), last.stored_as]
            held.parts.all().delete()
            outbox.enqueue(REMOVE_CONTENTS, names=names)
            sealed = SealedFile(upload.name, file_type, stored, purpose)
            held.received, held.touched_at, held.file = held.size, now, write_file(sealed, by=by, now=now)
            held.save(update_fields=["received", "touched_at", "file"])
    except BaseException:
        contents.delete([stored.name])
        raise
    return held
