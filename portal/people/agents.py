"""Agents: the list, a new one, and whom they look after."""

from typing import Any

from django import forms
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
from portal.forms import ActionView, FormView
from portal.people.badges import login_badge
from portal.people.forms import AgentClientsForm, AgentForm


class AgentListView(SignedInView):
    """Every agent."""

    needs = Permission.MANAGE_CLIENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = [
            {"agent": agent, "badge": login_badge(agent.user, invited=agent.user.has_open_invitation)}  # type: ignore[attr-defined]
            for agent in queries.agents()
        ]
        return render(request, "people/agents.html", {"rows": rows})


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
    """An agent, and exactly the clients in their care."""

    needs = Permission.MANAGE_CLIENTS
    template_name = "people/agent.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def load(self, pk: Any) -> None:
        self.agent = permissions.get_agent(self.user, pk)
        self.clients = permissions.clients_visible_to(self.user).filter(archived_at=None)

    def get_edited(self) -> list[Any]:
        return [self.agent]

    def get_form(self, *posted: Any) -> AgentClientsForm:
        present = list(queries.clients_of_agent(self.agent).values_list("pk", flat=True))
        initial = {"agency": self.agent.agency, "clients": present}
        return AgentClientsForm(*posted, clients=self.clients, initial=initial)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "agent": self.agent, "login": self.agent.user}

    def perform(self, form: AgentClientsForm) -> None:
        now = clock.now()
        actions.change_agent(agent=self.agent, agency=form.cleaned_data["agency"], by=self.user, now=now)
        actions.set_agent_clients(agent=self.agent, clients=form.cleaned_data["clients"], by=self.user, now=now)

    def get_success_url(self) -> str:
        return reverse("people:agent", args=[self.agent.pk])


class DismissAgentView(ActionView):
    """The end of an agency."""

    needs = Permission.MANAGE_CLIENTS

    def load(self, pk: Any) -> None:
        self.agent = permissions.get_agent(self.user, pk)

    def perform(self) -> None:
        actions.dismiss_agent(agent=self.agent, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(name)s is no longer an agent.") % {"name": self.agent.user}

    def get_success_url(self) -> str:
        return reverse("people:agents")
