"""What a person reads when the rules of a game do not allow their move."""

from collections.abc import Mapping

from core.kernel.errors import ConflictError
from core.kernel.translation import gettext_noop, translate
from core.resources.rules.games.faces import Refused

_SENTENCES: Mapping[str, str] = {
    "not_allowed": gettext_noop("Only the host may do this."),
    "not_your_turn": gettext_noop("It is somebody else’s turn."),
    "few_cards": gettext_noop("This needs at least two cards. Add some to the set."),
    "few_sides": gettext_noop("This needs at least two cards with a front and a back."),
    "last_part": gettext_noop("The last one stays."),
}


def refusal(refused: Refused) -> ConflictError | None:
    """The sentence; None where the move is simply late, and nobody needs to be told."""
    sentence = _SENTENCES.get(refused.code)
    return ConflictError(refused.code, translate(sentence)) if sentence else None
