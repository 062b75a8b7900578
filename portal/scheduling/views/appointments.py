"""The list of appointments, one appointment, and its calendar file."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.kernel import clock
from core.people.queries import found_by
from core.people.roles import Permission
from core.scheduling import calendar_file
from core.scheduling.actions.extension import extension_to_take_back
from core.scheduling.models import Appointment
from core.scheduling.permissions import JOIN, Viewpoint, appointments_visible_to, can, get_appointment
from core.scheduling.queries import for_rows, in_appointment, is_over
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.access import SignedInView
from portal.delivery_log import failed_steps_about, mails_about
from portal.scheduling.amounts import visible_charges, visible_packages, visible_wage
from portal.scheduling.appointment_history import appointment_history
from portal.scheduling.appointment_rows import AppointmentRow, appointment_rows
from portal.scheduling.prepayments import prepayment_facts
from portal.scheduling.series_words import words_of

PER_PAGE = 20


class AppointmentListView(SignedInView):
    """Everything the person may see, past and future (SCH-05)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        past = request.GET.get("when") == "past"
        now, zone = clock.now(), wall_time.zone(time_zones.zone_of(request))
        found = for_rows(appointments_visible_to(self.user), beside=())
        works_here = self.user.staff is not None  # and so looks for people by name
        query = request.GET.get("q", "").strip()[:80]
        if query and works_here:
            found = found_by(query, found, in_appointment)
        found = found.filter(is_over(now)).order_by("-starts_at") if past else found.exclude(is_over(now))
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        view = Viewpoint(self.user)
        context = {
            "page": page,
            "rows": appointment_rows(page.object_list, view, zone),
            "runs": works_here and bool(view.schedules),
            "past": past,
            "query": query,
            "searches": works_here,
            "zone": zone,
            "switch": time_zones.switch(request),
        }
        return time_zones.remember_choice(request, render(request, "scheduling/list.html", context))


class AppointmentView(SignedInView):
    """One appointment: when and where, who, what can be done, and what happened."""

    template_name = "scheduling/appointment.html"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        view, zone = Viewpoint(self.user), wall_time.zone(time_zones.zone_of(request))
        row = AppointmentRow(appointment, view, zone)
        context = {
            "appointment": appointment,
            "row": row,
            "zone": zone,
            "can_join": appointment.mode == Appointment.Mode.ONLINE and can(self.user, JOIN, appointment),
            "join_templates": ["live/_join_button.html", "scheduling/_no_room.html"],
            "history": appointment_history(
                appointment, zone=str(zone), shows_costs=self.user.may(Permission.MANAGE_BILLING)
            )
            if row.runs
            else [],
            "mails": mails_about(appointment) if row.runs else [],
            "failed_steps": failed_steps_about(appointment) if row.runs else [],
            "completion": getattr(appointment, "completion", None),
            "cancellation": next((c for c in appointment.cancellations.all() if c.participant_id is None), None),
            "extension": extension_to_take_back(appointment) if row.runs else None,
            **_series_facts(appointment),
            "wage": _wage(appointment, self.user),
            "packages": visible_packages(appointment, self.user) if appointment.is_booked else [],
            "charges": [] if appointment.is_booked else visible_charges(appointment, self.user),
            "prepayments": prepayment_facts(appointment, self.user, now=clock.now()),
            "switch": time_zones.switch(request),
            "sets_cost": appointment.is_booked and self.user.may(Permission.MANAGE_BILLING),
        }
        return time_zones.remember_choice(request, render(request, self.template_name, context))


def _wage(appointment: Appointment, user: Any) -> str:
    """What is earned by it, as the reader writes it; empty for whoever may not see that."""
    found = visible_wage(appointment, user)
    return found.format(get_language() or "en") if found is not None else ""


def _series_facts(appointment: Appointment) -> dict[str, str]:
    """How the series goes on of which it is one, and which date of it this is."""
    series = appointment.series
    if series is None:
        return {}
    if (
        appointment.occurrence_on is None
    ):  # because it was cancelled with the rest, and is no date of the series any more
        return {"series_words": words_of(series)}
    earlier = series.occurrences.filter(occurrence_on__lt=appointment.occurrence_on).count()
    number, total = (
        series.first_number + earlier,
        series.first_number - 1 + series.occurrences.exclude(occurrence_on=None).count(),
    )
    if series.is_open_ended:
        place = _("Date %(number)s of the series") % {"number": number}
    else:
        place = _("Date %(number)s of %(total)s") % {"number": number, "total": total}
    return {"series_words": words_of(series), "series_place": place}


class SummaryView(AppointmentView):
    """The same in short, as the calendar's pop-up."""

    template_name = "scheduling/_summary.html"


class CalendarFileView(SignedInView):
    """The appointment as a file for the person's own calendar, with nobody else in it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        view = Viewpoint(self.user)
        readable = [] if view.runs(appointment) else view.readable_participants(appointment)
        recipient = AppointmentRecipient(self.user, tuple(participant.client for participant in readable))
        is_off = not appointment.is_booked and appointment.status == Appointment.Status.CANCELLED
        entry = calendar_file.Entry(appointment, recipient, is_cancelled=is_off)
        content = calendar_file.one_entry(entry, method="PUBLISH", now=clock.now())
        response = HttpResponse(content, content_type=f"{calendar_file.MIME}; charset=utf-8; method=PUBLISH")
        response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
        return response
