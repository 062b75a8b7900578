"""Cards and dice before everybody: the server has the table, and says whether a move counts (RES-02, RES-12)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.people.models import User
from core.resources.queries import cards_on_table
from core.resources.refusals import refusal
from core.resources.rules.games.faces import Refused
from core.resources.rules.games.table import Game, Move, Table, lay, moved
from sessions_live import broadcasts
from sessions_live.models import Person, Room
from sessions_live.permissions import get_admitted
from sessions_live.showings.actions.showing import hold, show
from sessions_live.showings.actions.tables import RANDOM
from sessions_live.showings.models import DICE, Showing
from sessions_live.showings.permissions import is_open
from sessions_live.showings.queries import players_in


@transaction.atomic
def show_dice(room: Room, *, by: User, now: datetime) -> Showing:
    """Put dice before everybody; what was open closes."""
    hold(room, now=now)
    table = lay(Game.DICE, cards_on_table(None), random=RANDOM)
    return show(room, {"kind": DICE}, {"title": "", "table": table.to_json()}, by=by, now=now)


@transaction.atomic
def play(
    room: Room, pk: UUID | None, *, act: str, value: Any, seen: int, by: Person, leads: bool, now: datetime
) -> Showing | None:
    """A move of somebody who is in. Errors: `no_showing`, those of `refusal`. None when it was late: the table stays as it is."""
    get_admitted(by, room.pk)
    rows = Showing.objects.select_for_update(of=["self"]).select_related("resource__owner", "opened_by__staff_member")
    showing = rows.filter(room=room, closed_at=None, pk=pk, table__isnull=False).first()
    if showing is None or not is_open(showing, room):
        raise DomainError("no_showing", translate("This is not open any more."))
    move = Move(act, value, seen, player=str(by.pk), present=tuple(players_in(room)), leads=leads, at=now.timestamp())
    try:
        table = moved(Table.from_json(showing.table), move, cards_on_table(showing.resource), RANDOM)
    except Refused as refused:
        if (sentence := refusal(refused)) is not None:
            raise sentence from refused
        return None
    showing.table = table.to_json()
    showing.save(update_fields=["table"])
    broadcasts.showing_changed(room)
    return showing
