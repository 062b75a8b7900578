"""What lies on the table when a set of cards is opened."""

from random import SystemRandom
from typing import Any

from core.kernel.errors import DomainError
from core.kernel.translation import translate
from core.resources.models import Resource
from core.resources.queries import cards_on_table
from core.resources.rules.games.table import Game, lay

RANDOM = SystemRandom()


def table_of(resource: Resource) -> dict[str, Any] | None:
    """The table on which a set begins; None for what is no set. Error: `set_empty`."""
    if resource.kind != Resource.Kind.CARDS:
        return None
    cards = cards_on_table(resource)
    if not cards.all:
        raise DomainError("set_empty", translate("There are no cards in this set yet."))
    return lay(Game.DECK, cards, random=RANDOM).to_json()
