"""Scores beside the pictures of a live room: all of whoever takes part, and a new one for what is shown (LIV-28)."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.kernel.errors import NotFound
from core.people.models import Client
from core.records import actions, queries
from core.resources.models import Resource
from core.resources.permissions import resources_visible_to
from core.scheduling.models import Appointment
from core.scheduling.permissions import get_appointment
from portal.access import SignedInView
from portal.person_choices import key_of
from portal.records.beside import clients_beside
from portal.records.score_forms import ScoreForm
from portal.records.score_rows import scored_rows
from portal.records.scores import initial_of
from portal.work_tabs import RoomVisitor
from sessions_live.showings.models import Showing
from sessions_live.showings.queries import used_at

PER_PAGE = 12
MOST_USED = 20


def facts_of_room(visitor: RoomVisitor) -> dict[str, Any]:
    """Where the tab's contents are."""
    return {"url": reverse("scores:beside", args=[visitor.room.appointment_id])}


class BesideView(SignedInView):
    """One client's scores as a part of a page; in a group, one client at a time. What is open now is scored, or what was used before."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        clients = clients_beside(self.user, appointment)
        if not clients:
            raise NotFound(f"records of those in {pk}")
        wanted = key_of(request.GET.get("client", ""))
        client = next((each for each in clients if each.pk == wanted), clients[0])
        used, resource = self._resources(appointment)
        page = Paginator(queries.scored_with(client, self.user), PER_PAGE).get_page(request.GET.get("page"))
        rows = scored_rows(client, self.user, page)
        if rows:
            actions.scores_read(client, by=self.user)
        context = {
            "appointment": appointment,
            "clients": clients,
            "client": client,
            "used": used,
            "resource": resource,
            "form": self._form(client, resource) if resource is not None else None,
            "page": page,
            "rows": sorted(rows, key=lambda row: resource is None or row.found.key != resource.pk),
        }
        return render(request, "records/_scores_beside.html", context)

    def _resources(self, appointment: Appointment) -> tuple[list[Resource], Resource | None]:
        """What was used in the session and can still be seen, the latest last; and which of it is meant: what was asked for, else what is open."""
        showings = [each for each in used_at(appointment, self.user) if each.resource_id is not None][-MOST_USED:]
        visible = resources_visible_to(self.user).in_bulk([each.resource_id for each in showings])
        used = [visible[each.resource_id] for each in showings if each.resource_id in visible]
        wanted = key_of(self.request.GET.get("resource", "")) or _open(showings)
        return used, next((each for each in used if each.pk == wanted), used[-1] if used else None)

    def _form(self, client: Client, resource: Resource) -> ScoreForm:
        initial = initial_of(client, resource, self.user)
        return ScoreForm(initial=initial, auto_id="beside-%s")


def _open(showings: list[Showing]) -> UUID | None:
    return next((each.resource_id for each in showings if each.closed_at is None), None)
