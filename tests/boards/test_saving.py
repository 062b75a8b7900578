"""A board is kept as drawing, picture and document, with who drew and who saved; only for those who see it."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from PIL import Image
from pypdf import PdfReader

from core.kernel import clock
from core.kernel.errors import DomainError
from sessions_live.boards.actions.boards import change_board, delete_board, ensure_author
from sessions_live.boards.actions.saving import delete_saved_board, read_content, save_board
from sessions_live.boards.actions.updates import append_update
from sessions_live.boards.drawing import Fonts
from sessions_live.boards.models import SavedBoard
from tests.boards.pages import Writer

SERIF = Fonts(families=["libertinus serif"], folders=[])
WORDS = 'Hello "board" <b>& 世界 👋\u200b\nsecond line'


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def drawn(cast, board):
    """A stroke of Gus's, and words of his on a second page."""
    writer = Writer(21, ensure_author(board, by=cast.gus).key, clock.now().timestamp() * 1000)
    writer.stroke()
    writer.update(lambda maps: maps["pages"].__setitem__("2", {"rank": 1, "paper": "staff"}))
    frame = {"kind": "note", "x": 1, "y": 2, "w": 200, "h": 90, "page": "2", "width": 16}
    key, _ = writer.stroke(**frame)
    writer.update(lambda maps: maps["texts"].__setitem__(key, WORDS))
    append_update(board, writer.document.get_update(), by=cast.gus, now=clock.now())
    board.refresh_from_db()
    return board


def save(board, by):
    return save_board(board, read_content(board), when="today", fonts=SERIF, by=by, now=clock.now())


def test_saved_board_is_three_files_with_who_drew_and_who_saved(cast, drawn, visit):
    saved = save(drawn, cast.tess)
    assert (saved.client, saved.pages, saved.drawn_by) == (cast.cleo, 2, cast.gus.name)
    browser = visit(cast.gus)
    got = {
        form: b"".join(browser.get(f"/boards/saved/{saved.pk}/{form}/file/").streaming_content)
        for form in ("pdf", "png", "svg")
    }
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(got["pdf"])).pages)
    assert cast.tess.name in text and "Typst" not in got["pdf"].decode("latin-1")
    assert Image.open(io.BytesIO(got["png"])).width >= 400
    assert "<b>" not in got["svg"].decode() and "&lt;b&gt;" in got["svg"].decode()


def test_saved_board_stays_when_the_board_is_deleted(cast, drawn, visit):
    saved = save(drawn, cast.tess)
    delete_board(drawn, by=cast.tess)
    assert visit(cast.tess).get(f"/boards/saved/{saved.pk}/svg/file/").status_code == 200


def test_empty_board_is_not_saved(cast, board):
    with pytest.raises(DomainError, match="nothing"):
        save(board, cast.tess)


def test_client_neither_saves_nor_deletes(cast, drawn):
    with pytest.raises(PermissionDenied):
        save(drawn, cast.gus)
    with pytest.raises(PermissionDenied):
        delete_saved_board(save(drawn, cast.tess), by=cast.gus)


def test_what_was_saved_of_a_hidden_board_is_for_staff_only(cast, drawn, visit):
    change_board(drawn, title="Board", client_access="none", by=cast.tess)
    drawn.refresh_from_db()
    saved = save(drawn, cast.tess)
    assert visit(cast.gus).get(f"/boards/saved/{saved.pk}/pdf/file/").status_code == 404
    assert visit(cast.tess).get(f"/boards/saved/{saved.pk}/pdf/file/").status_code == 200
    assert visit(cast.tess).get(f"/boards/saved/{saved.pk}/exe/file/").status_code == 404


def test_saved_by_the_page_s_button(cast, drawn, visit):
    answer = visit(cast.tess).post(f"/boards/{drawn.pk}/saving/")
    assert answer.status_code == 302
    page = visit(cast.tess).get(answer["Location"]).content.decode()
    assert str(SavedBoard.objects.get().pk) in page
