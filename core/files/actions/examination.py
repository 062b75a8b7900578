"""What the product does with a file that has come: looks through it for viruses, and makes smaller pictures of it."""

import io
import logging
from uuid import UUID

from django.db import transaction

from core.files import contents, scanning
from core.files.actions.files import State, count_bytes, promise
from core.files.audit_codes import FileAudit
from core.files.models import Rendition, StoredFile
from core.files.outbox_names import REMOVE_CONTENTS
from core.files.previews import Picture, pictures_of
from core.files.sealing import Damaged
from core.kernel import audit, bounded, outbox

logger = logging.getLogger(__name__)
Previews = StoredFile.Previews


def scan(file_id: UUID | str) -> str:
    """Ask the scanner, unless that is done. GatewayError as long as it does not answer: nobody opens the file until it has.

    No row is held while it looks. Returns what was found; then the content is removed for good, and the row stays and says why.
    """
    file = StoredFile.objects.select_related("key").filter(pk=file_id, state=State.CHECKING).first()
    if file is None:
        return ""
    with contents.opened(file) as content:
        found = scanning.finding_in(content)
    return _judged(file_id, found)


@transaction.atomic
def _judged(file_id: UUID | str, found: str) -> str:
    # Without its key, because others point to the file at the same time.
    file = StoredFile.objects.select_for_update(no_key=True).filter(pk=file_id, state=State.CHECKING).first()
    if file is None:
        return ""
    if not found:
        file.state = State.READY
        file.save(update_fields=["state"])
        promise(file)
        return ""
    name, file.stored_as = file.stored_as, ""
    file.state, file.finding, file.previews = State.INFECTED, found, Previews.NONE
    file.save(update_fields=["state", "finding", "previews", "stored_as"])
    audit.record(FileAudit.FILE_INFECTED, by=audit.SYSTEM, subject=file, changes={"finding": [None, found]})
    outbox.enqueue(REMOVE_CONTENTS, names=[name])
    count_bytes(-file.size)
    return found


def make_previews(file_id: UUID | str) -> str:
    """Make the smaller pictures of a file, unless they are made. Returns what became of them."""
    file = (
        StoredFile.objects.select_related("key")
        .filter(pk=file_id, previews=Previews.WAITING, state=State.READY)
        .first()
    )
    if file is None:
        return ""
    try:
        with contents.opened(file) as content:
            pictures, pages = pictures_of(file.kind, content.read())
    except (bounded.Failed, bounded.Exhausted, Damaged) as error:
        logger.info("no preview of file %s: %s", file.pk, type(error).__name__)
        give_up_previews(file.pk)
        return Previews.FAILED
    return _keep(file, pictures, pages)


def give_up_previews(file_id: UUID | str) -> None:
    """The file is used without."""
    StoredFile.objects.filter(pk=file_id, previews=Previews.WAITING).update(previews=Previews.FAILED)


def _keep(file: StoredFile, pictures: list[Picture], pages: int | None) -> str:
    stored = [contents.store(io.BytesIO(each.content), key=file.key) for each in pictures]
    names = [each.name for each in stored]
    try:
        with transaction.atomic():
            held = (
                StoredFile.objects.select_for_update(no_key=True).filter(pk=file.pk, previews=Previews.WAITING).first()
            )
            if held is None:  # because somebody has removed it, or has made them, meanwhile
                contents.delete(names)
                return ""
            Rendition.objects.bulk_create(
                Rendition(
                    file=held, kind=picture.kind, width=picture.width, height=picture.height, size=each.size, stored_as=each.name, key=each.key
                )
                for picture, each in zip(pictures, stored, strict=True)
            )  # fmt: skip
            held.previews, held.pages = Previews.MADE, pages
            held.save(update_fields=["previews", "pages"])
            count_bytes(sum(each.size for each in stored))
    except BaseException:
        contents.delete(names)
        raise
    return Previews.MADE
