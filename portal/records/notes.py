"""Notes read: those of a client, one with all that belongs to it, what it said before, and on paper."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.people.models import Client
from core.people.permissions import get_client
from core.records import actions, queries
from core.records.permissions import can_keep_records, can_read_shared, get_note
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.access import SignedInView
from portal.client_tabs import tabs_for
from portal.records.forms import NewNoteForm
from portal.records.rows import acts_of, note_row, title_of

PER_PAGE = 25
STATES = ("unsigned", "shared")


class ClientNotesView(SignedInView):
    """The notes about a client: all of them for whoever keeps the client's records, else those that are shared."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client = get_client(self.user, pk)
        if can_keep_records(self.user, client):
            return self._all(client)
        if can_read_shared(self.user, client):
            return self._shared(client)
        raise PermissionDenied("not allowed to read this client's notes")

    def _all(self, client: Client) -> HttpResponse:
        typed, state = self.request.GET.get("q", "").strip()[:80], self.request.GET.get("state", "")
        notes = queries.notes_of(client, state=state)
        found: Any = notes
        if typed:
            found = queries.notes_with(typed, notes)
            actions.note_search(client, by=self.user)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        kept = {"q": typed, "state": state if state in STATES else ""}
        context = {
            "client": client,
            "tabs": tabs_for(self.request, client),
            "page": page,
            "rows": [note_row(note) for note in page],
            "query": urlencode({key: value for key, value in kept.items() if value}),
            "search": typed,
            "state": kept["state"],
            "filters": self._filters(kept["state"], typed),
            "form": new_note_form(self.request, client),
        }
        return render(self.request, "records/notes.html", context)

    def _filters(self, state: str, typed: str) -> list[dict[str, Any]]:
        words = {"": _("All"), "unsigned": _("Not signed"), "shared": _("Shared")}
        kept = {"q": typed} if typed else {}
        return [
            {
                "label": label,
                "url": "?" + urlencode({"state": code, **kept} if code else kept),
                "current": code == state,
            }
            for code, label in words.items()
        ]

    def _shared(self, client: Client) -> HttpResponse:
        shares = queries.shares_of(client, self.user)
        page = Paginator(shares, PER_PAGE).get_page(self.request.GET.get("page"))
        context = {"client": client, "tabs": tabs_for(self.request, client), "page": page}
        return render(self.request, "records/shared_notes.html", context)


def new_note_form(request: HttpRequest, client: Client, *posted: Any, also: Any = None) -> NewNoteForm:
    """What begins a note about this client. `also`: an appointment that must be among the choices, and is chosen."""
    now = clock.now()
    appointments = queries.appointments_to_note(client, now=now)
    if also is not None and also not in appointments:
        appointments.insert(0, also)
    chosen = also or next((each for each in appointments if each.starts_at <= now), None)
    if also is None and chosen is not None and chosen.ends_at < now - queries.RECENTLY:
        chosen = None
    zone = wall_time.zone(time_zones.zone_of(request))
    initial = {"appointment": str(chosen.pk) if chosen else ""}
    return NewNoteForm(*posted, appointments=appointments, templates=queries.templates(), zone=zone, initial=initial)


class NoteView(SignedInView):
    """One note. That it was opened is kept, and shown to whoever reads it next."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        note = get_note(self.user, pk)
        readers = queries.readers_of(note)
        actions.note_read(note, by=self.user)
        context = {
            "note": note,
            "client": note.client,
            "title": title_of(note),
            "row": note_row(note),
            "acts": acts_of(note, self.user),
            "readers": readers,
        }
        return render(request, "records/note.html", context)


class NotePartView(SignedInView):
    """The text of an earlier note, for those who write the next one. It counts as read."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        note = get_note(self.user, pk)
        actions.note_read(note, by=self.user)
        return render(request, "records/_text.html", {"note": note})


class PrintView(SignedInView):
    """The note on paper, with the organization's letterhead."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        note = get_note(self.user, pk)
        actions.note_read(note, by=self.user)
        context = {"note": note, "client": note.client, "title": title_of(note), "printed_at": clock.now()}
        return render(request, "records/print.html", context)


class VersionsView(SignedInView):
    """What the note said before. That it was read is kept."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        note = get_note(self.user, pk)
        versions = list(note.versions.select_related("written_by"))
        if versions:
            actions.note_versions_read(note, by=self.user)
        context = {
            "note": note,
            "client": note.client,
            "title": title_of(note),
            "versions": versions,
            "acts": acts_of(note, self.user),
            "back": reverse("notes:note", args=[note.pk]),
        }
        return render(request, "records/versions.html", context)
