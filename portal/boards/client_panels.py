"""Boards on a client's page."""

from django.http import HttpRequest
from django.urls import reverse

from core.people.models import Client
from core.people.permissions import can_act_for
from portal.panels import Panel
from sessions_live.boards.permissions import can_keep_boards_of
from sessions_live.boards.queries import boards_of_client

SHOWN = 5


def boards(request: HttpRequest, client: Client) -> Panel | None:
    """Those drawn on last that this person may see; nothing for agents, and for a client's logins where there are none."""
    user = request.user
    manages = can_keep_boards_of(user, client)
    if not manages and not can_act_for(user, client):  # type: ignore[arg-type]
        return None
    found = list(boards_of_client(user, client)[: SHOWN + 1])
    if not found and not manages:
        return None
    all_url = reverse("boards:client", args=[client.pk]) if found else ""
    new_url = reverse("boards:new", args=[client.pk]) if manages and client.is_active else ""
    return Panel("boards/_panel.html", {"boards": found[:SHOWN], "all_url": all_url, "new_url": new_url})
