"""What the pages show of a note: never more than the reader may see, and no words of it where a title alone will do."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.people.models import Client
from core.records import actions, queries
from core.records.actions.checks import facts_of
from core.records.models import Note
from core.records.rules.notes import Act, open_acts


@dataclass(frozen=True, slots=True)
class NoteRow:
    """One note in a list."""

    note: Note
    title: str
    badges: tuple[tuple[str, str], ...]


def note_row(note: Note) -> NoteRow:
    """For staff."""
    return NoteRow(note, title_of(note), tuple(_badges(note)))


def previous_rows(client: Client, *, but: Note | None) -> list[NoteRow]:
    """Earlier notes, for those who write the next one."""
    return [note_row(each) for each in queries.previous_notes_about(client, but=but)]


def note_shown(note: Note, *, by: Any) -> None:
    """Keep that somebody has read it, where a page that does something else shows its words as well; not where they read what they write."""
    if not note.is_blank and not (note.author_id == note.written_by_id == by.pk):
        actions.note_read(note, by=by)


def title_of(note: Note) -> str:
    """What it is called: by its title, else by what it is about."""
    if not note.text.is_readable:
        return _("A note that cannot be read any more")
    if note.text.title:
        return note.text.title
    return note.appointment.what if note.appointment else _("Note")


def _badges(note: Note) -> list[tuple[str, str]]:
    found = []
    if note.revision == 0:
        found.append((_("Not written yet"), "neutral"))
    elif note.is_signed:
        found.append((_("Signed"), "success"))
    else:
        found.append((_("Not signed"), "warning"))
    if note.shown_share is not None:
        found.append((_("Shared"), "info"))
    return found


def acts_of(note: Note, user: Any) -> dict[str, bool]:
    """What this reader may do with it now, by name, for the page's buttons."""
    acts = open_acts(facts_of(note, user))
    return {act.value: act in acts for act in Act}
