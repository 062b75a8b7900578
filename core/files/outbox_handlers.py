"""What the outbox does for files: have them looked through, have smaller pictures made, and take removed ones out of the store."""

from datetime import timedelta
from typing import Any

from core.files import contents
from core.files.actions import examination
from core.files.models import StoredFile
from core.files.outbox_names import MAKE_PREVIEWS, REMOVE_CONTENTS, SCAN_FILE
from core.files.tasks import make_previews
from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop

AGAIN, MOST_TRIES = timedelta(minutes=5), 3  # should a worker be lost


@outbox.handler(SCAN_FILE, label=gettext_noop("Look through a file for viruses"))
def scan_file(message: OutboxMessage) -> None:
    """Ask the scanner; as long as it does not answer, the promise is tried again, and people see that it failed."""
    if not _files(message).filter(state=StoredFile.State.CHECKING).exists():
        raise outbox.Obsolete("the file is looked through, or gone")
    examination.scan(message.payload["file"])


@outbox.handler(MAKE_PREVIEWS, label=gettext_noop("Preview of a file"))
def have_previews_made(message: OutboxMessage) -> None:
    """Have them made by a worker, and look again whether they are."""
    file = _files(message).filter(previews=StoredFile.Previews.WAITING).first()
    if file is None:
        raise outbox.Obsolete("the previews are made, or the file is gone")
    tries = message.payload["tries"] + 1
    if tries > MOST_TRIES:
        examination.give_up_previews(file.pk)
        return
    outbox.enqueue(MAKE_PREVIEWS, due_at=clock.now() + AGAIN, about=file, file=str(file.pk), tries=tries)
    make_previews.delay(str(file.pk))


@outbox.handler(REMOVE_CONTENTS, label=gettext_noop("Remove files from the store"))
def remove_contents(message: OutboxMessage) -> None:
    """The rows are gone; so are their bytes now. Again changes nothing."""
    contents.delete(message.payload["names"])


def _files(message: OutboxMessage) -> Any:
    return StoredFile.objects.filter(pk=message.payload["file"])
