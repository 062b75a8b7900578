"""The database side of a board's socket: who this is by now, and what they do. Everything is looked up afresh, nothing remembered from connecting."""

import secrets
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core import signing
from django.db import transaction

from core.kernel import clock
from sessions_live.boards.actions.boards import ensure_author, record_opening
from sessions_live.boards.actions.updates import append_update
from sessions_live.boards.format.encoding import BadUpdate
from sessions_live.boards.models import MOST_DOCUMENT_BYTES, Board, BoardAuthor, BoardPicture
from sessions_live.boards.permissions import DRAW, can_draw, can_manage, get_board
from sessions_live.boards.queries import Stored, stored_document
from sessions_live.consumers.access import LoginAccess
from sessions_live.rules.displayed_names import shown
from tenants import context

SEAT = "sessions_live.boards.seat"
Facts = dict[str, Any]


@dataclass(frozen=True)
class BoardRights:
    """What this page may do now."""

    board: Board
    may_draw: bool
    is_host: bool


@dataclass(frozen=True)
class BoardAccess(LoginAccess):
    """What one page may do with its board, and does."""

    board_id: UUID

    def look(self) -> BoardRights:
        """SignedOut or NotFound when the page may not stay."""
        user = self.get_user()
        board = get_board(user, self.board_id)
        return BoardRights(board, can_draw(user, board), can_manage(user, board))

    @transaction.atomic
    def enter(self) -> tuple[BoardRights, BoardAuthor]:
        """The page has been opened: noted, and the key under which the person draws."""
        rights = self.look()
        user = self.get_user()
        record_opening(rights.board, by=user, now=clock.now())
        return rights, ensure_author(rights.board, by=user)

    def stored(self, after: int) -> Stored:
        """What the page does not have yet."""
        return stored_document(self.board_id, after=after)

    def names(self, rights: BoardRights, own_key: str) -> dict[str, str]:
        """Who has drawn, by key, as this page reads names."""
        return {
            one.key: self.name(one.name, rights, of_host=one.is_host, own=one.key == own_key)
            for one in BoardAuthor.objects.filter(board=self.board_id)
        }

    def name(self, name: str, rights: BoardRights, *, of_host: bool, own: bool) -> str:
        """A person's name as this page reads it: in a group, guests may be strangers to each other."""
        is_group = rights.board.client_id is None
        return shown(name, of_host=of_host, to_host=rights.is_host, own=own, is_group=is_group)

    def draw(self, update: bytes, pictures: frozenset[str] = frozenset()) -> tuple[int, Facts]:
        """Store an update that has been checked; its sequence, and how full the board is. `pictures`: the ids that it names. Errors:
        BadUpdate when one of them was not put on this board, DomainError `board_full`, PermissionDenied.
        """
        user = self.get_user()
        board = get_board(user, self.board_id, to=DRAW)
        if pictures and BoardPicture.objects.filter(board=board, pk__in=pictures).count() < len(pictures):
            raise BadUpdate("a picture that is not on this board")
        board = append_update(board, update, by=user, now=clock.now())
        return board.sequence, fullness(board)

    def page_number(self, seat: str) -> int:
        """The number under which a page writes: the one that it had, when it shows the seat that we gave it then, else a new one."""
        try:
            said = signing.loads(seat, salt=SEAT, max_age=24 * 3600) if seat else None
        except signing.BadSignature:
            said = None
        mine = [context.current().schema, str(self.board_id), str(self.user_id)]
        return int(said[3]) if said and said[:3] == mine else secrets.randbelow(2**31 - 2) + 1

    def seat(self, page_number: int) -> str:
        """What the page shows when it comes back."""
        return signing.dumps([context.current().schema, str(self.board_id), str(self.user_id), page_number], salt=SEAT)


def fullness(board: Board) -> Facts:
    """How much of its room a board has taken, in bytes and percent."""
    return {"size": board.size, "most": MOST_DOCUMENT_BYTES, "percent": board.percent_full}
