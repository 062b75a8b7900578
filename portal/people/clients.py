"""The list of clients, a client's page, and its forms."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.kernel import audit, clock
from core.kernel.errors import DomainError
from core.people import actions, deletion, permissions, queries
from core.people.actions import NewLogin
from core.people.audit_codes import PeopleAudit
from core.people.models import Client
from core.people.permissions import CHANGE, CHANGE_CONTACT, Relation
from core.people.roles import ClientPermission, Permission
from portal.access import SignedInView
from portal.manifests import client_panels
from portal.people.badges import login_badge, status_badge
from portal.people.client_relation import relation_sentence
from portal.people.client_tabs import tabs_for
from portal.people.forms import ClientForm, ContactForm, NewClientLoginForm
from portal.people.history import history_rows
from portal.people.list_rows import client_row
from portal.people.pages import ActPage, FormPage, add_domain_error

PER_PAGE = 25


class ClientListView(SignedInView):
    """Everybody whom this person may see: found by name, filtered by status, changed in place."""

    def get(self, request: HttpRequest) -> HttpResponse:
        search, status = request.GET.get("q", "").strip()[:80], request.GET.get("status", "")
        mine = request.GET.get("mine") == "1"
        works_here = self.user.staff is not None
        clients = queries.client_list(self.user, search=search, status=status, mine=mine)
        page = Paginator(clients, PER_PAGE).get_page(request.GET.get("page"))
        query = {"q": search, "status": status, "mine": "1" if mine else ""}
        context = {
            "page": page,
            "rows": [client_row(client) for client in page],
            "query": urlencode({key: value for key, value in query.items() if value}),
            "search": search,
            "status": status,
            "tabs": self._tabs(status, search) if works_here else [],
            "works_here": works_here,
            "may_change": self.user.may(Permission.MANAGE_CLIENTS),
            "statuses": ClientForm.base_fields["status"].choices,  # type: ignore[attr-defined]
        }
        return render(request, "people/clients.html", context)

    def _tabs(self, status: str, search: str) -> list[dict[str, Any]]:
        counts = queries.client_counts(self.user)
        present = sum(counts[each] for each in Client.Status.values)
        words = {"": (_("All"), present), "active": (_("Active"), counts["active"])}
        words["prospect"] = (_("Prospects"), counts["prospect"])
        words["inactive"] = (_("Inactive"), counts["inactive"])
        if counts["archived"]:
            words["archived"] = (_("Archived"), counts["archived"])
        chosen = status if status in words else ""
        kept = {"q": search} if search else {}
        return [
            {"label": label, "count": count, "current": code == chosen,
             "url": "?" + urlencode({"status": code, **kept} if code else kept)}
            for code, (label, count) in words.items()
        ]  # fmt: skip


class NewClientView(SignedInView):
    """A client and, if wanted, the login of a guardian, in one form."""

    needs = Permission.MANAGE_CLIENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(ClientForm(), NewClientLoginForm(prefix="login"))

    def post(self, request: HttpRequest) -> HttpResponse:
        form, login = ClientForm(request.POST), NewClientLoginForm(request.POST, prefix="login")
        if form.is_valid() and login.is_valid():
            try:
                client = actions.add_client(
                    by=self.user, now=clock.now(), logins=_new_logins(form, login), **form.cleaned_data
                )
            except DomainError as error:
                add_domain_error(login if error.field in ("email", "relationship") else form, error)
                if error.code == "email_taken":
                    return self._page(form, login, offer_existing=True)
            else:
                messages.success(request, _("%(name)s is added.") % {"name": client.name})
                return redirect("people:client", pk=client.pk)
        return self._page(form, login)

    def _page(self, form: ClientForm, login: NewClientLoginForm, offer_existing: bool = False) -> HttpResponse:
        status = 422 if form.errors or login.errors else 200
        offer = offer_existing or login.data.get("login-existing")
        return render(
            self.request,
            "people/client_new.html",
            {"form": form, "login": login, "offer_existing": offer},
            status=status,
        )


def _new_logins(form: ClientForm, login: NewClientLoginForm) -> list[NewLogin]:
    given = login.cleaned_data
    if not given.get("email"):
        return []
    return [
        NewLogin(
            email=given["email"],
            name=given["name"],
            relationship=given["relationship"],
            time_zone=given["time_zone"] or form.cleaned_data["time_zone"],
            language=given.get("language", ""),
            existing=given["existing"],
        )
    ]


class ClientView(SignedInView):
    """A client's page: details, logins, practitioners, permissions, agents, and who did what."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        client = permissions.get_client(self.user, pk)
        relations = permissions.relations_to(self.user, client)
        as_staff = Relation.STAFF in relations
        may_change = permissions.can_change_client(self.user, client)
        context: dict[str, Any] = {
            "client": client,
            "badge": status_badge(client),
            "tabs": tabs_for(request, client),
            "hat": relation_sentence(relations),
            "as_staff": as_staff,
            "may_change": may_change,
            "may_change_contact": may_change or permissions.can_act_for(self.user, client),
            "practitioners": self._practitioners(client),
        }
        if permissions.can_read_information(self.user, client):
            context["information"] = client.additional_information
        if as_staff:
            context |= self._for_staff(client)
            # Reading a client's record is an act of its own in the audit.
            audit.record(PeopleAudit.CLIENT_READ, by=self.user, subject=client)
        return render(request, "people/client.html", context)

    def _practitioners(self, client: Client) -> list[dict[str, Any]]:
        """Whoever sees a client sees with whom they meet; a way to their page only where that page may be seen."""
        seen = set(permissions.staff_visible_to(self.user).values_list("pk", flat=True))
        return [
            {"staff": staff, "href": reverse("people:staff_member", args=[staff.pk]) if staff.pk in seen else ""}
            for staff in client.practitioners.select_related("user")
        ]

    def _for_staff(self, client: Client) -> dict[str, Any]:
        links = [
            {"link": link, "badge": login_badge(link.user, invited=link.user.has_open_invitation)}
            for link in queries.links_of(client)
        ]
        given = [(each.sentence, each.value in client.permissions) for each in ClientPermission]
        history = history_rows(queries.history_of(client, most=8)) if self.user.may(Permission.SEE_AUDIT) else []
        return {"links": links, "permissions": given, "agents": list(queries.agents_of(client)), "history": history}


class ClientPanelsView(SignedInView):
    """What the other rooms know of the client. The client's page fetches it by itself, so that neither asks too much at once."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        client = permissions.get_client(self.user, pk)
        panels = [panel for entry in client_panels() if (panel := entry.panel(request, client)) is not None]
        template = "people/_client_panels.html" if request.htmx else "people/client_panels.html"  # type: ignore[attr-defined]
        return render(request, template, {"client": client, "panels": panels})


class ChangeClientView(FormPage):
    """A client's details."""

    template = "people/client_change.html"

    def open(self, pk: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE)
        self.may_read = permissions.can_read_information(self.user, self.client)

    def form(self, posted: Any = None) -> forms.Form:
        names = [*ClientForm.base_fields]
        initial = {
            name: getattr(self.client, name) for name in names if name != "additional_information" or self.may_read
        }
        return ClientForm(posted, initial=initial, may_read_information=self.may_read)

    def context(self) -> dict[str, Any]:
        return {"client": self.client}

    def save(self, form: forms.Form) -> HttpResponse:
        actions.change_client(client=self.client, by=self.user, now=clock.now(), **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect("people:client", pk=self.client.pk)


class ContactView(FormPage):
    """Address, telephone and zone: also for the client's own logins."""

    template = "people/client_contact.html"
    form_class = ContactForm

    def open(self, pk: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE_CONTACT)

    def initial(self) -> dict[str, Any]:
        return {name: getattr(self.client, name) for name in ContactForm.base_fields}

    def context(self) -> dict[str, Any]:
        return {"client": self.client}

    def save(self, form: forms.Form) -> HttpResponse:
        actions.change_client(client=self.client, by=self.user, now=clock.now(), **form.cleaned_data)
        messages.success(self.request, _("Saved."))
        return redirect("people:client", pk=self.client.pk)


class ClientStatusView(SignedInView):
    """The status, changed from the list or the page: without scripts a form, with them one row."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        return redirect("people:client", pk=permissions.get_client(self.user, pk).pk)

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        client = permissions.get_client(self.user, pk, to=CHANGE)
        try:
            actions.change_client_status(
                client=client, status=request.POST.get("status", ""), by=self.user, now=clock.now()
            )
        except DomainError as error:
            messages.error(request, error.message)
        else:
            if not request.htmx:  # type: ignore[attr-defined]
                messages.success(request, _("%(name)s: status changed.") % {"name": client.name})
        if request.htmx:  # type: ignore[attr-defined]
            row = client_row(queries.client_list(self.user).get(pk=client.pk))
            context = {"row": row, "may_change": True, "statuses": ClientForm.base_fields["status"].choices}  # type: ignore[attr-defined]
            return render(request, "people/_client_row.html", context)
        return redirect("people:clients" if request.POST.get("from") == "list" else reverse("people:client", args=[pk]))


class ArchiveView(ActPage):
    """Put away: inactive and out of the lists."""

    def act(self, request: HttpRequest, pk: Any) -> str:
        client = permissions.get_client(self.user, pk, to=CHANGE)
        actions.archive_client(client=client, by=self.user, now=clock.now())
        return _("%(name)s is archived.") % {"name": client.name}

    def back(self, pk: Any) -> str:
        return reverse("people:client", args=[pk])


class RestoreView(ArchiveView):
    """Taken out of the archive again."""

    def act(self, request: HttpRequest, pk: Any) -> str:
        client = permissions.get_client(self.user, pk, to=CHANGE)
        actions.restore_client(client=client, by=self.user, now=clock.now())
        return _("%(name)s is out of the archive.") % {"name": client.name}


class DeleteClientView(SignedInView):
    """Deletion, guarded: what speaks against it is listed, with the way out."""

    def get(self, request: HttpRequest, pk: Any, error: str = "") -> HttpResponse:
        client = permissions.get_client(self.user, pk, to=CHANGE)
        context = {"client": client, "reasons": deletion.reasons_against_deleting(client), "error": error}
        return render(request, "people/client_delete.html", context, status=409 if error else 200)

    def post(self, request: HttpRequest, pk: Any) -> HttpResponse:
        client = permissions.get_client(self.user, pk, to=CHANGE)
        try:
            actions.delete_client(client=client, by=self.user, now=clock.now())
        except DomainError as error:
            return self.get(request, pk, error=error.message)
        messages.success(request, _("%(name)s is deleted.") % {"name": client.name})
        return redirect("people:clients")
