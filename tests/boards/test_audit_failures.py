"""Whatever is done with a board is noted, or it is not done."""

import io
from types import SimpleNamespace

import pytest
from PIL import Image

from core.kernel import clock
from sessions_live.boards.actions.boards import (
    change_board,
    create_board,
    delete_board,
    ensure_author,
    ensure_board,
    record_opening,
)
from sessions_live.boards.actions.pictures import add_picture
from sessions_live.boards.actions.saving import delete_saved_board, read_content, record_reading, save_board
from sessions_live.boards.actions.updates import append_update
from sessions_live.boards.drawing import Files, Fonts
from tests.boards.pages import Writer
from tests.broken_audit import assert_nothing_is_written
from tests.factories.scheduling import book, make_client

SERIF = Fonts(families=["libertinus serif"], folders=[])


def _picture():
    file = io.BytesIO()
    Image.new("RGB", (9, 9)).save(file, "PNG")
    file.size = file.tell()
    file.seek(0)
    return file


def _save(board, cast, now):
    return save_board(board, read_content(board), when="today", fonts=SERIF, by=cast.tess, now=now)


ACTS = {
    "make": lambda s: create_board(client=s.cast.cleo, title="x", client_access="draw", by=s.cast.tess, now=s.now),
    "make for a session": lambda s: ensure_board(s.group, by=s.cast.tess, now=s.now),
    "change": lambda s: change_board(s.board, title="Another", client_access="look", by=s.cast.tess),
    "delete": lambda s: delete_board(s.board, by=s.cast.tess),
    "open": lambda s: record_opening(s.board, by=s.cast.gus, now=s.now),
    "put a picture on": lambda s: add_picture(s.board, _picture(), by=s.cast.gus, now=s.now),
    "save": lambda s: _save(s.board, s.cast, s.now),
    "read what was saved": lambda s: record_reading(s.saved, by=s.cast.gus),
    "delete what was saved": lambda s: delete_saved_board(s.saved, by=s.cast.tess),
}


@pytest.fixture
def stage(cast, board, settings, tmp_path, monkeypatch):
    """A board with a stroke, one saved state of it, and a group's session without a board."""
    settings.MEDIA_ROOT = tmp_path
    monkeypatch.setattr("sessions_live.boards.actions.saving.draw", lambda *all, **facts: Files(b"s", b"p", b"d"))
    now = clock.now()
    writer = Writer(31, ensure_author(board, by=cast.gus).key, now.timestamp() * 1000)
    append_update(board, writer.stroke()[1], by=cast.gus, now=now)
    group = book(cast, clients=[cast.cleo, make_client("Otto", practitioner=cast.tess_staff)])

    saved = _save(board, cast, now)
    return SimpleNamespace(cast=cast, board=board, group=group, now=now, saved=saved)


@pytest.mark.parametrize("act", ACTS)
def test_act_that_cannot_be_noted_is_not_done(stage, monkeypatch, tmp_path, act):
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())

    assert_nothing_is_written(lambda: ACTS[act](stage), monkeypatch)

    assert sorted(path for path in tmp_path.rglob("*") if path.is_file()) == files
