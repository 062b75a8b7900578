"""The list of clients, a client's page, and its forms."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.queries import active_branches, branches
from core.kernel import audit, clock
from core.people import actions, deletion, permissions, queries
from core.people.actions import NewLogin
from core.people.audit_codes import PeopleAudit
from core.people.models import Client
from core.people.permissions import CHANGE_CONTACT, Relation
from core.people.roles import ClientPermission, Permission
from portal.access import SignedInView
from portal.client_tabs import tabs_for
from portal.forms import FormView, Refusal
from portal.manifests import client_panels
from portal.people.badges import login_badge, status_badge
from portal.people.client_links import ClientActionView, ClientFormView
from portal.people.client_relation import relation_sentence
from portal.people.forms import STATUSES, ClientForm, ContactForm, NewClientForms
from portal.people.history import history_rows
from portal.people.list_rows import client_row

PER_PAGE = 25
FIRST_PANELS = 19  # positions before it come at once, the others a moment later


class ClientListView(SignedInView):
    """Everybody whom this person may see: found by name, filtered by status, changed in place."""

    def get(self, request: HttpRequest) -> HttpResponse:
        search, status = request.GET.get("q", "").strip()[:80], request.GET.get("status", "")
        mine = request.GET.get("mine") == "1"
        works_here = self.user.staff is not None
        clients = queries.client_list(self.user, typed=search, status=status, mine=mine)
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
            "statuses": STATUSES,
            "has_branches": works_here and bool(active_branches()),
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


class NewClientView(FormView):
    """A client and, if wanted, the login of a guardian, in one form."""

    needs = Permission.MANAGE_CLIENTS
    template_name = "people/client_new.html"
    edits = False
    result: Client

    def get_form(self, *posted: Any) -> Any:
        return NewClientForms(*posted)

    def get_context_data(self, form: Any) -> dict[str, Any]:
        return {"form": form.client, "login": form.login, "offer_existing": form.offers_existing_login}

    def perform(self, form: NewClientForms) -> Client:
        return actions.add_client(by=self.user, now=clock.now(), logins=_new_logins(form), **form.client.cleaned_data)

    def get_success_message(self) -> str:
        return _("%(name)s is added.") % {"name": self.result.name}

    def get_success_url(self) -> str:
        return reverse("people:client", args=[self.result.pk])


def _new_logins(form: NewClientForms) -> list[NewLogin]:
    given = form.login.cleaned_data
    if not given.get("email"):
        return []
    return [
        NewLogin(
            email=given["email"],
            name=given["name"],
            relationship=given["relationship"],
            time_zone=given["time_zone"] or form.client.cleaned_data["time_zone"],
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
            "relation": relation_sentence(relations),
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
        branch = branches().get(client.branch_id) if client.branch_id else None
        return {
            "branch": branch,
            "links": links,
            "permissions": given,
            "agents": list(queries.agents_of(client)),
            "history": history,
        }


class ClientPanelsView(SignedInView):
    """What the other apps know of the client. The client's page fetches it in two parts, so that none asks too much at once."""

    def get(self, request: HttpRequest, pk: Any) -> HttpResponse:
        client = permissions.get_client(self.user, pk)
        entries, is_rest = client_panels(), "rest" in request.GET
        if request.htmx:  # type: ignore[attr-defined]
            entries = [entry for entry in entries if (entry.position >= FIRST_PANELS) is is_rest]
        panels = [panel for entry in entries if (panel := entry.panel(request, client)) is not None]
        context = {"client": client, "panels": panels, "has_rest": request.htmx and not is_rest}  # type: ignore[attr-defined]
        template = "people/_client_panels.html" if request.htmx else "people/client_panels.html"  # type: ignore[attr-defined]
        return render(request, template, context)


class ChangeClientView(ClientFormView):
    """A client's details."""

    template_name = "people/client_change.html"
    edits = True
    success_message = gettext_lazy("Saved.")

    def load(self, pk: Any) -> None:
        super().load(pk)
        self.may_read = permissions.can_read_information(self.user, self.client)

    def get_initial(self) -> dict[str, Any]:
        hidden = {"status"} | (set() if self.may_read else {"additional_information"})
        return {name: getattr(self.client, name) for name in ClientForm.base_fields if name not in hidden}

    def get_form(self, *posted: Any) -> ClientForm:
        return ClientForm(*posted, initial=self.get_initial(), may_read_information=self.may_read, is_new=False)

    def perform(self, form: ClientForm) -> None:
        actions.change_client(client=self.client, by=self.user, now=clock.now(), **form.cleaned_data)


class ContactView(ClientFormView):
    """Address, telephone and zone: also for the client's own logins."""

    template_name = "people/client_contact.html"
    edits = True
    form_class = ContactForm
    success_message = gettext_lazy("Saved.")

    def load(self, pk: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE_CONTACT)

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.client, name) for name in ContactForm.base_fields}

    def perform(self, form: ContactForm) -> None:
        actions.change_client(client=self.client, by=self.user, now=clock.now(), **form.cleaned_data)


class RestoreView(ClientActionView):
    """Taken out of the archive again."""

    def perform(self) -> None:
        actions.restore_client(client=self.client, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("%(name)s is out of the archive.") % {"name": self.client.name}


class DeleteClientView(ClientActionView):
    """Deletion, guarded: what speaks against it is listed, with the way out."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        self.load(**kwargs)
        return self._page(error="")

    def perform(self) -> None:
        actions.delete_client(client=self.client, by=self.user, now=clock.now())

    def refused(self, refusal: Refusal) -> HttpResponse:
        return self._page(error=refusal.message)

    def get_success_message(self) -> str:
        return _("%(name)s is deleted.") % {"name": self.client.name}

    def get_success_url(self) -> str:
        return reverse("people:clients")

    def _page(self, *, error: str) -> HttpResponse:
        reasons = deletion.reasons_against_deleting(self.client)
        context = {"client": self.client, "reasons": reasons, "error": error}
        return render(self.request, "people/client_delete.html", context, status=409 if error else 200)
