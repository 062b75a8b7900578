"""What the page of an appointment shows of what was used in its session."""

from typing import Any

from django import template
from django.template.context import Context

from core.scheduling.models import Appointment
from portal.live.showings import used_rows
from sessions_live.showings.queries import used_at

register = template.Library()


@register.simple_tag(takes_context=True)
def used_in_session(context: Context, appointment: Appointment) -> list[dict[str, Any]]:
    """Resources and files, for staff."""
    user = context["request"].user
    return used_rows(used_at(appointment, user), user)
