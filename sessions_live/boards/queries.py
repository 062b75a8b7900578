"""Questions about boards: which there are, which one a session has, and what their documents hold."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from core.people.models import Client
from core.scheduling.models import Appointment, Participant
from sessions_live.boards.models import Board, BoardSnapshot, BoardUpdate, SavedBoard
from sessions_live.boards.permissions import (
    boards_visible_to,
    can_draw,
    can_keep_boards_of,
    saved_boards_visible_to,
)
from sessions_live.models import LinkGuest, Room

TRIES = 5  # because a snapshot may take the place of updates while they are read


@dataclass(frozen=True, slots=True)
class Stored:
    """What is stored of a document: the snapshot, and the updates after it with their sequences."""

    snapshot: bytes
    through: int
    updates: list[tuple[int, bytes]]

    @property
    def last(self) -> int:
        """The sequence of the last update."""
        return self.updates[-1][0] if self.updates else self.through


def boards_of_client(user: Any, client: Client) -> QuerySet[Board]:
    """Those that this person may see, drawn on last first."""
    return boards_visible_to(user).filter(client=client)


def saved_boards_of_client(user: Any, client: Client) -> QuerySet[SavedBoard]:
    """What was kept of the client's boards, the latest first; those that this person may see."""
    return saved_boards_visible_to(user).filter(client=client)


def space_of(appointment: Appointment) -> Client | Appointment:
    """To what a board drawn in this session belongs: the client, where it is with one whose practitioner looks after them; else the session."""
    clients = [one.client for one in appointment.participants.select_related("client")]
    if len(clients) == 1 and can_keep_boards_of(appointment.practitioner.user, clients[0]):
        return clients[0]
    return appointment


def board_of_appointment(appointment: Appointment) -> Board | None:
    """The board with which this session begins: the one of its space that was drawn on last.

    A group's comes back in the next session of the series, as long as the same clients take part: nobody sees what was drawn without them.
    What guests do not see, or not any more because its session was cancelled, no session begins with.
    """
    space = space_of(appointment)
    boards = Board.objects.select_related("client", "appointment__practitioner__user")
    boards = boards.exclude(client_access=Board.ClientAccess.NONE)
    if isinstance(space, Client):
        return boards.filter(client=space).first()
    own = boards.filter(appointment=appointment).first()
    if own is not None or appointment.series_id is None:
        return own
    present = _attending(appointment)
    earlier = boards.exclude(appointment__status=Appointment.Status.CANCELLED).filter(
        appointment__series=appointment.series_id, appointment__practitioner=appointment.practitioner
    )
    return next((one for one in earlier if present == _attending(one.appointment)), None)


def may_ink(person: Any, room: Room, *, is_host: bool) -> bool:
    """Draw over a screen that is shared in the room: hosts, and guests who may draw on the session's board, or could if there were one already."""
    if is_host:
        return True
    appointment = room.appointment
    if appointment is None or isinstance(person, LinkGuest):
        return False
    board = board_of_appointment(appointment)
    if board is not None:
        return can_draw(person, board)
    space = space_of(appointment)
    return not space.boards.exists() and (not isinstance(space, Client) or space.is_active)  # none, or only hidden ones


def stored_document(board_id: Any, *, after: int = 0) -> Stored:
    """The document as it stands; only the updates after `after` where the snapshot is older than that."""
    for _ in range(TRIES):
        snapshot = BoardSnapshot.objects.filter(board=board_id)
        through = snapshot.values_list("through", flat=True).first() or 0
        start = max(through, after)
        rows = BoardUpdate.objects.filter(board=board_id, sequence__gt=start).order_by("sequence")
        updates = [(sequence, bytes(update)) for sequence, update in rows.values_list("sequence", "update")]
        if all(sequence == start + step for step, (sequence, _) in enumerate(updates, 1)):
            state = snapshot.filter(through=through).values_list("state", flat=True).first() if through > after else b""
            if state is not None:  # none: another snapshot has come meanwhile
                return Stored(bytes(state), start, updates)
    raise RuntimeError(f"the updates of board {board_id} have a gap")


def _attending(appointment: Appointment | None) -> set[Any]:
    taking_part = Participant.objects.filter(appointment=appointment, is_attending=True)
    return set(taking_part.values_list("client_id", flat=True))
