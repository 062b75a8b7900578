"""A board is saved as it is: a drawing, a picture and a document, kept with the client or the group's appointment (LIV-18)."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.ids import new_id
from core.kernel.translation import translate
from core.people.models import User
from sessions_live.boards.actions.updates import merged
from sessions_live.boards.audit_codes import BoardAudit
from sessions_live.boards.drawing import Content, Files, Fonts, content_of, draw
from sessions_live.boards.models import Board, BoardAuthor, SavedBoard
from sessions_live.boards.permissions import can_manage, can_manage_saved
from sessions_live.boards.queries import stored_document

FORMATS = ("pdf", "png", "svg")


def read_content(board: Board) -> Content:
    """What the board says at this moment."""
    stored = stored_document(board.pk)
    return content_of(merged(stored))


def save_board(board: Board, content: Content, *, when: str, fonts: Fonts, by: User, now: datetime) -> SavedBoard:
    """Keep it as files. `when`: the moment as people read it. Errors: `board_empty`, `board_not_drawn`, `storage_full`."""
    if not can_manage(by, board):
        raise PermissionDenied("only those who look after the board save it")
    if not content.author_keys:
        raise DomainError("board_empty", translate("There is nothing on this board yet."))
    authors = BoardAuthor.objects.filter(board=board, key__in=content.author_keys).order_by("pk")
    drawn_by = ", ".join(authors.values_list("name", flat=True))[:1000]
    about = translate(
        "%(title)s, saved by %(who)s, %(when)s. Drawn by %(names)s.",
        title=board.title,
        who=by.name,
        when=when,
        names=drawn_by,
    )
    files = draw(board, content, title=board.title, about=about, fonts=fonts, at=now)
    names = _store(files)
    try:
        with transaction.atomic():
            saved = SavedBoard.objects.create(
                client=board.client, appointment=board.appointment, board=board, title=board.title, saved_by=by,
                saved_by_name=by.name[:150], saved_at=now, drawn_by=drawn_by, pages=len(content.pages),
                client_may_see=board.client_access != Board.ClientAccess.NONE,
                size=sum(len(getattr(files, one)) for one in FORMATS), **names,
            )  # fmt: skip
            audit.record(BoardAudit.BOARD_SAVED, by=by, subject=saved)
    except BaseException:
        _remove(names.values())
        raise
    return saved


def record_reading(saved: SavedBoard, *, by: User) -> None:
    """Somebody has taken one of its files."""
    audit.record(BoardAudit.SAVED_BOARD_READ, by=by, subject=saved)


@transaction.atomic
def delete_saved_board(saved: SavedBoard, *, by: User) -> None:
    """For good, with its files."""
    if not can_manage_saved(by, saved):
        raise PermissionDenied("only those who look after boards delete what was saved")
    names = [getattr(saved, one) for one in FORMATS]
    audit.record(BoardAudit.SAVED_BOARD_DELETED, by=by, subject=saved)
    saved.delete()
    transaction.on_commit(lambda: _remove(names))


def _store(files: Files) -> dict[str, str]:
    kept: dict[str, str] = {}
    try:
        for one in FORMATS:
            kept[one] = default_storage.save(f"boards/saved/{new_id().hex}.{one}", ContentFile(getattr(files, one)))
    except BaseException:
        _remove(kept.values())
        raise
    return kept


def _remove(names: Any) -> None:
    for name in names:
        default_storage.delete(name)
