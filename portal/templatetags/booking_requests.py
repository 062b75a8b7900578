"""What the pages of appointments show of requests."""

from typing import Any

from django import template
from django.template.context import Context

from core.booking_requests.models import BookingRequest
from core.booking_requests.permissions import client_to_move, has_requests
from core.booking_requests.queries import request_of
from core.kernel import clock
from core.scheduling.appointment_links import OpenLink
from core.scheduling.models import Appointment

register = template.Library()


@register.simple_tag(takes_context=True)
def request_about(context: Context, appointment: Appointment) -> BookingRequest | None:
    """The open request to move it, or the one that it came from, for both sides."""
    return request_of(appointment, context["request"].user)


@register.simple_tag(takes_context=True)
def can_ask_for_other_time(context: Context, appointment: Appointment) -> bool:
    """Whether this login may ask for another time, and does not yet."""
    user: Any = context["request"].user
    if appointment.starts_at <= clock.now() or client_to_move(user, appointment) is None:
        return False
    return not BookingRequest.objects.filter(moves=appointment, state__in=BookingRequest.OPEN).exists()


@register.simple_tag
def asked_by_link(link: OpenLink) -> BookingRequest | None:
    """The open request for another time for the people of this link, whoever has asked."""
    clients = [place.client_id for place in link.participants]
    open_ones = BookingRequest.objects.filter(moves=link.appointment, state__in=BookingRequest.OPEN)
    return open_ones.filter(client__in=clients).first()


@register.simple_tag(takes_context=True)
def shows_requests(context: Context) -> bool:
    """Whether the list of requests says anything to this person."""
    return has_requests(context["request"].user)
