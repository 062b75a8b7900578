"""A note is signed, and what is said later is added to it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.records.actions.checks import check_open, checked_body, hold_note
from core.records.audit_codes import RecordsAudit
from core.records.models import Note, NoteAmendment, NoteSignature, NoteText
from core.records.rules.notes import Act


@transaction.atomic
def sign_note(note: Note, *, seen: int, by: Any, now: datetime) -> NoteSignature:
    """Answer for it: by the author, who locks it for good, or by a colleague besides. `seen`: the revision that they have read."""
    held = hold_note(note, by=by)
    is_first = not held.is_signed
    check_open(held, Act.SIGN if is_first else Act.COSIGN, by=by)
    if held.revision != seen:
        raise ConflictError(
            "note_moved_on", translate("Somebody has written on meanwhile. Read it as it is now, then sign.")
        )
    if not held.text.is_readable or not held.is_intact:
        raise ConflictError(
            "note_unreadable", translate("This text cannot be read any more, and so it cannot be signed.")
        )
    signature = NoteSignature(note=held, user=by, name=str(by), signed_at=now)
    signature.write(held.text)
    signature.save()
    audit.record(RecordsAudit.NOTE_SIGNED if is_first else RecordsAudit.NOTE_COSIGNED, by=by, subject=held)
    return signature


@transaction.atomic
def amend_note(note: Note, *, body: str, by: Any, now: datetime) -> NoteAmendment:
    """Add to a note that is signed."""
    held = hold_note(note, by=by)
    check_open(held, Act.AMEND, by=by)
    cleaned = checked_body(body)
    if not cleaned:
        raise DomainError("no_words", translate("Write what is to be added."), field="body")
    amendment = NoteAmendment(note=held, author=by, written_at=now)
    amendment.write(NoteText(body=cleaned))
    amendment.save()
    audit.record(RecordsAudit.NOTE_AMENDED, by=by, subject=held)
    return amendment
