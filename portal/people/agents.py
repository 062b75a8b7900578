"""Agents: the list, a new one, and whom they look after."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people import actions, permissions, queries
from core.people.models import Agent
from core.people.roles import Permission
from portal.access import SignedInView
from portal.forms import FormView
from portal.people.badges import login_badge
from portal.people.forms import AgentClientsForm, AgentForm

PER_PAGE = 25


class AgentListView(SignedInView):
    """Every agent."""

    needs = Permission.MANAGE_CLIENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("q", "").strip()[:80]
        page = Paginator(queries.agents(typed=typed), PER_PAGE).get_page(request.GET.get("page"))
        rows = [
            {"agent": agent, "badge": login_badge(agent.user, invited=agent.user.has_open_invitation)} for agent in page
        ]
        query = urlencode({"q": typed}) if typed else ""
        return render(request, "people/agents.html", {"rows": rows, "page": page, "search": typed, "query": query})


class NewAgentView(FormView):
    """A new agent."""

    needs = Permission.MANAGE_CLIENTS
    template_name = "people/agent_new.html"
    edits = False
    form_class = AgentForm
    result: Agent

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "offer_existing": form.is_bound}

    def perform(self, form: AgentForm) -> Agent:
        return actions.make_agent(by=self.user, now=clock.now(), **form.cleaned_data)

    def get_success_message(self) -> str:
        return _("%(name)s is added. Choose whom they look after.") % {"name": self.result.user}

    def get_success_url(self) -> str:
        return reverse("people:agent", args=[self.result.pk])


class AgentView(FormView):
    """An agent, the clients in their care, and others who come into it."""

    needs = Permission.MANAGE_CLIENTS
    template_name = "people/agent.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def load(self, pk: Any) -> None:
        self.agent = permissions.get_agent(self.user, pk)

    def get_edited(self) -> list[Any]:
        return [self.agent]

    def get_form(self, *posted: Any) -> AgentClientsForm:
        return AgentClientsForm(*posted, user=self.user, initial={"agency": self.agent.agency, "clients": []})

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        typed = self.request.GET.get("q", "").strip()[:80]
        clients = queries.found_by(typed, queries.clients_of_agent(self.agent), queries.in_client)
        page = Paginator(clients.order_by("sort_key", "pk"), PER_PAGE).get_page(self.request.GET.get("page"))
        shown = {"page": page, "search": typed, "query": urlencode({"q": typed}) if typed else ""}
        return {**super().get_context_data(form), "agent": self.agent, "login": self.agent.user, **shown}

    def perform(self, form: AgentClientsForm) -> None:
        now = clock.now()
        actions.change_agent(agent=self.agent, agency=form.cleaned_data["agency"], by=self.user, now=now)
        for client in form.cleaned_data["clients"]:
            actions.grant_client(agent=self.agent, client=client, by=self.user, now=now)

    def get_success_url(self) -> str:
        return reverse("people:agent", args=[self.agent.pk])
