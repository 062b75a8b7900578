"""What the client reads: shared by hand, and taken back."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.records import notifications
from core.records.actions.checks import check_open, hold_note
from core.records.audit_codes import RecordsAudit
from core.records.models import Note, NoteShare
from core.records.rules.notes import Act


@transaction.atomic
def share_note(note: Note, *, seen: int, by: Any, now: datetime) -> NoteShare:
    """Let the client read the text as it stands now, and say that there is something. `seen`: the revision that the person has read."""
    held = hold_note(note, by=by)
    check_open(held, Act.SHARE, by=by)
    if held.revision != seen:
        raise ConflictError(
            "note_moved_on", translate("Somebody has written on meanwhile. Read it as it is now, then share.")
        )
    if not held.whole_text.is_readable:
        raise ConflictError(
            "note_unreadable", translate("This text cannot be read any more, and so it cannot be shared.")
        )
    if held.is_share_current and held.shown_share is not None:
        return held.shown_share
    share = held.shown_share or NoteShare(note=held)
    share.shared_by, share.shared_at = by, now
    share.write(held.whole_text)
    share.save()
    audit.record(RecordsAudit.NOTE_SHARED, by=by, subject=held)
    notifications.note_shared(share, by=by)
    return share


@transaction.atomic
def withdraw_note(note: Note, *, by: Any, now: datetime) -> None:
    """Take it back: from this moment nobody reads it as shared. Mail about it that has not left does not leave."""
    held = hold_note(note, by=by)
    check_open(held, Act.WITHDRAW, by=by)
    NoteShare.objects.filter(note=held).delete()
    audit.record(RecordsAudit.NOTE_WITHDRAWN, by=by, subject=held)
