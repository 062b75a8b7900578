"""Resources are brought, limited, replaced, shared, added by colleagues, withdrawn and deleted; by whom, and each refusal."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.files import contents
from core.files.models import FileUsage, StoredFile
from core.kernel import clock
from core.kernel.errors import ConflictError, DomainError, NotFound
from core.kernel.models import AuditEvent
from core.resources import actions, queries
from core.resources.models import ListedResource, Resource, ResourceVersion
from core.resources.permissions import (
    CHANGE,
    SEE,
    WITHDRAW,
    can_change_resource,
    can_see_resource,
    can_withdraw_resource,
    get_resource,
    resources_visible_to,
)
from tenants.entitlements import allowances
from tests.broken_audit import assert_nothing_is_written
from tests.factories.files import docx, downloaded, given, jpeg, pdf, send
from tests.factories.web import browser_of
from tests.resources.bringing import NASTY, bring, colleague, deliver


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (pdf(2), "Plan.pdf", "pdf"),
        (docx(), "Letter.docx", "document"),
        (docx(), "Slides.pptx", "slides"),
        (docx(), "Song.mxl", "score"),
        (b"<?xml version='1.0'?><score-partwise/>", "Song.musicxml", "score"),
        (b"ID3" + bytes(200), "Song.mp3", "audio"),
        (b"RIFF\0\0\0\0WAVEfmt ", "Song.wav", "audio"),
        (jpeg(), "Cat.jpg", "picture"),
        (b"BM" + bytes(60), "Cat.bmp", "picture"),
    ],
)
def test_file_of_every_promised_kind_comes_back_as_it_was(cast, content, name, kind):
    resource = bring(cast.tess, content, name)

    assert (resource.kind, resource.title) == (kind, name.rpartition(".")[0])
    answer = browser_of(cast.tess).get(f"/resources/{resource.pk}/download/")
    assert downloaded(answer) == content
    assert name in answer["Content-Disposition"] and answer["Content-Type"] == "application/octet-stream"
    assert contents.opened(StoredFile.objects.select_related("key").get(pk=resource.file_id)).read() == content
    assert queries.my_list(cast.tess.staff).get().resource == resource


@pytest.mark.parametrize(
    ("content", "name"), [(b"MZ", "a.exe"), (b"<svg/>", "a.svg"), (b"<html>", "a.html"), (docx(), "a.zip")]
)
def test_what_is_no_material_is_refused_by_name(cast, content, name):
    with pytest.raises(DomainError) as refused:
        bring(cast.tess, content, name)

    assert refused.value.code == "file_kind" and not Resource.objects.exists()


def test_limit_counts_what_is_owned_and_deletes_nothing(cast, north):
    bring(cast.tess)
    shared = actions.share_resource(resource=bring(cast.nora), by=cast.nora, now=clock.now())
    north.known_allowances = {**allowances(north), "resources": 1}

    with pytest.raises(DomainError, match="You own 1 resources, and your plan has up to 1"):
        bring(cast.tess)
    with pytest.raises(DomainError, match="You own 1"):
        actions.add_link(address="https://example.org", title="x", by=cast.tess, now=clock.now())
    with pytest.raises(DomainError, match="You own 1"):
        send(pdf(), "a.pdf", by=cast.tess, purpose="resource")
    actions.add_to_list(resource=shared, by=cast.tess, now=clock.now())  # does not count
    mine = Resource.objects.get(owner=cast.tess.staff)
    actions.replace_file(resource=mine, given=given(pdf(5), "new.pdf"), by=cast.tess, now=clock.now())  # nor does that
    assert queries.owning(cast.tess.staff).owned == 1
    north.known_allowances = {**allowances(north), "resources": 0}
    assert queries.my_list(cast.tess.staff).count() == 2


def test_fresh_copy_reaches_everybody_and_goes_back(cast):
    ben = colleague()
    resource = actions.share_resource(resource=bring(cast.tess), by=cast.tess, now=clock.now())
    actions.add_to_list(resource=resource, by=ben, now=clock.now())
    first = resource.file_id

    actions.replace_file(resource=resource, given=given(jpeg(), "New.jpg"), by=cast.tess, now=clock.now())

    seen = queries.my_list(ben.staff).get().resource
    assert (seen.kind, seen.file.name) == ("picture", "New.jpg")
    version = ResourceVersion.objects.get()
    assert version.file_id == first
    actions.restore_version(version=version, by=cast.tess, now=clock.now())
    resource.refresh_from_db()
    assert (resource.kind, resource.file_id) == ("pdf", first) and ResourceVersion.objects.count() == 1
    with pytest.raises(PermissionDenied):
        actions.replace_file(resource=resource, given=given(pdf(), "a.pdf"), by=ben, now=clock.now())


def test_store_shares_and_withdraws(cast):
    ben, resource = colleague(), bring(cast.tess)
    with pytest.raises(NotFound):
        get_resource(ben, resource.pk)
    actions.share_resource(resource=resource, by=cast.tess, now=clock.now())
    assert [each.is_mine for each in queries.store(ben.staff)] == [False]
    actions.add_to_list(resource=resource, by=ben, now=clock.now())
    actions.add_to_list(resource=resource, by=ben, now=clock.now())
    assert [each.is_mine for each in queries.store(ben.staff)] == [True]
    page = browser_of(ben).get(f"/resources/{resource.pk}/")
    assert page.status_code == 200 and b"Replace by a fresh copy" not in page.content

    actions.withdraw_resource(resource=resource, by=cast.tess)

    assert not queries.store(ben.staff).exists() and not queries.my_list(ben.staff).exists()
    assert browser_of(ben).get(f"/resources/{resource.pk}/file/").status_code == 404
    assert queries.my_list(cast.tess.staff).exists()
    with pytest.raises(NotFound):
        actions.add_to_list(resource=resource, by=ben, now=clock.now())
    assert AuditEvent.objects.get(action="resource.withdrawn").changes == {"lists": [1, 0]}


def test_whoever_runs_the_organization_takes_out_of_the_store_and_changes_nothing(cast):
    resource = actions.share_resource(resource=bring(cast.tess), by=cast.tess, now=clock.now())

    with pytest.raises(PermissionDenied):
        get_resource(cast.nora, resource.pk, to=CHANGE)
    with pytest.raises(PermissionDenied):
        actions.delete_resource(resource=resource, by=cast.nora)
    with pytest.raises(PermissionDenied):
        actions.withdraw_resource(resource=resource, by=colleague())
    actions.withdraw_resource(resource=resource, by=cast.nora)

    with pytest.raises(NotFound):
        get_resource(cast.nora, resource.pk)


def test_doors_predicates_and_lists_agree_for_everybody(cast):
    ben = colleague()
    private, shared = bring(cast.tess), bring(cast.tess)
    actions.share_resource(resource=shared, by=cast.tess, now=clock.now())
    shared.refresh_from_db()

    for user in (cast.nora, cast.tess, cast.sam, cast.gus, cast.ada, ben):
        for resource in (private, shared):
            assert can_see_resource(user, resource) == resources_visible_to(user).filter(pk=resource.pk).exists()
            for to, may in ((SEE, can_see_resource), (CHANGE, can_change_resource), (WITHDRAW, can_withdraw_resource)):
                try:
                    opened = bool(get_resource(user, resource.pk, to=to))
                except (NotFound, PermissionDenied):
                    opened = False
                assert opened == may(user, resource), (user, to)


def test_deleted_resource_leaves_nothing(cast):
    resource = bring(cast.tess, jpeg(), "Cat.jpg")
    actions.replace_file(resource=resource, given=given(pdf(), "a.pdf"), by=cast.tess, now=clock.now())
    actions.share_resource(resource=resource, by=cast.tess, now=clock.now())
    actions.add_to_list(resource=resource, by=cast.nora, now=clock.now())
    deliver()

    actions.delete_resource(resource=resource, by=cast.tess)
    deliver()

    assert not StoredFile.objects.exists() and not ListedResource.objects.exists()
    assert FileUsage.objects.get().size == 0
    with pytest.raises(NotFound):
        actions.change_resource(resource=resource, title="x", description="", tags=[], by=cast.tess, now=clock.now())


def test_links_are_labelled_and_lead_nowhere_dangerous(cast):
    link = {"title": NASTY, "by": cast.tess, "now": clock.now()}
    resource = actions.add_link(address="https://docs.google.com/drawings/d/x/edit", **link)

    page = browser_of(cast.tess).get(f"/resources/{resource.pk}/").content.decode()

    assert "Google Drawings" in page and 'rel="noopener noreferrer"' in page and "<b>" not in page
    for address in ("javascript:alert(1)", "data:text/html,x", "//example.org", "https://a@example.org"):
        with pytest.raises(DomainError, match="whole address"):
            actions.add_link(address=address, **link)
    with pytest.raises(ConflictError):
        actions.replace_file(resource=resource, given=given(pdf(), "a.pdf"), by=cast.tess, now=clock.now())
    with pytest.raises(DomainError, match="Give it a title"):
        actions.add_link(address="https://example.org", title=" \u200b ", by=cast.tess, now=clock.now())


def test_found_by_title_tag_kind_and_mark(cast):
    plan = bring(cast.tess, name="Zoë’s plan.pdf", tags=["Warm-up", "warm-up", "Vowels"])
    bring(cast.tess, jpeg(), "Cat.jpg")
    actions.set_favorite(resource=plan, is_favorite=True, by=cast.tess)
    staff = cast.tess.staff

    assert plan.tags == ["warm-up", "vowels"] == sorted(queries.tags_of(staff), reverse=True)
    for search in (
        {"typed": "zoes"},
        {"typed": "vowels"},
        {"tag": "vowels"},
        {"kind": "pdf"},
        {"only_favorites": True},
    ):
        assert [row.resource for row in queries.my_list(staff, **search)] == [plan], search
    with pytest.raises(DomainError, match="At most 20 tags"):
        bring(cast.tess, tags=[f"t{number}" for number in range(21)])


def test_nobody_else_has_resources(cast):
    for user in (cast.gus, cast.ada):
        browser = browser_of(user)
        assert [browser.get(path).status_code for path in ("/resources/", "/resources/store/", "/resources/new/")] == [
            403
        ] * 3
        with pytest.raises(PermissionDenied):
            bring(user)


def test_files_come_by_parts_or_with_the_form_and_nothing_typed_is_lost(cast):
    browser = browser_of(cast.tess)
    upload = send(jpeg(), "Cat.jpg", by=cast.tess, purpose="resource")
    typed = {"files_uploads": [str(upload.pk)], "tags": "Cats, Pets"}

    refused = browser.post("/resources/new/", {**typed, "files": given(b"<html>", "Bad.pdf")})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "not what its name says" in page and "Cat.jpg" in page and str(upload.pk) in page and "Cats, Pets" in page
    done = browser.post("/resources/new/", {**typed, "files": [given(pdf(), "Plan.pdf"), given(docx(), "Letter.docx")]})

    assert done.status_code == 302
    assert set(Resource.objects.values_list("title", flat=True)) == {"Cat", "Plan", "Letter"}
    assert "3 resources added." in browser.get("/resources/").content.decode()
    assert browser.post("/resources/new/", typed).status_code == 422  # it is taken
    assert browser.post("/resources/new/", {"tags": "x"}).status_code == 422


def test_file_is_shown_by_parts_in_a_sandbox(cast):
    resource = bring(cast.tess, pdf(40), "Plan “1”.pdf")
    browser = browser_of(cast.tess)

    part = browser.get(f"/resources/{resource.pk}/file/", headers={"Range": "bytes=5-14"})

    assert (part.status_code, part["Content-Range"]) == (206, f"bytes 5-14/{len(pdf(40))}")
    assert part["Content-Type"] == "application/pdf" and "sandbox" in part["Content-Security-Policy"]
    assert part["X-Content-Type-Options"] == "nosniff" and part["Cache-Control"] == "private, no-store"
    letter = bring(cast.tess, docx(), "Letter.docx")
    shown = browser.get(f"/resources/{letter.pk}/file/")
    assert shown["Content-Disposition"].startswith("attachment") and shown["Content-Type"] == "application/octet-stream"
    assert browser.get(f"/resources/{resource.pk}/file/", headers={"Range": "bytes=99999999-"}).status_code == 416


def test_pages_cost_the_same_however_many_there_are(cast):
    browser, numbers = browser_of(cast.tess), []
    for count in (1, 12):
        while Resource.objects.count() < count:
            resource = bring(cast.tess, tags=[f"t{Resource.objects.count()}"])
            actions.share_resource(resource=resource, by=cast.tess, now=clock.now())
        for path in ("/resources/", "/resources/store/"):
            browser.get(path)
            with CaptureQueriesContext(connection) as asked:
                assert browser.get(path).status_code == 200
            numbers.append(len(asked))

    assert numbers[:2] == numbers[2:]
    assert max(numbers) <= 15


def test_all_of_it_through_the_pages(cast):
    browser, resource = browser_of(cast.tess), bring(cast.tess)
    at = f"/resources/{resource.pk}"

    browser.post(f"{at}/change/", {"title": NASTY, "description": "Two\nlines", "tags": "One, two"})
    browser.post(f"{at}/copy/", {"files": given(jpeg(), "New.jpg")})
    browser.post(f"{at}/sharing/", {"to": "share"})
    browser.post(f"{at}/favorite/", {"to": "add", "back": "list"})
    deliver()

    resource.refresh_from_db()
    assert (resource.title, resource.tags, resource.kind, resource.is_shared) == (
        NASTY,
        ["one", "two"],
        "picture",
        True,
    )
    page = browser.get(f"{at}/").content.decode()
    assert f"{at}/picture/large/" in page and "Plan.pdf" in page
    assert browser.get(f"{at}/picture/small/")["Content-Type"] == "image/webp"
    version = ResourceVersion.objects.get().pk
    assert "attachment" in browser.get(f"{at}/versions/{version}/")["Content-Disposition"]
    assert browser.post(f"{at}/versions/{version}/restoration/").status_code == 302
    assert browser.post(f"{at}/sharing/", {"to": "withdraw"}).status_code == 302
    assert browser.post(f"{at}/deletion/")["Location"] == "/resources/"
    assert browser.get(f"{at}/").status_code == 404


ACTS = {
    "file": lambda cast, one, two: bring(cast.tess),
    "link": lambda cast, one, two: actions.add_link(address="https://x.org", title="x", by=cast.tess, now=clock.now()),
    "change": lambda cast, one, two: actions.change_resource(
        resource=one, title="x", description="", tags=[], by=cast.tess, now=clock.now()
    ),
    "replace": lambda cast, one, two: actions.replace_file(
        resource=one, given=given(jpeg(), "a.jpg"), by=cast.tess, now=clock.now()
    ),
    "share": lambda cast, one, two: actions.share_resource(resource=one, by=cast.tess, now=clock.now()),
    "withdraw": lambda cast, one, two: actions.withdraw_resource(resource=two, by=cast.tess),
    "add": lambda cast, one, two: actions.add_to_list(resource=two, by=cast.sam, now=clock.now()),
    "take off": lambda cast, one, two: actions.take_off_list(resource=two, by=cast.nora),
    "delete": lambda cast, one, two: actions.delete_resource(resource=one, by=cast.tess),
}


@pytest.mark.parametrize("act", ACTS)
def test_act_without_its_note_does_not_happen(cast, monkeypatch, act):
    one, two = bring(cast.tess), actions.share_resource(resource=bring(cast.tess), by=cast.tess, now=clock.now())
    actions.add_to_list(resource=two, by=cast.nora, now=clock.now())

    assert_nothing_is_written(lambda: ACTS[act](cast, one, two), monkeypatch)
