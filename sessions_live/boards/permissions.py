"""Who may read, draw on and look after a board: predicate, queryset and door side by side.

A client's board: staff who see the client look after it; the client's own logins draw on it, look at it, or do not see it, as the board says.
A group's board: the hosts of its appointment look after it, and the logins of those who take part stand where a client's stand.
While a client is not active nobody draws. Agents see no boards.
"""

from enum import StrEnum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from core.kernel.errors import NotFound
from core.people.models import Assignment, Client, User
from core.people.permissions import can_act_for, clients_acted_for, get_client, is_active_staff
from core.people.roles import Permission
from core.scheduling.models import Appointment, Participant
from core.scheduling.permissions import can_run_schedule, schedules_run_by
from sessions_live.boards.models import Board, BoardPicture, SavedBoard

Access = Board.ClientAccess
CANCELLED = Appointment.Status.CANCELLED


class To(StrEnum):
    """What somebody wants to do with a board."""

    READ = "read"
    DRAW = "draw"
    MANAGE = "manage"


READ, DRAW, MANAGE = To.READ, To.DRAW, To.MANAGE


def can_keep_boards_of(user: Any, client: Client) -> bool:
    """Make, rename, lend and delete boards of this client: staff who see the client."""
    if not is_active_staff(user):
        return False
    if user.may(Permission.SEE_ALL_CLIENTS):
        return True
    return Assignment.objects.filter(practitioner=user.staff, client=client).exists()


def can_manage(user: Any, board: Board) -> bool:
    """Rename it, decide what the client may do with it, save it, delete it."""
    if board.client is not None:
        return can_keep_boards_of(user, board.client)
    return can_run_schedule(user, _appointment(board).practitioner)


def can_read(user: Any, board: Board) -> bool:
    """See it."""
    if not (user.is_authenticated and user.is_active):
        return False
    return can_manage(user, board) or (board.client_access != Access.NONE and _is_guest(user, board))


def can_draw(user: Any, board: Board) -> bool:
    """Change what is on it."""
    if not (user.is_authenticated and user.is_active) or (board.client is not None and not board.client.is_active):
        return False
    return can_manage(user, board) or (board.client_access == Access.DRAW and _is_guest(user, board))


def boards_visible_to(user: Any) -> QuerySet[Board]:
    """Every board for which `can_read` holds."""
    boards = Board.objects.select_related("client", "appointment__practitioner__user")
    if not (user.is_authenticated and user.is_active):
        return boards.none()
    return boards.filter(_kept_by(user) | (~Q(client_access=Access.NONE) & _lent_to(user)))


def saved_boards_visible_to(user: Any) -> QuerySet[SavedBoard]:
    """What was kept of boards: for those who look after them, and for the client where the board was not hidden from them."""
    saved = SavedBoard.objects.select_related("client", "appointment__practitioner__user")
    if not (user.is_authenticated and user.is_active):
        return saved.none()
    return saved.filter(_kept_by(user) | (Q(client_may_see=True) & _lent_to(user)))


def can_read_saved(user: Any, saved: SavedBoard) -> bool:
    """The predicate of `saved_boards_visible_to`."""
    if not (user.is_authenticated and user.is_active):
        return False
    return can_manage_saved(user, saved) or (saved.client_may_see and _is_guest(user, saved))


def can_manage_saved(user: Any, saved: SavedBoard) -> bool:
    """Delete it."""
    if saved.client is not None:
        return can_keep_boards_of(user, saved.client)
    return can_run_schedule(user, _appointment(saved).practitioner)


def get_board(user: Any, pk: UUID, *, to: To = READ) -> Board:
    """The board, for somebody who may do `to` with it. NotFound for strangers, PermissionDenied for those who may do less."""
    board = boards_visible_to(user).filter(pk=pk).first()
    if board is None:
        raise NotFound(f"board {pk}")
    if not _RIGHTS[to](user, board):
        raise PermissionDenied(f"may not {to} this board")
    return board


def get_board_picture(user: Any, board: UUID, pk: UUID) -> BoardPicture:
    """A picture on a board that this person may see."""
    picture = BoardPicture.objects.filter(pk=pk, board=get_board(user, board)).first()
    if picture is None:
        raise NotFound(f"picture {pk}")
    return picture


def get_saved_board(user: Any, pk: UUID, *, manage: bool = False) -> SavedBoard:
    """What was kept, for somebody who may read it, or delete it."""
    saved = saved_boards_visible_to(user).filter(pk=pk).first()
    if saved is None:
        raise NotFound(f"saved board {pk}")
    if manage and not can_manage_saved(user, saved):
        raise PermissionDenied("only those who look after boards delete what was kept")
    return saved


def get_client_with_boards(user: User, pk: UUID, *, manage: bool = False) -> Client:
    """The client whose boards somebody wants to see, or to look after. NotFound for strangers, agents among them."""
    client = get_client(user, pk)
    if can_keep_boards_of(user, client):
        return client
    if not can_act_for(user, client):
        raise NotFound(f"boards of {pk}")
    if manage:
        raise PermissionDenied("only staff make boards")
    return client


def _is_guest(user: Any, kept: Board | SavedBoard) -> bool:
    if kept.client is not None:
        return can_act_for(user, kept.client)
    if _appointment(kept).status == CANCELLED:
        return False
    taking_part = Participant.objects.filter(appointment=kept.appointment_id, is_attending=True)
    return taking_part.filter(client__in=clients_acted_for(user).order_by().values("pk")).exists()


def _kept_by(user: Any) -> Q:
    """Of the spaces that this person looks after."""
    hosted = Q(appointment__practitioner__in=schedules_run_by(user))
    if not is_active_staff(user):
        return hosted
    if user.may(Permission.SEE_ALL_CLIENTS):
        return hosted | Q(client__isnull=False)
    return hosted | Q(client__in=Assignment.objects.filter(practitioner=user.staff).values("client_id"))


def _lent_to(user: Any) -> Q:
    """Of the spaces in which this person is a guest."""
    own = clients_acted_for(user).order_by().values("pk")
    together = Participant.objects.filter(is_attending=True, client__in=own).values("appointment_id")
    return Q(client__in=own) | (Q(appointment__in=together) & ~Q(appointment__status=CANCELLED))


def _appointment(kept: Board | SavedBoard) -> Appointment:
    assert kept.appointment is not None  # a constraint: what has no client has an appointment
    return kept.appointment


_RIGHTS = {READ: lambda user, board: True, DRAW: can_draw, MANAGE: can_manage}
