"""The list of appointments, one appointment, and its calendar file."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from core.kernel import clock
from core.kernel.audit import AuditCode, code_of
from core.kernel.models import AuditEvent
from core.people.roles import Permission
from core.scheduling import calendar_file
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import Appointment
from core.scheduling.permissions import JOIN, Viewpoint, appointments_visible_to, can, get_appointment
from core.scheduling.queries import appointments_of_clients_named, with_people
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import wall_time
from portal import zones
from portal.access import SignedInView
from portal.scheduling.appointment_rows import AppointmentRow, appointment_rows
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Room

PER_PAGE = 20


class AppointmentListView(SignedInView):
    """Everything the person may see, past and future (SCH-05)."""

    def get(self, request: HttpRequest) -> HttpResponse:
        past = request.GET.get("when") == "past"
        now, zone = clock.now(), wall_time.zone(zones.zone_of(request))
        found = with_people(appointments_visible_to(self.user))
        query = request.GET.get("q", "").strip()[:80]
        if query and schedules_matter(self.user):
            found = found.filter(pk__in=appointments_of_clients_named(query))
        found = found.filter(ends_at__lte=now).order_by("-starts_at") if past else found.filter(ends_at__gt=now)
        page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
        context = {
            "page": page,
            "rows": appointment_rows(page.object_list, Viewpoint(self.user), zone),
            "past": past,
            "query": query,
            "searches": schedules_matter(self.user),
            "zone": zone,
            "switch": zones.switch(request),
        }
        return zones.remember_choice(request, render(request, "scheduling/list.html", context))


class AppointmentView(SignedInView):
    """One appointment: when and where, who, what can be done, and what happened."""

    template = "scheduling/appointment.html"

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        view, zone = Viewpoint(self.user), wall_time.zone(zones.zone_of(request))
        row = AppointmentRow(appointment, view, zone)
        context = {
            "appointment": appointment,
            "row": row,
            "zone": zone,
            "elsewhere": row.elsewhere(self.user.reads),
            "can_join": appointment.mode == Appointment.Mode.ONLINE and can(self.user, JOIN, appointment),
            "join_templates": ["live/_join_button.html", "scheduling/_no_room.html"],
            "history": _history(appointment) if row.runs else [],
            "completion": getattr(appointment, "completion", None),
            "cancellation": next((c for c in appointment.cancellations.all() if c.participant_id is None), None),
            "switch": zones.switch(request),
            "sets_cost": appointment.is_booked and self.user.may(Permission.MANAGE_BILLING),
            "sees_shares": row.runs or self.user.may(Permission.MANAGE_BILLING),
        }
        return zones.remember_choice(request, render(request, self.template, context))


class SummaryView(AppointmentView):
    """The same in short, as the calendar's pop-up."""

    template = "scheduling/_summary.html"


class CalendarFileView(SignedInView):
    """The appointment as a file for the person's own calendar, with nobody else in it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        appointment = get_appointment(self.user, pk)
        view = Viewpoint(self.user)
        mine = (
            []
            if view.runs(appointment)
            else [participant.client for participant in view.readable_participants(appointment)]
        )
        is_off = not appointment.is_booked and appointment.status == Appointment.Status.CANCELLED
        entry = calendar_file.Entry(appointment, AppointmentRecipient(self.user, tuple(mine)), is_cancelled=is_off)
        content = calendar_file.one_entry(entry, method="PUBLISH", now=clock.now())
        response = HttpResponse(content, content_type=f"{calendar_file.MIME}; charset=utf-8; method=PUBLISH")
        response["Content-Disposition"] = 'attachment; filename="appointment.ics"'
        return response


def schedules_matter(user: Any) -> bool:
    """Whether the person works here, and so looks for people by name."""
    return user.staff is not None


# What the history of an appointment shows. Of a session it tells what became of the person, not what the host did.
_TITLES: dict[AuditCode, Any] = {
    SchedulingAudit.APPOINTMENT_BOOKED: _("Booked"),
    SchedulingAudit.APPOINTMENT_MOVED: _("Moved"),
    SchedulingAudit.APPOINTMENT_CANCELLED: _("Cancelled"),
    SchedulingAudit.APPOINTMENT_COMPLETED: _("Completed"),
    LiveAudit.SESSION_STARTED: _("The session began"),
    LiveAudit.SESSION_ENDED: _("The session ended"),
    LiveAudit.ADMISSION_ASKED: _("Came to the waiting room"),
    LiveAudit.ADMISSION_GIVEN: _("Joined the session"),
    LiveAudit.ADMISSION_DENIED: _("Was not let in"),
}


def _history(appointment: Appointment) -> list[dict[str, Any]]:
    """What was done with it, the newest first, from the audit."""
    about = Q(subject_kind="scheduling.appointment", subject_id=str(appointment.pk))
    if (room := Room.objects.filter(appointment=appointment).first()) is not None:
        about |= Q(subject_kind="sessions_live.room", subject_id=str(room.pk))
    events = AuditEvent.objects.filter(about).order_by("-at", "-id")[:50]
    found = []
    for event in events:
        if (code := code_of(event)) in _TITLES:
            found.append(
                {
                    "title": _told(event, str(_TITLES[code])),
                    "icon": code.icon,
                    "tone": code.tone,
                    "at": event.at,
                    "by": event.actor_label,
                    "reason": event.reason_sentence,
                }
            )
    return found


def _told(event: AuditEvent, title: str) -> str:
    """The title, with the person whom a host let in or turned away."""
    person = (event.changes or {}).get("person")
    return f"{person[1]}: {title}" if person and person[1] else title
