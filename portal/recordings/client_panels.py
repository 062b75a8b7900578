"""Recordings on a client's page."""

from django.http import HttpRequest
from django.urls import reverse

from core.people.models import Client
from portal.panels import Panel
from portal.recordings import presenters
from sessions_live.recordings.queries import recordings_of_client

SHOWN = 5


def recordings(request: HttpRequest, client: Client) -> Panel | None:
    """The last ones that this person may see; nothing at all where there are none."""
    found = list(recordings_of_client(request.user, client)[: SHOWN + 1])
    if not found:
        return None
    more = reverse("recordings:client", args=[client.pk]) if len(found) > SHOWN else ""
    return Panel("recordings/_panel.html", {"rows": presenters.rows(found[:SHOWN]), "more_url": more})
