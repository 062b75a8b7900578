"""What the dashboard shows of the calendar: what is coming up, what wants to be completed, what has been."""

from datetime import timedelta

from django.http import HttpRequest

from core.kernel import clock
from core.scheduling.models import Appointment
from core.scheduling.permissions import Viewpoint, appointments_visible_to
from core.scheduling.queries import for_rows, is_over, to_be_completed
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.panels import Panel
from portal.scheduling.appointment_rows import appointment_rows, attending_only, by_day

SHOWN = 8
SAID = ("room_names", "confirmed_places", "late_places")  # beside a row of what is coming up
SOON = timedelta(days=14)


def viewpoint_of(request: HttpRequest) -> Viewpoint:
    """What the person of this request may do; one for all panels, because each set in it is loaded once."""
    if not hasattr(request, "viewpoint"):
        request.viewpoint = Viewpoint(request.user)  # type: ignore[attr-defined]
    return request.viewpoint  # type: ignore[attr-defined,no-any-return]


def upcoming(request: HttpRequest) -> Panel | None:
    """The next appointments: of the person's own schedule, or of the people they look after."""
    user, now = request.user, clock.now()
    zone = wall_time.zone(time_zones.zone_of(request))
    found = appointments_visible_to(user).filter(ends_at__gt=now, status=Appointment.Status.BOOKED)
    if user.staff is not None:  # type: ignore[union-attr]
        found = found.filter(starts_at__lt=now + SOON)
    loaded, view = for_rows(found, beside=SAID)[:SHOWN], viewpoint_of(request)
    shown = attending_only(appointment_rows(loaded, view, zone))
    works_here = user.staff is not None  # type: ignore[union-attr]
    if works_here and not view.schedules:
        return None
    facts = {
        "days": by_day(shown),
        "zone": zone,
        "runs": bool(works_here and view.schedules),
        "meets": works_here or bool(view.linked),  # an agent comes to no door
    }
    return Panel("scheduling/_upcoming.html", facts)


def past(request: HttpRequest) -> Panel | None:
    """For clients' logins: what has been (SCH-05)."""
    user = request.user
    if user.staff is not None:  # type: ignore[union-attr]
        return None
    zone = wall_time.zone(time_zones.zone_of(request))
    found = appointments_visible_to(user).filter(is_over(clock.now())).order_by("-starts_at")
    shown = appointment_rows(for_rows(found, beside=())[:5], viewpoint_of(request), zone)
    return Panel("scheduling/_past.html", {"rows": shown, "zone": zone}, wide=False) if shown else None


def to_complete(request: HttpRequest) -> Panel | None:
    """For those who work here: their own appointments that are over and say nothing yet of what became of them."""
    user = request.user
    if user.staff is None:  # type: ignore[union-attr]
        return None
    zone = wall_time.zone(time_zones.zone_of(request))
    found = to_be_completed(now=clock.now()).filter(practitioner=user.staff)  # type: ignore[misc,union-attr]
    shown = appointment_rows(for_rows(found, beside=()).order_by("-starts_at")[:5], viewpoint_of(request), zone)
    return Panel("scheduling/_to_complete.html", {"rows": shown, "zone": zone}, wide=False) if shown else None
