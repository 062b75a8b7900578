"""What those who run the schedule do: accept one of the times, propose others, decline."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.wages.permissions import can_see_wages_of
from billing.wages.queries import wage_asked_for
from core.booking_requests.actions import accept_request, decline_request, propose_times
from core.booking_requests.models import BookingRequest, Proposal, RequestedTime
from core.booking_requests.notifications import told_to_askers
from core.booking_requests.permissions import ANSWER
from core.booking_requests.queries import standings_of
from core.booking_requests.rules.booking_requests import Act
from core.kernel import clock
from core.kernel.errors import ConflictError
from core.people.roles import PRACTITIONER
from core.scheduling import notifications
from core.scheduling.actions.calendar_locks import load_appointment
from core.scheduling.models import Appointment
from portal import time_zones
from portal.booking_requests.acts import RequestFormView
from portal.booking_requests.forms import AcceptForm, DeclineForm, ProposeForm
from portal.once import wants_json
from portal.person_choices import key_of
from portal.scheduling.first_look import answer_to, clash_at


class _AnsweringView(RequestFormView):
    to = ANSWER

    def also_held(self) -> set[UUID]:
        sent = self.request.POST
        keys = (key_of(key) for name in ("practitioner", "resources") for key in sent.getlist(name))
        return {key for key in keys if key is not None}

    def own_schedule(self) -> Any:
        """Whoever practises thinks of their own schedule first."""
        own = self.user.staff
        return own.pk if own is not None and own.role == PRACTITIONER.code else None


class AcceptView(_AnsweringView):
    """Which of the times it shall be."""

    needed = Act.ACCEPT
    template_name = "booking_requests/accept.html"
    title = gettext_lazy("Accept a time")
    submit = gettext_lazy("Accept")
    result: Appointment

    def act(self, pk: UUID) -> HttpResponse:
        clash = self._clash(pk) if wants_json(self.request) else None
        return super().act(pk=pk) if clash is None else answer_to(clash)

    def _clash(self, pk: UUID) -> ConflictError | None:
        """Whether the time that was chosen is taken already."""
        times = RequestedTime.objects.select_related("request__moves", "proposal")
        chosen = times.filter(pk=key_of(self.request.POST.get("time")), request=pk).first()
        if chosen is None:
            return None
        practitioner = chosen.runner_id or key_of(self.request.POST.get("practitioner"))
        slot = (chosen.starts_at, chosen.ends_at)
        return clash_at(self.user, practitioner, slot, apart_from=chosen.request.moves_id)

    def has_choice(self) -> bool:
        return bool(self.row().coming)

    def get_form(self, *posted: Any) -> AcceptForm:
        return AcceptForm(
            *posted,
            times=self.row().coming,
            moves=self.asked.moves_id is not None,
            runner=self.asked.runner,
            user=self.user,
            initial={
                "mode": self.asked.mode,
                "practitioner": self.own_schedule(),
                "time": self.request.GET.get("time", ""),
            },
        )

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        standings = standings_of(self.asked, self.asked.asked_times, by=self.user, now=clock.now())
        return {**super().get_context_data(form), "row": self.row(standings), "wage": self.wage()}

    def wage(self) -> str:
        """What is earned by it, for whoever would earn it and whoever manages wages; empty where that is not known yet."""
        practitioner = self.asked.runner or self.user.staff
        if self.asked.moves_id is not None or practitioner is None or not can_see_wages_of(self.user, practitioner):
            return ""
        found = wage_asked_for(practitioner, self.asked.client, self.asked.service_id, minutes=self.asked.minutes)
        if found is None:
            return ""
        words = {"amount": found.format(get_language() or "en"), "name": practitioner}
        if practitioner.user_id == self.user.pk:
            return _("You earn %(amount)s by it, if it is held as asked for.") % words
        return _("%(name)s earns %(amount)s by it, if it is held as asked for.") % words

    def perform(self, form: AcceptForm) -> Appointment:
        values = form.cleaned_data
        return accept_request(
            self.asked,
            time=UUID(values["time"]),
            practitioner=values["practitioner"] if form.runner is None else form.runner,
            mode=values.get("mode", ""),
            location=values.get("location", ""),
            resources=list(values.get("resources", ())),
            override_reason=values["override_reason"],
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        appointment = load_appointment(self.result.pk)
        told = notifications.told_of_booking(appointment, by=self.user, now=clock.now())
        return _("Accepted. %(told)s") % {"told": told}

    def get_success_url(self) -> str:
        if self.result is not None:
            return reverse("scheduling:appointment", args=[self.result.pk])
        return super().get_success_url()


class ProposeView(_AnsweringView):
    """Other times."""

    needed = Act.PROPOSE
    template_name = "booking_requests/propose.html"
    title = gettext_lazy("Propose other times")
    submit = gettext_lazy("Propose")

    def get_form(self, *posted: Any) -> ProposeForm:
        initial = {"time_zone": time_zones.zone_of(self.request), "practitioner": self.own_schedule()}
        return ProposeForm(*posted, runner=self.asked.runner, user=self.user, initial=initial)

    def perform(self, form: ProposeForm) -> Proposal:
        for note in dict.fromkeys(form.notes):
            messages.warning(self.request, note)
        values = form.cleaned_data
        return propose_times(
            self.asked,
            practitioner=values.get("practitioner", self.asked.runner),
            starts=form.starts,
            message=values["message"],
            override_reason=values["override_reason"],
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        return _("Proposed. %(told)s") % {"told": told_to_askers(self.asked, by=self.user)}


class DeclineView(_AnsweringView):
    """None of it."""

    needed = Act.DECLINE
    form_class = DeclineForm
    title = gettext_lazy("Decline the request")
    submit = gettext_lazy("Decline")
    is_danger = True

    def perform(self, form: DeclineForm) -> BookingRequest:
        return decline_request(self.asked, reason=form.cleaned_data["reason"], by=self.user, now=clock.now())

    def get_success_message(self) -> str:
        return _("Declined. %(told)s") % {"told": told_to_askers(self.asked, by=self.user)}
