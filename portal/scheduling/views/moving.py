"""Another time for an appointment, and another practitioner; also where the calendar sends what was dragged."""

from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from core.kernel import clock
from core.kernel.errors import DomainError
from core.scheduling import notifications
from core.scheduling.actions import move_appointment, move_series
from core.scheduling.actions.calendar_locks import load_appointment
from core.scheduling.actions.series_scope import Scope
from core.scheduling.client_availability_queries import outside_sentences, readable_times
from core.scheduling.permissions import CHANGE
from core.scheduling.rules import wall_time
from core.scheduling.series_notifications import told_of_series
from portal import time_zones
from portal.once import wants_json
from portal.person_choices import key_of
from portal.scheduling.forms import MoveForm
from portal.scheduling.series_scope import add_scope, scope_of
from portal.scheduling.versions import move_version, series_version, version_of_drag
from portal.scheduling.views.appointment_actions import BookedAppointmentFormView


class MoveView(BookedAppointmentFormView):
    """When it takes place, and who runs it."""

    template_name = "scheduling/_move.html"
    edits = True
    action_name = "move"
    right = CHANGE
    note = ""

    def also_held(self) -> set[UUID]:
        key = key_of(self.request.POST.get("practitioner"))
        return {key} if key else set()

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return move_version(self.appointment) | series_version(self.appointment)

    def get_form(self, *posted: Any) -> MoveForm:
        form = MoveForm(
            *posted,
            appointment=self.appointment,
            user=self.user,
            words=self.request.vocabulary,  # type: ignore[attr-defined]
            initial=self.get_initial(),
        )
        add_scope(form, self.appointment, asked=self.asked_scope, user=self.user)
        return form

    def get_initial(self) -> dict[str, Any]:
        series = self.appointment.series
        zone = series.time_zone if series else time_zones.zone_of(self.request)
        local = self.appointment.starts_at.astimezone(wall_time.zone(zone))
        minutes, asked = self.appointment.minutes, self.request.GET
        practitioner = key_of(asked.get("practitioner")) or self.appointment.practitioner_id
        with suppress(KeyError, ValueError):  # where it was dragged to, if the calendar asks
            local = datetime.fromisoformat(f"{asked['date']}T{asked['time']}")
            minutes = int(asked["minutes"])
        return {
            "date": local.date(),
            "time": local.time(),
            "minutes": minutes,
            "time_zone": zone,
            "practitioner": practitioner,
        }

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        told = notifications.told_of_move(self.appointment, by=self.user, now=clock.now())
        return {**super().get_context_data(form), "told": told}

    def perform(self, form: MoveForm) -> None:
        starts_at, former = form.moment.instant, self.appointment.practitioner
        self.before = self.appointment.starts_at, self.appointment.ends_at
        chosen = form.cleaned_data["practitioner"] or former
        self.former = former if chosen.pk != former.pk else None
        if scope_of(form.cleaned_data) != Scope.ONE:
            self._move_series(form)
            return
        self.appointment = move_appointment(
            self.appointment,
            starts_at=starts_at,
            ends_at=starts_at + form.length,
            time_zone=form.cleaned_data["time_zone"],
            practitioner=chosen,
            override_reason=form.cleaned_data["override_reason"],
            by=self.user,
            now=clock.now(),
        )
        clients = [place.client for place in self.appointment.attending]
        outside = outside_sentences(clients, self.appointment.span, readable_times(clients, by=self.user))
        self.note = " ".join([form.moment.note, *outside]).strip()
        if self.note and not wants_json(self.request):
            messages.warning(self.request, self.note)

    def _move_series(self, form: MoveForm) -> None:
        values = form.cleaned_data
        if self.former is not None:
            raise DomainError(
                "one_of_a_series",
                _("To hand several dates over, edit who runs them. Or move this date only."),
                field="practitioner",
            )
        move_series(
            self.appointment,
            scope=scope_of(values),
            wall=datetime.combine(values["date"], values["time"]),
            minutes=values["minutes"],
            time_zone=values["time_zone"],
            with_exceptions=values.get("with_exceptions", False),
            override_reason=values["override_reason"],
            by=self.user,
            now=clock.now(),
        )
        self.appointment = load_appointment(self.appointment.pk)

    def get_success_message(self) -> str:
        if self.former is None and self.before == (self.appointment.starts_at, self.appointment.ends_at):
            return _("It has this time already. Nothing was changed.")
        told = self._told()
        note = f" {self.note}" if self.note and wants_json(self.request) else ""
        return _("Moved. %(told)s") % {"told": told} + note

    def _told(self) -> str:
        now = clock.now()
        if self.asked_scope != Scope.ONE and (series := self.appointment.series) is not None:
            return told_of_series(series, list(series.clients.all()), by=self.user)
        if self.former is None:
            return notifications.told_of_move(self.appointment, by=self.user, now=now)
        change = notifications.Edited({"practitioner": []}, self.former)
        return notifications.told_of_edit(load_appointment(self.appointment.pk), change, by=self.user, now=now)

    def done(self) -> HttpResponse:
        """Whoever dragged it can take that back: with what it is now."""
        if not wants_json(self.request):
            return super().done()
        version = version_of_drag(self.appointment, user=self.user)
        url, message = self.get_success_url(), self.get_success_message()
        return JsonResponse({"message": message, "url": url, "version": version})
