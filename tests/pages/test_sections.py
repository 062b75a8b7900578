"""What sections take in, how they are kept, and what readers see of them."""

import io
from decimal import Decimal

import pytest
from django.test import Client as Browser
from PIL import Image

from billing.actions import catalogue
from core.kernel import clock
from core.kernel.errors import DomainError, NotFound
from core.kernel.money import Money
from core.pages import actions, queries
from core.pages.models import SitePage
from core.people.roles import ClientPermission
from tests.factories.images import LOGOS, upload
from tests.factories.pages import fields_of
from tests.factories.web import browser_of
from tests.factories.website import add, publish, read

NASTY = "Zoë “the 1st” O'Brien 李明 👩‍👧 שלום <b>&amp;"


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
    assert "Careful work" in read("/team/") and "119.00" not in read("/team/")
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


def test_picture_that_is_seen_through_stays_so(site):
    drawn = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    drawn.paste((200, 30, 30, 255), (10, 10, 30, 30))
    written = io.BytesIO()
    drawn.save(written, "PNG")
    picture = actions.keep_picture(upload=upload(written.getvalue()), by=site.nora)
    with picture.large.open("rb") as file:
        kept = Image.open(file).convert("RGBA")
    assert kept.getpixel((1, 1))[3] == 0 and kept.getpixel((20, 20))[3] == 255
