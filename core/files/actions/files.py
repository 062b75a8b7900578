"""A file is kept, taken for something, and removed."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F

from core.files import contents, keys, purposes, scanning
from core.files.actions.checks import check_before, check_room, checked_type, hold_room
from core.files.audit_codes import FileAudit
from core.files.models import FileUsage, StoredFile, Upload
from core.files.outbox_names import MAKE_PREVIEWS, REMOVE_CONTENTS, SCAN_FILE
from core.files.permissions import get_purpose_for, get_upload
from core.files.previews import has_previews
from core.files.rules.file_names import clean_name
from core.files.rules.file_types import HEAD, FileType
from core.files.sealing import Readable
from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate

State, Previews = StoredFile.State, StoredFile.Previews


@dataclass(frozen=True, slots=True)
class SealedFile:
    """A file whose bytes lie in the store and of which no row speaks yet."""

    name: str
    type: FileType
    stored: contents.Stored
    purpose: purposes.Purpose


Given = UploadedFile | Upload | SealedFile


def keep_file(*, given: Given, purpose: str, by: Any, now: datetime) -> StoredFile:
    """The file for whatever the caller has for it, in the caller's transaction: what came with the form, or what came in parts before.

    The caller points to it and answers for who reads it. Errors: those of `checks`, `upload_incomplete`, `file_infected`, `storage_full`.
    """
    wanted = get_purpose_for(by, purpose)
    if isinstance(given, Upload):
        return _taken(given, wanted, by)
    with sealed([given], purpose=purpose, by=by) as [file], transaction.atomic():
        hold_room()
        check_room(name=file.name, size=file.stored.size)
        return write_file(file, by=by, now=now)


@contextmanager
def sealed(given: Sequence[Given], *, purpose: str, by: Any) -> Iterator[list[Any]]:
    """What came with a form lies in the store before the first row is held; `keep_file` takes each. Should it fail inside, nothing stays there."""
    ready: list[Any] = []
    try:
        for each in given:
            ready.append(_sealed(each, purpose, by) if isinstance(each, UploadedFile) else each)
        yield ready
    except BaseException:
        contents.delete([each.stored.name for each in ready if isinstance(each, SealedFile)])
        raise


def _sealed(given: UploadedFile, purpose: str, by: Any) -> SealedFile:
    wanted, name = get_purpose_for(by, purpose), clean_name(given.name or "")
    check_before(wanted, name=name, size=given.size or 0, by=by)
    given.seek(0)
    file_type = checked_type(wanted, name=name, head=given.read(HEAD))
    given.seek(0)
    return SealedFile(name, file_type, contents.store(cast(Readable, given), key=keys.key_in_force()), wanted)


def write_file(sealed: SealedFile, *, by: Any, now: datetime) -> StoredFile:
    """Write its row, and promise what is done with it next. In a transaction of the caller's, who removes the bytes should it fail."""
    stored = sealed.stored
    file = StoredFile(
        purpose=sealed.purpose.code, type_code=sealed.type.code, size=stored.size, sha256=stored.sha256, stored_as=stored.name,
        key=stored.key, state=State.CHECKING if scanning.is_configured() else State.READY, added_by=by if by.pk is not None else None,
        added_by_name=str(by)[:200], added_at=now,
    )  # fmt: skip
    file.set_name(sealed.name)
    file.previews = Previews.WAITING if has_previews(file) else Previews.NONE
    file.save()
    audit.record(FileAudit.FILE_KEPT, by=by, subject=file, changes={"size": [None, stored.size]})
    promise(file)
    count_bytes(stored.size)
    return file


def promise(file: StoredFile) -> None:
    """What is done next: looked through for viruses, then shown small."""
    if file.state == State.CHECKING:
        outbox.enqueue(SCAN_FILE, about=file, author=str(file.added_by_id or ""), file=str(file.pk))
    elif file.previews == Previews.WAITING:
        outbox.enqueue(MAKE_PREVIEWS, about=file, file=str(file.pk), tries=0)


@transaction.atomic
def remove_file(*, file: StoredFile, by: Any) -> None:
    """Delete it for good, with its smaller pictures. What pointed to it is deleted, or points elsewhere, before."""
    file = StoredFile.objects.select_for_update().get(pk=file.pk)
    names = [each for each in (file.stored_as, *file.renditions.values_list("stored_as", flat=True)) if each]
    size = sum(_sizes(file))
    audit.record(FileAudit.FILE_REMOVED, by=by, subject=file, changes={"size": [file.size, None]})
    file.delete()
    outbox.enqueue(REMOVE_CONTENTS, names=names)
    count_bytes(-size)


def count_bytes(more: int) -> None:
    """So many bytes more, or fewer, in use. The last thing in a transaction, because everybody's files wait for this row."""
    counted = FileUsage.objects.filter(is_current=True)
    if not counted.update(size=F("size") + more):
        FileUsage.objects.bulk_create([FileUsage()], ignore_conflicts=True)
        counted.update(size=F("size") + more)


def _sizes(file: StoredFile) -> Iterator[int]:
    yield file.size if file.stored_as else 0
    yield from file.renditions.values_list("size", flat=True)


def _taken(given: Upload, purpose: purposes.Purpose, by: Any) -> StoredFile:
    upload = get_upload(by, given.pk)
    if upload.purpose != purpose.code:
        raise ConflictError("upload_purpose", translate("This file was sent for something else. Send it again here."))
    if upload.file is None:
        sentence = translate(
            "“%(name)s” has not come whole yet. Wait until it has, or send it again.", name=upload.name
        )
        raise DomainError("upload_incomplete", sentence, field="files")
    if upload.file.state == State.INFECTED:
        raise infected(upload.file)
    purpose.check_room(by, 1)
    if not Upload.objects.filter(pk=upload.pk).delete()[0]:
        raise ConflictError("upload_taken", translate("This file has been added already."))
    return upload.file


def infected(file: StoredFile) -> DomainError:
    """Why it cannot be opened or taken."""
    sentence = translate(
        "In “%(name)s” a virus was found (%(finding)s). It was removed.", name=file.name, finding=file.finding
    )
    return DomainError("file_infected", sentence, field="files")
