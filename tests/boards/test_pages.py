"""Pages of boards: a client's list, the board, its settings, pictures on it."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from core.kernel import clock
from core.people.models import Client
from sessions_live.boards.actions.boards import change_board, create_board
from sessions_live.boards.models import Board, BoardPicture
from tests.factories.scheduling import book

NAMES = ["Ä 世界 👋🏽", "\u202eevil\u200b", "x" * 200, '"><script>alert(1)</script>', "a\nb"]


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(size=(60, 40), form="PNG"):
    file = io.BytesIO()
    Image.new("RGB", size, "red").save(file, form)
    file.seek(0)
    file.name = "a.png"
    return file


def test_staff_make_a_board_and_the_client_finds_it(cast, visit):
    answer = visit(cast.tess).post(f"/boards/of/{cast.cleo.pk}/new/", {"title": "Sounds", "client_access": "draw"})
    board = Board.objects.get()
    assert answer["Location"] == f"/boards/{board.pk}/"
    for user in (cast.tess, cast.gus):
        assert "Sounds" in visit(user).get(f"/people/clients/{cast.cleo.pk}/panels/").content.decode()
        assert f"/ws/boards/{board.pk}/" in visit(user).get(f"/boards/{board.pk}/").content.decode()


@pytest.mark.parametrize("title", NAMES)
def test_any_name_is_shown_as_it_is_or_refused_at_its_field(cast, visit, title):
    browser = visit(cast.tess)
    answer = browser.post(f"/boards/of/{cast.cleo.pk}/new/", {"title": title, "client_access": "draw"})
    if answer.status_code == 422:
        assert not Board.objects.exists()
        return
    page = browser.get(answer["Location"]).content.decode()
    assert "<script>alert" not in page


def test_client_makes_changes_and_deletes_nothing(cast, board, visit):
    gus = visit(cast.gus)
    assert gus.get(f"/boards/of/{cast.cleo.pk}/new/").status_code == 403
    for address in ("settings", "deletion", "saving"):
        assert gus.post(f"/boards/{board.pk}/{address}/", {"title": "x", "client_access": "draw"}).status_code == 403
    board.refresh_from_db()
    assert board.title == "Board"


def test_agent_finds_nothing(cast, board, visit):
    ada = visit(cast.ada)
    assert ada.get(f"/boards/{board.pk}/").status_code == 404
    assert ada.get(f"/boards/of/{cast.cleo.pk}/").status_code == 404
    assert "/boards/" not in ada.get(f"/people/clients/{cast.cleo.pk}/panels/").content.decode()


def test_hidden_board_is_gone_from_the_client_s_pages(cast, board, visit):
    change_board(board, title="Board", client_access="none", by=cast.tess)
    gus = visit(cast.gus)
    assert gus.get(f"/boards/{board.pk}/").status_code == 404
    assert str(board.pk) not in gus.get(f"/boards/of/{cast.cleo.pk}/").content.decode()


def test_board_is_deleted_after_a_question(cast, board, visit):
    tess = visit(cast.tess)
    assert "For good" in tess.get(f"/boards/{board.pk}/deletion/").content.decode()
    assert Board.objects.exists()
    assert tess.post(f"/boards/{board.pk}/deletion/").status_code == 302
    assert not Board.objects.exists()


def test_no_board_for_a_client_who_has_become_inactive_meanwhile(cast, visit):
    tess = visit(cast.tess)
    tess.get(f"/boards/of/{cast.cleo.pk}/new/")
    Client.objects.filter(pk=cast.cleo.pk).update(status="inactive")
    answer = tess.post(f"/boards/of/{cast.cleo.pk}/new/", {"title": "Late", "client_access": "draw"})
    assert answer.status_code == 422 and "switched off" in answer.content.decode()


def test_picture_is_written_anew_and_served_to_those_who_see_the_board(cast, board, visit):
    gus = visit(cast.gus)
    answer = gus.post(f"/boards/{board.pk}/pictures/", {"picture": picture()}, headers={"Accept": "application/json"})
    kept = BoardPicture.objects.get()
    assert answer.status_code == 201
    assert answer.json() == {"id": str(kept.pk), "width": 60, "height": 40}
    shown = gus.get(f"/boards/{board.pk}/pictures/{kept.pk}/")
    assert shown["Content-Type"] == "image/webp"
    assert Image.open(io.BytesIO(b"".join(shown.streaming_content))).size == (60, 40)
    assert visit(cast.ada).get(f"/boards/{board.pk}/pictures/{kept.pk}/").status_code == 404
    other = create_board(client=cast.cleo, title="Other", client_access="draw", by=cast.tess, now=board.created_at)
    assert gus.get(f"/boards/{other.pk}/pictures/{kept.pk}/").status_code == 404


def test_bomb_and_nonsense_are_refused_with_a_sentence(cast, board, visit):
    gus = visit(cast.gus)
    for bad in (picture((9000, 9000)), io.BytesIO(b"no picture at all")):
        bad.name = "a.png"
        answer = gus.post(f"/boards/{board.pk}/pictures/", {"picture": bad}, headers={"Accept": "application/json"})
        assert answer.status_code == 422 and answer.json()["message"].endswith(".")
    assert not BoardPicture.objects.exists()


def test_who_may_only_look_brings_no_picture(cast, board, visit):
    change_board(board, title="Board", client_access="look", by=cast.tess)
    answer = visit(cast.gus).post(f"/boards/{board.pk}/pictures/", {"picture": picture()})
    assert answer.status_code == 403


def test_session_leads_to_the_client_s_board(cast, board, visit):
    appointment = book(cast, at=clock.now() + timedelta(minutes=5))
    for user in (cast.tess, cast.gus):
        assert visit(user).get(f"/boards/of-session/{appointment.pk}/")["Location"] == f"/boards/{board.pk}/"


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_as_many_queries_for_three_as_for_one(cast, board, visit, django_assert_max_num_queries, count):
    for number in range(count - 1):
        create_board(client=cast.cleo, title=str(number), client_access="draw", by=cast.tess, now=board.created_at)
    browser = visit(cast.tess)
    browser.get(f"/boards/of/{cast.cleo.pk}/")
    with django_assert_max_num_queries(15):
        browser.get(f"/boards/of/{cast.cleo.pk}/")


def test_room_shows_the_board_as_a_tab_to_those_who_are_in(cast, board, visit):
    appointment = book(cast, at=clock.now() + timedelta(minutes=5))
    for user, saves in ((cast.tess, True), (cast.gus, False)):
        browser = visit(user)
        assert 'data-tab="board"' in browser.get(f"/live/{appointment.pk}/").content.decode()
        part = browser.get(f"/boards/of-session/{appointment.pk}/", headers={"HX-Request": "true"}).content.decode()
        assert f"/ws/boards/{board.pk}/" in part and "<html" not in part
        assert ('data-act="save"' in part) is saves
    assert visit(cast.ada).get(f"/boards/of-session/{appointment.pk}/").status_code in (403, 404)
