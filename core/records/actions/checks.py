"""What every act about a note begins with: the note held, the person allowed, the act open."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied

from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.plain_text import require_plain
from core.kernel.translation import gettext_noop, translate
from core.kernel.unseen import one_line
from core.pages import rich_text
from core.records.models import LONGEST, TITLE, Note, NoteShare, NoteText
from core.records.permissions import can_keep_records, with_everything
from core.records.rules.notes import Act, NoteFacts, open_acts

_NOT_TO_SIGN = gettext_noop(
    "This note cannot be signed: it is signed by now, has no words, or somebody else writes it."
)
_REFUSALS = {
    Act.WRITE: (
        "note_signed",
        gettext_noop("This note is signed by now. What you want to say can be added below it."),
    ),
    Act.SIGN: ("note_not_to_sign", _NOT_TO_SIGN),
    Act.COSIGN: ("note_not_to_sign", _NOT_TO_SIGN),
    Act.AMEND: ("note_not_signed", gettext_noop("This note is not signed yet. Write in it.")),
    Act.SHARE: ("note_blank", gettext_noop("There are no words in this note yet.")),
    Act.WITHDRAW: ("note_not_shared", gettext_noop("This note is not shared.")),
    Act.REMOVE: (
        "note_stays",
        gettext_noop("Only its author can remove a note, and only while it is neither signed nor shared."),
    ),
}


def hold_note(note: Note, *, by: Any) -> Note:
    """The note as it is now, held until the end of the transaction, for somebody who may keep its client's records."""
    if Note.objects.select_for_update(no_key=True).filter(pk=note.pk).first() is None:
        raise NotFound(f"note {note.pk}")
    held = with_everything(Note.objects.all()).get(pk=note.pk)
    if not can_keep_records(by, held.client):
        raise PermissionDenied("not allowed to keep this client's records")
    return held


def facts_of(note: Note, user: Any) -> NoteFacts:
    """What decides what `user` may do with the note."""
    return NoteFacts(
        is_blank=note.is_blank,
        had_words=note.is_blank and note.versions.exists(),
        is_signed=note.is_signed,
        is_shared=note.shown_share is not None,
        is_author=note.author_id == user.pk,
        has_signed=any(one.user_id == user.pk for one in note.signed_by),
        author_keeps_records=note.author_id == user.pk or can_keep_records(note.author, note.client),
    )


def check_open(note: Note, act: Act, *, by: Any) -> None:
    """ConflictError with the reason when the act is not open to this person any more."""
    if act not in open_acts(facts_of(note, by)):
        code, sentence = _REFUSALS[act]
        raise ConflictError(code, translate(sentence))


def check_readable(thing: Any) -> None:
    """ConflictError `text_unreadable` where somebody would write over what only cannot be read: it may be again, once its key is known."""
    if not thing.text.is_readable:
        raise ConflictError(
            "text_unreadable",
            translate(
                "This text cannot be read at the moment, because its key is not known or it was changed where it is stored. So that nothing is lost "
                "it is not written over; tell whoever looks after the server."
            ),
        )


def check_day(on: date, *, now: datetime) -> None:
    """DomainError at `on` for a day that is still to come, anywhere in the world, or too long ago to be meant."""
    if on > (now + timedelta(days=1)).date():
        raise DomainError("future_day", translate("This day is still to come."), field="on")
    if on.year < 1900:
        raise DomainError("early_day", translate("This day is too long ago."), field="on")


def checked_text(title: str, body: str) -> NoteText:
    """The words as they are kept: one line, and HTML of a few elements. DomainError when they are too long."""
    require_plain(title, body)
    title = one_line(title)
    if len(title) > TITLE:
        raise DomainError("long_title", translate("At most %(most)s letters.", most=TITLE), field="title")
    return NoteText(title, checked_body(body))


def checked_body(body: str) -> str:
    """HTML of a few elements; nothing where there is no word."""
    require_plain(body)
    cleaned = rich_text.clean(body)
    if rich_text.is_empty(cleaned):
        return ""
    if len(cleaned) > LONGEST:
        raise DomainError("long_text", translate("That is too long for one note. Go on in a second one."), field="body")
    return cleaned


def share_of(note_id: UUID) -> NoteShare | None:
    """What the client reads of a note, if anything."""
    return NoteShare.objects.filter(note_id=note_id).first()
