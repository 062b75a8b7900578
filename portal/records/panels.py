"""What of the notes is shown elsewhere: on the dashboard, on a client's page, and as a tab there."""

from typing import Any

from django.http import HttpRequest

from core.people.models import Client, User
from core.people.permissions import is_active_staff
from core.people.roles import PRACTITIONER
from core.records import queries
from core.records.permissions import can_keep_records, can_read_shared
from portal.panels import Panel
from portal.records.rows import note_row

SHOWN = 5


def keeps_records(user: User, client: Client) -> bool:
    """For the tabs: whoever keeps the client's records. Asked once for all tabs of a page."""
    known: dict[Any, bool] = user.__dict__.setdefault("_keeps_records", {})
    if client.pk not in known:
        known[client.pk] = can_keep_records(user, client)
    return known[client.pk]


def reads_records(user: User, client: Client) -> bool:
    """For the tabs: they, and those with whom records can be shared. Asked once, too."""
    known: dict[Any, bool] = user.__dict__.setdefault("_reads_records", {})
    if client.pk not in known:
        known[client.pk] = keeps_records(user, client) or can_read_shared(user, client)
    return known[client.pk]


def shared_with_me(request: HttpRequest) -> Panel | None:
    """For logins of clients and for agents: the dashboard fetches by itself what was shared last, so that it asks no more at once."""
    is_staff = is_active_staff(request.user)  # type: ignore[arg-type]
    return None if is_staff else Panel("records/_shared_panel.html")


def to_sign(request: HttpRequest) -> Panel | None:
    """For practitioners: what they have written and not signed."""
    staff = request.user.staff  # type: ignore[union-attr]
    if staff is None or staff.role != PRACTITIONER.code:
        return None
    notes = list(queries.unsigned_notes_of(request.user)[: SHOWN + 1])
    rows = [note_row(each) for each in notes[:SHOWN]]
    context = {"rows": rows, "has_more": len(notes) > SHOWN}
    return Panel("records/_to_sign.html", context, wide=False) if rows else None


def latest_notes(request: HttpRequest, client: Client) -> Panel | None:
    """On a client's page, for whoever keeps their records."""
    if not can_keep_records(request.user, client):
        return None
    rows = [note_row(each) for each in queries.notes_of(client)[:3]]
    return Panel("records/_latest.html", {"rows": rows, "client": client})
