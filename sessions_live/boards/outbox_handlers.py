"""What the outbox does for boards: make a snapshot where the log has grown long."""

from core.kernel import clock, outbox
from core.kernel.models import OutboxMessage
from core.kernel.translation import gettext_noop
from sessions_live.boards.actions.updates import compact
from sessions_live.boards.outbox_names import COMPACT_BOARD


def _page(message: OutboxMessage) -> str:
    return f"/boards/{message.payload['board']}/"


@outbox.handler(COMPACT_BOARD, label=gettext_noop("Snapshot of a board"), page=_page)
def compact_board(message: OutboxMessage) -> None:
    """Nothing to do where another one was faster, or the board is gone."""
    compact(message.payload["board"], now=clock.now())
