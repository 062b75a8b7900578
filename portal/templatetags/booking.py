"""What the pages of appointments show of online booking."""

from typing import Any

from django import template
from django.template.context import Context
from django.urls import reverse

from core.booking import group_queries
from core.booking.actions import movable_by
from core.booking.models import BookingSettings, SelfBooking
from core.booking.permissions import can_read_answers, clients_bookable_by
from core.booking.queries import answers_about
from core.kernel import clock
from core.scheduling.appointment_links import OpenLink
from core.scheduling.models import Appointment
from portal.booking.offers import online_offers

register = template.Library()


@register.simple_tag(takes_context=True)
def answers_of(context: Context, appointment: Appointment) -> list[SelfBooking]:
    """Who booked it themselves and what they answered, for whoever may read that."""
    user = context["request"].user
    return answers_about(appointment) if can_read_answers(user, appointment) else []


@register.simple_tag
def places_of(appointment: Appointment) -> int | None:
    """How many places people book themselves in it; None where they do not."""
    return group_queries.places_of(appointment, now=clock.now())


@register.simple_tag(takes_context=True)
def book_again_url(context: Context, appointment: Appointment) -> str:
    """Where somebody books the same once more; empty where they cannot."""
    user, settings = context["request"].user, BookingSettings.current()
    if user.staff is not None or not clients_bookable_by(user, settings).exists():
        return ""
    offer: Any = next((each for each in online_offers() if each.service.pk == appointment.service_id), None)
    if offer is None:
        return ""
    person = next((each for each in offer.practitioners if each.practitioner_id == appointment.practitioner_id), None)
    page = reverse("booking:subject", args=[offer.slug])
    return f"{page}?with={person.slug}" if person else page


@register.simple_tag
def move_url(link: OpenLink) -> str:
    """Where the holder of a link chooses another time; empty where they cannot."""
    return reverse("booking:move", args=[link.token]) if movable_by(link, now=clock.now()) else ""
