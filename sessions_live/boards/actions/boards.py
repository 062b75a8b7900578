"""Boards are made, changed, opened and deleted."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db import transaction

from core.kernel import audit
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.kernel.translation import translate
from core.people.models import Client, User
from core.scheduling.models import Appointment
from sessions_live.boards import broadcasts
from sessions_live.boards.audit_codes import BoardAudit
from sessions_live.boards.models import Board, BoardAuthor, BoardPicture
from sessions_live.boards.permissions import can_keep_boards_of, can_manage
from sessions_live.boards.queries import board_of_appointment, space_of

LONGEST_TITLE = 120
MOST_IN_A_SPACE = 200
SAME_OPENING = timedelta(minutes=30)
Access = Board.ClientAccess


@transaction.atomic
def create_board(*, client: Client, title: str, client_access: str, by: User, now: datetime) -> Board:
    """A board for a client. Errors: `title_missing`, `not_active`, `too_many_boards`."""
    if not can_keep_boards_of(by, client):
        raise PermissionDenied("only those who look after the client make boards")
    client = Client.objects.select_for_update().get(pk=client.pk)
    if not client.is_active:
        raise DomainError("not_active", translate("Nobody draws while access is switched off."))
    if client.boards.count() >= MOST_IN_A_SPACE:
        raise DomainError(
            "too_many_boards", translate("There are too many boards. Delete one that is no longer needed.")
        )
    board = Board.objects.create(
        client=client, title=_title(title), client_access=Access(client_access), created_by=by, created_at=now, changed_at=now
    )  # fmt: skip
    audit.record(BoardAudit.BOARD_CREATED, by=by, subject=board)
    return board


@transaction.atomic
def ensure_board(appointment: Appointment, *, by: User, now: datetime) -> Board:
    """The board with which the session begins, made when there is none."""
    Appointment.objects.select_for_update(of=["self"]).get(pk=appointment.pk)
    found = board_of_appointment(appointment)
    if found is not None:
        return found
    space = space_of(appointment)
    owner = {"client": space} if isinstance(space, Client) else {"appointment": space}
    board = Board.objects.create(
        **owner, title=translate("Board"), client_access=Access.DRAW, created_by=by, created_at=now, changed_at=now
    )
    audit.record(BoardAudit.BOARD_CREATED, by=by, subject=board)
    return board


@transaction.atomic
def change_board(board: Board, *, title: str, client_access: str, by: User) -> Board:
    """Its title, and what the client may do with it. Error: `title_missing`."""
    board = (
        Board.objects.select_for_update(of=["self"])
        .select_related("client", "appointment__practitioner")
        .get(pk=board.pk)
    )
    _look_after(board, by)
    before = {"title": board.title, "client_access": board.client_access}
    board.title, board.client_access = _title(title), Access(client_access)
    changes = {name: [old, str(getattr(board, name))] for name, old in before.items() if old != getattr(board, name)}
    if changes:
        board.save(update_fields=["title", "client_access"])
        audit.record(BoardAudit.BOARD_CHANGED, by=by, subject=board, changes=changes)
        broadcasts.board_changed(board)
    return board


@transaction.atomic
def delete_board(board: Board, *, by: User) -> None:
    """For good, with its pictures; what was saved of it stays."""
    board = (
        Board.objects.select_for_update(of=["self"])
        .select_related("client", "appointment__practitioner")
        .get(pk=board.pk)
    )
    _look_after(board, by)
    files = list(board.pictures.values_list("file", flat=True))
    broadcasts.board_changed(board)
    audit.record(BoardAudit.BOARD_DELETED, by=by, subject=board)
    BoardPicture.objects.filter(board=board).delete()
    board.delete()
    transaction.on_commit(lambda: [default_storage.delete(name) for name in files])


def record_opening(board: Board, *, by: User, now: datetime) -> None:
    """Somebody has opened it: noted once within half an hour."""
    before = AuditEvent.objects.filter(
        subject_kind=board._meta.label_lower, subject_id=str(board.pk), action=BoardAudit.BOARD_OPENED,
        actor_id=str(by.pk), at__gt=now - SAME_OPENING,
    )  # fmt: skip
    if not before.exists():
        audit.record(BoardAudit.BOARD_OPENED, by=by, subject=board)


def ensure_author(board: Board, *, by: User) -> BoardAuthor:
    """The key under which this person draws on the board."""
    values = {"key": secrets.token_hex(6), "name": by.name[:150], "is_host": can_manage(by, board)}
    author, _ = BoardAuthor.objects.get_or_create(board=board, user=by, defaults=values)
    if author.name != values["name"]:
        author.name = str(values["name"])
        author.save(update_fields=["name"])
    return author


def _look_after(board: Board, by: Any) -> None:
    if not can_manage(by, board):
        raise PermissionDenied("only those who look after the board do this")


def _title(typed: str) -> str:
    title = " ".join(typed.split())[:LONGEST_TITLE]
    if not title:
        raise DomainError("title_missing", translate("Give the board a name."), field="title")
    return title
