"""What is open in a room, what can be shown in it, and what was used in a session."""

from typing import Any

from django.db.models import Q, QuerySet

from core.files.rules.file_types import BY_CODE
from core.kernel import clock
from core.people.models import Client
from core.people.permissions import is_active_staff
from core.records.models import ClientFile
from core.records.permissions import clients_with_records
from core.records.queries import files_of
from core.resources.models import ListedResource
from core.resources.queries import cards_of, my_list
from core.resources.rules.games.table import Cards, Table, kept
from core.resources.table_facts import table_facts
from core.scheduling.models import Appointment
from sessions_live.models import Admission, Room
from sessions_live.showings.models import DICE, SHOWN, Showing
from sessions_live.showings.permissions import SHOWINGS, is_open

_TYPES = [code for code, each in BY_CODE.items() if each.kind.value in SHOWN]


def open_in(room: Room) -> Showing | None:
    """What lies before everybody."""
    showing = SHOWINGS.filter(room=room, closed_at=None).first()
    return showing if showing is not None and is_open(showing, room) else None


def showing_facts(room: Room) -> dict[str, Any]:
    """The same as pages read it; `now` is the server's clock, in seconds, against which `at` is read."""
    showing = open_in(room)
    if showing is None:
        return {"showing": ""}
    file, resource = showing.file, showing.resource
    return {
        "showing": str(showing.pk),
        "kind": showing.kind_now,
        "title": showing.name,
        "pages": file.pages if file is not None else None,
        "picture": file is not None and file.rendition("large") is not None,
        "address": resource.address if resource is not None else "",
        "playing": showing.is_playing,
        "position": showing.position,
        "at": showing.at.timestamp(),
        "now": clock.now().timestamp(),
        **({"table": _table(showing, room)} if showing.table is not None else {}),
    }


def players_in(room: Room) -> dict[str, str]:
    """By the id of the person, the page of everybody who is in, in the order in which they came."""
    inside = room.admissions.filter(state=Admission.State.ADMITTED)
    return {str(each.person_id): str(each.pk) for each in inside}


def _table(showing: Showing, room: Room) -> dict[str, Any]:
    cards = {str(each.pk): each for each in cards_of(showing.resource)} if showing.resource is not None else {}
    known = Cards(tuple(cards), tuple(key for key, each in cards.items() if each.has("front") and each.has("back")))
    pages, table = players_in(room), kept(Table.from_json(showing.table), known)
    return table_facts(table, cards, page_of=lambda player: pages.get(player, ""), now=clock.now().timestamp())


def resources_to_show(staff: Any, *, typed: str = "", kind: str = "", tag: str = "") -> QuerySet[ListedResource]:
    """What stands on somebody's list and a page can show by itself."""
    return my_list(staff, typed=typed, kind=kind, tag=tag).filter(resource__kind__in=SHOWN)


def files_to_show(client: Client, user: Any) -> QuerySet[ClientFile]:
    """The client's files that a page can show by itself."""
    return files_of(client, user).filter(file__type_code__in=_TYPES)


def used_in(room: Room, user: Any) -> list[Showing]:
    """What was used in the session, in the order in which it came: for staff; files of a client for those who keep the client's records."""
    return list(_readable(user).filter(room=room))


def used_at(appointment: Appointment, user: Any) -> list[Showing]:
    """The same, for the appointment's page."""
    return list(_readable(user).filter(room__appointment=appointment))


def _readable(user: Any) -> QuerySet[Showing]:
    if not is_active_staff(user):
        return SHOWINGS.none()
    kept = clients_with_records(user).order_by().values("pk")
    return SHOWINGS.exclude(kind=DICE).filter(Q(client_file=None) | Q(client_file__client__in=kept))
