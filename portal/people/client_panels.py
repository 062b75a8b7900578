"""The panels that the other rooms contribute to a client's page, in order."""

from collections.abc import Callable

from django.http import HttpRequest

from core.people.models import Client
from portal.billing import client_panels as billing
from portal.dashboard.panels import Panel
from portal.recordings import client_panels as recordings
from portal.scheduling import client_panels as scheduling

CLIENT_PANELS: list[Callable[[HttpRequest, Client], Panel | None]] = [
    scheduling.appointments,
    recordings.recordings,
    billing.invoices,
]
