"""A picture's file is stored before the board's row is held, and is gone again where the picture is not taken."""

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import FileSystemStorage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from sessions_live.boards.actions import pictures
from sessions_live.boards.actions.boards import change_board, delete_board
from sessions_live.boards.actions.pictures import add_picture
from sessions_live.boards.models import BoardPicture
from tests.boards.uploads import upload


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return lambda: [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.fixture
def meanwhile(monkeypatch):
    """`meanwhile(act)`: while the file is being stored, `act` is done."""
    save = FileSystemStorage.save

    def do(act):
        def stored(storage, name, content, **more):
            act()
            return save(storage, name, content, **more)

        monkeypatch.setattr(FileSystemStorage, "save", stored)

    return do


def test_nobody_who_draws_waits_while_a_picture_is_stored(cast, board, meanwhile):
    held = []
    with CaptureQueriesContext(connection) as queries:
        meanwhile(lambda: held.append([one["sql"] for one in queries if "FOR UPDATE" in one["sql"]]))
        add_picture(board, upload(), by=cast.gus, now=clock.now())
    assert held == [[]]
    assert any("FOR UPDATE" in one["sql"] for one in queries)  # it is held when the row is written


def test_picture_that_may_not_be_put_any_more_when_it_is_stored_leaves_no_file(cast, board, files, meanwhile):
    meanwhile(lambda: change_board(board, title="Board", client_access="look", by=cast.tess))
    with pytest.raises(PermissionDenied):
        add_picture(board, upload(), by=cast.gus, now=clock.now())
    assert not files() and not BoardPicture.objects.exists()


def test_picture_for_a_board_that_is_deleted_meanwhile_leaves_no_file(cast, board, files, meanwhile):
    meanwhile(lambda: delete_board(board, by=cast.tess))
    with pytest.raises(NotFound):
        add_picture(board, upload(), by=cast.gus, now=clock.now())
    assert not files()


def test_one_picture_too_many_is_not_even_read(cast, board, files, monkeypatch):
    monkeypatch.setattr(pictures, "MOST_ON_A_BOARD", 0)
    monkeypatch.setattr(pictures, "read_image", lambda *all, **facts: pytest.fail("it was read"))
    with pytest.raises(DomainError, match="too many"):
        add_picture(board, upload(), by=cast.gus, now=clock.now())
    assert not files()
