"""A client of whom there are boards is not deleted: what was drawn belongs to what is kept about them."""

from core.kernel.translation import translate
from core.people.models import Client
from sessions_live.boards.models import Board, SavedBoard


def boards_stand_in_the_way(client: Client) -> str | None:
    """The sentence, or None."""
    if Board.objects.filter(client=client).exists() or SavedBoard.objects.filter(client=client).exists():
        return translate("There are boards. Delete those first.")
    return None
