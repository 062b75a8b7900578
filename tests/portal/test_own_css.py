"""The organization's own stylesheet: from the draft to pages and back, and where it never holds."""

import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse

from branding import actions
from branding.models import Brand, BrandDraft
from branding.queries import read_again
from core.kernel import clock
from core.kernel.models import AuditEvent
from core.pages.actions import create_site
from portal.context_processors import _own_css
from tenants import hosts, plans
from tests.factories.brand import brand_fields, publish
from tests.factories.web import browser_of

PAGE, CSS = "/settings/", "h1 { color: #7c2d6b; background: #fff; }"
BY = {"by": "operator@vendor.test"}


@pytest.fixture
def nora(cast, visit):
    create_site(name="North")
    return visit(cast.nora)


def page(browser, path="/dashboard/"):
    hosts.forget_all()
    return browser.get(path, follow=True).content.decode()


def test_sheet_is_drafted_shown_published_and_taken_back(nora):
    nora.post(PAGE, brand_fields(own_css=CSS))
    draft = BrandDraft.objects.get()
    assert "/brand/own.css" not in page(nora)
    typed = nora.get("/settings/brand/samples/start/", {"own_css": "h2 { margin: 1rem; }"}).content.decode()
    assert 'href="/settings/brand/own-css/?own_css=h2' in typed and "own-look" in typed
    assert "/brand/own.css" not in nora.get("/settings/brand/samples/live/").content.decode()
    assert "h1" in browser_of().get(f"/brand/own.css?v={draft.digest}").content.decode()

    publish(nora)
    served = browser_of().get(f"/brand/own.css?v={draft.digest}")
    assert "@layer own" in served.content.decode() and "immutable" in served["Cache-Control"]
    assert served["Content-Type"] == "text/css; charset=utf-8" and f'href="/brand/own.css?v={draft.digest}"' in page(
        nora
    )
    assert AuditEvent.objects.filter(action="brand.published").latest("at").changes["own_css"] == ["", CSS]

    nora.post("/settings/brand/versions/1/", {"over": "2"})
    assert "/brand/own.css" not in page(nora) and browser_of().get("/brand/own.css").status_code == 404


def test_sheet_holds_on_pages_but_never_where_it_is_undone_or_people_book_pay_or_read_law(cast, nora):
    actions.change_brand(Brand.objects.get(), by=cast.nora, own_css=CSS)

    assert all("/brand/own.css" in page(nora, path) for path in ("/dashboard/", "/en/", "/people/clients/"))
    assert "/brand/own.css" in page(browser_of(), "/account/login/")
    never = (
        "/settings/",
        "/settings/words/",
        reverse("billing:home"),
        "/dashboard/?own-css=off",
        reverse("scheduling:calendar"),
    )
    assert not any("own-look" in page(nora, path) or "/brand/own.css" in page(nora, path) for path in never)


WITHOUT = [
    reverse("booking:index"),
    reverse("booking:held", args=["x"]),
    reverse("booking:move", args=["x"]),
    "/legal/terms/",
    "/en/legal/terms/2/",
    "/profile/agreements/open/",
    *(
        reverse(name)
        for name in (
            "booking_settings:settings",
            "live_settings:live",
            "scheduling:calendar",
            "scheduling_settings:policy",
        )
    ),
]


@pytest.mark.parametrize("path", WITHOUT)
def test_sheet_does_not_hold_where_prices_costs_and_legal_texts_stand(cast, path):
    actions.change_brand(Brand.objects.get(), by=cast.nora, own_css=CSS)
    read_again()
    asked = {address: RequestFactory().get(address) for address in (path, "/dashboard/")}
    for address, request in asked.items():
        request.resolver_match = resolve(address)

    assert {address: bool(_own_css(request)["own_css_url"]) for address, request in asked.items()} == {
        path: False,
        "/dashboard/": True,
    }


@pytest.mark.parametrize(
    "hiding",
    [
        ".summary__levels, .summary__facts { color: #fff; }",
        ".prose { color: #fff; }",
        "body { background: var(--color-muted); }",
        "body { font-family: Wingdings; }",
    ],
)
def test_sheet_that_hides_is_not_saved(nora, hiding):
    answer = nora.post(PAGE, brand_fields(own_css=hiding))

    [said] = answer.context["form"].errors["own_css"]
    assert answer.status_code == 422 and said.startswith("Line 1: ") and not BrandDraft.objects.exists()


def test_sheet_that_is_not_taken_is_refused_by_line_and_nothing_is_lost(nora):
    wrong = "h1 { color: red; }\n\na { position: fixed; }\nb { background: url(//x); }"

    answer = nora.post(PAGE, brand_fields(own_css=wrong, tagline="Typed"))

    assert answer.status_code == 422 and not BrandDraft.objects.exists()
    assert answer.context["form"].errors["own_css"] == [
        "Line 1: Text and its ground have their colours in the same rule; one of them is missing: color: red",
        "Line 3: The property “position” is not taken.",
        "Line 4: This value is not taken: background: url(//x)",
    ]
    assert "a { position: fixed; }" in answer.content.decode() and "Typed" in answer.content.decode()
    told = nora.post("/settings/brand/own-css/", {"own_css": wrong}).content.decode()
    assert "Line 3:" in told and "<html" not in told
    assert "One rule is understood" in nora.post("/settings/brand/own-css/", {"own_css": CSS}).content.decode()


@pytest.mark.parametrize(
    "nasty",
    ["</textarea><script>alert(1)</script>", "漢字 {", "\u202e", "x" * 10_001, "a{color:red}}", "{{ brand }}%(x)s"],
)
def test_nasty_sheet_is_refused_as_text(nora, nasty):
    answer = nora.post(PAGE, brand_fields(own_css=nasty))

    assert answer.status_code == 422 and "<script>alert" not in answer.content.decode()
    assert nora.get("/settings/brand/samples/start/", {"own_css": nasty}).status_code == 200
    assert nora.get("/settings/brand/own-css/", {"own_css": nasty}).content == b""


def test_sheet_that_the_plan_has_not_is_kept_but_not_served(cast, nora):
    actions.change_brand(Brand.objects.get(), by=cast.nora, own_css=CSS)
    plans.set_entitlement(cast.north.pk, code="own_css", is_on=False, reason="Unpaid", now=clock.now(), **BY)
    assert "/brand/own.css" in page(nora)
    refused = nora.post(PAGE, brand_fields(own_css="h2 { gap: 0; }"))
    assert refused.status_code == 422 and "needs another plan" in refused.content.decode()

    plans.set_entitlement(
        cast.north.pk, code="own_css", is_on=False, at_once=True, reason="Unpaid", now=clock.now(), **BY
    )
    assert "/brand/own.css" not in page(nora) and browser_of().get("/brand/own.css").status_code == 404
    assert "not part of your plan" in page(nora, PAGE) and Brand.objects.get().own_css == CSS
    assert nora.post(PAGE, brand_fields(own_css=CSS, tagline="Other")).status_code == 302
    assert nora.get("/settings/brand/samples/start/", {"own_css": "h2 { gap: 0; }"}).status_code == 200


@pytest.mark.parametrize("who", ["sam", "gus", "ada", "tess"])
def test_sheet_is_for_who_runs_the_organization(cast, visit, who):
    browser = visit(getattr(cast, who))
    assert (
        browser.get("/settings/brand/own-css/").status_code
        == browser.post("/settings/brand/own-css/").status_code
        == 403
    )
