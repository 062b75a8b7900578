"""What can happen to an appointment: booked, cancelled, completed; `moving` has the move."""

from collections.abc import Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.permissions import can_see_costs, can_see_costs_of_appointment
from billing.queries.prices import amount_if_cancelled
from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.money import Money
from core.people.models import Client
from core.people.roles import PRACTITIONER, Permission
from core.scheduling import notifications
from core.scheduling.actions import (
    book_appointment,
    cancel_appointment,
    cancel_series,
    complete_appointment,
)
from core.scheduling.actions.calendar_locks import (
    calendar_transaction,
    load_appointment,
    lock_appointment,
    lock_series,
)
from core.scheduling.actions.series_scope import Scope, affected_by
from core.scheduling.client_availability_queries import outside_sentences, readable_times
from core.scheduling.models import Appointment, Cancellation, Participant
from core.scheduling.permissions import (
    CANCEL,
    COMPLETE,
    AppointmentRight,
    Viewpoint,
    get_appointment,
)
from core.scheduling.queries import consequence_of, schedules_to_book_on
from core.scheduling.rules import group_size, wall_time
from core.scheduling.rules.cancellation import Consequence
from portal import time_zones
from portal.forms import DialogMixin, FormView
from portal.once import wants_json
from portal.person_choices import key_of
from portal.scheduling.amounts import visible_amounts, visible_packages, visible_wage
from portal.scheduling.appointment_forms import BookingForm
from portal.scheduling.first_look import answer_to, clash_at
from portal.scheduling.forms import CancellationForm, CompletionForm, slot_of
from portal.scheduling.schedule_filter import chosen_schedule
from portal.scheduling.series_scope import add_scope, scope_of
from portal.scheduling.service_choices import service_choices
from portal.scheduling.versions import series_version, version_values
from themes.formats import moment

LATEST_LEVEL = timedelta(hours=672)  # of a cancellation policy


class AppointmentFormView(DialogMixin, FormView):
    """A form that opens in a dialog over the calendar, or as a page of its own without scripts."""

    page_template_name = "scheduling/action.html"
    dialog_template_name = "scheduling/_dialog.html"
    action_name: ClassVar[str]  # what the title and the button of the dialog say

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        zone = wall_time.zone(time_zones.zone_of(self.request))
        return {
            **super().get_context_data(form),
            "zone": zone,
            "action_name": self.action_name,
            "action": self.request.path,
        }


class BookedAppointmentFormView(AppointmentFormView):
    """The same about an appointment that is still booked; of any other it shows the page, which says what became of it."""

    right: ClassVar[AppointmentRight]

    def load(self, pk: UUID) -> None:
        self.appointment = get_appointment(self.user, pk, to=self.right)

    def get_edited(self) -> list[Any]:
        return [self.appointment]

    def in_one_transaction(self) -> AbstractContextManager[Any]:
        return calendar_transaction()

    @property
    def asked_scope(self) -> str:
        """For which dates of its series it shall hold, as the form or the address says."""
        if self.appointment.series_id is None:
            return Scope.ONE
        return self.request.POST.get("scope") or self.request.GET.get("scope", "") or Scope.ONE

    def hold_edited(self) -> None:
        """After the calendars, as every action does: of all dates of the series where it is about several."""
        if self.asked_scope != Scope.ONE and self.appointment.series_id is not None:
            lock_series(self.appointment.series_id, also=self.also_held())
            self.appointment = load_appointment(self.appointment.pk)
        else:
            self.appointment = lock_appointment(self.appointment.pk, also=self.also_held())

    def also_held(self) -> set[UUID]:
        """Whose calendars besides."""
        return set()

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return version_values(self.appointment) | series_version(self.appointment)

    def sentence_of_facts(self, names: Sequence[str], form: forms.BaseForm) -> str:
        zone = wall_time.zone(time_zones.zone_of(self.request))
        now = _("It is now %(day)s, %(minutes)d minutes.") % {
            "day": moment(self.appointment.starts_at.astimezone(zone)),
            "minutes": self.appointment.minutes,
        }
        return f"{super().sentence_of_facts(names, form)} {now}"

    def render_form(self, form: forms.BaseForm) -> HttpResponse:
        if form.is_bound or self.appointment.is_booked:
            return super().render_form(form)
        state = str(self.appointment.get_status_display()).lower()
        messages.info(self.request, _("It is %(state)s already.") % {"state": state})
        return self.lead_to(self.get_success_url())

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        back = self.get_success_url()
        return {
            **super().get_context_data(form),
            "appointment": self.appointment,
            "action": self.request.get_full_path(),
            "back": back,
        }

    def get_success_url(self) -> str:
        if self.asked_scope != Scope.ONE:
            series_id = Appointment.objects.values_list("series_id", flat=True).get(pk=self.appointment.pk)
            return reverse("scheduling:series", args=[series_id])
        return reverse("scheduling:appointment", args=[self.appointment.pk])


class BookingView(AppointmentFormView):
    """A new appointment."""

    needs = Permission.ADD_APPOINTMENTS
    template_name = "scheduling/_booking.html"
    edits = False
    action_name = "book"
    result: Appointment

    def load(self) -> None:
        self.schedules = schedules_to_book_on(self.user)
        if not self.schedules:
            raise PermissionDenied("You do not run a schedule.")

    def act(self, **kwargs: Any) -> HttpResponse:
        clash = None
        if wants_json(self.request):
            clash = clash_at(self.user, key_of(self.request.POST.get("practitioner")), slot_of(self.request.POST))
        return super().act(**kwargs) if clash is None else answer_to(clash)

    def get_form(self, *posted: Any) -> BookingForm:
        return BookingForm(
            *posted,
            user=self.user,
            schedules=self.schedules,
            services=service_choices(),
            words=self.request.vocabulary,  # type: ignore[attr-defined]
            initial=self.get_initial(),
        )

    def get_initial(self) -> dict[str, Any]:
        """The slot that was clicked, else the next full hour."""
        zone, asked = time_zones.zone_of(self.request), self.request.GET
        begins = _next_hour(clock.now().astimezone(wall_time.zone(zone)))
        with suppress(KeyError, ValueError):  # because anything may stand in an address
            begins = datetime.fromisoformat(f"{asked['date']}T{asked.get('time', '09:00')}")
        schedule, minutes = self._schedule(), asked.get("minutes", "")[:4]
        return {
            "date": begins.date(),
            "time": begins.time(),
            "time_zone": zone,
            "practitioner": schedule and schedule.pk,
            "minutes": int(minutes) if minutes.isdecimal() else None,
            "clients": asked.getlist("client"),
            **{name: asked[name] for name in ("service", "mode") if asked.get(name)},
            "resources": [key for key in map(key_of, asked.getlist("resource")) if key],
        }

    def get_context_data(self, form: BookingForm) -> dict[str, Any]:  # type: ignore[override]
        lengths = {key: service.minutes for key, service in form.services.items()}
        return {**super().get_context_data(form), "lengths": lengths, "back": reverse("scheduling:calendar")}

    def perform(self, form: BookingForm) -> Appointment:
        facts = form.facts()
        appointment = book_appointment(**facts, by=self.user, now=clock.now())
        clients = facts["clients"]
        outside = outside_sentences(clients, appointment.span, readable_times(clients, by=self.user))
        remark = group_size.verdict(len(clients)).sentence if clients else ""
        for note in (form.moment.note, remark, *outside):
            if note:
                messages.warning(self.request, note)
        return appointment

    def get_success_message(self) -> str:
        told = notifications.told_of_booking(self.result, by=self.user, now=clock.now())
        return _("Booked. %(told)s") % {"told": told}

    def get_success_url(self) -> str:
        day = self.result.starts_at.astimezone(wall_time.zone(self.result.time_zone)).date()
        return f"{reverse('scheduling:calendar')}?date={day}"

    def _schedule(self) -> Any:
        """The schedule asked for, the only one, or the practitioner's own."""
        if (chosen := chosen_schedule(self.request, self.schedules)) is not None:
            return chosen
        if len(self.schedules) == 1:
            return self.schedules[0]
        own = self.user.staff
        return own if own is not None and own.role == PRACTITIONER.code else None


class CancellationView(BookedAppointmentFormView):
    """What cancelling means, and then the act."""

    template_name = "scheduling/_cancellation.html"
    edits = True
    action_name = "cancel"
    right = CANCEL
    result: list[Cancellation]

    def load(self, pk: UUID) -> None:
        super().load(pk)
        self.view = Viewpoint(self.user)
        self.runs = self.view.runs(self.appointment)
        self.consequence = consequence_of(self.appointment, now=clock.now())
        if not self.appointment.attending:  # nobody can owe anything for it
            self.consequence = replace(self.consequence, level=None, free_until=None)

    def _offered(self) -> list[Participant]:
        """The places that this person may give up."""
        return self.appointment.attending if self.runs else self.view.cancellable_participants(self.appointment)

    def get_form(self, *posted: Any) -> CancellationForm:
        offered = [participant.pk for participant in self._offered()]
        form = CancellationForm(
            *posted,
            participants=Participant.objects.filter(pk__in=offered).select_related("client"),
            runs=self.runs,
            charges=self.consequence.level is not None or bool(self.late),
            words=self.request.vocabulary,  # type: ignore[attr-defined]
            stands_alone=self.runs and self.appointment.is_open_group,
        )
        if self.runs:
            add_scope(form, self.appointment, asked=self.asked_scope, user=self.user, exceptions=False)
        return form

    @cached_property
    def late(self) -> list[tuple[Appointment, Consequence]]:
        """The other dates of the series whose cancellation would count as late by now, for whoever runs the schedule."""
        if not self.runs or self.appointment.series_id is None:
            return []
        now = clock.now()
        others = [
            each
            for each in affected_by(self.appointment, Scope.ALL, by=self.user, now=now)
            if each.pk != self.appointment.pk
        ]
        found = [(each, consequence_of(each, now=now)) for each in others if each.starts_at < now + LATEST_LEVEL]
        return [(each, means) for each, means in found if means.level is not None]

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        now = consequence_of(self.appointment, now=clock.now())
        late = [str(means.level) for _each, means in self.late]
        return {**super().get_version_values(form), "consequence": str([now.level, *late] if late else now.level)}

    def sentence_of_facts(self, names: Sequence[str], form: forms.BaseForm) -> str:
        if list(names) != ["consequence"]:
            return super().sentence_of_facts(names, form)
        return _("Cancelling means something else by now. Look at what it means, then send the form again.")

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        hides_costs = not can_see_costs_of_appointment(self.user, self.appointment)
        facts = {
            "consequence": self.consequence,
            "runs": self.runs,
            "hides_costs": hides_costs,
            "amounts": self._amounts(),
            "late": self.late,
        }
        return {**super().get_context_data(form), **facts}

    def _amounts(self) -> list[tuple[Client, Money]]:
        """Whose place costs how much if it is given up now; only where this person may see it."""
        if (level := self.consequence.level) is None:
            return []
        clients = [place.client for place in self._offered() if can_see_costs(self.user, place.client)]
        found = [(client, amount_if_cancelled(self.appointment, client, level.client_share)) for client in clients]
        return [(client, amount) for client, amount in found if amount]

    def perform(self, form: CancellationForm) -> list[Cancellation]:
        scope = scope_of(form.cleaned_data)
        facts = {name: value for name, value in form.cleaned_data.items() if name != "scope"}
        if scope != Scope.ONE and self.runs:
            if facts.pop("participant", None) is not None:
                raise DomainError(
                    "one_of_a_series",
                    _("To take somebody out of several dates, edit who takes part. Or cancel this date only."),
                    field="participant",
                )
            return cancel_series(self.appointment, scope=scope, **facts, by=self.user, now=clock.now())
        return [cancel_appointment(self.appointment, **facts, by=self.user, now=clock.now())]

    def get_success_message(self) -> str:
        told = notifications.told_of_cancellations(self.result, by=self.user)
        return _("Cancelled. %(told)s") % {"told": told}


class CompletionView(BookedAppointmentFormView):
    """What became of an appointment."""

    template_name = "scheduling/_completion.html"
    edits = True
    action_name = "complete"
    right = COMPLETE
    success_message = gettext_lazy("Completed.")

    def get_form(self, *posted: Any) -> CompletionForm:
        amount = visible_amounts([self.appointment], self.user).get(self.appointment.pk)
        wage = visible_wage(self.appointment, self.user)
        return CompletionForm(*posted, appointment=self.appointment, amount=amount, wage=wage)

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        return {**super().get_context_data(form), "packages": visible_packages(self.appointment, self.user)}

    def perform(self, form: CompletionForm) -> None:
        values = form.cleaned_data
        complete_appointment(
            self.appointment,
            completion_type=values["completion_type"],
            charged_minutes=values["charged_minutes"],
            per_client=form.per_client(),
            note=values["note"],
            was_held_before=values.get("was_held_before", False),
            by=self.user,
            now=clock.now(),
        )


def _next_hour(local: datetime) -> datetime:
    """The next full hour of a working day; tomorrow morning when it is late."""
    begins = local.replace(minute=0) + timedelta(hours=1)
    if begins.hour >= 18 or begins.date() != local.date():
        return (local + timedelta(days=1)).replace(hour=9, minute=0)
    return begins.replace(hour=max(begins.hour, 9))
