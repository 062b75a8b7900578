"""The status of a client: what another one does is shown, and asked, before it is done."""

from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from billing.permissions import can_manage_billing
from billing.queries.invoices import open_invoices_of
from core.kernel import clock
from core.kernel.errors import ConflictError
from core.kernel.models import SentFormModel
from core.people import actions, queries
from core.people.models import Client
from core.scheduling.actions import cancel_appointment
from core.scheduling.models import Cancellation, Participant
from core.scheduling.notifications import told_of_cancellations
from core.scheduling.permissions import Viewpoint
from core.scheduling.queries import places_ahead
from core.scheduling.rules import wall_time
from core.scheduling.time_formats import format_time_span
from portal import time_zones
from portal.people.client_links import ClientActionView
from portal.people.forms import STATUSES
from portal.people.list_rows import client_row

ARCHIVED = "archived"  # besides the statuses: inactive, and out of the lists


class ClientStatusView(ClientActionView):
    """Another status, from the list or the client's page. Whoever takes an active client out of care is asked first."""

    def load(self, pk: Any) -> None:
        super().load(pk)
        self.cancelled: list[Cancellation] = []

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        status = request.GET.get("status", "")
        if not self.asks_first(status):
            return super().get(request, **kwargs)
        return self.question(status, at_list=request.GET.get("from") == "list")

    def act(self, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        if self.asks_first(self.status) and self.request.POST.get("confirmed") != "yes":
            asked = {"status": self.status, **({"from": "list"} if self.at_list else {})}
            return super().lead_to(f"{reverse('people:client_status', args=[self.client.pk])}?{urlencode(asked)}")
        return super().act(**kwargs)

    @property
    def status(self) -> str:
        return self.request.POST.get("status", "")

    @property
    def at_list(self) -> bool:
        return self.request.POST.get("from") == "list"

    def asks_first(self, status: str) -> bool:
        """Whether it takes something away from somebody."""
        return self.client.is_active and status in (Client.Status.INACTIVE, Client.Status.PROSPECT, ARCHIVED)

    def question(self, status: str, *, at_list: bool) -> HttpResponse:
        """What it does, with the appointments ahead to keep or cancel."""
        context = {
            "client": self.client,
            "status": status,
            "at_list": at_list,
            "ending": [login for login, others in self.logins if not others],
            "staying": [(login, others) for login, others in self.logins if others],
            "agents": list(queries.agents_of(self.client)),
            "appointments": self.appointments(),
            "invoices": list(open_invoices_of(self.client)) if can_manage_billing(self.user) else [],
        }
        return render(self.request, "people/client_status.html", context)

    @property
    def logins(self) -> list[tuple[Any, list[str]]]:
        """Whoever comes in for this client, and for whom they still come in afterwards."""
        return queries.logins_without(self.client)

    def appointments(self) -> list[dict[str, Any]]:
        """The client's places in what is booked ahead, and whether this person may cancel each."""
        view, zone = Viewpoint(self.user), time_zones.zone_of(self.request)
        return [
            {
                "place": place,
                "may_cancel": view.runs(place.appointment),
                "when": format_time_span(place.starts_at, place.ends_at, zone=zone, language=self.user.reads),
                "zone": wall_time.zone(zone),
            }
            for place in places_ahead(self.client, now=clock.now())
        ]

    @transaction.atomic
    def perform(self) -> None:
        if self.client.is_active:
            self.cancel_chosen()
        now = clock.now()
        if self.status == ARCHIVED:
            actions.archive_client(client=self.client, by=self.user, now=now)
        else:
            actions.change_client_status(client=self.client, status=self.status, by=self.user, now=now)

    def cancel_chosen(self) -> None:
        """On the practice's side, so that nothing is charged. What is off already, or has begun, needs no cancelling."""
        chosen = set(self.request.POST.getlist("cancel"))
        for place in places_ahead(self.client, now=clock.now()):
            if str(place.pk) in chosen:
                self._cancel(place)

    def _cancel(self, place: Participant) -> None:
        try:
            cancellation = cancel_appointment(
                place.appointment,
                participant=place,
                party=Cancellation.Party.PRACTICE,
                by=self.user,
                now=clock.now(),
            )
            self.cancelled.append(cancellation)
        except ConflictError as conflict:
            if conflict.code not in ("not_booked", "not_attending"):
                raise

    def get_success_message(self) -> str:
        if self.request.htmx:  # type: ignore[attr-defined]
            return ""  # because the row itself shows it
        if self.client.is_active:
            return _("%(name)s is active. Their logins come in again.") % {"name": self.client.name}
        done = (
            _("%(name)s is archived.")
            if self.status == ARCHIVED
            else _("%(name)s: status changed. On their page you can make them active again.")
        ) % {"name": self.client.name}
        return f"{done} {told_of_cancellations(self.cancelled, by=self.user)}" if self.cancelled else done

    def get_success_url(self) -> str:
        return reverse("people:clients") if self.at_list else super().get_success_url()

    def sent_before(self, earlier: SentFormModel) -> HttpResponse:
        self.load(**self.kwargs)  # because the row is drawn anew
        return super().sent_before(earlier)

    def lead_to(self, url: str) -> HttpResponse:
        if not self.request.htmx:  # type: ignore[attr-defined]
            return super().lead_to(url)
        row = client_row(queries.client_list(self.user).get(pk=self.client.pk))
        return render(self.request, "people/_client_row.html", {"row": row, "may_change": True, "statuses": STATUSES})


class ArchiveView(ClientStatusView):
    """Put away: inactive and out of the lists."""

    @property
    def status(self) -> str:
        return ARCHIVED
