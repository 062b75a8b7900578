"""The list, one who waits, and how somebody comes onto it and off it."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.kernel import clock
from core.people.models import Client
from core.people.permissions import can_act_for, can_see_client
from core.people.queries import found_by, in_client
from core.scheduling.permissions import schedules_run_by
from core.scheduling.queries import schedules_to_book_on
from core.scheduling.rules import wall_time
from core.waiting_list.actions import add_entry, remove_entry
from core.waiting_list.models import WaitingEntry, WaitingListSettings
from core.waiting_list.notifications import why_nobody_can_take
from core.waiting_list.permissions import (
    can_manage,
    clients_who_may_join,
    entries_visible_to,
    get_entry,
    has_waiting_list,
    practitioners_to_wait_for,
    with_everything,
)
from portal import time_zones
from portal.access import SignedInView
from portal.delivery_log import failed_steps_about, mails_about
from portal.forms import FormView
from portal.person_choices import key_of
from portal.scheduling.service_choices import service_choices
from portal.waiting_list.forms import AddForm, ButtonForm, JoinForm
from portal.waiting_list.rows import EntryRow

PER_PAGE = 20


class ListView(SignedInView):
    """Who waits, or has waited: of staff those whom they look after, of a login its own."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not has_waiting_list(self.user):
            raise PermissionDenied("nobody to wait for")
        works_here, past = self.user.staff is not None, request.GET.get("state") == "past"
        found = entries_visible_to(self.user)
        query, practitioner = request.GET.get("q", "").strip()[:80], key_of(request.GET.get("with"))
        if query and works_here:
            found = found.filter(client__in=found_by(query, Client.objects.order_by(), in_client).values("pk"))
        if practitioner is not None:
            found = found.filter(practitioners=practitioner)
        waiting = WaitingEntry.State.WAITING
        found = found.exclude(state=waiting).order_by("-changed_at") if past else found.filter(state=waiting)
        page = Paginator(with_everything(found), PER_PAGE).get_page(request.GET.get("page"))
        runs = list(schedules_run_by(self.user).select_related("user")[:50]) if works_here else []
        context = {
            "page": page,
            "rows": [EntryRow(entry, works_here) for entry in page.object_list],
            "past": past,
            "query": query,
            "searches": works_here,
            "schedules": runs if len(runs) > 1 else [],
            "with": practitioner,
            "may_add": bool(runs),
            "may_join": clients_who_may_join(self.user).exists(),
            "is_open": WaitingListSettings.current().is_open,
        }
        return render(request, "waiting_list/list.html", context)


class EntryView(SignedInView):
    """What they wait for, and everything that was offered to them."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        entry = get_entry(self.user, pk)
        manages, acts = can_manage(self.user, entry), can_act_for(self.user, entry.client)
        row = EntryRow(entry, manages)
        context = {
            "entry": entry,
            "row": row,
            "manages": manages,
            "acts": acts,
            "nobody": why_nobody_can_take(entry.client) if manages and entry.is_waiting else "",
            "opens_client": manages and can_see_client(self.user, entry.client),
            "open_offer": next((each.offer for each in row.offers if each.is_open), None),
            "mails": mails_about(entry) if manages else [],
            "failed_steps": failed_steps_about(entry) if manages else [],
            "zone": wall_time.zone(time_zones.zone_of(request)),
            "switch": time_zones.switch(request),
        }
        return time_zones.remember_choice(request, render(request, "waiting_list/entry.html", context))


class _NewView(FormView):
    edits = False
    template_name = "waiting_list/new.html"
    result: WaitingEntry

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "back": reverse("waiting_list:list")}

    def get_success_url(self) -> str:
        return reverse("waiting_list:entry", args=[self.result.pk])


class AddView(_NewView):
    """Somebody who runs a schedule puts a client on the list."""

    def load(self) -> None:
        if not schedules_to_book_on(self.user):
            raise PermissionDenied("You do not run a schedule.")

    def get_form(self, *posted: Any) -> AddForm:
        words = self.request.vocabulary  # type: ignore[attr-defined]
        initial = {"client": key_of(self.request.GET.get("client"))}
        return AddForm(*posted, user=self.user, words=words, services=service_choices(), initial=initial)

    def perform(self, form: AddForm) -> WaitingEntry:
        return add_entry(
            client=form.cleaned_data["client"],
            practitioners=form.cleaned_data["practitioners"],
            **form.facts(),
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        if why := why_nobody_can_take(self.result.client):
            return _("On the list. %(why)s") % {"why": why}
        if not WaitingListSettings.current().is_open:
            return _("On the list. Times are not offered by themselves: offer them by hand.")
        return _("On the list. They are told when a time that fits frees.")


class JoinView(_NewView):
    """A client's own login does it."""

    def load(self) -> None:
        self.clients = list(clients_who_may_join(self.user))
        if not self.clients:
            raise PermissionDenied("nobody to put on the waiting list")

    def get_form(self, *posted: Any) -> JoinForm:
        practitioners = list(practitioners_to_wait_for(self.clients))
        return JoinForm(*posted, clients=self.clients, practitioners=practitioners, services=service_choices())

    def perform(self, form: JoinForm) -> WaitingEntry:
        chosen = form.chosen_practitioner()
        return add_entry(
            client=form.chosen_client(),
            practitioners=[chosen] if chosen else [],
            **form.facts(),
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        if not WaitingListSettings.current().is_open:
            return _("You are on the list.")
        return _("You are on the list. You hear from us when a time that fits frees.")


class RemovalView(FormView):
    """Wait no longer."""

    edits = True
    template_name = "waiting_list/act.html"
    form_class = ButtonForm
    success_message = gettext_lazy("Taken off the list.")

    def load(self, pk: UUID) -> None:
        self.entry = get_entry(self.user, pk)

    def get_edited(self) -> list[Any]:
        return []  # the action holds it, after the calendars

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return {"state": self.entry.state}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        row = EntryRow(self.entry, self.user.staff is not None)
        words = {"title": _("Take off the waiting list?"), "submit": _("Take off"), "is_danger": True}
        return {**super().get_context_data(form), **words, "row": row, "back": self.get_success_url()}

    def perform(self, form: ButtonForm) -> WaitingEntry:
        return remove_entry(self.entry, by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return reverse("waiting_list:entry", args=[self.entry.pk])
