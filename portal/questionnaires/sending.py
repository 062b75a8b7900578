"""Forms of a client, and those that are still to be filled in: for whoever keeps records, and for whoever is asked."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.permissions import can_act_for, get_client, is_active_staff
from core.people.roles import ClientPermission
from core.records.permissions import can_keep_records, get_client_with_records
from core.records.questionnaires import actions, queries
from core.records.questionnaires.models import QuestionnaireRequest
from core.records.questionnaires.permissions import can_send_forms, may_be_answered_by
from core.scheduling.permissions import get_appointment
from portal.access import SignedInView
from portal.client_tabs import tabs_for
from portal.forms import FormView
from portal.questionnaires.forms import SendForm
from portal.questionnaires.rows import request_row, sections

PER_PAGE = 30
SHOWN = 8
STATES = ("open", "overdue", "new", "answered")


class ClientFormsView(SignedInView):
    """What was sent about one client, for whoever keeps the record; for a login of theirs what it is asked and has answered."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        client = get_client(self.user, pk)
        keeps = can_keep_records(self.user, client)
        if not keeps and not (client.allows(ClientPermission.COMPLETE_REQUESTS) and can_act_for(self.user, client)):
            raise PermissionDenied("not allowed to see this client's forms")
        found = queries.requests_about(client, self.user, keeps=keeps)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "client": client,
            "tabs": tabs_for(request, client),
            "keeps": keeps,
            "page": page,
            "rows": [request_row(each, today=timezone.localdate()) for each in page],
        }
        return render(request, "questionnaires/list.html", context)


class SendView(FormView):
    """Forms are asked for."""

    edits = False
    template_name = "questionnaires/send.html"
    result: list[QuestionnaireRequest]

    def load(self, pk: UUID) -> None:
        self.client = get_client_with_records(self.user, pk)
        self.logins = may_be_answered_by(self.client)

    def get_form(self, *posted: Any) -> SendForm:
        wanted = self.request.GET.getlist("form")
        initial = {"reminds": True, "chosen": wanted}
        return SendForm(*posted, choices=queries.forms_to_send(self.user), logins=self.logins, initial=initial)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {
            **super().get_context_data(form),
            "client": self.client,
            "tabs": tabs_for(self.request, self.client),
            "logins": self.logins,
            "choices": list(form.choices.values()),  # type: ignore[attr-defined]
            "back": self.get_success_url(),
        }

    def perform(self, form: SendForm) -> list[QuestionnaireRequest]:
        values = form.cleaned_data
        return actions.send_forms(
            self.client, form.chosen_forms(), addressee=form.chosen_login(), message=values["message"], due_on=values["due_on"],
            reminds=values["reminds"], by=self.user, now=clock.now(),
        )  # fmt: skip

    def get_success_message(self) -> str:
        number = len(self.result)
        said = ngettext("%(number)s form is sent.", "%(number)s forms are sent.", number) % {"number": number}
        return f"{said} {_('They are told that there is something to fill in, not what.')}"

    def get_success_url(self) -> str:
        return reverse("questionnaires:list", args=[self.client.pk])


class OutstandingView(SignedInView):
    """Over all clients whose records one keeps: what is still to be filled in, what is late, and what has come in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not can_send_forms(self.user):
            raise NotFound("forms are for those who keep records")
        state = request.GET.get("state", "")
        state = state if state in STATES else "open"
        today = timezone.localdate()
        found = queries.outstanding(self.user, state=state, today=today)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        here = reverse("questionnaires:sent")
        labels = dict(zip(STATES, (_("To be filled in"), _("Overdue"), _("New answers"), _("Filled in")), strict=True))
        context = {
            "page": page,
            "rows": [request_row(each, today=today) for each in page],
            "state": state,
            "states": [
                {"label": label, "url": f"{here}?state={name}", "current": name == state}
                for name, label in labels.items()
            ],
            "sections": sections("sent"),
        }
        return render(request, "questionnaires/sent.html", context)


class MineView(SignedInView):
    """What this login is still asked to fill in: the dashboard's card, and a page of its own."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if is_active_staff(self.user):
            raise NotFound("staff fill in no forms here")
        rows = [request_row(each, today=timezone.localdate()) for each in queries.to_fill_in(self.user)[: SHOWN * 4]]
        template = "questionnaires/_mine_card.html" if request.htmx else "questionnaires/mine.html"  # type: ignore[attr-defined]
        return render(request, template, {"rows": rows})


class WaitingView(SignedInView):
    """While somebody waits at the door: what is still to be filled in for those who take part. It opens beside, so that nobody loses their place."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        found = queries.to_fill_in(self.user, appointment=appointment)[:SHOWN]
        rows = [request_row(each, today=timezone.localdate()) for each in found]
        return render(request, "questionnaires/_waiting.html", {"rows": rows})
