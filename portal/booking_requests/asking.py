"""What those who want a time do: ask, take a proposed time, let none suit, withdraw."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from billing.models import Service
from core.booking_requests.actions import (
    accept_proposed,
    ask_for_appointment,
    ask_to_move,
    keep_request,
    withdraw_request,
)
from core.booking_requests.models import BookingRequest, RequestSettings
from core.booking_requests.permissions import ASK, client_to_move, clients_who_may_ask
from core.booking_requests.queries import practitioners_to_ask
from core.booking_requests.rules.booking_requests import Act
from core.kernel import clock
from core.scheduling.models import Appointment
from core.scheduling.permissions import get_appointment
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.booking.offers import shown_price
from portal.booking.terms import terms_of
from portal.booking_requests.acts import RequestFormView
from portal.booking_requests.forms import AskForm, KeepForm, ProposedForm, WishForm, WithdrawForm
from portal.booking_requests.free_times import FreeTime, free_times_for, free_times_to_move
from portal.forms import FormView
from portal.scheduling.service_choices import service_choices


class _AskingView(FormView):
    """What both ways of asking have in common."""

    edits = False
    success_message = _("Your request is on its way. You hear from us by mail and here.")
    result: BookingRequest

    def say_notes(self, form: Any) -> None:
        """What the clock change makes of a time that was typed."""
        for note in dict.fromkeys(form.notes):
            messages.warning(self.request, note)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        zone = wall_time.zone(time_zones.zone_of(self.request))
        shows, back = RequestSettings.current().shows_free_times, reverse("booking_requests:list")
        free_times = self.free_times() if shows else []
        shown = {"zone": zone, "back": back, "shows_free_times": shows, "free_times": free_times}
        return {**super().get_context_data(form), **shown}

    def free_times(self) -> list[FreeTime]:
        """To choose from."""
        raise NotImplementedError

    def get_success_url(self) -> str:
        return reverse("booking_requests:request", args=[self.result.pk])


class AskView(_AskingView):
    """An appointment at one of several times."""

    template_name = "booking_requests/ask.html"

    def load(self) -> None:
        self.clients = list(clients_who_may_ask(self.user))
        if not self.clients:
            raise PermissionDenied("nobody to ask for")

    def get_form(self, *posted: Any) -> AskForm:
        return AskForm(
            *posted,
            clients=self.clients,
            practitioners=practitioners_to_ask(self.clients),
            services=service_choices(),
            initial=self.get_initial(),
        )

    def free_times(self) -> list[FreeTime]:
        return free_times_for(self.request, self.clients, service_choices())

    def get_initial(self) -> dict[str, Any]:
        asked = {name: self.request.GET[name] for name in ("client", "service") if self.request.GET.get(name)}
        return {"time_zone": time_zones.zone_of(self.request), **asked}

    def perform(self, form: AskForm) -> BookingRequest:
        values, (service, minutes) = form.cleaned_data, form.chosen_service()
        self.say_notes(form)
        return ask_for_appointment(
            client=form.chosen_client(),
            service=service,
            minutes=minutes,
            mode=values["mode"],
            time_zone=values["time_zone"],
            starts=form.starts,
            practitioner=form.chosen_practitioner(),
            wish=values["wish"],
            note=values["note"],
            by=self.user,
            now=clock.now(),
        )


class MoveRequestView(_AskingView):
    """Another time for what is booked, which stands meanwhile."""

    template_name = "booking_requests/move.html"
    form_class = WishForm

    def load(self, pk: UUID) -> None:
        self.appointment = get_appointment(self.user, pk)
        self.client = client_to_move(self.user, self.appointment)
        if self.client is None:
            raise PermissionDenied("not allowed to ask for another time")

    def free_times(self) -> list[FreeTime]:
        return free_times_to_move(self.request, self.appointment, self.client)

    def get_initial(self) -> dict[str, Any]:
        return {"time_zone": time_zones.zone_of(self.request)}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        back = reverse("scheduling:appointment", args=[self.appointment.pk])
        return {**super().get_context_data(form), "appointment": self.appointment, "back": back}

    def perform(self, form: WishForm) -> BookingRequest:
        assert self.client is not None
        self.say_notes(form)
        return ask_to_move(
            self.appointment,
            client=self.client,
            starts=form.starts,
            time_zone=form.cleaned_data["time_zone"],
            wish=form.cleaned_data["wish"],
            note=form.cleaned_data["note"],
            by=self.user,
            now=clock.now(),
        )


class AnswerView(RequestFormView):
    """Take one of the proposed times, with what it costs and what cancelling would mean."""

    to = ASK
    needed = Act.ACCEPT_PROPOSED
    template_name = "booking_requests/answer.html"
    title = _("Choose a time")
    submit = _("Take this time")
    success_message = _("It is booked. The confirmation is on its way by mail.")
    result: Appointment

    def also_held(self) -> set[UUID]:
        keys = self.asked.times.exclude(practitioner=None).values_list("practitioner_id", flat=True)
        return set(keys)

    def has_choice(self) -> bool:
        return bool(self.row().proposed_coming)

    def get_form(self, *posted: Any) -> ProposedForm:
        return ProposedForm(*posted, times=self.row().proposed_coming)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        service = Service.objects.filter(pk=self.asked.service_id).first()
        price = shown_price(service, self.user, self.asked.client) if service else None
        times, terms = self.row().proposed_coming, None
        if times and self.asked.moves_id is None:
            terms = terms_of(times[0].time.starts_at, shows_costs=price is not None, now=clock.now())
            terms = terms if len(times) == 1 else replace(terms, free_until=None)
        return {**super().get_context_data(form), "price": None if self.asked.moves_id else price, "terms": terms}

    def perform(self, form: ProposedForm) -> Appointment:
        return accept_proposed(self.asked, time=UUID(form.cleaned_data["time"]), by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        if self.result is not None:
            return reverse("scheduling:appointment", args=[self.result.pk])
        return super().get_success_url()


class KeepView(RequestFormView):
    """None of them suits."""

    to = ASK
    needed = Act.KEEP
    title = _("No time of these suits")
    submit = _("Ask on")
    success_message = _("Passed on. Your request stands, and waits for an answer again.")

    def get_form(self, *posted: Any) -> KeepForm:
        return KeepForm(*posted, still_count=bool(self.row().coming))

    def perform(self, form: KeepForm) -> BookingRequest:
        return keep_request(self.asked, words=form.cleaned_data["words"], by=self.user, now=clock.now())


class WithdrawView(RequestFormView):
    """Ask no longer."""

    to = ASK
    needed = Act.WITHDRAW
    form_class = WithdrawForm
    title = _("Withdraw the request?")
    submit = _("Withdraw it")
    is_danger = True
    success_message = _("Withdrawn. Nothing is asked for any more.")

    def perform(self, form: WithdrawForm) -> BookingRequest:
        return withdraw_request(self.asked, by=self.user, now=clock.now())
