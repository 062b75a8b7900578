"""A picture comes onto a board: decoded and written anew, so that nothing but the picture is kept."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from branding.images import read_image
from core.kernel import audit
from core.kernel.errors import DomainError, NotFound
from core.kernel.translation import translate
from core.people.models import User
from sessions_live.boards.audit_codes import BoardAudit
from sessions_live.boards.models import Board, BoardPicture
from sessions_live.boards.permissions import can_draw

WIDEST = 1600  # pixels
MOST_ON_A_BOARD = 200


def add_picture(board: Board, upload: Any, *, by: User, now: datetime) -> BoardPicture:
    """Keep it and name it; it is on the board once the page says so. Errors: those of `read_image`, `too_many_pictures`.

    The file is stored before the board's row is held, so that nobody who draws waits for the storage.
    """
    _check(board, by)
    clean = read_image(upload, widest=WIDEST, is_photo=True)
    with Image.open(clean, formats=("WEBP",)) as picture:
        width, height = picture.size
    clean.seek(0)
    name = default_storage.save(f"boards/{clean.name}", clean)
    try:
        with transaction.atomic():
            held = Board.objects.select_for_update(of=["self"]).select_related("client", "appointment__practitioner")
            found = held.filter(pk=board.pk).first()
            if found is None:
                raise NotFound(f"board {board.pk}")
            board = found
            _check(board, by)
            kept = BoardPicture.objects.create(
                board=board, file=name, width=width, height=height, added_by=by, added_at=now
            )
            audit.record(BoardAudit.BOARD_PICTURE_ADDED, by=by, subject=board)
    except BaseException:
        default_storage.delete(name)
        raise
    return kept


def _check(board: Board, by: User) -> None:
    if not can_draw(by, board):
        raise PermissionDenied("may not draw on this board")
    if board.pictures.count() >= MOST_ON_A_BOARD:
        raise DomainError(
            "too_many_pictures", translate("There are too many pictures on this board. Begin another one.")
        )
