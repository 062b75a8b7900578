"""What the page of an appointment shows of guests who are invited to it."""

from typing import Any

from django import template
from django.template.context import Context

from core.kernel import clock
from core.scheduling.models import Appointment
from sessions_live.invitations.queries import invitations_to
from sessions_live.permissions import opening_of

register = template.Library()


@register.simple_tag(takes_context=True)
def invited_guests(context: Context, appointment: Appointment) -> dict[str, Any]:
    """Who is invited, and whether more can be: as long as somebody can still come to it."""
    opening = opening_of(appointment, now=clock.now())
    return {"rows": invitations_to(appointment), "can_invite": opening.code in ("open", "too_early")}
