"""Somebody plays alone: with a set that they may use, or with dice. The server has the table, as it has in a session."""

from datetime import datetime
from random import SystemRandom
from typing import Any

from django.db import transaction

from core.resources.models import OwnTable, Resource
from core.resources.queries import cards_on_table
from core.resources.rules.games.table import Game, Move, Table, lay, moved

RANDOM = SystemRandom()


@transaction.atomic
def play_alone(*, resource: Resource | None, move: Move | None, by: Any, now: datetime) -> Table:
    """The table as it stands after the move, of somebody who was let to the resource before; without a move, as it stands.

    Refused: as `moved` refuses. Two pages of one person have one table.
    """
    cards = cards_on_table(resource)
    begun = lay(Game.DICE if resource is None else Game.DECK, cards, random=RANDOM)
    OwnTable.objects.bulk_create(
        [OwnTable(user=by, resource=resource, table=begun.to_json(), changed_at=now)], ignore_conflicts=True
    )
    row = OwnTable.objects.select_for_update(of=["self"]).get(user=by, resource=resource)
    table = Table.from_json(row.table)
    if move is not None:
        row.table, row.changed_at = moved(table, move, cards, RANDOM).to_json(), now
        row.save(update_fields=["table", "changed_at"])
        table = Table.from_json(row.table)
    return table
