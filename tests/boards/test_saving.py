"""A board is kept as drawing, picture and document, with who drew and who saved; only for those who see it."""

import io

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from PIL import Image
from pypdf import PdfReader

from core.kernel import clock
from core.kernel.errors import DomainError
from sessions_live.boards.actions.boards import change_board, create_board, delete_board, ensure_author
from sessions_live.boards.actions.pictures import add_picture
from sessions_live.boards.actions.saving import delete_saved_board, read_content, save_board
from sessions_live.boards.actions.updates import append_update
from sessions_live.boards.drawing import Content, Fonts
from sessions_live.boards.format.svg import Page, Thing
from sessions_live.boards.models import Board, BoardAuthor, SavedBoard
from tests.boards.pages import Writer
from tests.boards.uploads import upload

SERIF = Fonts(families=["libertinus serif"], folders=[])
PLACE = {"x": 0, "y": 0, "sx": 1, "sy": 1, "z": 1}
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


def stored(saved, form):
    with default_storage.open(getattr(saved, form), "rb") as file:
        return file.read()


def put(board, by, pictures, *, count=1):
    """Each of the pictures, so many times, beside each other."""
    writer = Writer(22, ensure_author(board, by=by).key, clock.now().timestamp() * 1000)
    for at in range(count):
        for row, picture in enumerate(pictures):
            frame = {"x": at * 40, "y": row * 40, "w": 36, "h": 30, "width": 1, "colour": 0}
            writer.stroke(kind="image", picture=str(picture.pk), **frame)
    append_update(board, writer.document.get_update(), by=by, now=clock.now())
    board.refresh_from_db()


def test_letters_of_every_language_are_in_the_document_as_they_were_written(cast, drawn):
    Board.objects.filter(pk=drawn.pk).update(title='Übung "größer" \\ šč #x[$')
    drawn.refresh_from_db()
    pdf = stored(save(drawn, cast.tess), "pdf")
    document = pypdfium2.PdfDocument(pdf)
    words = document[0].get_textpage().get_text_bounded()
    assert f'Übung "größer" \\ šč #x[$, saved by {cast.tess.name}' in " ".join(words.split())
    assert document.get_metadata_value("Title") == 'Übung "größer" \\ šč #x[$'
    assert len(document) == 2


def test_long_list_of_who_drew_stays_on_its_page(cast, drawn):
    Board.objects.filter(pk=drawn.pk).update(title="Überlang " * 13)
    BoardAuthor.objects.filter(board=drawn).update(name="Jörg Ångström " * 10)
    drawn.refresh_from_db()
    document = pypdfium2.PdfDocument(stored(save(drawn, cast.tess), "pdf"))
    assert len(document) == 2
    words = document[1].get_textpage().get_text_bounded()
    assert words.count("Ångström") == 10


def test_picture_that_is_used_many_times_is_kept_once(cast, board):
    picture = add_picture(board, upload(), by=cast.gus, now=clock.now())
    put(board, cast.gus, [picture], count=200)
    saved = save(board, cast.tess)
    svg = stored(saved, "svg")
    assert svg.count(b"data:image") == 1
    assert svg.count(f'href="#picture-{picture.pk}"'.encode()) == 200
    assert len(stored(saved, "pdf")) < len(svg) * 2
    seen = Image.open(io.BytesIO(stored(saved, "png"))).convert("RGB")
    near = [seen.getpixel((x, y)) for x in range(seen.width // 4, seen.width // 2) for y in range(seen.height)]
    assert sum(pixel != (255, 255, 255) for pixel in near) > len(near) // 20  # it is shown, not only kept


def test_more_pictures_than_fit_into_a_file_are_refused_with_a_sentence(cast, board, monkeypatch):
    pictures = [add_picture(board, upload((60, 40)), by=cast.gus, now=clock.now()) for _ in range(2)]
    put(board, cast.gus, pictures)
    monkeypatch.setattr("sessions_live.boards.drawing.MOST_PICTURE_BYTES", 3000)
    with pytest.raises(DomainError, match="too much"):
        save(board, cast.tess)
    monkeypatch.undo()
    monkeypatch.setattr("sessions_live.boards.drawing.MOST_BYTES", 3000)
    with pytest.raises(DomainError, match="too much"):
        save(board, cast.tess)
    assert not SavedBoard.objects.exists()


def test_picture_of_another_board_is_not_kept(cast, board):
    other = create_board(client=cast.cleo, title="Other", client_access="none", by=cast.tess, now=clock.now())
    foreign = add_picture(other, upload(), by=cast.tess, now=clock.now())
    own = add_picture(board, upload(), by=cast.gus, now=clock.now())
    put(board, cast.gus, [foreign, own])
    svg = stored(save(board, cast.tess), "svg").decode()
    assert str(own.pk) in svg and str(foreign.pk) not in svg and svg.count("data:image") == 1


def test_board_with_characters_that_no_file_may_hold_is_saved_without_them(cast, drawn):
    """As they were written before they were refused, or stand in a name."""
    damaged = Thing(read_content(drawn).pages[1].things[0].item, PLACE, "be\uffff\ufffefore\x00 \ud800after")
    drawn.title = "Bo\uffffard"
    content = Content([Page(things=[damaged])])
    saved = save_board(drawn, content, when="today", fonts=SERIF, by=cast.tess, now=clock.now())
    svg = stored(saved, "svg").decode()
    assert "before after" in svg and "<title>Board</title>" in svg
