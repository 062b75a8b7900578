"""Questions about recordings."""

from typing import Any

from django.db.models import QuerySet

from core.people.models import Client
from core.scheduling.models import Appointment
from sessions_live.models import Recording
from sessions_live.recordings.doors import recordings_visible_to


def recordings_of_client(user: Any, client: Client) -> QuerySet[Recording]:
    """Of the sessions in which this client took part, the latest first; those that this person may see."""
    of_client = recordings_visible_to(user).filter(room__appointment__participants__client=client)
    return of_client.prefetch_related("consents")


def recordings_of_appointment(user: Any, appointment: Appointment) -> QuerySet[Recording]:
    """Of one session, the latest first; those that this person may see."""
    return recordings_visible_to(user).filter(room__appointment=appointment).prefetch_related("consents")
