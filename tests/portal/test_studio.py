"""The brand studio: what is typed is shown, what is drafted is shown by a link, and nothing of it is published by accident."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branding.models import Brand, BrandDraft, BrandVersion
from core.kernel import clock
from core.pages.actions import create_site
from tests.factories.brand import brand_fields, publish
from tests.factories.pages import fields_of
from tests.factories.web import browser_of

PAGE = "/settings/"
PLUM = "#7c2d6b"
SAMPLES = ["start", "front", "sign-in", "mail", "invoice", "live", "call"]
NASTY = ["漢字", "👩‍🚒", "مرحبا", "a\u200bb", "<script>alert(1)</script>", "\"'&", "x" * 120, "%(name)s {{ brand }}"]


@pytest.fixture
def nora(cast, visit):
    create_site(name="North")
    return visit(cast.nora)


def test_page_shows_the_draft_and_its_acts(cast, nora):
    nora.post(PAGE, brand_fields(primary_color=PLUM, tagline="New"))
    page = nora.get(PAGE).content.decode()

    assert Brand.objects.get().primary_color == "#0f766e"
    assert "Different from what is published: One line about you, Main colour" in page
    assert f'value="{PLUM}"' in page
    assert publish(nora).status_code == 302
    assert Brand.objects.get().primary_color == PLUM
    assert "Published as version 2." in nora.get(PAGE).content.decode()


@pytest.mark.parametrize("theme", ["", "dark"])
@pytest.mark.parametrize("sample", SAMPLES)
def test_samples_show_what_is_typed_and_are_framed_by_our_pages_only(nora, sample, theme):
    answer = nora.get(
        reverse("settings:brand_sample", args=[sample]),
        {"primary_color": PLUM, "name": "Typed Name", "heading_font": "nonsense", "theme": theme},
    )

    policy, page = answer["Content-Security-Policy"], answer.content.decode()
    assert answer.status_code == 200 and "sandbox allow-same-origin" in policy and "frame-ancestors 'self'" in policy
    assert "X-Frame-Options" not in answer
    assert "Typed Name" in page or sample == "invoice"
    assert "<script" not in page  # the policy would refuse it, and the console say so
    if sample not in ("mail",):
        address = page.partition('href="/settings/brand/stylesheet/?')[2].partition('"')[0].replace("&amp;", "&")
        css = nora.get(f"/settings/brand/stylesheet/?{address}").content.decode()
        assert f"--brand-action: {PLUM};" in css
        assert ('data-theme="dark"' in page) == (theme == "dark" or sample in ("live", "call"))
    assert not BrandDraft.objects.exists() and Brand.objects.get().name == "North Practice"


@pytest.mark.parametrize("name", NASTY)
def test_nasty_names_are_shown_and_kept_as_text(nora, name):
    sample = nora.get(reverse("settings:brand_sample", args=["start"]), {"name": name}).content.decode()
    assert "<script>alert" not in sample
    assert nora.post(PAGE, brand_fields(name=name)).status_code == 302

    page = nora.get(PAGE).content.decode()
    assert "<script>alert" not in page and BrandDraft.objects.get().name


def test_readability_is_told_before_saving(nora):
    teal = nora.post("/settings/brand/readability/", {"primary_color": "#0f766e"}).content.decode()
    pale = nora.post("/settings/brand/readability/", {"primary_color": "#fff6a3"}).content.decode()

    assert "In the light theme links" not in teal and "In the light theme links in #fff6a3" in pale
    assert "On paper" in pale and "<html" not in pale


def test_five_equal_colours_can_be_published_and_read(nora):
    nora.post(PAGE, brand_fields(primary_color="#ffffff", accent_color="#ffffff"))

    assert publish(nora).status_code == 302
    assert "--brand-action" in nora.get("/brand.css").content.decode()


def test_link_shows_the_draft_without_an_account_and_nothing_else(cast, nora):
    nora.post(PAGE, brand_fields(name="Drafted Name", primary_color=PLUM))
    nora.post("/settings/brand/link/")
    key = BrandDraft.objects.get().share_key
    stranger = browser_of()

    page = stranger.get(f"/look/{key}/")
    assert page.status_code == 200 and "Drafted Name" in page.content.decode()
    assert page["X-Robots-Tag"] == "noindex" and page["Referrer-Policy"] == "no-referrer"
    digest = BrandDraft.objects.get().digest
    for sample in SAMPLES:
        shown = stranger.get(f"/look/{key}/{sample}/").content.decode()
        assert f"/brand.css?v={digest}" in shown or sample == "mail"
        assert (
            "Nora" not in shown and "Cleo" not in shown and "North Practice" not in shown.replace("North Practice:", "")
        )
    assert f"--brand-action:{PLUM};" in stranger.get(f"/brand.css?v={digest}").content.decode()
    assert "Drafted Name" not in stranger.get("/").content.decode()

    nora.post("/settings/brand/link/end/")
    assert stranger.get(f"/look/{key}/").status_code == stranger.get(f"/look/{key}/mail/").status_code == 404


def test_link_ends_with_the_publication_and_with_its_time(cast, nora):
    for end in ("published", "late"):
        nora.post(PAGE, brand_fields(tagline=end))
        nora.post("/settings/brand/link/")
        key = BrandDraft.objects.get().share_key
        if end == "published":
            publish(nora)
        else:
            BrandDraft.objects.update(share_until=clock.now() - timedelta(seconds=1))
        assert browser_of().get(f"/look/{key}/").status_code == 404


@pytest.mark.parametrize(
    "path", [f"/look/nonsense/{end}" for end in ("", "start/", "nonsense/")] + ["/settings/brand/samples/nonsense/"]
)
def test_unknown_looks_and_samples_are_nowhere(nora, path):
    assert nora.get(path).status_code == 404


def test_rollback_while_somebody_edits_is_said_and_what_is_published_stays(cast, nora, visit):
    nora.post(PAGE, brand_fields(primary_color=PLUM))
    publish(nora)
    tab = fields_of(nora.get(PAGE), PAGE)
    nora.post("/settings/brand/versions/1/", {"over": "2"})
    assert Brand.objects.get().primary_color == "#0f766e"

    answer = nora.post(PAGE, tab | {"tagline": "Typed before"})

    assert answer.status_code == 422
    assert "Nora North (you) has changed this meanwhile" in answer.content.decode()
    assert "Typed before" in answer.content.decode() and not BrandDraft.objects.exists()
    again = nora.post(PAGE, fields_of(answer, PAGE) | {"tagline": "Typed before"})
    assert again.status_code == 302 and BrandDraft.objects.get().tagline == "Typed before"
    assert Brand.objects.get().primary_color == "#0f766e"


def test_old_tab_cannot_publish_what_it_did_not_show(cast, nora):
    nora.post(PAGE, brand_fields(tagline="First"))
    seen = {"mark": BrandDraft.objects.get().mark, "over": "1"}
    nora.post(PAGE, brand_fields(tagline="Second"))

    page = nora.post("/settings/brand/publication/", seen, follow=True).content.decode()

    assert "has changed the draft meanwhile" in page and BrandVersion.objects.count() == 1
    assert "has changed the draft" in nora.post("/settings/brand/discarding/", seen, follow=True).content.decode()
    assert BrandDraft.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Say at which day and hour."),
        ("nonsense", "Say at which day"),
        ("2001-01-01T10:00", "still to come"),
        ("2999-01-01T10:00", "within a year"),
    ],
)
def test_moment_that_cannot_be_is_said(nora, typed, said):
    nora.post(PAGE, brand_fields(tagline="New"))
    seen = {"mark": BrandDraft.objects.get().mark, "over": "1", "publish_at": typed}

    assert said in nora.post("/settings/brand/schedule/", seen, follow=True).content.decode()
    assert BrandDraft.objects.get().publish_at is None


def test_moment_is_read_in_the_readers_zone(cast, nora):
    nora.post(PAGE, brand_fields(tagline="New"))
    day = (clock.now() + timedelta(days=3)).date()
    seen = {"mark": BrandDraft.objects.get().mark, "over": "1", "publish_at": f"{day}T10:00"}
    page = nora.post("/settings/brand/schedule/", seen, follow=True).content.decode()

    assert BrandDraft.objects.get().publish_at.hour in (8, 9)  # ten in Berlin
    assert "Is published by itself on" in page
    nora.post("/settings/brand/schedule/end/")
    assert BrandDraft.objects.get().publish_at is None


def test_number_of_queries_does_not_grow_with_the_versions(cast, nora):
    def queries():
        with CaptureQueriesContext(connection) as seen:
            assert nora.get(PAGE).status_code == 200
        return len(seen)

    nora.get(PAGE)
    one = queries()
    for number in range(3):
        nora.post(PAGE, brand_fields(tagline=f"Line {number}"))
        publish(nora)
    nora.get(PAGE)
    assert queries() <= one + 1  # a message of the last act at most


def test_stylesheet_is_small_immutable_and_asks_nothing_when_warm(cast, nora, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):  # because the brand in force is forgotten at the commit
        nora.post(PAGE, brand_fields(primary_color=PLUM))
        publish(nora)
    address = f"/brand.css?v={Brand.objects.get().digest}"
    browser = browser_of()
    browser.get(address)

    with CaptureQueriesContext(connection) as asked:
        answer = browser.get(address)

    assert len(answer.content) <= 4096 and "immutable" in answer["Cache-Control"]
    assert [query["sql"] for query in asked.captured_queries if "brand" in query["sql"].lower()] == []
