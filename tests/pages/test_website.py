"""The website is written as drafts, published when somebody says so, and read by everybody, in their language."""

import io
from datetime import timedelta
from decimal import Decimal
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.test import Client as Browser
from PIL import Image

from billing.actions import catalogue
from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from core.kernel import clock, outbox
from core.kernel.errors import DomainError, NotFound
from core.kernel.models import AuditEvent
from core.kernel.money import Money
from core.pages import actions, queries
from core.pages.actions.drafts import RESERVED, checked
from core.pages.models import HomePage, SitePage
from core.people.roles import ClientPermission
from portal import urls
from tests.factories.images import LOGOS, upload
from tests.factories.pages import fields_of
from tests.factories.web import browser_of

NASTY = "Zoë “the 1st” O'Brien 李明 👩‍👧 שלום <b>&amp;"


def soon():
    return clock.now() + timedelta(hours=1)


@pytest.fixture
def site(cast):
    actions.create_site(name="North Practice")
    cast.home = HomePage.objects.get()
    return cast


def add(site, title="Team", slug="team", parent=None, **more):
    return actions.add_page(parent=parent or site.home, title=title, slug=slug, language="en", by=site.nora, **more)


def read(path, status=200, **headers):
    answer = Browser().get(path, headers={"host": "north.test", **headers})
    assert answer.status_code == status, path
    return answer.content.decode()


def publish(site, page):
    actions.publish_page(page=page, by=site.nora)


def test_draft_is_read_by_nobody_until_it_is_published(site):
    page = add(site, sections=[{"type": "quote", "value": {"text": "Kind people."}}])
    read("/team/", 404)
    assert "Team" not in read("/") and "Team" not in read("/sitemap.xml")
    publish(site, page)
    assert "Kind people." in read("/team/") and ">Team</a>" in read("/")
    assert "/team/" in read("/sitemap.xml")


def test_change_of_a_published_page_is_a_draft(site):
    page = add(site)
    section = actions.add_section(page=page, language="en", kind="quote", value={"text": "Old words."}, by=site.nora)
    publish(site, page)
    actions.change_section(page=page, language="en", section=section, value={"text": "New words."}, by=site.nora)
    assert "Old words." in read("/team/")
    assert queries.state_of(SitePage.objects.get(), None) == queries.PageState.CHANGED
    shown = browser_of(site.nora).get(f"/website/pages/{page.pk}/preview/").content.decode()
    assert "New words." in shown and "This is the draft" in shown and "noindex" in shown
    publish(site, page)
    assert "New words." in read("/team/")


def test_preview_is_for_those_who_write_the_website(site):
    page = add(site)
    for person in (site.tess, site.gus):
        assert browser_of(person).get(f"/website/pages/{page.pk}/preview/").status_code == 403
        assert browser_of(person).get("/website/").status_code == 403


def test_page_taken_off_is_gone_for_readers_and_kept_as_a_draft(site):
    page = add(site)
    publish(site, page)
    actions.unpublish_page(page=page, by=site.nora)
    read("/team/", 404)
    assert queries.draft_of(SitePage.objects.get()).title == "Team"


def test_page_called_like_the_organization_says_the_name_once(site):
    publish(site, add(site, title=current_brand().name))
    assert f"<title>{current_brand().name}</title>" in read("/team/")
    publish(site, add(site, title="Prices", slug="prices"))
    assert f"<title>Prices · {current_brand().name}</title>" in read("/prices/")


def test_front_page_stays(site):
    for act in (actions.unpublish_page, actions.delete_page):
        with pytest.raises(DomainError) as refusal:
            act(page=site.home, by=site.nora)
        assert refusal.value.code == "front_page_stays"
    assert read("/")


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


def test_earlier_version_can_be_brought_back(site):
    page = add(site)
    section = actions.add_section(page=page, language="en", kind="quote", value={"text": "First."}, by=site.nora)
    publish(site, page)
    actions.change_section(page=page, language="en", section=section, value={"text": "Second."}, by=site.nora)
    publish(site, page)
    newest, *_others, earlier = queries.versions_of(page, most=9)[:2]
    actions.restore_version(page=page, version=earlier, by=site.nora)
    assert "Second." in read("/team/")
    publish(site, page)
    assert "First." in read("/team/") and newest.pk != earlier.pk
    with pytest.raises(NotFound):
        queries.get_version(site.home, earlier.pk)


def test_what_one_person_writes_in_one_go_is_one_version(site):
    page = add(site)
    for words in ("One.", "Two.", "Three."):
        actions.add_section(page=page, language="en", kind="quote", value={"text": words}, by=site.nora)
    assert len(queries.versions_of(page, most=9)) == 1
    actions.add_section(page=page, language="en", kind="quote", value={"text": "Four."}, by=site.sam)
    assert len(queries.versions_of(page, most=9)) == 2


def test_sections_change_places_and_go(site):
    page = add(site)
    one, two = (
        actions.add_section(page=page, language="en", kind="quote", value={"text": words}, by=site.nora)
        for words in "AB"
    )
    actions.move_section(page=page, language="en", section=two, up=True, by=site.nora)
    actions.move_section(page=page, language="en", section=two, up=True, by=site.nora)

    def parts():
        return [part["id"] for part in queries.text_to_write(queries.draft_of(SitePage.objects.get()), "en").parts]

    assert parts() == [two, one]
    actions.remove_section(page=page, language="en", section=two, by=site.nora)
    assert parts() == [one]
    with pytest.raises(NotFound):
        actions.remove_section(page=page, language="en", section=two, by=site.nora)


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


def test_what_is_no_address_is_refused_at_its_field(site):
    page = add(site)
    browser = browser_of(site.nora)
    path = f"/website/pages/{page.pk}/sections/new/action/"
    sent = {"heading": "x", "button": "Go", "target": "address", "target_address": "https://["}
    refused = browser.post(path, fields_of(browser.get(path), path) | sent)
    assert refused.status_code == 422 and refused.context["form"].errors["target_address"]
    details = f"/website/pages/{page.pk}/details/"
    refused = browser.post(details, fields_of(browser.get(details), details) | {"slug": "İletişim"})
    assert refused.status_code == 422 and refused.context["form"].errors["slug"]


def test_point_that_is_emptied_goes_and_half_a_point_says_what_is_missing(site):
    page = add(site)
    rows = [{"type": "item", "value": {"icon": "star", "title": f"Point {n}", "text": "So."}} for n in range(3)]
    section = actions.add_section(page=page, language="en", kind="points", value={"items": rows}, by=site.nora)
    browser, path = browser_of(site.nora), f"/website/pages/{page.pk}/sections/{section}/"
    half = browser.post(path, fields_of(browser.get(path), path) | {"items-1-title": ""})
    assert half.status_code == 422 and list(half.context["form"].errors) == ["items-1-title"]
    emptied = {"items-1-title": "", "items-1-text": ""}
    assert browser.post(path, fields_of(browser.get(path), path) | emptied).status_code == 302
    parts = queries.text_to_write(queries.draft_of(SitePage.objects.get()), "en").parts
    assert [item["value"]["title"] for item in parts[0]["value"]["items"]] == ["Point 0", "Point 2"]


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


def test_what_is_taken_away_stays_in_the_version_before(site):
    page = add(site)
    row = {"type": "item", "value": {"icon": "star", "title": "Point", "text": "Because."}}
    points = actions.add_section(
        page=page, language="en", kind="points", value={"heading": "Why", "items": [row, row]}, by=site.nora
    )

    def count():
        return len(queries.versions_of(page, most=9))

    for number, value in enumerate([{"heading": "", "items": [row, row]}, {"heading": "", "items": [row]}], start=2):
        actions.change_section(page=page, language="en", section=points, value=value, by=site.nora)
        assert count() == number
    actions.remove_section(page=page, language="en", section=points, by=site.nora)
    assert count() == 4
    _newest, before, *_others, first = queries.versions_of(page, most=9)
    assert len(queries.text_in(before.as_object(), "en").parts) == 1
    assert queries.text_in(first.as_object(), "en").parts[0]["value"]["heading"] == "Why"


@pytest.mark.parametrize(
    ("slug", "code"), [("team", "address_taken"), ("settings", "address_reserved"), ("en", "address_reserved")]
)
def test_address_that_leads_elsewhere_is_refused(site, slug, code):
    add(site)
    with pytest.raises(DomainError) as refusal:
        add(site, slug=slug)
    assert (refusal.value.code, refusal.value.field) == (code, "slug")


def test_each_language_has_texts_of_its_own_and_falls_back_to_the_first(site):
    Brand.objects.update(languages=["en", "de", "es"])
    page = add(site, sections=[{"type": "quote", "value": {"text": "Kind people."}}])
    part = queries.text_to_write(queries.draft_of(page), "de").parts[0]
    actions.change_section(
        page=page, language="de", section=part["id"], value={"text": "Nette Menschen."}, by=site.nora
    )
    actions.change_page(page=page, language="de", title="Mannschaft", description="Wir.", slug="team", by=site.nora)
    publish(site, page)
    german, spanish = read("/team/", **{"accept-language": "de"}), read("/es/team/")
    assert "Nette Menschen." in german and ">Mannschaft</a>" in german and '<html\n  lang="de"' in german
    assert "Kind people." in spanish
    assert "Nette Menschen." in read("/de/team/") and "Kind people." in read("/en/team/", **{"accept-language": "de"})
    assert 'hreflang="de" href="http' in german and "/de/team/" in german
    assert '<link rel="canonical"' in german and 'hreflang="x-default"' in german
    assert 'content="Wir."' in german


def test_language_that_is_not_offered_is_no_language(site):
    read("/fr/", 404)


def test_services_are_those_of_today_with_what_is_paid(site):
    page = add(site, sections=[{"type": "services", "value": {"prices": True}}])
    publish(site, page)
    terms = catalogue.ServiceTerms(name="Careful work", price=Money(10_000, "EUR"), tax_rate=Decimal(19))
    service = catalogue.save_service(terms=terms, by=site.nora, now=clock.now())
    shown = read("/team/")
    assert "Careful work" in shown and 'value="119.00"' in shown
    part = queries.text_to_write(queries.draft_of(SitePage.objects.get()), "en").parts[0]
    actions.change_section(page=page, language="en", section=part["id"], value={"prices": False}, by=site.nora)
    publish(site, page)
    assert "Careful work" in read("/team/") and "119" not in read("/team/")
    catalogue.save_service(
        terms=catalogue.ServiceTerms(name="Careful work", price=Money(10_000, "EUR"), is_active=False), service=service,
        by=site.nora, now=clock.now(),
    )  # fmt: skip
    assert "Careful work" not in read("/team/")


def test_price_is_not_shown_to_whom_costs_are_hidden(site):
    publish(site, add(site, sections=[{"type": "services", "value": {"prices": True}}]))
    terms = catalogue.ServiceTerms(name="Careful work", price=Money(10_000, "EUR"))
    catalogue.save_service(terms=terms, by=site.nora, now=clock.now())
    site.cleo.permissions = [ClientPermission.HIDE_COSTS.value]
    site.cleo.save()
    page = browser_of(site.gus).get("/team/").content.decode()
    assert "Careful work" in page and "100" not in page.partition("<main")[2].partition("</main>")[0]
    assert "100" in read("/team/")


def test_rich_text_is_cleaned_when_it_is_written(site):
    body = '<p onclick="x()">Hi<script>alert(1)</script> <a href="javascript:x" target="_blank">a</a></p><img src=x onerror=y>'
    page = add(site, sections=[{"type": "text", "value": {"body": body, "side": "end"}}])
    publish(site, page)
    main = read("/team/").partition("<main")[2].partition("</main>")[0]
    assert "<p>Hi" in main
    assert not any(bad in main for bad in ("onclick", "<script", "javascript:", "onerror", "alert(1)"))
    section = actions.add_section(
        page=page, language="en", kind="text", value={"body": "One & <two\n\nthree", "side": "end"}, by=site.nora
    )
    assert section


@pytest.mark.parametrize(
    ("kind", "value", "field"),
    [
        ("quote", {"text": ""}, "text"),
        ("quote", {"text": "x" * 601}, "text"),
        ("text", {"body": "<p> </p>", "side": "end"}, "body"),
        ("hero", {"heading": "x", "picture": "5f0b2b1e-0000-4000-8000-000000000000"}, "alt"),
        ("hero", {"heading": "x", "button": "Go"}, "target"),
        ("points", {"heading": "x", "items": []}, "items"),
    ],
)
def test_section_that_is_not_whole_is_refused(site, kind, value, field):
    with pytest.raises(DomainError) as refusal:
        actions.add_section(page=add(site), language="en", kind=kind, value=value, by=site.nora)
    assert (refusal.value.code, refusal.value.field) == ("section_invalid", field)


def test_points_are_kept_with_all_their_parts(site):
    row = {"type": "item", "value": {"icon": "star", "title": "Point one", "text": "Because."}}
    publish(site, add(site, sections=[{"type": "points", "value": {"heading": "Why", "items": [row]}}]))
    assert "Point one" in read("/team/") and "icons.svg#star" in read("/team/")


def test_names_of_every_script_are_shown_as_they_are(site):
    title = NASTY[:120]
    page = add(
        site, title=title, sections=[{"type": "hero", "value": {"heading": title, "text": f"{NASTY}\n{'w' * 200}"}}]
    )
    publish(site, page)
    shown = read("/team/")
    assert "<b>&amp;amp;" not in shown and "&lt;b&gt;" in shown and "李明" in shown
    assert browser_of(site.nora).get(f"/website/pages/{page.pk}/").status_code == 200


def test_picture_is_served_from_the_own_host_only(site):
    picture = actions.keep_picture(upload=upload(LOGOS["jpeg"]()), by=site.nora)
    publish(site, add(site, sections=[{"type": "picture", "value": {"picture": str(picture.pk), "alt": "A wordmark"}}]))
    page = read("/team/")
    assert f"/pictures/{picture.pk}/large" in page and 'alt="A wordmark"' in page and 'property="og:image"' in page
    answer = Browser().get(f"/pictures/{picture.pk}/small", headers={"host": "north.test"})
    assert answer["Content-Type"] == "image/webp" and "immutable" in answer["Cache-Control"]
    assert Browser().get(f"/pictures/{picture.pk}/small", headers={"host": "south.test"}).status_code == 404


def test_articles_are_the_pages_below_the_newest_first(site):
    parent = add(site, title="News", slug="news", sections=[{"type": "articles", "value": {}}])
    publish(site, parent)
    for number in (1, 2):
        publish(site, add(site, title=f"Article {number}", slug=f"a{number}", parent=parent))
    add(site, title="Still a draft", slug="draft", parent=parent)
    shown = read("/news/")
    assert shown.index("Article 2") < shown.index("Article 1") and "Still a draft" not in shown
    assert 'href="/news/"' in read("/news/a1/") and ">Article 1</a>" not in read("/")
    with pytest.raises(DomainError) as refusal:
        add(site, slug="deep", parent=SitePage.objects.get(slug="a1"))
    assert refusal.value.code == "page_too_deep"
    with pytest.raises(DomainError) as refusal:
        actions.delete_page(page=parent, by=site.nora)
    assert refusal.value.code == "page_has_pages"


def test_article_leads_back_to_a_page_that_is_public_only(site):
    parent = add(site, title="News", slug="news")
    publish(site, parent)
    publish(site, add(site, title="Deep", slug="deep", parent=parent))
    assert "opening__above" in read("/news/deep/")
    actions.unpublish_page(page=parent, by=site.nora)
    assert "opening__above" not in read("/news/deep/")


def test_button_follows_its_page_and_leads_nowhere_once_that_is_gone(site):
    team = add(site)
    publish(site, team)
    value = {"heading": "Come", "button": "Who we are", "target": f"page:{team.pk}"}
    publish(site, add(site, title="Go", slug="go", sections=[{"type": "action", "value": value}]))
    assert 'href="/team/">Who we are' in read("/go/")
    actions.unpublish_page(page=team, by=site.nora)
    assert "Who we are" not in read("/go/")


def test_every_act_is_in_the_audit(site):
    add(site, title="First", slug="first")
    page = add(site)
    publish(site, page)
    actions.move_page(page=page, up=True, by=site.nora)
    actions.unpublish_page(page=page, by=site.nora)
    actions.delete_page(page=page, by=site.nora)
    codes = list(AuditEvent.objects.order_by("at", "pk").values_list("action", flat=True))
    assert codes == ["page.added", "page.added", "page.published", "page.moved", "page.unpublished", "page.deleted"]
    assert SitePage.objects.get().title == "First"


@pytest.mark.parametrize("number", [1, 3])
def test_reading_and_writing_cost_the_same_however_much_there_is(site, django_assert_max_num_queries, number):
    parent = add(
        site,
        title="News",
        slug="news",
        sections=[{"type": kind, "value": {}} for kind in ("services", "articles", "contact")],
    )
    publish(site, parent)
    for each in range(number):
        publish(site, add(site, title=f"P{each}", slug=f"p{each}"))
        publish(site, add(site, title=f"A{each}", slug=f"a{each}", parent=parent))
        terms = catalogue.ServiceTerms(name=f"S{each}", price=Money(100, "EUR"))
        catalogue.save_service(terms=terms, by=site.nora, now=clock.now())
    read("/news/")
    with django_assert_max_num_queries(16):
        read("/news/")
    browser = browser_of(site.nora)
    for path, most in (("/website/", 16), (f"/website/pages/{parent.pk}/", 22)):
        browser.get(path)
        with django_assert_max_num_queries(most):
            assert browser.get(path).status_code == 200


def test_brand_is_read_when_the_page_is(site):
    publish(site, add(site, sections=[{"type": "contact", "value": {"hours": "Mon 9–12"}}]))
    change_brand(current_brand(), by=site.nora, address="1 Harbour Road", phone="+49 30 1234")
    shown = read("/team/")
    assert "1 Harbour Road" in shown and 'href="tel:+49301234"' in shown and "Mon 9–12" in shown


def test_version_of_an_earlier_release_is_not_offered(site):
    page = add(site)
    actions.add_section(page=page, language="en", kind="quote", value={"text": "One."}, by=site.sam)
    newest, older = queries.versions_of(page, most=9)
    older.content.pop("texts")
    older.save(update_fields=["content"])
    assert queries.versions_of(page, most=9) == [newest]
    with pytest.raises(NotFound):
        queries.get_version(page, older.pk)


def test_front_page_of_an_earlier_release_keeps_every_word():
    migration = import_module("core.pages.migrations.0004_sections")
    long = "One & <two>.\n\n" + "w" * 700
    parts = migration.parts_of("Come in", long, "<p>About</p>", long)
    assert [kind for kind, _value in parts] == ["hero", "text", "text", "contact", "text"]
    assert parts[1][1]["body"].startswith("<p>One &amp; &lt;two&gt;.</p>") and "w" * 700 in parts[4][1]["body"]
    assert [kind for kind, _value in migration.parts_of("x", "Short.", "", "")] == ["hero"]
    for kind, value in parts:
        assert checked(kind, value)


def test_picture_that_is_seen_through_stays_so(site):
    drawn = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    drawn.paste((200, 30, 30, 255), (10, 10, 30, 30))
    written = io.BytesIO()
    drawn.save(written, "PNG")
    picture = actions.keep_picture(upload=upload(written.getvalue()), by=site.nora)
    with picture.large.open("rb") as file:
        kept = Image.open(file).convert("RGBA")
    assert kept.getpixel((1, 1))[3] == 0 and kept.getpixel((20, 20))[3] == 255


def test_front_page_that_nobody_has_written_is_written_like_any_other(site):
    browser, path = browser_of(site.nora), f"/website/pages/{site.home.pk}/"
    opening = queries.text_to_write(queries.draft_of(site.home), "en").parts[0]["id"]
    for page in (path, f"{path}sections/{opening}/"):
        assert browser.get(page).status_code == 200
    browser.post(f"{path}details/", fields_of(browser.get(f"{path}details/"), f"{path}details/") | {"title": "Hello"})
    assert "Publish later" in browser.get(path).content.decode()
