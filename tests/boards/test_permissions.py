"""Who sees, draws on and looks after boards: predicate and queryset say the same for everybody."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.kernel import clock
from core.kernel.errors import NotFound
from core.people.models import Client
from core.scheduling.models import Appointment
from sessions_live.boards.actions.boards import change_board, delete_board, ensure_board
from sessions_live.boards.models import Board
from sessions_live.boards.permissions import (
    DRAW,
    MANAGE,
    boards_visible_to,
    can_draw,
    can_manage,
    can_read,
    get_board,
    get_client_with_boards,
)
from sessions_live.boards.queries import board_of_appointment
from tests.factories.scheduling import book, book_weekly, make_client

CAST = ("nora", "sam", "tess", "gus", "ada")


def everybody(cast):
    return [getattr(cast, name) for name in CAST if hasattr(cast, name)]


@pytest.mark.parametrize("access", ["draw", "look", "none"])
@pytest.mark.parametrize("status", ["active", "inactive"])
def test_predicate_and_queryset_agree(cast, board, access, status):
    group = book(cast, clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)])
    boards = [board, ensure_board(group, by=cast.tess, now=clock.now())]
    Board.objects.update(client_access=access)
    Client.objects.filter(pk=cast.cleo.pk).update(status=status)
    for one in Board.objects.filter(pk__in=[each.pk for each in boards]):
        for user in everybody(cast):
            assert boards_visible_to(user).filter(pk=one.pk).exists() == can_read(user, one), (user, one)
            assert not can_draw(user, one) or can_read(user, one)


def test_staff_look_after_and_the_client_draws(cast, board):
    assert can_manage(cast.tess, board) and can_draw(cast.gus, board) and not can_manage(cast.gus, board)
    with pytest.raises(PermissionDenied):
        get_board(cast.gus, board.pk, to=MANAGE)
    with pytest.raises(PermissionDenied):
        change_board(board, title="Mine", client_access="draw", by=cast.gus)
    with pytest.raises(PermissionDenied):
        delete_board(board, by=cast.gus)
    with pytest.raises(PermissionDenied):
        get_client_with_boards(cast.gus, cast.cleo.pk, manage=True)


def test_agent_has_no_boards(cast, board):
    for act in (lambda: get_board(cast.ada, board.pk), lambda: get_client_with_boards(cast.ada, cast.cleo.pk)):
        with pytest.raises(NotFound):
            act()


def test_client_who_may_look_does_not_draw(cast, board):
    change_board(board, title="Board", client_access="look", by=cast.tess)
    board.refresh_from_db()
    assert get_board(cast.gus, board.pk) == board
    with pytest.raises(PermissionDenied):
        get_board(cast.gus, board.pk, to=DRAW)


def test_session_with_one_client_has_the_client_s_board_and_it_comes_back(cast, board):
    one, other = book(cast, clients=[cast.cleo]), book(cast, at=clock.now() + timedelta(days=9))
    assert ensure_board(one, by=cast.tess, now=clock.now()) == board
    assert ensure_board(other, by=cast.gus, now=clock.now()) == board


def test_board_of_a_group_is_no_client_s_board(cast, board):
    group = book(cast, clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)])
    made = ensure_board(group, by=cast.tess, now=clock.now())
    assert made != board and made.client is None
    assert can_draw(cast.gus, made)
    assert board_of_appointment(group) == made


def test_board_that_is_hidden_from_guests_is_no_session_s(cast, board):
    group = book(cast, clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)])
    made = ensure_board(group, by=cast.tess, now=clock.now())
    assert board_of_appointment(group) == made
    for one in (made, board):
        change_board(one, title="Board", client_access="none", by=cast.tess)
    assert board_of_appointment(group) is None
    assert board_of_appointment(book(cast, clients=[cast.cleo], at=clock.now() + timedelta(days=9))) is None
    another = ensure_board(group, by=cast.gus, now=clock.now())
    assert another != made and can_draw(cast.gus, another)


@pytest.mark.parametrize(
    ("status", "access", "comes"), [("", "look", True), ("cancelled", "look", False), ("", "none", False)]
)
def test_group_of_a_series_goes_on_with_the_board_that_its_guests_still_see(cast, status, access, comes):
    otto = make_client("Otto", practitioner=cast.tess_staff)
    first, second = book_weekly(cast, clients=(cast.cleo, otto), weeks=2).occurrences.order_by("starts_at")
    made = ensure_board(first, by=cast.tess, now=clock.now())
    change_board(made, title="Board", client_access=access, by=cast.tess)
    if status:
        Appointment.objects.filter(pk=first.pk).update(status=status)
    assert (board_of_appointment(second) == made) is comes
    assert can_read(cast.gus, ensure_board(second, by=cast.tess, now=clock.now()))
