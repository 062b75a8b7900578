"""What the pages of appointments show of notes."""

from typing import Any

from django import template
from django.template.context import Context

from core.people.models import Client
from core.records import queries
from core.records.permissions import clients_with_records
from core.scheduling.models import Appointment
from portal.records.numbers import normalized
from portal.records.rows import NoteRow, note_row

register = template.Library()

register.filter("normalized", normalized)


@register.simple_tag(takes_context=True)
def notes_about(context: Context, appointment: Appointment) -> list[NoteRow]:
    """What was noted of it, for whoever keeps the records of those in it."""
    return [note_row(note) for note in queries.notes_about(appointment, context["request"].user)]


@register.simple_tag(takes_context=True)
def clients_to_note(context: Context, appointment: Appointment) -> list[Client]:
    """About whom of those in it this person may write."""
    user: Any = context["request"].user
    places = [place.client_id for place in appointment.attending]
    return list(clients_with_records(user).filter(pk__in=places).order_by("sort_key", "pk")) if places else []
