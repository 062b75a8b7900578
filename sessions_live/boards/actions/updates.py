"""An update of a board's document is stored, and now and then all of them become one snapshot."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Sum
from django.db.models.functions import Coalesce, Length
from pycrdt import Doc

from core.kernel import outbox
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from sessions_live.boards.models import MOST_DOCUMENT_BYTES, Board, BoardSnapshot, BoardUpdate
from sessions_live.boards.outbox_names import COMPACT_BOARD
from sessions_live.boards.permissions import can_draw
from sessions_live.boards.queries import Stored, stored_document

COMPACT_AFTER = 256 * 1024  # bytes of the log


@transaction.atomic
def append_update(board: Board, update: bytes, *, by: Any, now: datetime) -> Board:
    """Store what `by` has drawn; the board as it is then, with the update's sequence. Error: `board_full`.

    The lines of a board are written one after another, so that sequences are without gaps and come to light in their order.
    """
    held = Board.objects.select_for_update(of=["self"]).select_related("client", "appointment__practitioner")
    found = held.filter(pk=board.pk).first()
    if found is None:
        raise NotFound(f"board {board.pk}")
    board = found
    if not can_draw(by, board):
        raise PermissionDenied("may not draw on this board")
    if board.size + len(update) > MOST_DOCUMENT_BYTES:
        raise board_full()
    before = board.log_size
    board.sequence += 1
    board.size += len(update)
    board.log_size += len(update)
    board.changed_at = now
    board.save(update_fields=["sequence", "size", "log_size", "changed_at"])
    BoardUpdate.objects.create(board=board, sequence=board.sequence, update=update, author=by, at=now)
    if before // COMPACT_AFTER != board.log_size // COMPACT_AFTER:
        outbox.enqueue(COMPACT_BOARD, about=board, board=str(board.pk))
    return board


def board_full() -> DomainError:
    """Nothing more goes onto it."""
    return DomainError(
        "board_full", translate("This board is full: what you drew last is not kept. Begin another one.")
    )


def compact(board_id: UUID | str, *, now: datetime) -> int:
    """Make one snapshot of what is stored; returns how many updates went into it. Nobody who draws waits for it: what is read never changes."""
    stored = stored_document(board_id)
    if not stored.updates:
        return 0
    state = merged(stored)
    with transaction.atomic():
        board = Board.objects.select_for_update().filter(pk=board_id).first()
        before = BoardSnapshot.objects.filter(board=board_id).first()
        if board is None or (before is not None and before.through >= stored.last):
            return 0
        values = {"state": state, "through": stored.last, "at": now}
        BoardSnapshot.objects.update_or_create(board=board, defaults=values)
        BoardUpdate.objects.filter(board=board, sequence__lte=stored.last).delete()
        log = Coalesce(Sum(Length("update")), 0)
        board.log_size = BoardUpdate.objects.filter(board=board).aggregate(size=log)["size"]
        board.size = len(state) + board.log_size
        board.save(update_fields=["size", "log_size"])
    return len(stored.updates)


def merged(stored: Stored) -> bytes:
    """The whole document as one update."""
    document: Doc = Doc()
    for update in filter(None, [stored.snapshot, *(each for _, each in stored.updates)]):
        document.apply_update(update)
    return document.get_update()
