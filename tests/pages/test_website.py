"""The website is written as drafts, published when somebody says so, and read by everybody, in their language."""

from importlib import import_module

import pytest

from billing.actions import catalogue
from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.models import AuditEvent
from core.kernel.money import Money
from core.pages import actions, queries
from core.pages.actions.drafts import checked
from core.pages.models import SitePage
from tests.factories.pages import fields_of
from tests.factories.web import browser_of
from tests.factories.website import add, publish, read


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
    # An address without a language is itself for search engines: it is no copy of one that has a language.
    assert '<link rel="canonical" href="http://north.test/team/">' in german and 'hreflang="x-default"' in german
    assert '<link rel="canonical" href="http://north.test/es/team/">' in spanish
    assert 'content="Wir."' in german


def test_language_that_is_not_offered_is_no_language(site):
    read("/fr/", 404)


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


def test_front_page_that_nobody_has_written_is_written_like_any_other(site):
    browser, path = browser_of(site.nora), f"/website/pages/{site.home.pk}/"
    opening = queries.text_to_write(queries.draft_of(site.home), "en").parts[0]["id"]
    for page in (path, f"{path}sections/{opening}/"):
        assert browser.get(page).status_code == 200
    browser.post(f"{path}details/", fields_of(browser.get(f"{path}details/"), f"{path}details/") | {"title": "Hello"})
    assert "Publish later" in browser.get(path).content.decode()
