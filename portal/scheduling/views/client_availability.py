"""When a client can come: set on the client's page, or by the client's own logins from their account."""

from typing import Any
from uuid import UUID

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.models import Client
from core.people.permissions import clients_acted_for
from core.scheduling.actions import set_client_availability
from core.scheduling.client_availability_queries import outside_sentences, readable_times
from core.scheduling.models import ClientAvailability
from core.scheduling.permissions import (
    CHANGE,
    availability_readable_by,
    availability_settable_by,
    get_appointment,
    get_client_to_set_availability,
)
from core.scheduling.rules.conflicts import Span
from portal.access import SignedInView
from portal.forms import FormView
from portal.person_choices import key_of
from portal.scheduling.availability_rows import AvailabilityRows, availability_rows
from portal.scheduling.forms import slot_of
from portal.scheduling.hours_forms import ClientWeekForm

MOST_ASKED = 100  # clients of one form


class ClientAvailabilityView(FormView):
    """The windows of every week in which one client can come."""

    template_name = "scheduling/client_availability.html"
    edits = True
    result: ClientAvailability | None

    def load(self, pk: UUID) -> None:
        self.client = get_client_to_set_availability(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.client]

    def get_form(self, *posted: Any) -> ClientWeekForm:
        return ClientWeekForm(*posted, client=self.client)

    def get_context_data(self, form: BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "client": self.client, "back": self.get_success_url()}

    def perform(self, form: ClientWeekForm) -> ClientAvailability | None:
        return set_client_availability(
            self.client,
            weekly=form.weekly(),
            time_zone=form.cleaned_data["time_zone"],
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        if self.result is None:
            return _("Saved. Nothing is known of when %(name)s can come.") % {"name": self.client.name}
        return _("Saved. What is booked already stays as it is.")

    def get_success_url(self) -> str:
        if self.user.staff is None:
            return reverse("scheduling:own_availability")
        return reverse("people:client", args=[self.client.pk])


class OwnAvailabilityView(SignedInView):
    """The times of all for whom this login acts, with the way to change them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        clients = list(clients_acted_for(self.user))
        if not clients:
            raise NotFound
        settable = set(
            availability_settable_by(self.user)
            .filter(pk__in=[client.pk for client in clients])
            .values_list("pk", flat=True)
        )
        known: dict[Any, AvailabilityRows] = availability_rows(clients)
        rows = [(client, known.get(client.pk), client.pk in settable) for client in clients]
        return render(request, "scheduling/own_availability.html", {"rows": rows})


class OutsideView(SignedInView):
    """Of whose times the time in a form is outside; for the form of a booking, a series or a move, as one fills it in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        slot = slot_of(request.GET)
        outside = []
        if slot and slot[0] < slot[1]:
            clients = self._clients()
            outside = outside_sentences(clients, Span(*slot), readable_times(clients, by=self.user))
        return render(request, "scheduling/_outside.html", {"outside": outside})

    def _clients(self) -> list[Client]:
        asked = self.request.GET
        if (key := key_of(asked.get("appointment"))) is not None:
            return [place.client for place in get_appointment(self.user, key, to=CHANGE).attending]
        keys = [key for key in map(key_of, asked.getlist("clients")[:MOST_ASKED]) if key]
        return list(availability_readable_by(self.user).filter(pk__in=keys))
