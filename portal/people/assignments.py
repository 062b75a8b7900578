"""Who works with whom, from both sides: several practitioners for a client, several clients for a practitioner; and several for several.

Looked at, then done.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Prefetch, prefetch_related_objects
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people import actions, permissions
from core.people.models import Assignment, Client, StaffMember
from core.people.permissions import CHANGE
from core.people.roles import Permission
from portal.forms import FormView
from portal.people.forms import ClientsOfForm, PractitionersForm

PER_PAGE = 50


class AssigningView(FormView):
    """People are chosen; the page says what that means for each; the same choice sent again is carried out."""

    edits = False
    result: list[Assignment]
    preview: ClassVar[str] = "seen"

    def act(self, **kwargs: Any) -> HttpResponse:
        chosen = [*self.request.POST.getlist("people"), *self.request.POST.getlist("others")]
        if self.request.POST.get(self.preview) == mark_of(chosen):
            return super().act(**kwargs)
        self.load(**kwargs)
        return self.render_form(self.get_form(self.request.POST, self.request.FILES))

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        chosen, others = [], []
        if form.is_bound and form.is_valid():
            chosen, others = list(form.cleaned_data["people"]), list(form.cleaned_data["others"])
        return {
            **super().get_context_data(form),
            "preview": self.meanings(chosen),
            "others": [str(each) for each in others],
            "number": len(chosen) * (1 + len(others)),
            "seen": mark_of(str(each.pk) for each in (*chosen, *others)),
        }

    def meanings(self, chosen: Sequence[Any]) -> list[tuple[str, str]]:
        """Whom, and with whom or how many they are now; in one question."""
        raise NotImplementedError

    def get_success_message(self) -> str:
        number = len(self.result)
        if not number:
            return _("They were assigned already. Nothing was changed.")
        return ngettext("%(number)d is assigned.", "%(number)d are assigned.", number) % {"number": number}


class AssignPractitionersView(AssigningView):
    """Practitioners for one client."""

    template_name = "people/client_practitioners.html"

    def load(self, pk: Any) -> None:
        self.client = permissions.get_client(self.user, pk, to=CHANGE)

    def get_form(self, *posted: Any) -> PractitionersForm:
        return PractitionersForm(*posted, user=self.user, client=self.client)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        practitioners = self.client.practitioners.select_related("user")
        return {**super().get_context_data(form), "client": self.client, "practitioners": practitioners}

    def meanings(self, chosen: Sequence[StaffMember]) -> list[tuple[str, str]]:
        rows = Assignment.objects.filter(practitioner__in=chosen).values_list("practitioner").annotate(Count("pk"))
        numbers = dict(rows.order_by())
        return [(str(each), _assigned(numbers.get(each.pk, 0))) for each in chosen]

    def perform(self, form: PractitionersForm) -> list[Assignment]:
        chosen, clients = form.cleaned_data["people"], {self.client, *form.cleaned_data["others"]}
        return actions.assign_many(clients=clients, practitioners=chosen, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:client_practitioners", args=[self.client.pk])


class AssignClientsView(AssigningView):
    """Clients for one practitioner."""

    needs = Permission.MANAGE_CLIENTS
    template_name = "people/staff_clients.html"

    def load(self, pk: Any) -> None:
        self.staff = permissions.get_staff_member(self.user, pk)
        if not permissions.can_have_clients(self.staff):
            raise NotFound

    def get_form(self, *posted: Any) -> ClientsOfForm:
        return ClientsOfForm(*posted, user=self.user, practitioner=self.staff)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        theirs = permissions.clients_visible_to(self.user).filter(practitioners=self.staff).order_by("sort_key", "pk")
        page = Paginator(theirs, PER_PAGE).get_page(self.request.GET.get("page"))
        return {**super().get_context_data(form), "staff": self.staff, "page": page}

    def meanings(self, chosen: Sequence[Client]) -> list[tuple[str, str]]:
        prefetch_related_objects(chosen, Prefetch("practitioners", StaffMember.objects.select_related("user")))
        return [(each.name, _now_with([staff.user.name for staff in each.practitioners.all()])) for each in chosen]

    def perform(self, form: ClientsOfForm) -> list[Assignment]:
        chosen, practitioners = form.cleaned_data["people"], {self.staff, *form.cleaned_data["others"]}
        return actions.assign_many(clients=chosen, practitioners=practitioners, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("people:staff_clients", args=[self.staff.pk])


def _assigned(number: int) -> str:
    return ngettext("%(number)d is assigned now", "%(number)d are assigned now", number) % {"number": number}


def _now_with(names: Sequence[str]) -> str:
    return _("now with %(names)s") % {"names": ", ".join(names)} if names else _("now with nobody")


def mark_of(keys: Iterable[str]) -> str:
    """A mark of a choice, whatever its order; empty for none."""
    text = ",".join(sorted(set(keys)))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest() if text else ""
