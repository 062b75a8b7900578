"""What the pages of boards show."""

import json
from typing import Any

from django.urls import reverse

from branding.images import MOST_BYTES
from core.people.models import User
from sessions_live.boards.format import palette
from sessions_live.boards.models import Board, SavedBoard
from sessions_live.boards.permissions import can_draw, can_manage

WIDTHS = (2, 3, 6, 10)
PICTURE_BYTES = MOST_BYTES + 64 * 1024  # with what a form adds


def board_part(board: Board, user: User) -> dict[str, Any]:
    """What `boards/_board.html` needs."""
    look = {
        "colours": palette.COLOURS, "notes": palette.NOTES, "paper": palette.PAPER, "lines": palette.LINES, "mark": palette.MARK,
    }  # fmt: skip
    return {
        "board": board,
        "socket": f"/ws/boards/{board.pk}/",
        "pictures": reverse("boards:pictures", args=[board.pk]),
        "look": json.dumps(look),
        "draws": can_draw(user, board),
        "saving": reverse("boards:saving", args=[board.pk]) if can_manage(user, board) else "",
        "colours": range(len(palette.COLOURS)),
        "widths": WIDTHS,
    }


def board_page(board: Board, user: User) -> dict[str, Any]:
    """The board on a page of its own."""
    return {**board_part(board, user), "manages": can_manage(user, board), "back": back_url(board)}


def file_name(saved: SavedBoard, form: str) -> str:
    """The day and a short id; nobody's name."""
    return f"{saved.saved_at:%Y-%m-%d}-{saved.pk.hex[-6:]}.{form}"


def back_url(board: Board | SavedBoard) -> str:
    """Where the board hangs."""
    if board.client_id is not None:
        return reverse("boards:client", args=[board.client_id])
    return reverse("scheduling:appointment", args=[board.appointment_id])
