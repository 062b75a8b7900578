"""When drafts are published, and at which addresses they stand."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client as Browser

from branding.models import Brand
from core.kernel import clock, outbox
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.pages import actions, queries
from core.pages.actions.drafts import RESERVED
from core.pages.models import SitePage
from portal import urls
from tests.factories.pages import fields_of
from tests.factories.web import browser_of
from tests.factories.website import add, publish, read, soon


def test_draft_is_published_at_its_time_by_itself(site, monkeypatch):
    page = add(site)
    at = clock.now() + timedelta(hours=2)
    actions.schedule_page(page=page, at=at, by=site.nora)
    assert queries.site_pages()[-1].state == queries.PageState.SCHEDULED
    outbox.deliver_due()
    read("/team/", 404)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=1))
    outbox.deliver_due()
    assert read("/team/")
    assert queries.site_pages()[-1].state == queries.PageState.LIVE


def test_date_that_was_put_off_or_taken_back_is_not_kept(site):
    page = add(site)
    first, second = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    actions.schedule_page(page=page, at=first, by=site.nora)
    actions.schedule_page(page=page, at=second, by=site.nora)
    revision = SitePage.objects.get().latest_revision_id
    assert not actions.publish_scheduled(revision, at=first)
    actions.unpublish_page(page=page, by=site.nora)
    actions.publish_page(page=page, by=site.nora)
    assert not actions.publish_scheduled(revision, at=second)


def test_moment_that_is_past_is_refused(site):
    with pytest.raises(DomainError) as refusal:
        actions.schedule_page(page=add(site), at=clock.now(), by=site.nora)
    assert refusal.value.code == "moment_past"


def test_old_address_leads_to_the_new_one(site):
    page = add(site)
    publish(site, page)
    actions.change_page(
        page=page, language="en", title="People", description="", slug="people-here", show_in_menus=True, by=site.nora
    )
    assert read("/team/")
    publish(site, page)
    answer = Browser().get("/team/", headers={"host": "north.test"})
    assert (answer.status_code, answer["Location"]) == (301, "/people-here/")
    assert Browser().get("/team/", headers={"host": "south.test"}).status_code == 404
    actions.change_page(
        page=SitePage.objects.get(), language="en", title="Team", description="", slug="team", by=site.nora
    )
    publish(site, page)
    assert read("/team/") and Browser().get("/people-here/", headers={"host": "north.test"})["Location"] == "/team/"


def change_address(site, page, slug):
    actions.change_page(page=page, language="en", title=page.title, description="", slug=slug, by=site.nora)


def test_address_that_two_drafts_want_is_of_the_first_that_is_published(site):
    one, two = add(site), add(site, title="Us", slug="us")
    change_address(site, one, "crew")
    change_address(site, two, "crew")
    publish(site, one)
    for act in (publish, lambda site, page: actions.schedule_page(page=page, at=soon(), by=site.nora)):
        with pytest.raises(DomainError) as refusal:
            act(site, two)
        assert refusal.value.code == "address_taken"
    editor, browser = f"/website/pages/{two.pk}/publication/", browser_of(site.nora)
    answer = browser.post(editor, fields_of(browser.get(f"/website/pages/{two.pk}/"), editor), follow=True)
    assert "Another page has this address" in answer.content.decode()
    actions.add_section(page=two, language="en", kind="quote", value={"text": "Still written."}, by=site.nora)
    change_address(site, two, "we")
    publish(site, two)
    assert "Still written." in read("/we/") and read("/crew/")


def test_scheduled_page_whose_address_was_taken_is_published_at_its_own(site, monkeypatch):
    one, two = add(site), add(site, title="Us", slug="us", sections=[{"type": "quote", "value": {"text": "We."}}])
    for page in (one, two):
        change_address(site, page, "crew")
    at = soon()
    actions.schedule_page(page=two, at=at, by=site.nora)
    publish(site, one)
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=1))
    outbox.deliver_due()
    assert "We." in read("/us/") and "We." not in read("/crew/")


def test_old_tab_cannot_publish_what_it_did_not_show(site):
    page = add(site)
    browser = browser_of(site.nora)
    editor, date = f"/website/pages/{page.pk}/publication/", f"/website/pages/{page.pk}/date/"
    old = fields_of(browser.get(f"/website/pages/{page.pk}/"), editor)
    later = fields_of(browser.get(date), date)
    actions.add_section(page=page, language="en", kind="quote", value={"text": "Not seen."}, by=site.sam)
    assert f"{site.sam} has changed the draft meanwhile" in browser.post(editor, old, follow=True).content.decode()
    day = (clock.now() + timedelta(days=3)).date()
    refused = browser.post(date, later | {"date": str(day), "time": "10:00"})
    assert refused.status_code == 422 and "has changed the draft meanwhile" in refused.content.decode()
    read("/team/", 404)
    browser.post(editor, fields_of(browser.get(f"/website/pages/{page.pk}/"), editor))
    assert "Not seen." in read("/team/")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_day_that_is_too_far_is_said_at_its_field(site, day):
    date = f"/website/pages/{add(site).pk}/date/"
    browser = browser_of(site.nora)
    refused = browser.post(date, fields_of(browser.get(date), date) | {"date": day, "time": "23:59"})
    assert refused.status_code == 422 and refused.context["form"].errors["date"]
    assert browser.get("/website/").status_code == 200


def test_publication_that_was_set_can_be_called_off(site, monkeypatch):
    page, at = add(site), soon()
    for end in (f"/website/pages/{page.pk}/date/end/", f"/website/pages/{page.pk}/withdrawal/"):
        actions.schedule_page(page=page, at=at, by=site.nora)
        assert end in browser_of(site.nora).get(f"/website/pages/{page.pk}/").content.decode() or "withdrawal" in end
        browser_of(site.nora).post(end)
        assert queries.goes_live_at(page) is None
    actions.unschedule_page(page=page, by=site.nora)
    assert AuditEvent.objects.filter(action="page.unscheduled").count() == 2
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(minutes=1))
    outbox.deliver_due()
    read("/team/", 404)


def test_no_page_takes_an_address_of_the_portals():
    firsts = {str(pattern.pattern).partition("/")[0] for pattern in flat(urls.urlpatterns)}
    assert {each for each in firsts if each.isidentifier()} <= RESERVED


def flat(patterns, before=""):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from flat(pattern.url_patterns, before + str(pattern.pattern))
        else:
            yield SimpleNamespace(pattern=(before + str(pattern.pattern)).lstrip("^"))


def test_page_whose_address_begins_like_a_file_of_the_brands_is_a_page(site):
    Brand.objects.update(languages=["en", "de"])
    for slug in ("brand-new", "manifesto", "robots"):
        publish(site, add(site, title=slug, slug=slug))
        answer = Browser().get(f"/{slug}/", headers={"host": "north.test", "accept-language": "de"})
        assert (answer["Cache-Control"], answer["Content-Language"]) == ("no-store", "de")


@pytest.mark.parametrize(
    ("slug", "code"), [("team", "address_taken"), ("settings", "address_reserved"), ("en", "address_reserved")]
)
def test_address_that_leads_elsewhere_is_refused(site, slug, code):
    add(site)
    with pytest.raises(DomainError) as refusal:
        add(site, slug=slug)
    assert (refusal.value.code, refusal.value.field) == (code, "slug")
