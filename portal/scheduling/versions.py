"""What somebody saw of an appointment before they moved, cancelled or completed it."""

from typing import Any

from django.urls import reverse

from core.kernel import clock
from core.kernel.money import Money
from core.people.models import User
from core.scheduling.models import Appointment
from portal import versions
from portal.addresses import address_of
from portal.versions import Version


def version_values(appointment: Appointment) -> dict[str, Any]:
    """Facts that must be as they were: the times as a whole, because half of one move and half of another is neither's."""
    return {"starts_at": appointment.starts_at, "ends_at": appointment.ends_at}


def move_version(appointment: Appointment) -> dict[str, Any]:
    """Besides, who runs it: a move can change that, too."""
    return version_values(appointment) | {"practitioner": appointment.practitioner_id}


def series_version(appointment: Appointment) -> dict[str, Any]:
    """Besides, of a date of a series: which series it is, and how often that was changed."""
    series = appointment.series
    return {"series": f"{series.pk} {series.sequence}"} if series is not None else {}


def version_of_drag(appointment: Appointment, *, user: User) -> str:
    """The signed version with which the calendar sends what was dragged."""
    version = Version(versions.marks_of(move_version(appointment)), clock.now())
    return versions.signed(version, address=address_of("scheduling:move", appointment.pk), user_id=str(user.pk))


def press_version(appointment: Appointment, amount: Money | None) -> dict[str, Any]:
    """What a button that completes it has said: when, with whom, what, and for how much, as far as its reader may see that."""
    clients = [str(place.client_id) for place in appointment.attending]
    facts = {
        "clients": clients,
        "service": appointment.service_id,
        "amount": amount and f"{amount.amount} {amount.currency}",
    }
    return move_version(appointment) | facts


def version_of_press(appointment: Appointment, amount: Money | None, *, user: User) -> str:
    """The same, signed, for the button."""
    address = reverse("scheduling:quick_completion", args=[appointment.pk])
    version = Version(versions.marks_of(press_version(appointment, amount)), clock.now())
    return versions.signed(version, address=address, user_id=str(user.pk))
