"""Who is linked to a client: logins, practitioners, agents, permissions; and one permission for many clients at once."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people import actions, permissions, queries
from core.people.actions import NewLogin
from core.people.models import Client, User
from core.people.permissions import CHANGE
from core.people.roles import ClientPermission, Permission
from portal.forms import ActionView, FormView
from portal.people.forms import AgentChoiceForm, BulkPermissionForm, LoginForm, PermissionsForm

PER_PAGE = 50


class ClientFormView(FormView):
    """A form about one client, for those who may change them; it leads to the client's page."""

    def load(self, pk: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE)

    def get_edited(self) -> list[Any]:
        return [self.client]

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "client": self.client}

    def get_success_url(self) -> str:
        return reverse("people:client", args=[self.client.pk])


class ClientActionView(ActionView):
    """A button about one client, for those who may change them."""

    def load(self, pk: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE)

    def get_success_url(self) -> str:
        return reverse("people:client", args=[self.client.pk])


class LinkLoginView(ClientFormView):
    """Somebody signs in for a client: a new login, or one that is here already."""

    template_name = "people/login_link.html"
    edits = False
    form_class = LoginForm
    result: User

    def get_initial(self) -> dict[str, Any]:
        return {"time_zone": self.client.time_zone}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "offer_existing": form.is_bound}

    def perform(self, form: LoginForm) -> User:
        given = NewLogin(**form.cleaned_data)
        return actions.add_login(client=self.client, login=given, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        login = self.result
        invited = not login.has_usable_password() and queries.latest_invitation(login.pk) is not None
        said = _("%(name)s is linked and invited.") if invited else _("%(name)s is linked.")
        return said % {"name": login.name}


class UnlinkLoginView(ActionView):
    """The tie between a login and a client, ended."""

    def load(self, pk: Any, link: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE)
        self.link = permissions.get_linked_login(self.user, self.client, link)

    def perform(self) -> None:
        actions.unlink_login(client=self.client, login=self.link.user, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(name)s no longer acts for %(client_name)s.") % {"name": self.link.user, "client_name": self.client}

    def get_success_url(self) -> str:
        return reverse("people:client", args=[self.client.pk])


class UnassignView(ActionView):
    """An assignment, ended."""

    def load(self, pk: Any, staff: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE)
        self.practitioner = permissions.get_staff_member(self.user, staff)

    def perform(self) -> None:
        actions.unassign_practitioner(client=self.client, practitioner=self.practitioner, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(name)s is no longer assigned.") % {"name": self.practitioner}

    def get_success_url(self) -> str:
        if self.request.POST.get("from") == "staff":
            return reverse("people:staff_clients", args=[self.practitioner.pk])
        return reverse("people:client_practitioners", args=[self.client.pk])


class ClientAgentsView(ClientFormView):
    """The agents who look after a client's bills."""

    template_name = "people/client_agents.html"
    edits = False

    def get_form(self, *posted: Any) -> AgentChoiceForm:
        return AgentChoiceForm(*posted, user=self.user, client=self.client)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "agents": list(queries.agents_of(self.client))}

    def perform(self, form: AgentChoiceForm) -> None:
        actions.grant_client(agent=form.cleaned_data["agent"], client=self.client, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:client_agents", args=[self.client.pk])


class RevokeAgentView(ActionView):
    """A client taken out of an agent's care."""

    def load(self, pk: Any, agent: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE)
        self.agent = permissions.get_agent(self.user, agent)

    def perform(self) -> None:
        actions.revoke_client(agent=self.agent, client=self.client, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(name)s no longer looks after %(client_name)s.") % {"name": self.agent, "client_name": self.client}

    def get_success_url(self) -> str:
        if self.request.POST.get("from") == "agent":
            return reverse("people:agent", args=[self.agent.pk])
        return reverse("people:client_agents", args=[self.client.pk])


class ClientPermissionsView(ClientFormView):
    """What one client's logins may do."""

    template_name = "people/client_permissions.html"
    edits = True
    form_class = PermissionsForm
    success_message = gettext_lazy("Saved.")

    def get_initial(self) -> dict[str, Any]:
        return {"permissions": self.client.permissions}

    def perform(self, form: PermissionsForm) -> None:
        permitted = form.cleaned_data["permissions"]
        actions.set_client_permissions(client=self.client, permissions=permitted, by=self.user, now=clock.now())


class BulkPermissionsView(FormView):
    """One permission for many clients; the table below shows who has it now."""

    needs = Permission.MANAGE_CLIENTS
    template_name = "people/bulk_permissions.html"
    edits = False
    result: list[Client]

    def get_form(self, *posted: Any) -> BulkPermissionForm:
        return BulkPermissionForm(*posted, initial={"permission": self._shown}, user=self.user)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        ticked = set(form.data.getlist("clients")) if form.is_bound else set()  # type: ignore[attr-defined]
        typed = self.request.GET.get("q", "").strip()[:80]
        found = queries.found_by(typed, self._clients.order_by("sort_key", "pk"), queries.in_client)
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        rows = [
            {"client": client, "has": self._shown in client.permissions, "ticked": str(client.pk) in ticked}
            for client in page
        ]
        query = urlencode({"permission": self._shown, **({"q": typed} if typed else {})})
        shown = {"rows": rows, "page": page, "search": typed, "query": query, "shown": self._shown}
        return {**super().get_context_data(form), **shown, "sentence": ClientPermission(self._shown).sentence}

    def perform(self, form: BulkPermissionForm) -> list[Client]:
        given = form.cleaned_data
        return actions.set_permission_for_many(
            permission=given["permission"],
            allowed=given["allowed"],
            clients=self._clients if given["everybody"] else given["clients"],
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        return _("Changed for %(number)d. The table shows who has it now.") % {"number": len(self.result)}

    def get_success_url(self) -> str:
        return f"{reverse('people:bulk_permissions')}?permission={self._shown}"

    @property
    def _shown(self) -> str:
        """The permission in question: the one posted, or asked for by the address."""
        chosen = self.request.POST.get("permission") or self.request.GET.get("permission", "")
        return chosen if chosen in set(ClientPermission) else ClientPermission.CANCEL_APPOINTMENTS.value

    @property
    def _clients(self) -> QuerySet[Client]:
        return permissions.clients_visible_to(self.user).filter(archived_at=None)
