"""News for the open pages of a board, sent once the act has committed."""

from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

from sessions_live.boards.models import Board
from tenants.sockets import group_name


def board_group(board_id: Any) -> str:
    """The channel group of a board's sockets, one for each process."""
    return group_name("board", str(board_id))


def board_changed(board: Board) -> None:
    """Its title, who may draw, or that it is gone: every page looks again at once."""
    group = board_group(board.pk)
    transaction.on_commit(lambda: _send(group, {"type": "board.changed"}))


def document_replaced(board: Board) -> None:
    """Updates have come from elsewhere than a page: every process reads them."""
    group = board_group(board.pk)
    transaction.on_commit(lambda: _send(group, {"type": "board.behind"}))


def _send(group: str, event: dict[str, Any]) -> None:
    try:
        async_to_sync(get_channel_layer().group_send)(group, event)
    except (OSError, ConnectionError):
        # Because the rows are written: pages look again every half minute, and when their sockets come back.
        return
