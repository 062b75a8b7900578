"""Who is tied to a client: logins, practitioners, agents, permissions; and one permission for many clients at once."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.people import actions, permissions, queries
from core.people.actions import NewLogin
from core.people.permissions import CHANGE
from core.people.roles import ClientPermission, Permission
from portal.access import SignedInView
from portal.people.forms import AgentChoiceForm, BulkPermissionForm, LoginForm, PermissionsForm, PractitionerForm
from portal.people.pages import ActPage, FormPage


class ClientFormPage(FormPage):
    """A form about one client, for those who may change them."""

    def open(self, pk: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE)

    def context(self) -> dict[str, Any]:
        return {"client": self.client}

    def home(self) -> HttpResponse:
        return redirect("people:client", pk=self.client.pk)


class LinkLoginView(ClientFormPage):
    """Somebody signs in for a client: a new login, or one that is here already."""

    template = "people/login_link.html"
    form_class = LoginForm

    def context(self) -> dict[str, Any]:
        return {"client": self.client, "offer_existing": self.request.method == "POST"}

    def initial(self) -> dict[str, Any]:
        return {"time_zone": self.client.time_zone}

    def save(self, form: forms.Form) -> HttpResponse:
        given = NewLogin(**form.cleaned_data)
        login = actions.add_login(client=self.client, login=given, by=self.user, now=clock.now())
        invited = not login.has_usable_password() and queries.latest_invitation(login.pk) is not None
        said = _("%(name)s is linked and invited.") if invited else _("%(name)s is linked.")
        messages.success(self.request, said % {"name": login.name})
        return self.home()


class UnlinkLoginView(ActPage):
    """The tie between a login and a client, ended."""

    def act(self, request: HttpRequest, pk: Any, link: Any) -> str:
        client = permissions.get_client(self.user, pk, to=CHANGE)
        found = permissions.get_linked_login(self.user, client, link)
        actions.unlink_login(client=client, login=found.user, by=self.user, now=clock.now())
        return _("%(name)s no longer acts for %(client)s.") % {"name": found.user, "client": client}

    def back(self, pk: Any, link: Any) -> str:
        return reverse("people:client", args=[pk])


class AssignView(ClientFormPage):
    """Practitioners assigned by hand."""

    template = "people/client_practitioners.html"

    def form(self, posted: Any = None) -> forms.Form:
        return PractitionerForm(posted, without=self.client)

    def context(self) -> dict[str, Any]:
        return {"client": self.client, "practitioners": self.client.practitioners.select_related("user")}

    def save(self, form: forms.Form) -> HttpResponse:
        actions.assign_practitioner(
            client=self.client, practitioner=form.cleaned_data["practitioner"], by=self.user, now=clock.now()
        )
        return redirect("people:client_practitioners", pk=self.client.pk)


class UnassignView(ActPage):
    """An assignment, ended."""

    def act(self, request: HttpRequest, pk: Any, staff: Any) -> str:
        client = permissions.get_client(self.user, pk, to=CHANGE)
        practitioner = permissions.get_staff_member(self.user, staff)
        actions.unassign_practitioner(client=client, practitioner=practitioner, by=self.user, now=clock.now())
        return _("%(name)s is no longer assigned.") % {"name": practitioner}

    def back(self, pk: Any, staff: Any) -> str:
        return reverse("people:client_practitioners", args=[pk])


class ClientAgentsView(ClientFormPage):
    """The agents who look after a client's bills."""

    template = "people/client_agents.html"

    def form(self, posted: Any = None) -> forms.Form:
        return AgentChoiceForm(posted, without=self.client)

    def context(self) -> dict[str, Any]:
        return {"client": self.client, "agents": list(queries.agents_of(self.client))}

    def save(self, form: forms.Form) -> HttpResponse:
        actions.grant_client(agent=form.cleaned_data["agent"], client=self.client, by=self.user, now=clock.now())
        return redirect("people:client_agents", pk=self.client.pk)


class RevokeAgentView(ActPage):
    """A client taken out of an agent's care."""

    def act(self, request: HttpRequest, pk: Any, agent: Any) -> str:
        client = permissions.get_client(self.user, pk, to=CHANGE)
        found = permissions.get_agent(self.user, agent)
        actions.revoke_client(agent=found, client=client, by=self.user, now=clock.now())
        return _("%(name)s no longer looks after %(client)s.") % {"name": found, "client": client}

    def back(self, pk: Any, agent: Any) -> str:
        return reverse("people:client_agents", args=[pk])


class ClientPermissionsView(ClientFormPage):
    """What one client's logins may do."""

    template = "people/client_permissions.html"

    def form(self, posted: Any = None) -> forms.Form:
        return PermissionsForm(posted, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        return {"permissions": self.client.permissions}

    def save(self, form: forms.Form) -> HttpResponse:
        actions.set_client_permissions(
            client=self.client, permissions=form.cleaned_data["permissions"], by=self.user, now=clock.now()
        )
        messages.success(self.request, _("Saved."))
        return self.home()


class BulkPermissionsView(SignedInView):
    """One permission for many clients; the table below shows who has it now."""

    needs = Permission.MANAGE_CLIENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        chosen = request.GET.get("permission", "")
        permission = chosen if chosen in set(ClientPermission) else ClientPermission.CANCEL_APPOINTMENTS.value
        return self._page(BulkPermissionForm(initial={"permission": permission}, clients=self._clients()), permission)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = BulkPermissionForm(request.POST, clients=self._clients())
        if not form.is_valid():
            return self._page(form, request.POST.get("permission", ""))
        given = form.cleaned_data
        clients = self._clients() if given["everybody"] else given["clients"]
        try:
            changed = actions.set_permission_for_many(
                permission=given["permission"], allowed=given["allowed"], clients=clients, by=self.user, now=clock.now()
            )
        except DomainError as error:
            form.add_error(None, error.message)
            return self._page(form, given["permission"])
        messages.success(
            request, _("Changed for %(number)d. The table shows who has it now.") % {"number": len(changed)}
        )
        return redirect(f"{reverse('people:bulk_permissions')}?permission={given['permission']}")

    def _clients(self) -> Any:
        return permissions.clients_visible_to(self.user).filter(archived_at=None)

    def _page(self, form: BulkPermissionForm, permission: str) -> HttpResponse:
        known = permission if permission in set(ClientPermission) else ClientPermission.SEE_UPCOMING.value
        ticked = set(form.data.getlist("clients")) if form.is_bound else set()  # type: ignore[attr-defined]
        rows = [
            {"client": client, "has": known in client.permissions, "ticked": str(client.pk) in ticked}
            for client in self._clients()
        ]
        context = {"form": form, "rows": rows, "sentence": ClientPermission(known).sentence}
        return render(self.request, "people/bulk_permissions.html", context, status=422 if form.errors else 200)
