"""What other apps' pages show of recordings."""

from django import template
from django.template.context import Context

from core.scheduling.models import Appointment
from portal.recordings import presenters
from sessions_live.recordings.queries import recordings_of_appointment

register = template.Library()


@register.simple_tag(takes_context=True)
def recordings_of(context: Context, appointment: Appointment) -> list[presenters.Row]:
    """The recordings of one appointment that the reader may see."""
    return presenters.rows(recordings_of_appointment(context["user"], appointment))
