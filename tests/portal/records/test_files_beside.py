"""The files of a client beside the pictures of a live room: whose, for whom, and told of at once."""

import pytest

from core.kernel import clock
from core.people.models import Assignment
from core.records import actions
from sessions_live import actions as live
from sessions_live import broadcasts
from tests.factories.files import given, pdf, send
from tests.factories.pages import fields_of
from tests.factories.scheduling import book, make_client
from tests.factories.web import browser_of


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def appointment(cast):
    return book(cast)


def part(user, appointment, **asked):
    return browser_of(user).get(f"/people/files/beside/{appointment.pk}/", asked)


def bring(cast, by, name="Drawing.pdf", client=None):
    return actions.add_client_file(client or cast.cleo, given=given(pdf(1), name), by=by, now=clock.now())


def test_file_from_the_client_is_seen_by_both_and_one_of_the_record_by_its_keeper(cast, appointment):
    bring(cast, cast.gus, "From home.pdf")
    bring(cast, cast.tess, "Letter.pdf")
    kept, theirs = (part(user, appointment).content.decode() for user in (cast.tess, cast.gus))
    assert "From home" in kept and "Letter" in kept and kept.count("data-show=") == 2
    assert "From home" in theirs and "Letter" not in theirs and "data-show=" not in theirs


def test_client_adds_a_file_out_of_the_room(cast, appointment):
    path = f"/people/clients/{cast.cleo.pk}/files/"
    form = fields_of(part(cast.gus, appointment), path)
    upload = send(pdf(1), "Homework.pdf", by=cast.gus, purpose="client_file")
    sent = {**form, "files_uploads": str(upload.pk)}
    answer = browser_of(cast.gus).post(path, sent, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    row = cast.cleo.files.get()
    assert row.is_from_client and "Homework" in part(cast.tess, appointment).content.decode()


def test_what_is_no_file_is_refused_with_a_sentence(cast, appointment):
    path = f"/people/clients/{cast.cleo.pk}/files/"
    form = fields_of(part(cast.gus, appointment), path)
    answer = browser_of(cast.gus).post(path, form, headers={"Accept": "application/json"})
    assert answer.status_code == 422 and "Choose a file" in answer.json()["message"]


def test_strangers_and_agents_have_no_such_part(cast, appointment):
    for user in (cast.sam, cast.ada):
        assert part(user, appointment).status_code in (403, 404)


def test_group_shows_each_only_what_is_theirs(cast):
    ida = make_client("Ida")
    group = book(cast, clients=[cast.cleo, ida], by=cast.nora)
    Assignment.objects.filter(client=ida).delete()
    bring(cast, cast.nora, "Of Ida.pdf", client=ida)
    assert part(cast.nora, group).content.decode().count("data-client=") == 2
    asked = part(cast.nora, group, client=str(ida.pk)).content.decode()
    assert "Of Ida" in asked and "data-show=" not in asked  # nothing of one is shown to all
    for user in (cast.tess, cast.gus):
        page = part(user, group, client=str(ida.pk)).content.decode()
        assert "Of Ida" not in page and "data-client=" not in page


def test_room_is_told_of_each_change_and_no_other_room(cast, appointment, monkeypatch):
    told = []
    monkeypatch.setattr(broadcasts, "_after_commit", lambda room, make: told.append((room.pk, make()["type"])))
    theirs = (appointment, book(cast, clients=[make_client("Ida")], at=appointment.ends_at, by=cast.nora))
    room, _other = [live.open_room(each, now=each.starts_at) for each in theirs]
    for each in (room, _other):
        live.ask_admission(each, by=cast.tess, now=each.appointment.starts_at)
    told.clear()
    row = bring(cast, cast.tess)
    actions.share_client_file(row, by=cast.tess, now=clock.now())
    actions.withdraw_client_file(row, by=cast.tess, now=clock.now())
    actions.remove_client_file(row, by=cast.tess, now=clock.now())
    assert told == [(room.pk, "live.client_files")] * 4
