"""A series as a page: all its dates with what became of each; its end; and as a file for one's own calendar."""

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branding.speaking import speaking
from core.kernel import clock
from core.scheduling import calendar_file, series_file
from core.scheduling.actions import set_end_of_series
from core.scheduling.models import Appointment, AppointmentSeries, SchedulingSettings
from core.scheduling.permissions import CHANGE, Viewpoint, appointments_visible_to, get_series
from core.scheduling.queries import with_people
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import wall_time
from core.scheduling.series_notifications import told_of_series
from portal import time_zones
from portal.access import SignedInView
from portal.forms import FormView
from portal.scheduling.appointment_rows import appointment_rows
from portal.scheduling.forms import DayInput, override_field
from portal.scheduling.series_words import words_of


class SeriesView(SignedInView):
    """All dates that this person may see, and for whoever runs the schedule what can be done with the series."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        series, now = get_series(self.user, pk), clock.now()
        zone, view = wall_time.zone(time_zones.zone_of(request)), Viewpoint(self.user)
        found = with_people(appointments_visible_to(self.user).filter(series=series)).order_by("starts_at")
        rows = appointment_rows(found, view, zone)
        coming = [row for row in rows if row.appointment.starts_at > now and not row.is_off]
        runs = series.practitioner_id in view.schedules
        context = {
            "series": series,
            "rows": rows,
            "next": coming[0] if coming else None,
            "coming": len(coming),
            "runs": runs,
            "words": words_of(series),
            "exdates": series.exdates if runs else [],
            "weeks": SchedulingSettings.current().series_weeks,
            "earlier": series.continues if runs else None,
            "later": getattr(series, "continued_by", None) if runs else None,
            "zone": zone,
            "switch": time_zones.switch(request),
        }
        return time_zones.remember_choice(request, render(request, "scheduling/series.html", context))


class SeriesEndForm(forms.Form):
    """Until when a series goes."""

    ends = forms.ChoiceField(
        label=gettext_lazy("Ends"),
        choices=[("until", gettext_lazy("on a day")), ("open", gettext_lazy("not at all"))],
        widget=forms.RadioSelect,
    )
    until = forms.DateField(label=gettext_lazy("Last day"), widget=DayInput(), required=False)
    leave_out = forms.BooleanField(label=gettext_lazy("Book without the dates that are not free"), required=False)
    override_reason = override_field()

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("ends") == "until" and not values.get("until") and "until" not in self.errors:
            self.add_error("until", _("Choose the last day."))
        return values


class SeriesEndView(FormView):
    """Another end: later dates are booked, dates after an earlier end are cancelled."""

    template_name = "scheduling/series_end.html"
    edits = True
    form_class = SeriesEndForm
    result: AppointmentSeries

    def load(self, pk: UUID) -> None:
        self.series = get_series(self.user, pk, to=CHANGE)

    def get_edited(self) -> list[Any]:
        return [self.series]

    def hold_edited(self) -> None:
        """The action locks the calendars first, and the series after them."""

    def get_version_values(self, form: forms.BaseForm) -> dict[str, Any]:
        return {"sequence": self.series.sequence, "until_on": self.series.until_on}

    def get_initial(self) -> dict[str, Any]:
        until = self.series.until_on
        return {"ends": "until" if until else "open", "until": until}

    def get_context_data(self, form: forms.BaseForm) -> dict[str, Any]:
        booked = self.series.occurrences.filter(status=Appointment.Status.BOOKED, starts_at__gt=clock.now())
        return {
            **super().get_context_data(form),
            "series": self.series,
            "words": words_of(self.series),
            "coming": booked.count(),
            "weeks": SchedulingSettings.current().series_weeks,
            "back": self.get_success_url(),
        }

    def perform(self, form: SeriesEndForm) -> AppointmentSeries:
        values = form.cleaned_data
        until: date | None = values["until"] if values["ends"] == "until" else None
        return set_end_of_series(
            self.series,
            until_on=until,
            leave_out_busy=values["leave_out"],
            override_reason=values["override_reason"],
            by=self.user,
            now=clock.now(),
        )

    def get_success_message(self) -> str:
        told = told_of_series(self.result, list(self.result.clients.all()), by=self.user)
        return _("Saved. %(told)s") % {"told": told}

    def get_success_url(self) -> str:
        return reverse("scheduling:series", args=[self.series.pk])


class SeriesFileView(SignedInView):
    """The series as a file for the person's own calendar, with nobody else in it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        series, view = get_series(self.user, pk), Viewpoint(self.user)
        appointments = series_file.appointments_of(series)
        runs = series.practitioner_id in view.schedules
        readable = [] if runs else [place for each in appointments for place in view.readable_participants(each)]
        clients = tuple({place.client_id: place.client for place in readable}.values())
        entry = series_file.SeriesEntry(series, appointments, AppointmentRecipient(self.user, clients), sees_all=runs)
        with speaking(series, str(self.user.pk)):
            content = series_file.whole_series(entry, method="PUBLISH", now=clock.now())
        response = HttpResponse(content, content_type=f"{calendar_file.MIME}; charset=utf-8; method=PUBLISH")
        response["Content-Disposition"] = 'attachment; filename="series.ics"'
        return response
