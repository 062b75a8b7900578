"""The website is written as drafts, published when somebody says so, and read by everybody, in their language."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client as Browser

from billing.actions import catalogue
from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from core.kernel import clock, outbox
from core.kernel.errors import DomainError, NotFound
from core.kernel.models import AuditEvent
from core.kernel.money import Money
from core.pages import actions, queries
from core.pages.models import HomePage, SitePage
from core.people.roles import ClientPermission
from tests.factories.images import LOGOS, upload
from tests.factories.web import browser_of

NASTY = "Zoë “the 1st” O'Brien 李明 👩‍👧 שלום <b>&amp;"


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
