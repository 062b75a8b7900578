"""What a client's page shows of what they have written by the contact form."""

from django.http import HttpRequest

from core.enquiries.permissions import can_see_enquiries
from core.enquiries.queries import enquiries_of
from core.people.models import Client
from portal.enquiries.presenters import rows_of
from portal.panels import Panel

SHOWN = 5


def enquiries(request: HttpRequest, client: Client) -> Panel | None:
    """The latest of them; nothing where there is none, or for whoever does not read them."""
    if not can_see_enquiries(request.user):
        return None
    rows = rows_of(enquiries_of(client, request.user)[:SHOWN])  # type: ignore[arg-type]
    return Panel("enquiries/_client_panel.html", {"rows": rows}, wide=False) if rows else None
