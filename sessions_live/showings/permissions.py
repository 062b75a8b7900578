"""Who puts what before everybody in a room, and who may look at it: predicate and door side by side.

Hosts show the resources that they may see, and the files of the one client of the appointment whose records they keep; in a group no client's
files are shown, because the others are strangers. Whoever is in that very room looks at what is open there now, as long as the host who
opened it still may see it themselves.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from core.kernel.errors import NotFound
from core.people.models import Client
from core.records.models import ClientFile
from core.records.permissions import can_keep_records
from core.resources.permissions import can_see_resource
from sessions_live.models import Person, Room
from sessions_live.permissions import get_admitted, is_closed_for_good
from sessions_live.showings.models import DICE, Showing

SHOWINGS = Showing.objects.select_related(
    "resource__owner", "resource__file__key", "client_file__client", "client_file__file__key",
    "opened_by__staff_member",
).prefetch_related("resource__file__renditions__key", "client_file__file__renditions__key")  # fmt: skip


def client_with_files(user: Any, room: Room) -> Client | None:
    """Whose files this host may show in the room: of the one client of its appointment, if they keep that client's records."""
    if room.appointment is None or room.appointment.is_group:
        return None
    place = next(iter(room.appointment.participants.select_related("client")), None)
    return place.client if place is not None and can_keep_records(user, place.client) else None


def can_show_file(user: Any, row: ClientFile, room: Room) -> bool:
    """Whether it is a file of that client."""
    client = client_with_files(user, room)
    return client is not None and client.pk == row.client_id


def is_open(showing: Showing, room: Room) -> bool:
    """Whether it lies before everybody now. What its host may no longer see is closed to everybody."""
    if showing.closed_at is not None:
        return False
    if showing.kind == DICE:
        return True
    if showing.resource is not None:
        return can_see_resource(showing.opened_by, showing.resource)
    return showing.client_file is not None and can_show_file(showing.opened_by, showing.client_file, room)


def get_showing(person: Person | Any, pk: UUID, *, now: datetime) -> Showing:
    """What is open, for somebody who is in its room. NotFound for everybody else, and once it is closed."""
    showing = SHOWINGS.filter(pk=pk, closed_at=None).first()
    if showing is None:
        raise NotFound(f"showing {pk}")
    room, _ = get_admitted(person, showing.room_id)
    if is_closed_for_good(room, now=now) or not is_open(showing, room):
        raise NotFound(f"showing {pk}")
    return showing
