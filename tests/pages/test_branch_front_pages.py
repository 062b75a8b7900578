"""A branch's host opens with a page of its own, where somebody has chosen one."""

import pytest
from django.test import Client as Browser

from branding import actions as branding
from branding.queries import branches, current_brand
from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.pages import actions
from core.pages.models import BranchFrontPage, SitePage
from tests.factories.branches import HOST, forget, give_host, make_branch
from tests.factories.pages import fields_of
from tests.factories.web import browser_of
from tests.factories.website import add, publish, read


@pytest.fixture
def branch(site):
    made = make_branch(site)
    give_host(site, made)
    return made


@pytest.fixture
def quay(site):
    page = add(site, title="At the quay", slug="quay")
    publish(site, page)
    return page


def choose(site, page, *chosen):
    actions.set_branches_of_front_page(page=page, branches=chosen, by=site.nora)


def of_branch(path, status=200):
    return read(path, status, host=HOST)


def test_its_hosts_open_with_the_page_that_was_chosen_and_all_others_with_the_usual_one(site, branch, quay):
    usual = of_branch("/")
    choose(site, quay, branch)

    front = of_branch("/")
    assert "<h1" in front and "At the quay" in front
    assert f'<link rel="canonical" href="http://{HOST}/">' in front
    assert "<title>At the quay" not in usual
    assert "<title>At the quay" not in read("/")
    assert "<title>At the quay" in read("/quay/")
    assert Browser().get("/quay/", headers={"host": HOST})["Location"] == "/"
    assert "http://north.test/quay/" in read("/sitemap.xml")
    assert f"{HOST}/quay/" not in of_branch("/sitemap.xml") and f"<loc>http://{HOST}/</loc>" in of_branch(
        "/sitemap.xml"
    )


def test_menu_names_it_once(site, branch, quay):
    choose(site, quay, branch)

    assert 'href="/quay/"' not in of_branch("/")
    assert 'href="/quay/"' in read("/")


def test_languages_in_the_address_lead_to_it_too(site, branch, quay):
    branding.change_brand(current_brand(), by=site.nora, languages=["en", "de"])
    forget()
    choose(site, quay, branch)

    assert "At the quay" in of_branch("/de/")
    assert Browser().get("/de/quay/", headers={"host": HOST})["Location"] == "/de/"


def test_what_is_not_public_is_no_front_page(site, branch, quay):
    choose(site, quay, branch)
    actions.unpublish_page(page=quay, by=site.nora)
    assert "<title>At the quay" not in of_branch("/")

    actions.delete_page(page=quay, by=site.nora)
    assert not BranchFrontPage.objects.exists()
    assert of_branch("/")


def test_branch_that_is_closed_or_deleted_has_none(site, branch, quay):
    choose(site, quay, branch)
    branding.close_branch(branch, by=site.nora, now=clock.now())
    forget()
    assert "<title>At the quay" not in of_branch("/")
    branding.delete_branch(branch, by=site.nora, now=clock.now())
    assert SitePage.objects.filter(pk=quay.pk).exists()


def test_each_branch_has_one_and_one_page_serves_several(site, branch, quay):
    lake = make_branch(site, label="Lake", name="Lakeside Rooms")
    other = add(site, title="Both", slug="both")
    choose(site, quay, branch)
    choose(site, other, branch, lake)

    assert {front.branch_id: front.page_id for front in BranchFrontPage.objects.all()} == {
        branch.pk: other.pk, lake.pk: other.pk
    }  # fmt: skip
    choose(site, other, lake)
    assert list(BranchFrontPage.objects.values_list("branch_id", flat=True)) == [lake.pk]


def test_what_cannot_be_is_refused(site, branch, quay):
    with pytest.raises(DomainError) as everybodys:
        choose(site, site.home, branch)
    assert everybodys.value.code == "front_page_of_all"

    branding.close_branch(branch, by=site.nora, now=clock.now())
    forget()
    with pytest.raises(DomainError) as closed:
        choose(site, quay, branch)
    assert closed.value.code == "branch_closed"
    assert not BranchFrontPage.objects.exists()


def test_form_chooses_says_so_and_writes_one_line_of_the_audit(site, branch, quay):
    browser = browser_of(site.nora)
    path = f"/website/pages/{quay.pk}/front/"
    sent = fields_of(browser.get(path)) | {"branches": [str(branch.pk)]}

    assert browser.post(path, sent).status_code == 302
    assert browser.post(path, sent).status_code == 302  # from a second tab, or twice

    event = AuditEvent.objects.get(action="front_page.chosen")
    assert event.changes == {"branches": [[], ["Harbour"]]}
    assert "Front page of" in browser.get(f"/website/pages/{quay.pk}/").content.decode()
    assert "front page of Harbour" in browser.get("/website/").content.decode()
    assert f'href="/website/pages/{quay.pk}/"' in browser.get(f"/settings/branches/{branch.pk}/").content.decode()


def test_late_tab_takes_nothing_back(site, branch, quay):
    lake = make_branch(site, label="Lake", name="Lakeside Rooms")
    browser, path = browser_of(site.nora), f"/website/pages/{quay.pk}/front/"
    early, late = fields_of(browser.get(path)), fields_of(browser.get(path))
    assert browser.post(path, early | {"branches": [str(branch.pk)]}).status_code == 302

    assert browser.post(path, late | {"branches": [str(lake.pk)]}).status_code == 302  # what both have chosen counts

    assert set(BranchFrontPage.objects.values_list("branch_id", flat=True)) == {branch.pk, lake.pk}


def test_only_who_runs_the_organization_chooses(site, branch, quay):
    path = f"/website/pages/{quay.pk}/front/"
    for user in (site.sam, site.tess, site.gus, site.ada):
        assert browser_of(user).get(path).status_code == 403
        assert browser_of(user).post(path, {"branches": [str(branch.pk)]}).status_code == 403
    assert Browser().get(path, headers={"host": "north.test"}).status_code == 302
    assert not BranchFrontPage.objects.exists()


def test_without_branches_there_is_nothing_to_choose(site, quay):
    assert not branches()
    browser = browser_of(site.nora)
    assert browser.get(f"/website/pages/{quay.pk}/front/").status_code == 404
    assert "/front/" not in browser.get(f"/website/pages/{quay.pk}/").content.decode()


@pytest.mark.parametrize("label", ["漢字", "👩‍🚒", "مرحبا", "<b>\"'&", "%(name)s {{ x }}", "x" * 80])
def test_any_label_is_shown_as_text(site, quay, label):
    branch = make_branch(site, label=label)
    choose(site, quay, branch)
    browser = browser_of(site.nora)
    for path in ("/website/", f"/website/pages/{quay.pk}/", f"/website/pages/{quay.pk}/front/"):
        page = browser.get(path)
        assert page.status_code == 200 and "<b>" not in page.content.decode()
