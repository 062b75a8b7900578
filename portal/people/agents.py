"""Agents: the list, a new one, and whom they look after."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.people import actions, permissions, queries
from core.people.roles import Permission
from portal.access import SignedInView
from portal.people.badges import login_badge
from portal.people.forms import AgentClientsForm, AgentForm
from portal.people.pages import ActPage, FormPage


class AgentListView(SignedInView):
    """Every agent."""

    needs = Permission.MANAGE_CLIENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = [
            {"agent": agent, "badge": login_badge(agent.user, invited=agent.user.has_open_invitation)}  # type: ignore[attr-defined]
            for agent in queries.agents()
        ]
        return render(request, "people/agents.html", {"rows": rows})


class NewAgentView(FormPage):
    """A new agent."""

    needs = Permission.MANAGE_CLIENTS
    template = "people/agent_new.html"
    form_class = AgentForm

    def context(self) -> dict[str, Any]:
        return {"offer_existing": self.request.method == "POST"}

    def save(self, form: forms.Form) -> HttpResponse:
        agent = actions.make_agent(by=self.user, now=clock.now(), **form.cleaned_data)
        messages.success(self.request, _("%(name)s is added. Choose whom they look after.") % {"name": agent.user})
        return redirect("people:agent", pk=agent.pk)


class AgentView(FormPage):
    """An agent, and exactly the clients in their care."""

    needs = Permission.MANAGE_CLIENTS
    template = "people/agent.html"

    def open(self, pk: Any) -> None:
        self.agent = permissions.get_agent(self.user, pk)
        self.clients = permissions.clients_visible_to(self.user).filter(archived_at=None)

    def form(self, posted: Any = None) -> forms.Form:
        present = list(permissions.clients_audited_by(self.agent.user).values_list("pk", flat=True))
        return AgentClientsForm(posted, clients=self.clients, initial={"agency": self.agent.agency, "clients": present})

    def context(self) -> dict[str, Any]:
        return {"agent": self.agent, "login": self.agent.user}

    def save(self, form: forms.Form) -> HttpResponse:
        now = clock.now()
        actions.change_agent(agent=self.agent, agency=form.cleaned_data["agency"], by=self.user, now=now)
        actions.set_agent_clients(agent=self.agent, clients=form.cleaned_data["clients"], by=self.user, now=now)
        messages.success(self.request, _("Saved."))
        return redirect("people:agent", pk=self.agent.pk)


class DismissAgentView(ActPage):
    """The end of an agency."""

    needs = Permission.MANAGE_CLIENTS

    def act(self, request: HttpRequest, pk: Any) -> str:
        agent = permissions.get_agent(self.user, pk)
        actions.dismiss_agent(agent=agent, by=self.user, now=clock.now())
        return _("%(name)s is no longer an agent.") % {"name": agent.user}

    def back(self, pk: Any) -> str:
        return reverse("people:agents")
