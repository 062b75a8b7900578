"""Notes begun, written, read, brought back and removed."""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import ConflictError
from core.kernel.translation import translate
from core.people.models import Client
from core.records.actions.checks import check_open, check_readable, checked_text, hold_note
from core.records.audit_codes import RecordsAudit
from core.records.models import Note, NoteShare, NoteTemplate, NoteText, NoteVersion
from core.records.permissions import can_keep_records
from core.records.rules.notes import Act
from core.scheduling.models import Appointment

BREAK = timedelta(minutes=10)  # after which whoever goes on begins another version
LONGEST_VERSION = timedelta(minutes=30)
UNWRITTEN_KEPT = timedelta(days=1)


@transaction.atomic
def begin_note(
    client: Client,
    *,
    appointment: Appointment | None = None,
    template: NoteTemplate | None = None,
    by: Any,
    now: datetime,
) -> Note:
    """A note without words, or with those of a template. Whoever has one of the same kind already, and has not typed in it, gets that one."""
    if not can_keep_records(by, client):
        raise PermissionDenied("not allowed to keep this client's records")
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)  # so that two clicks begin one note
    begun = Note.objects.filter(client=client, author=by, appointment=appointment, revision=0).first()
    note = begun or Note(client=client, author=by, appointment=appointment, begun_at=now)
    note.written_by, note.written_at, note.version_since = by, now, now
    note.write(NoteText(template.name, template.body) if template else NoteText())
    note.save()
    if begun is None:
        changes = {"appointment": [None, str(appointment.pk)]} if appointment else {}
        audit.record(RecordsAudit.NOTE_BEGUN, by=by, subject=note, changes=changes)
    return note


@transaction.atomic
def write_note(note: Note, *, title: str, body: str, seen: int, by: Any, now: datetime, replaces: bool = False) -> Note:
    """Write in it. `seen`: the revision from which it was written; `replaces`: it is not, but somebody has chosen to put this in its place.

    ConflictError `note_moved_on` where somebody else has written since, `note_signed` where it is locked, `text_unreadable`. What stood there is
    kept as a version when it is replaced, as soon as another person writes, or the same one after a break.
    """
    held = hold_note(note, by=by)
    check_open(held, Act.WRITE, by=by)
    check_readable(held)
    if held.revision != seen:
        raise ConflictError(
            "note_moved_on", translate("Somebody else has written here meanwhile. Nothing of it was changed.")
        )
    text = checked_text(title, body)
    if replaces:
        held.version_since = (
            now - LONGEST_VERSION
        )  # so that what stood there is a version, also where the same person wrote it
    return _written(held, text, code=RecordsAudit.NOTE_WRITTEN, by=by, now=now)


@transaction.atomic
def set_aside(note: Note, *, title: str, body: str, seen: int, by: Any, now: datetime) -> Note:
    """Keep a text among the versions of a note, which goes on saying what somebody has written meanwhile. Errors as of `write_note`."""
    held = hold_note(note, by=by)
    check_open(held, Act.WRITE, by=by)
    if held.revision != seen:
        raise ConflictError(
            "note_moved_on", translate("Somebody else has written here meanwhile. Nothing of it was changed.")
        )
    text = checked_text(title, body)
    if text == held.text and held.text.is_readable:
        return held
    version = NoteVersion(note=held, revision=held.revision + 1, written_by=by, written_at=now)
    version.write(text)
    version.save()
    held.revision += 2  # because each text of a note has a number of its own
    held.save(update_fields=["revision"])
    audit.record(RecordsAudit.NOTE_SET_ASIDE, by=by, subject=held, changes={"text": ["…", "…"]})
    return held


@transaction.atomic
def bring_back_version(version: NoteVersion, *, by: Any, now: datetime) -> Note:
    """Let the note say again what it said then. What stands there now is kept as a version, too."""
    held = hold_note(version.note, by=by)
    check_open(held, Act.WRITE, by=by)
    if not version.text.is_readable:
        raise ConflictError("version_unreadable", translate("This text cannot be read any more: its key is gone."))
    held.version_since = now - LONGEST_VERSION  # so that this is a version of its own
    return _written(held, version.text, code=RecordsAudit.NOTE_BROUGHT_BACK, by=by, now=now)


def _written(note: Note, text: NoteText, *, code: RecordsAudit, by: Any, now: datetime) -> Note:
    if text == note.text and note.text.is_readable and note.revision:
        return note
    goes_on = (
        note.written_by_id == by.pk and now - note.written_at < BREAK and now - note.version_since < LONGEST_VERSION
    )
    if note.revision and not goes_on:
        NoteVersion.objects.create(
            note=note,
            revision=note.revision,
            sealed=note.sealed,
            written_by_id=note.written_by_id,
            written_at=note.written_at,
        )
    if not note.revision or not goes_on:
        note.version_since = now
        audit.record(code, by=by, subject=note, changes={"text": ["…", "…"]})
    note.write(text)
    note.revision += 1
    note.written_by, note.written_at = by, now
    note.save(update_fields=["sealed", "revision", "written_by", "written_at", "version_since"])
    return note


@transaction.atomic
def remove_note(note: Note, *, by: Any, now: datetime) -> None:
    """Remove it for good, with its versions, as long as nobody has signed it and nobody reads it."""
    held = hold_note(note, by=by)
    check_open(held, Act.REMOVE, by=by)
    audit.record(RecordsAudit.NOTE_REMOVED, by=by, subject=held)
    held.delete()


def note_read(note: Note, *, share: NoteShare | None = None, by: Any) -> None:
    """Keep that somebody has read it; `share`: as it is shared with the client."""
    changes = {"as": [None, "shared"]} if share is not None else {}
    audit.record(RecordsAudit.NOTE_READ, by=by, subject=note, changes=changes)


def note_versions_read(note: Note, *, by: Any) -> None:
    """Keep that somebody has read what it said before."""
    audit.record(RecordsAudit.NOTE_VERSIONS_READ, by=by, subject=note)


def note_search(client: Client, *, by: Any) -> None:
    """Keep that somebody has looked through the notes about a client; not for what."""
    audit.record(RecordsAudit.NOTES_SEARCHED, by=by, subject=client)


@transaction.atomic
def forget_unwritten(*, now: datetime) -> None:
    """Remove what was begun and never written. Every night."""
    for note in Note.objects.select_for_update().filter(revision=0, begun_at__lt=now - UNWRITTEN_KEPT):
        audit.record(RecordsAudit.NOTE_REMOVED, by=audit.SYSTEM, subject=note)
        note.delete()
