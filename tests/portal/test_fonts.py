"""Fonts that an organization brings along: from the file to pages, mail and documents, and back."""

import re
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from billing.documents.fonts import families, font_folders, letters_of
from branding import actions, font_files, font_uploads
from branding.actions.upkeep import GRACE, nightly
from branding.models import Brand, BrandDraft, BrandFont, BrandVersion
from branding.queries import current_brand, look_tried
from core.kernel import clock, turns
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from core.notifications import layout
from core.scheduling.messages import BOOKED
from tenants import hosts, plans
from tests.factories.brand import brand_fields, publish
from tests.factories.fonts import LETTERS, font_file, upload
from tests.factories.web import browser_of

PAGE, FONTS = "/settings/", "/settings/brand/fonts/"
BY = {"by": "operator@vendor.test"}


@pytest.fixture
def nora(cast, visit):
    return visit(cast.nora)


def sheet(browser, address="/brand.css"):
    """As a server that has just heard of the change."""
    hosts.forget_all()
    return browser.get(address).content.decode()


def send(browser, **files):
    return browser.post(FONTS, {"is_licensed": "on", **files})


def added(browser, **about):
    assert send(browser, regular=upload(**about)).status_code == 302
    return BrandFont.objects.latest("added_at")


def test_font_goes_from_the_file_to_everything_and_back(cast, nora, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    font = added(nora, letters=LETTERS + "äöüÄÖÜß")
    assert font.key in nora.get(FONTS).content.decode() and "Main colour" in nora.get(PAGE).content.decode()

    nora.post(PAGE, brand_fields(heading_font=font.key, body_font=font.key))
    draft = BrandDraft.objects.get()
    assert font.key not in sheet(nora)
    drafted = browser_of().get(f"/brand.css?v={draft.digest}").content.decode()
    assert f"--brand-font-body:'{font.key}',ui-sans-serif" in drafted and "font-display:swap" in drafted
    publish(nora)

    [address] = set(re.findall(r"url\((\S+)\)", sheet(nora)))
    file = browser_of().get(address)
    assert b"".join(file.streaming_content)[:4] == b"wOF2" and "immutable" in file["Cache-Control"]
    assert families(font.key)[0] == font.paper_family and len(font_folders([font.key, font.key])) == 1
    assert ord("ß") in letters_of([font.key]) and ord("€") not in letters_of([font.key])
    assert "Segoe UI" in layout.render(BOOKED, BOOKED.sample(), language="en").html

    assert nora.post(f"{FONTS}{font.key}/removal/").status_code == 302 and not BrandFont.objects.get().removed_at
    assert "Quill is in use" in nora.get(FONTS).content.decode()
    nora.post("/settings/brand/versions/1/", {"over": "2"})
    assert font.key not in sheet(nora)
    nora.post(f"{FONTS}{font.key}/removal/")
    assert font.key not in nora.get(PAGE).content.decode()
    nora.post("/settings/brand/versions/2/", {"over": "3"})
    assert font.key in sheet(nora), "an earlier look keeps its font"
    codes = list(AuditEvent.objects.filter(action__startswith="brand.font").values_list("action", flat=True))
    assert sorted(codes) == ["brand.font_added", "brand.font_removed"]


def test_page_says_what_a_font_cannot_write(nora):
    page = nora.get(FONTS).content.decode()
    assert "No font of your own yet" in page
    Brand.objects.update(languages=["en", "es"])
    hosts.forget_all()

    added(nora, is_variable=True, family="‮Fett<b>", licence="x" * 500)

    page = nora.get(FONTS).content.decode()
    assert (
        "Every weight from 100 to 900" in page
        and "Spanish: Á É Í Ñ Ó Ú Ü á é í ñ ó … come from the font behind it" in page
    )
    assert "In names, Ą" in page and "Fett&lt;b&gt;" in page and "<b>" not in page.partition("Fett")[2][:40]


@pytest.mark.parametrize(
    ("files", "field", "said"),
    [
        ({"regular": (b"<svg/>", "a.woff2")}, "regular", "not a font that we can read"),
        ({"regular": (None, "a.exe")}, "regular", "not allowed"),
        ({"regular": (b"ttcf" + b"\0" * 60, "a.ttf")}, "regular", "collection of several fonts"),
        ({"regular": (b"\0\1\0\0" + b"\0" * 1024 * 1024, "a.ttf")}, "regular", "larger than 1 MB"),
        ({"regular": (font_file(fs_type=2), "a.ttf")}, "regular", "must not be embedded"),
        ({"regular": (font_file(letters="☃☂"), "a.ttf")}, "regular", "none of your|any of your languages"),
        ({"regular": (font_file(is_variable=True), "a.ttf"), "bold": (None, "b.ttf")}, "bold", "bold letters already"),
    ],
)
def test_file_that_cannot_be_used_is_refused_in_a_sentence(nora, files, field, said):
    answer = send(nora, **{style: upload(content, name) for style, (content, name) in files.items()})

    [error] = answer.context["form"].errors[field]
    assert answer.status_code == 422 and re.search(said, error) and not BrandFont.objects.exists()


def test_fonts_are_read_one_after_another_before_the_transaction_begins(nora, monkeypatch):
    """Each process may take much memory, and a font takes seconds."""
    reading, depths = [], {}

    def read(given, **about):
        reading.append(about["style"])
        assert len(reading) == 1
        depths["read"] = len(connection.savepoint_ids)
        made = font_files.read_font(given, **about)
        reading.remove(about["style"])
        return made

    def add(family, **who):
        depths["kept"] = len(connection.savepoint_ids)
        return kept(family, **who)

    kept = actions.add_font
    monkeypatch.setattr(font_uploads, "read_font", read)
    monkeypatch.setattr(actions, "add_font", add)

    answer = send(nora, regular=upload(), bold=upload(font_file(family="Fat")), italic=upload(font_file(family="Lean")))

    assert answer.status_code == 302 and BrandFont.objects.count() == 1
    assert depths["kept"] == depths["read"] + 1


def test_font_is_refused_in_a_sentence_while_another_one_is_read_anywhere(nora, monkeypatch):
    monkeypatch.setattr(font_uploads, "WAIT", 0.2)
    elsewhere = connection.copy()  # as another process, in another organization
    monkeypatch.setattr(turns, "connection", elsewhere)
    with turns.turn("fonts", wait=0):
        monkeypatch.setattr(turns, "connection", connection)
        answer = send(nora, regular=upload())
        monkeypatch.setattr(turns, "connection", elsewhere)
    elsewhere.close()
    monkeypatch.setattr(turns, "connection", connection)

    [error] = answer.context["form"].errors["regular"]
    assert (
        answer.status_code == 422 and error.startswith("Another font is being read") and not BrandFont.objects.exists()
    )
    assert send(nora, regular=upload()).status_code == 302


def test_licence_is_asked_for_and_the_same_file_is_kept_once(nora):
    assert nora.post(FONTS, {"regular": upload()}).status_code == 422
    font = added(nora)

    send(nora, regular=upload())

    assert BrandFont.objects.get() == font


def test_font_that_the_plan_has_not_is_replaced_and_comes_back(cast, nora):
    font = added(nora)
    nora.post(PAGE, brand_fields(body_font=font.key))
    publish(nora)
    version = Brand.objects.get().digest
    [address] = re.findall(r"url\((\S+)\)", sheet(nora))

    plans.set_entitlement(cast.north.pk, code="own_fonts", is_on=False, reason="Unpaid", now=clock.now(), **BY)
    assert font.key in sheet(nora) and "used for a while" in nora.get(FONTS).content.decode()
    assert send(nora, regular=upload(family="Other")).status_code == 422 and BrandFont.objects.count() == 1
    with pytest.raises(DomainError, match="another plan"):
        actions.change_draft(by=cast.nora, now=clock.now(), heading_font=font.key)

    plans.set_entitlement(
        cast.north.pk, code="own_fonts", is_on=False, at_once=True, reason="Unpaid", now=clock.now(), **BY
    )
    hosts.forget_all()
    page = nora.get("/dashboard/").content.decode()
    assert f"/brand.css?v={version}-" in page and font.key not in nora.get(f"/brand.css?v={version}-").content.decode()
    assert nora.get(f"/brand.css?v={version}-")["Cache-Control"] == "public, max-age=60"
    assert browser_of().get(address).status_code == 404
    assert "are not part of your plan" in nora.get(FONTS).content.decode()

    plans.drop_entitlement(cast.north.pk, code="own_fonts", now=clock.now(), **BY)
    assert font.key in sheet(nora)


def test_font_of_another_organization_cannot_be_worn(cast, nora):
    answer = nora.post(PAGE, brand_fields(body_font="own-sans-0123456789ab"))
    assert answer.status_code == 422 and not BrandDraft.objects.exists()
    with pytest.raises(DomainError, match="not there any more"):
        actions.change_brand(Brand.objects.get(), by=cast.nora, body_font="own-sans-0123456789ab")
    look = current_brand()
    look.body_font = "own-sans-0123456789ab"
    with look_tried(look):
        assert "Figtree" in sheet(nora)


def test_what_nobody_shows_goes_after_a_while(cast, nora):
    font = added(nora)
    lost = default_storage.save("brand/lost.png", upload(b"0"))
    names = [file.name for file in font.files]
    nora.post(f"{FONTS}{font.key}/removal/")

    nightly(now=clock.now())
    assert BrandFont.objects.exists() and all(map(default_storage.exists, [*names, lost]))

    nora.post(PAGE, brand_fields(tagline="Kept"))
    nightly(now=clock.now() + GRACE + timedelta(hours=1))
    assert not BrandFont.objects.exists() and not any(map(default_storage.exists, [*names, lost]))
    assert BrandVersion.objects.count() == 1 and BrandDraft.objects.get().tagline == "Kept"


@pytest.mark.parametrize("who", ["sam", "gus", "ada", "tess"])
def test_fonts_are_for_who_runs_the_organization(cast, visit, who):
    browser = visit(getattr(cast, who))
    assert {browser.get(path).status_code for path in (FONTS, f"{FONTS}samples/")} == {403}
    assert browser.post(f"{FONTS}own-sans-0123456789ab/removal/").status_code == 403
