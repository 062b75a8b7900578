"""Letting what is running take longer: from its page, and from the live room, whose script asks for the same form."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.permissions import can_see_costs
from billing.queries.prices import amount_of_extension
from core.kernel import clock
from core.kernel.money import Money
from core.scheduling import notifications
from core.scheduling.actions import extend_appointment, take_back_extension
from core.scheduling.actions.calendar_locks import load_appointment
from core.scheduling.actions.extension import extension_to_take_back, runs_into
from core.scheduling.models import Appointment, Extension
from core.scheduling.permissions import CHANGE, get_appointment
from core.scheduling.rules import extension
from core.scheduling.rules.conflicts import Span
from core.scheduling.time_formats import format_time_span
from portal import time_zones
from portal.forms import ActionView, Refusal
from portal.person_choices import key_of
from portal.scheduling.forms import ExtensionForm
from portal.scheduling.views.appointment_actions import BookedAppointmentFormView

AN_HOUR = 60


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the lengths that are offered: until when it takes then, and what it costs more, for those who may see it."""

    minutes: int
    ends_at: datetime
    amount: Money | None


class ExtensionView(BookedAppointmentFormView):
    """By how many minutes; a reason is asked for once it turns out that it runs into what comes next."""

    template_name = "scheduling/_extension.html"
    edits = True
    action_name = "extend"
    right = CHANGE
    form_class = ExtensionForm
    result: Extension

    def load(self, pk: UUID) -> None:
        super().load(pk)
        self.appointment = load_appointment(self.appointment.pk)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        now, booked = clock.now(), Span(self.appointment.starts_at, self.appointment.ends_at)
        ends = {minutes: booked.ends_at + timedelta(minutes=minutes) for minutes in extension.OFFERED}
        found = {
            minutes: extension.verdict(booked, minutes, is_booked=self.appointment.is_booked, now=now)
            for minutes in ends
        }
        furthest = Span(booked.starts_at, max(ends.values()))
        shown, in_room = super().get_context_data(form), is_in_room(self.request)
        if in_room:  # its script sends the form, and no link leads away from it
            shown |= {"in_dialog": False, "back": ""}
        code = extension.can_begin(booked, is_booked=self.appointment.is_booked, now=now)
        return {
            **shown,
            "choices": [
                Choice(minutes, ends[minutes], self._amount(minutes)) for minutes in ends if found[minutes].ends_at
            ],
            "an_hour": self._amount(AN_HOUR),
            "code": code,
            "next_ones": runs_into(self.appointment, furthest, by=self.user).sentences,
            "explains": bool(form.errors.get("reason") or form["reason"].value()),
            "in_room": in_room,
            "latest": extension_to_take_back(self.appointment),
        }

    def _amount(self, minutes: int) -> Money | None:
        """What it costs more for those whose amounts this person may see; None where there is nothing that they could see, or no one sum."""
        clients = [place.client for place in self.appointment.attending if can_see_costs(self.user, place.client)]
        found = [amount_of_extension(self.appointment, client, minutes) for client in clients]
        return Money.sum_of(amount for amount in found if amount is not None)

    def perform(self, form: ExtensionForm) -> Extension:
        return extend_appointment(
            self.appointment,
            minutes=form.cleaned_data["minutes"],
            reason=form.cleaned_data["reason"],
            by=self.user,
            now=clock.now(),
        )

    def done(self) -> HttpResponse:
        return HttpResponse(status=204) if is_in_room(self.request) else super().done()

    def get_success_message(self) -> str:
        return until_sentence(self.request, load_appointment(self.appointment.pk))


class ExtensionRemovalView(ActionView):
    """The latest extension is taken back."""

    def load(self, pk: UUID) -> None:
        self.appointment = get_appointment(self.user, pk, to=CHANGE)

    def perform(self) -> Appointment:
        meant = key_of(self.request.POST.get("extension"))
        return take_back_extension(self.appointment, extension_id=meant, by=self.user, now=clock.now())

    def done(self) -> HttpResponse:
        return HttpResponse(status=204) if is_in_room(self.request) else super().done()

    def refused(self, refusal: Refusal) -> HttpResponse:
        if not is_in_room(self.request):
            return super().refused(refusal)
        return JsonResponse(
            {"message": refusal.message, "errors": {}}, status=409
        )  # because 422 would be the form again

    def get_success_message(self) -> str:
        return until_sentence(self.request, load_appointment(self.appointment.pk))

    def get_success_url(self) -> str:
        return reverse("scheduling:appointment", args=[self.appointment.pk])


def is_in_room(request: HttpRequest) -> bool:
    """Whether the live room's script asks: it stays where it is, and its socket says what was done."""
    return "in_room" in request.GET


def until_sentence(request: Any, appointment: Appointment) -> str:
    """Until when it takes now, and who is told by mail."""
    zone, language = time_zones.zone_of(request), get_language() or "en"
    until = format_time_span(appointment.ends_at, appointment.ends_at, zone=zone, language=language).start
    told = notifications.told_of_move(appointment, by=request.user, now=clock.now())
    return _("It takes until %(time)s now. %(told)s") % {"time": until, "told": told}
