"""What other rooms' pages show of live sessions."""

from datetime import timedelta

from django import template
from django.template.context import Context

from core.kernel import clock
from core.scheduling.models import Appointment
from core.scheduling.permissions import Viewpoint
from sessions_live.permissions import opening_of, room_role_of
from sessions_live.rules.opening import Opening

register = template.Library()
SOON = timedelta(hours=24)


@register.simple_tag(takes_context=True)
def join_now(context: Context, appointment: Appointment, view: Viewpoint | None = None) -> Opening | None:
    """The opening of a room that is open at this moment, for a reader with a role in it. Of a list, only these rows are looked at further."""
    opening = opening_of(appointment, now=clock.now())
    if opening.code != "open":
        return None
    return opening if room_role_of(context["user"], appointment, view=view) is not None else None


@register.simple_tag(takes_context=True)
def joinable(context: Context, appointment: Appointment) -> Opening | None:
    """The room's opening, for a reader who has a role in it; None for others, and for appointments that are more than a day away."""
    now = clock.now()
    opening = opening_of(appointment, now=now)
    if opening.code not in ("open", "too_early") or opening.opens_at - now > SOON:
        return None
    return opening if room_role_of(context["user"], appointment) is not None else None
