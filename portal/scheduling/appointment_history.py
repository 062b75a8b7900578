"""What happened to an appointment and in its session, for its page."""

from typing import Any

from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from billing.audit_codes import BillingAudit
from billing.models import CostOverride
from core.kernel.audit import AuditCode, code_of
from core.kernel.models import AuditEvent
from core.kernel.translation import labelled
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.changes import NOTHING, Change, described, described_time, names_in
from core.scheduling.models import Appointment
from sessions_live.audit_codes import LiveAudit
from sessions_live.models import Room

_OTHER_TIMES = (
    SchedulingAudit.APPOINTMENT_MOVED,
    SchedulingAudit.APPOINTMENT_EXTENDED,
    SchedulingAudit.APPOINTMENT_EXTENSION_TAKEN_BACK,
)
# What the history of an appointment shows. Of a session it tells what became of the person, not what the host did.
_TITLES: dict[AuditCode, Any] = {
    SchedulingAudit.APPOINTMENT_BOOKED: _("Booked"),
    SchedulingAudit.APPOINTMENT_MOVED: _("Moved"),
    SchedulingAudit.APPOINTMENT_EXTENDED: _("Extended"),
    SchedulingAudit.APPOINTMENT_EXTENSION_TAKEN_BACK: _("The extension was taken back"),
    SchedulingAudit.APPOINTMENT_CHANGED: _("Changed"),
    SchedulingAudit.SERIES_BOOKED: _("Booked with its series"),
    SchedulingAudit.SERIES_MOVED: _("Moved with its series"),
    SchedulingAudit.APPOINTMENT_OVERRIDDEN: _("Booked beside the working hours"),
    SchedulingAudit.APPOINTMENT_CONFIRMED: _("Confirmed"),
    SchedulingAudit.APPOINTMENT_TIME_ASKED: _("Asked for another time"),
    SchedulingAudit.APPOINTMENT_DELAYED: _("Said to be late"),
    SchedulingAudit.APPOINTMENT_ARRIVED: _("Arrived"),
    SchedulingAudit.APPOINTMENT_ARRIVAL_REMOVED: _("Arrival taken back"),
    SchedulingAudit.APPOINTMENT_CANCELLED: _("Cancelled"),
    SchedulingAudit.APPOINTMENT_COMPLETED: _("Completed"),
    BillingAudit.COST_OVERRIDE_SET: _("Cost set by hand"),
    LiveAudit.SESSION_STARTED: _("The %(session)s began"),
    LiveAudit.SESSION_ENDED: _("The %(session)s ended"),
    LiveAudit.ADMISSION_ASKED: _("Came to the waiting room"),
    LiveAudit.ADMISSION_GIVEN: _("Joined the %(session)s"),
    LiveAudit.ADMISSION_DENIED: _("Was not let in"),
}


_WITH_PEOPLE = (SchedulingAudit.APPOINTMENT_CHANGED, SchedulingAudit.APPOINTMENT_MOVED)


def appointment_history(appointment: Appointment, *, zone: str, shows_costs: bool = False) -> list[dict[str, Any]]:
    """What was done with it, the newest first, from the audit; what was changed: before and after, times in this zone.

    `shows_costs`: also the amounts that were set for it, to somebody who may see them.
    """
    about = Q(subject_kind="scheduling.appointment", subject_id=str(appointment.pk))
    if (room := Room.objects.filter(appointment=appointment).first()) is not None:
        about |= Q(subject_kind="sessions_live.room", subject_id=str(room.pk))
    if shows_costs:
        set_for_it = CostOverride.objects.filter(appointment_id=appointment.pk).values_list("pk", flat=True)
        about |= Q(subject_kind="billing.costoverride", subject_id__in=[str(pk) for pk in set_for_it])
    if appointment.series_id is not None:
        keys = {str(pk) for pk in (appointment.series_id, getattr(appointment.series, "continues_id", None)) if pk}
        about |= Q(subject_kind="scheduling.appointmentseries", subject_id__in=keys)
    events = list(AuditEvent.objects.filter(about).order_by("-at", "-id")[:50])
    edits = [event.changes for event in events if code_of(event) in _WITH_PEOPLE]
    names, found = names_in(edits), []
    notes = dict(appointment.former_notes.values_list("event_id", "text"))
    for event in events:
        if (code := code_of(event)) in _TITLES:
            found.append(
                {
                    "title": _title(event, str(_TITLES[code])),
                    "icon": code.icon,
                    "tone": code.tone,
                    "at": event.at,
                    "by": event.actor_label,
                    "reason": event.reason_sentence,
                    "changes": _changes(event, names, zone),
                    "former_note": notes.get(event.pk, ""),
                }
            )
    return found


def _changes(event: AuditEvent, names: dict[str, str], zone: str) -> list[Change]:
    """Of an edit and of a move; a booking says nothing that does not stand above."""
    if code_of(event) == SchedulingAudit.APPOINTMENT_CHANGED:
        return described(event.changes, names)
    if code_of(event) in _OTHER_TIMES:
        times = described_time(event.changes, zone=zone, language=get_language() or "en")
        return [each for each in times if each.old != each.new] + described(event.changes, names)
    if code_of(event) == BillingAudit.COST_OVERRIDE_SET:
        return [Change(_("Cost"), *(side or NOTHING for side in event.changes["amount"]))]
    return []


def _title(event: AuditEvent, title: str) -> str:
    """The title, with the person whom a host let in or turned away."""
    person = (event.changes or {}).get("person")
    return labelled(person[1], title) if person and person[1] else title
