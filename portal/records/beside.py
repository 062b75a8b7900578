"""Notes and goals beside the pictures of a live room: of those who take part, for whoever keeps their records."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.models import Client
from core.records import queries
from core.records.models import Note
from core.records.permissions import clients_with_records
from core.scheduling.models import Appointment
from core.scheduling.permissions import get_appointment
from portal import versions
from portal.access import SignedInView
from portal.person_choices import key_of
from portal.records.forms import TextForm
from portal.records.goal_rows import goal_rows
from portal.records.goals import progress_form
from portal.records.rows import note_shown, previous_rows
from portal.versions import Version
from portal.work_tabs import RoomVisitor


def has_records_of(visitor: RoomVisitor) -> bool:
    """Whether somebody keeps records of anybody who takes part in an appointment; a guest by a link never does."""
    appointment = visitor.room.appointment
    return visitor.user is not None and appointment is not None and bool(clients_beside(visitor.user, appointment))


def facts_of_room(visitor: RoomVisitor) -> dict[str, Any]:
    """Where the tab's contents are."""
    return {"url": reverse("notes:beside", args=[visitor.room.appointment_id])}


class BesideView(SignedInView):
    """One client's notes and goals as a part of a page; in a group, one client at a time."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        clients = clients_beside(self.user, appointment)
        if not clients:
            raise NotFound(f"records of those in {pk}")
        wanted = key_of(request.GET.get("client", ""))
        client = next((each for each in clients if each.pk == wanted), clients[0])
        note = queries.own_note_about(appointment, client, self.user)
        if note is not None:
            note_shown(note, by=self.user)
        goals = [goal for goal in queries.goals_of(client, self.user) if goal.is_open]
        context = {
            "appointment": appointment,
            "clients": clients,
            "client": client,
            "note": note,
            "form": self._form(note) if note is not None else None,
            "previous": previous_rows(client, but=note),
            "goals": [(row, progress_form(request, row.goal)) for row in goal_rows(goals)],
        }
        return render(request, "records/_beside.html", context)

    def _form(self, note: Note) -> TextForm:
        """As the editor's page has it, with what it was made from."""
        address, user_id = reverse("notes:write", args=[note.pk]), str(self.user.pk)
        version = Version(versions.marks_of({"revision": note.revision}), clock.now())
        versions.carry(self.request, version, address=address, user_id=user_id)
        return TextForm(initial={"title": note.text.title, "body": note.text.body})


def clients_beside(user: Any, appointment: Appointment) -> list[Client]:
    """Those who take part, as far as `user` keeps their records."""
    places = appointment.participants.values("client_id")
    return list(clients_with_records(user).filter(pk__in=places).order_by("sort_key", "pk"))
