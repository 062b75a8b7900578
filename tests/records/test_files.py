"""Files of a client: from both sides, shared by hand, closed to everybody else."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.files.models import StoredFile
from core.kernel import clock, outbox
from core.kernel.errors import NotFound
from core.kernel.models import AuditEvent
from core.notifications.models import Notice
from core.people import deletion
from core.people.models import Assignment, User
from core.records import actions
from core.records.models import ClientFile
from core.records.permissions import can_read_file, files_visible_to, get_client_file
from tests.broken_audit import AuditBroken
from tests.factories.files import downloaded, given, pdf
from tests.factories.scheduling import make_client
from tests.factories.web import browser_of

NAME = "Quetzalcoatlus 周二.pdf"


def add(cast, *, by=None, name=NAME):
    return actions.add_client_file(cast.cleo, given=given(pdf(1), name), by=by or cast.tess, now=clock.now())


def told(mailoutbox):
    while outbox.deliver_due():
        pass
    return [mail.to[0] for mail in mailoutbox]


@pytest.mark.parametrize("name", ["nora", "sam", "tess", "gus", "ada", "cleo_login"])
def test_predicate_is_queryset(cast, name):
    add(cast)
    actions.share_client_file(add(cast), by=cast.tess, now=clock.now())
    add(cast, by=cast.gus)
    user = getattr(cast, name)
    for row in ClientFile.objects.select_related("client"):
        assert can_read_file(user, row) == files_visible_to(user).filter(pk=row.pk).exists()
    assert files_visible_to(user).count() == {"nora": 3, "tess": 3, "sam": 0, "ada": 1}.get(name, 2)


def test_who_adds_and_who_does_not(cast):
    assert not add(cast).is_from_client
    assert add(cast, by=cast.gus).is_from_client
    for user in (cast.sam, cast.ada):
        with pytest.raises(PermissionDenied):
            add(cast, by=user)
    other = make_client("Otto")
    with pytest.raises(PermissionDenied):
        actions.add_client_file(other, given=given(pdf(1), NAME), by=cast.gus, now=clock.now())
    assert ClientFile.objects.count() == StoredFile.objects.count() == 2


def test_sharing_tells_of_something_and_nothing_of_it(cast, mailoutbox):
    row = add(cast)
    actions.share_client_file(row, by=cast.tess, now=clock.now())

    assert sorted(told(mailoutbox)) and Notice.objects.count() == 2
    for mail in mailoutbox:
        assert "Quetzalcoatlus" not in mail.message().as_string() and not mail.attachments
    actions.withdraw_client_file(row, by=cast.tess, now=clock.now())
    with pytest.raises(NotFound):
        get_client_file(cast.gus, row.pk)


def test_what_the_client_brings_is_told_to_whoever_works_with_them(cast):
    add(cast, by=cast.gus)

    [notice] = Notice.objects.all()
    assert notice.user_id == cast.tess.pk and "Quetzalcoatlus" not in f"{notice.title} {notice.body}"


def test_own_file_is_removed_by_whoever_brought_it(cast):
    row = add(cast, by=cast.gus)
    with pytest.raises(PermissionDenied):
        actions.remove_client_file(row, by=cast.cleo_login, now=clock.now())
    actions.remove_client_file(row, by=cast.gus, now=clock.now())
    shared = actions.share_client_file(add(cast), by=cast.tess, now=clock.now())
    with pytest.raises(PermissionDenied):
        actions.remove_client_file(shared, by=cast.gus, now=clock.now())
    actions.remove_client_file(shared, by=cast.tess, now=clock.now())
    assert not StoredFile.objects.exists()


def test_files_speak_against_deleting_their_client(cast):
    add(cast)
    assert "There is 1 file of Cleo Marten." in deletion.reasons_against_deleting(cast.cleo)


def test_pages_from_both_sides(cast):
    tess, gus, ada, sam = (browser_of(user) for user in (cast.tess, cast.gus, cast.ada, cast.sam))
    listed = f"/people/clients/{cast.cleo.pk}/files/"
    assert tess.post(listed, {"files": given(pdf(1), NAME)}).status_code == 302
    row = ClientFile.objects.get()
    path = f"/people/client-files/{row.pk}/"
    assert path in tess.get(listed).content.decode()
    for browser in (gus, ada, sam):
        assert browser.get(path).status_code == 404
    assert sam.get(listed).status_code == 404
    assert tess.post(f"{path}share/").status_code == 302

    opened = gus.get(f"{path}download/")
    assert opened.status_code == 200 and downloaded(opened) == pdf(1)
    assert "sandbox" in opened["Content-Security-Policy"] and opened["Content-Disposition"].startswith("attachment")
    assert AuditEvent.objects.filter(action="client_file.read", actor_id=str(cast.gus.pk)).count() == 1
    assert gus.post(listed, {"files": given(b"\xff\xd8\xff\xe0" + b"0" * 64, "x.jpg")}).status_code in (302, 422)
    assert ada.post(listed, {"files": given(pdf(1), NAME)}).status_code == 403
    assert gus.post(f"{path}removal/").status_code == 403
    assert gus.post(f"{path}withdrawal/").status_code == 403
    assert tess.post(f"{path}withdrawal/").status_code == 302
    assert gus.get(path).status_code == 404
    assert tess.get(f"{path}removal/").status_code == 200 and tess.post(f"{path}removal/").status_code == 302
    assert not ClientFile.objects.filter(pk=row.pk).exists()


def test_page_without_a_file_says_so(cast):
    refused = browser_of(cast.tess).post(f"/people/clients/{cast.cleo.pk}/files/", {})
    assert refused.status_code == 422 and not ClientFile.objects.exists()


def test_file_from_a_client_with_whom_nobody_works_is_told_to_whoever_looks_after_all_records(cast):
    Assignment.objects.filter(client=cast.cleo).delete()
    page = browser_of(cast.gus).get(f"/people/clients/{cast.cleo.pk}/files/").content.decode()
    add(cast, by=cast.gus)

    assert [notice.user_id for notice in Notice.objects.all()] == [cast.nora.pk]
    assert "Nobody works with Cleo Marten at the moment" in page and "are told that there is a new file" in page


def test_page_says_who_is_told(cast):
    listed = f"/people/clients/{cast.cleo.pk}/files/"
    said = "Those who work with Cleo Marten are told"
    assert said in browser_of(cast.gus).get(listed).content.decode()
    assert said not in browser_of(cast.tess).get(listed).content.decode()
    User.objects.filter(pk__in=[cast.tess.pk, cast.nora.pk]).update(is_active=False)
    assert "are told" not in browser_of(cast.gus).get(listed).content.decode()


def readings():
    return AuditEvent.objects.filter(action="client_file.read").count()


def test_reading_by_ranges_is_one_reading_and_never_none(cast, moved_clock):
    path = f"/people/client-files/{add(cast).pk}/"
    tess, nora = browser_of(cast.tess), browser_of(cast.nora)
    for asked in ("bytes=0-0", "bytes=1-", "bytes=-5"):
        assert tess.get(path, headers={"Range": asked}).status_code == 206
    assert readings() == 1
    assert nora.get(path, headers={"Range": "bytes=0-"}).status_code == 206
    assert readings() == 2
    moved_clock(timedelta(hours=1))
    assert tess.get(path, headers={"Range": "bytes=0-"}).status_code == 206
    assert readings() == 3


@pytest.mark.parametrize("asked", ["nonsense", "bytes=0-1,3-4", "lines=1-2", "bytes=-"])
def test_range_that_is_answered_by_the_whole_file_is_a_reading(cast, asked):
    answer = browser_of(cast.tess).get(f"/people/client-files/{add(cast).pk}/", headers={"Range": asked})

    assert answer.status_code == 200 and downloaded(answer) == pdf(1)
    assert readings() == 1


def test_part_that_lies_outside_the_file_is_no_reading(cast):
    answer = browser_of(cast.tess).get(f"/people/client-files/{add(cast).pk}/", headers={"Range": "bytes=999999-"})
    assert answer.status_code == 416 and readings() == 0


@pytest.mark.parametrize("asked", ["", "bytes=0-"])
def test_file_whose_reading_cannot_be_noted_is_not_given(cast, monkeypatch, asked):
    row = add(cast)

    def refuse(**row):
        raise AuditBroken(row["action"])

    monkeypatch.setattr(AuditEvent.objects, "create", refuse)
    with pytest.raises(AuditBroken):
        browser_of(cast.tess).get(f"/people/client-files/{row.pk}/", headers={"Range": asked})


@pytest.mark.parametrize(
    ("harm", "status", "said"),
    [
        ({"state": "checking"}, 409, "being looked through for viruses"),
        ({"state": "infected", "stored_as": "", "finding": "Eicar"}, 410, "a virus was found"),
        ({"stored_as": "files/2026/01/01/gone"}, 503, "cannot be read at the moment"),
    ],
)
def test_file_that_is_not_given_says_why(cast, harm, status, said):
    row = add(cast)
    StoredFile.objects.filter(pk=row.file_id).update(**harm)
    for way in ("", "download/"):
        answer = browser_of(cast.tess).get(f"/people/client-files/{row.pk}/{way}")
        assert answer.status_code == status and said in answer.content.decode()
    assert readings() == 0
