"""What a client's page shows of calls by personal link that were noted as theirs."""

from django.http import HttpRequest

from core.people.models import Client
from core.people.permissions import is_active_staff
from portal.live.link_rows import call_rows
from portal.panels import Panel
from sessions_live.personal_links.queries import calls_of_client

SHOWN = 5


def link_calls(request: HttpRequest, client: Client) -> Panel | None:
    """The latest of them, for those who work here; nothing where there is none."""
    if not is_active_staff(request.user):
        return None
    calls = call_rows(calls_of_client(client)[:SHOWN])
    return Panel("live/_link_calls.html", {"calls": calls}, wide=False) if calls else None
