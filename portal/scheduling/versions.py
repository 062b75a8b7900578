"""What somebody saw of an appointment before they moved, cancelled or completed it."""

from typing import Any

from django.urls import reverse

from core.kernel import clock
from core.people.models import User
from core.scheduling.models import Appointment
from portal import versions
from portal.versions import Version


def version_values(appointment: Appointment) -> dict[str, Any]:
    """Facts that must be as they were: the times as a whole, because half of one move and half of another is neither's."""
    return {"starts_at": appointment.starts_at, "ends_at": appointment.ends_at}


def series_version(appointment: Appointment) -> dict[str, Any]:
    """Besides, of a date of a series: which series it is, and how often that was changed."""
    series = appointment.series
    return {"series": f"{series.pk} {series.sequence}"} if series is not None else {}


def version_of_drag(appointment: Appointment, *, user: User) -> str:
    """The signed version with which the calendar sends what was dragged."""
    version = Version(versions.marks_of(version_values(appointment)), clock.now())
    return versions.signed(version, address=reverse("scheduling:move", args=[appointment.pk]), user_id=str(user.pk))
