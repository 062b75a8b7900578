"""Pages of a PDF: removed, put in another order, and added, as a fresh copy; the file before stays (RES-06, RES-07)."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from pypdf import PdfReader, PdfWriter

from core.files.contents import opened
from core.files.models import StoredFile
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.resources import actions
from core.resources.models import ResourceVersion
from tests.factories.files import given, jpeg
from tests.factories.web import browser_of
from tests.resources.bringing import bring, colleague, deliver


@pytest.fixture(autouse=True)
def _own_store(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def sheets(*widths, password=""):
    """A PDF whose pages are told apart by their width."""
    writer, written = PdfWriter(), io.BytesIO()
    for width in widths:
        writer.add_blank_page(width, 600)
    if password:
        writer.encrypt(password)
    writer.write(written)
    return written.getvalue()


def widths(resource):
    resource.refresh_from_db()
    file = StoredFile.objects.select_related("key").get(pk=resource.file_id)
    return [int(page.mediabox.width) for page in PdfReader(io.BytesIO(opened(file).read())).pages]


def plan_of(user, content=None):
    resource = bring(user, content or sheets(100, 200, 300), "Plan.pdf")
    deliver()
    resource.refresh_from_db()
    return resource


def arrange(resource, order, by, more=None):
    seen = resource.file_id
    return actions.arrange_pages(resource=resource, order=order, seen=seen, more=more, by=by, now=clock.now())


def fill_in(browser, resource, **typed):
    page = browser.get(f"/resources/{resource.pk}/pages/").content.decode()
    hidden = {
        name: page.partition(f'name="{name}" value="')[2].partition('"')[0]
        for name in ("form_version", "form_key", "file")
    }
    return browser.post(f"/resources/{resource.pk}/pages/", {**hidden, **typed})


def test_pages_are_removed_moved_and_added_and_the_file_before_stays(cast):
    resource, browser = plan_of(cast.tess), browser_of(cast.tess)
    page = browser.get(f"/resources/{resource.pk}/pages/").content.decode()
    assert 'value="1-3"' in page and "<page-order" in page

    assert fill_in(browser, resource, order="3, 1").status_code == 302
    assert widths(resource) == [300, 100]
    deliver()
    assert fill_in(browser, resource, order="2, 1", more=given(sheets(400, 500), "More.pdf")).status_code == 302
    assert widths(resource) == [100, 300, 400, 500]
    assert resource.file.name == "Plan.pdf"
    deliver()
    assert StoredFile.objects.count() == 3  # two versions and the present one; what was added is not kept by itself
    first = ResourceVersion.objects.order_by("replaced_at", "pk").first()
    actions.restore_version(version=first, by=cast.tess, now=clock.now())
    assert widths(resource) == [100, 200, 300]


@pytest.mark.parametrize(("order", "said"), [
    ("1, 1", "Page 1 stands there twice"), ("4", "There is no page 4"), ("", "At least one page stays"), ("x", "Write the pages as numbers"),
    ("1-3", "These are the pages as they are"),
])  # fmt: skip
def test_what_is_no_order_is_said_at_its_field(cast, order, said):
    resource = plan_of(cast.tess)
    refused = fill_in(browser_of(cast.tess), resource, order=order)
    assert refused.status_code == 422 and said in refused.content.decode()
    assert not ResourceVersion.objects.exists()


def test_late_tab_is_told_and_changes_nothing(cast):
    resource, browser = plan_of(cast.tess), browser_of(cast.tess)
    page = browser.get(f"/resources/{resource.pk}/pages/").content.decode()
    hidden = {
        name: page.partition(f'name="{name}" value="')[2].partition('"')[0]
        for name in ("form_version", "form_key", "file")
    }
    actions.replace_file(
        resource=resource, given=given(sheets(700, 800, 900), "New.pdf"), by=cast.tess, now=clock.now()
    )
    deliver()
    late = browser.post(f"/resources/{resource.pk}/pages/", {**hidden, "order": "2, 1"})
    assert late.status_code == 422 and widths(resource) == [700, 800, 900]


def test_locked_broken_or_other_files_are_refused_and_nothing_is_left(cast):
    resource = plan_of(cast.tess)
    for content, name in ((sheets(1, password="x"), "Locked.pdf"), (b"%PDF-1.7 nothing", "Broken.pdf")):
        with pytest.raises(DomainError, match="cannot be taken apart"):
            arrange(resource, [1], cast.tess, more=given(content, name))
    with pytest.raises(DomainError, match="Choose a PDF"):
        arrange(resource, [1], cast.tess, more=given(jpeg(), "Cat.jpg"))
    locked = bring(cast.tess, sheets(1, 2, password="x"), "Locked.pdf")
    with pytest.raises(DomainError, match="cannot be taken apart"):
        arrange(locked, [2, 1], cast.tess)
    assert StoredFile.objects.count() == 2 and widths(resource) == [100, 200, 300]
    deliver()
    assert browser_of(cast.tess).get(f"/resources/{locked.pk}/pages/").status_code == 302  # nobody has counted them


def test_only_the_owner_of_a_pdf(cast):
    resource, ben = plan_of(cast.tess), colleague()
    actions.share_resource(resource=resource, by=cast.tess, now=clock.now())
    with pytest.raises(PermissionDenied):
        arrange(resource, [1], ben)
    assert browser_of(ben).get(f"/resources/{resource.pk}/pages/").status_code == 403
    picture = bring(cast.tess, jpeg(), "Cat.jpg")
    with pytest.raises(NotFound):
        arrange(picture, [1], cast.tess)
    assert browser_of(cast.tess).get(f"/resources/{picture.pk}/pages/").status_code == 404
