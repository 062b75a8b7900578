"""A time is offered by hand, taken, or let go."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from billing.models import Service
from core.booking.group_queries import groups_ahead, services_for_groups
from core.kernel import clock
from core.people.roles import PRACTITIONER
from core.scheduling.models import Appointment
from core.scheduling.permissions import schedules_run_by
from core.scheduling.rules import wall_time
from core.waiting_list.actions import (
    accept_offer,
    decline_offer,
    end_taken_offer,
    offer_by_hand,
    offer_place_by_hand,
)
from core.waiting_list.models import WaitingOffer
from core.waiting_list.notifications import told_of_offer
from core.waiting_list.permissions import MANAGE, get_entry, get_offer
from core.waiting_list.queries import has_place_already
from portal import time_zones
from portal.booking.offers import shown_price
from portal.booking.terms import terms_of
from portal.forms import FormView
from portal.waiting_list.forms import ButtonForm, OfferForm, OfferPlaceForm
from portal.waiting_list.rows import EntryRow

MOST_GROUPS = 50  # in one list


class OfferView(FormView):
    """By whoever looks after the list: a time, or a place in a group where they wait for one."""

    edits = False
    template_name = "waiting_list/offer.html"
    result: WaitingOffer

    def load(self, pk: UUID) -> None:
        self.entry = get_entry(self.user, pk, to=MANAGE)
        service = self.entry.service_id
        self.is_for_groups = service is not None and services_for_groups().filter(service_id=service).exists()

    def get_form(self, *posted: Any) -> OfferForm | OfferPlaceForm:
        zone = time_zones.zone_of(self.request)
        if self.is_for_groups:
            return OfferPlaceForm(*posted, groups=self._groups(), zone=zone)
        return OfferForm(*posted, user=self.user, initial=self._start(zone))

    def _groups(self) -> list[Appointment]:
        """Those that can be offered: on schedules that this person runs, with a place left."""
        assert self.entry.service_id is not None
        found = groups_ahead(self.entry.service_id, now=clock.now()).filter(
            practitioner__in=schedules_run_by(self.user).order_by().values("pk"), mode=self.entry.mode
        )
        return list(found.select_related("practitioner__user")[:MOST_GROUPS])

    def _start(self, zone: str) -> dict[str, Any]:
        own = self.user.staff
        tomorrow = (clock.now().astimezone(wall_time.zone(zone)) + timedelta(days=1)).replace(minute=0, second=0)
        named = [person.pk for person in self.entry.practitioners.all()]
        is_own = own is not None and own.role == PRACTITIONER.code
        asked = {name: self.request.GET[name][:10] for name in ("date", "time") if self.request.GET.get(name)}
        return {
            "date": tomorrow.date(), "time": tomorrow.time(), "time_zone": zone,
            "practitioner": named[0] if named else own.pk if is_own and own is not None else None, **asked,
        }  # fmt: skip

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        back = reverse("waiting_list:entry", args=[self.entry.pk])
        row, is_for_groups = EntryRow(self.entry, True), self.is_for_groups
        return {**super().get_context_data(form), "row": row, "back": back, "is_for_groups": is_for_groups}

    def perform(self, form: Any) -> WaitingOffer:
        if self.is_for_groups:
            group = form.groups[form.cleaned_data["group"]]
            return offer_place_by_hand(self.entry, group=group, by=self.user, now=clock.now())
        return offer_by_hand(
            self.entry,
            practitioner=form.cleaned_data["practitioner"],
            starts_at=form.moment.instant,
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        return gettext("Offered. %(told)s") % {"told": told_of_offer(self.result)}

    def get_success_url(self) -> str:
        return reverse("waiting_list:entry", args=[self.entry.pk])


class _AnswerView(FormView):
    edits = True
    template_name = "waiting_list/act.html"
    form_class = ButtonForm

    def load(self, pk: UUID) -> None:
        self.offer = get_offer(self.user, pk)

    def get_edited(self) -> list[Any]:
        return []  # the action holds it, after the calendars

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return {}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        zone = wall_time.zone(time_zones.zone_of(self.request))
        context = {"row": EntryRow(self.offer.entry, False), "offer": self.offer, "zone": zone, "back": self.back()}
        return {**super().get_context_data(form), **context}

    def back(self) -> str:
        return reverse("waiting_list:entry", args=[self.offer.entry_id])

    def get_success_url(self) -> str:
        return self.back()


class AcceptView(_AnswerView):
    """Take it, with what it costs and what cancelling would mean."""

    result: Appointment
    had_place = False

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        words = {"title": _("Take this time"), "submit": _("Take this time"), "is_danger": False}
        return {**super().get_context_data(form), **words, **meaning(self.offer, self.user, now=clock.now())}

    def perform(self, form: ButtonForm) -> Appointment:
        self.had_place = has_place_already(self.offer)
        return accept_offer(self.offer, by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return said_of_taken(self.had_place)

    def get_success_url(self) -> str:
        return reverse("scheduling:appointment", args=[self.result.pk]) if self.result is not None else self.back()

    def refused(self, form: forms.BaseForm, status: int) -> HttpResponse:
        end_taken_offer(self.offer, now=clock.now())
        return super().refused(form, status)


class DeclineView(_AnswerView):
    """Let it go, and wait on."""

    success_message = _("Let go. You are still on the list.")

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        words = {"title": _("Let this time go?"), "submit": _("Let it go"), "is_danger": False}
        return {**super().get_context_data(form), **words}

    def perform(self, form: ButtonForm) -> None:
        decline_offer(self.offer, by=self.user, now=clock.now())


def said_of_taken(had_place: bool) -> str:
    """What whoever takes an offer reads: nobody is mailed about a place that was theirs before."""
    if had_place:
        return gettext("This place is yours already. You are not on the list any more.")
    return gettext("It is booked. The confirmation is on its way by mail.")


def meaning(offer: WaitingOffer, user: Any, *, now: datetime) -> dict[str, Any]:
    """Price and policy, as far as this person reads them."""
    service = Service.objects.filter(pk=offer.entry.service_id).first()
    price = shown_price(service, user, offer.entry.client) if service else None
    terms = terms_of(offer.starts_at, group=offer.group, shows_costs=price is not None, now=now)
    return {"price": price, "terms": terms}
