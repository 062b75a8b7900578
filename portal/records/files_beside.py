"""Files of a client beside the pictures of a live room: looked at and brought from both sides (LIV-26)."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.kernel.errors import NotFound
from core.people.models import Client, User
from core.people.permissions import clients_acted_for
from core.records import queries
from core.records.notifications import told_of_files
from core.records.permissions import can_bring_files, can_keep_records, clients_with_records
from core.scheduling.models import Appointment
from core.scheduling.permissions import get_appointment
from portal.access import SignedInView
from portal.person_choices import key_of
from portal.records.files import FilesForm, file_row
from portal.work_tabs import RoomVisitor
from sessions_live.showings.models import SHOWN

PER_PAGE = 20


def sees_files(visitor: RoomVisitor) -> bool:
    """Whether somebody keeps the record of anybody who takes part, or acts for one of them; a guest by a link never does."""
    appointment = visitor.room.appointment
    return visitor.user is not None and appointment is not None and bool(_clients(visitor.user, appointment))


def facts_of_room(visitor: RoomVisitor) -> dict[str, Any]:
    """Where the tab's contents are."""
    return {"url": reverse("client_files:beside", args=[visitor.room.appointment_id])}


class BesideView(SignedInView):
    """One client's files as a part of a page, with a place for more; in a group, one client at a time."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        clients = _clients(self.user, appointment)
        if not clients:
            raise NotFound(f"files of those in {pk}")
        wanted = key_of(request.GET.get("client", ""))
        client = next((each for each in clients if each.pk == wanted), clients[0])
        keeps = can_keep_records(self.user, client)
        page = Paginator(queries.files_of(client, self.user), PER_PAGE).get_page(request.GET.get("page"))
        rows = [file_row(each, self.user, keeps=keeps) for each in page]
        for row in rows:
            file = row["row"].file
            row["may_show"] = keeps and not appointment.is_group and file.is_ready and file.kind.value in SHOWN
        context = {
            "clients": clients,
            "client": client,
            "keeps": keeps,
            "page": page,
            "rows": rows,
            "is_checking": any(not row["row"].file.is_ready and row["row"].file.state != "infected" for row in rows),
            "form": self._form() if keeps or can_bring_files(self.user, client) else None,
            "told": None if keeps else told_of_files(client),
        }
        return render(request, "records/_files_beside.html", context)

    def _form(self) -> FilesForm:
        form = FilesForm(auto_id="beside-%s")
        form.fields["files"].for_user(self.user)  # type: ignore[attr-defined]
        return form


def _clients(user: User, appointment: Appointment) -> list[Client]:
    """Those who take part and whose files this person may see and add to."""
    places = appointment.participants.values("client_id")
    kept = clients_with_records(user).filter(pk__in=places)
    acted = clients_acted_for(user).filter(pk__in=places)
    found = {each.pk: each for each in (*kept, *acted)}
    return sorted(found.values(), key=lambda each: (each.sort_key, str(each.pk)))
