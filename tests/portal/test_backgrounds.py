"""Pictures behind the waiting room and behind those who meet: from the studio to the room, and back."""

import io

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from branding.models import Brand, BrandDraft
from core.kernel import clock
from tenants import hosts, plans
from tests.factories.brand import brand_fields, publish
from tests.factories.web import browser_of

PAGE = "/settings/"
BY = {"by": "operator@vendor.test"}


@pytest.fixture
def nora(cast, visit):
    return visit(cast.nora)


def picture(colour="#ffffff", name="behind.png", size=(40, 30)):
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, "PNG")
    return SimpleUploadedFile(name, written.getvalue(), "image/png")


def sheet(browser):
    hosts.forget_all()
    return browser.get("/brand.css").content.decode()


def test_backgrounds_are_drafted_shown_published_and_taken_back(nora):
    nora.post(PAGE, brand_fields(waiting_picture=picture(), call_picture=picture("#101820")))
    draft = BrandDraft.objects.get()
    assert (draft.waiting_shade, draft.call_shade) == (60, 0) and "-picture:" not in sheet(nora)
    assert "Shown 60 % darker" in nora.get(PAGE).content.decode()
    shown = browser_of().get(f"/brand.css?v={draft.digest}").content.decode()
    assert (
        f"rgb(0 0 0 / 60%)),url(/brand/picture/behind/waiting?v={draft.digest});" in shown
        and "--brand-call-tile" in shown
    )
    assert "live--call" in nora.get("/settings/brand/samples/call/").content.decode()

    publish(nora)
    for name in ("waiting", "call"):
        file = browser_of().get(f"/brand/picture/behind/{name}?v={draft.digest}")
        assert (file["Content-Type"], "immutable" in file["Cache-Control"]) == ("image/webp", True)
        assert b"".join(file.streaming_content)[8:12] == b"WEBP"
    kept = Brand.objects.get().waiting_picture.name

    hosts.forget_all()
    answer = nora.post(PAGE, brand_fields(**{"waiting_picture-clear": "on"}))
    assert (answer.status_code, BrandDraft.objects.get().waiting_picture.name) == (302, "")
    assert publish(nora).status_code == 302 and not Brand.objects.get().waiting_picture
    assert "--brand-waiting-picture" not in sheet(nora) and "--brand-call-picture" in sheet(nora)
    assert default_storage.exists(kept), "the version before has it still"
    nora.post("/settings/brand/versions/2/", {"over": "3"})
    assert "--brand-waiting-picture" in sheet(nora)


@pytest.mark.parametrize("name", ["nonsense", "sign_in", "logo", "waiting"])
def test_other_names_and_pictures_that_are_none_are_nowhere(cast, name):
    assert browser_of().get(f"/brand/picture/behind/{name}").status_code == 404


@pytest.mark.parametrize(
    "file", [SimpleUploadedFile("a.png", b"no picture"), SimpleUploadedFile("a.exe", b"MZ"), picture(name="a.gif")]
)
def test_file_that_is_no_picture_is_refused_and_nothing_is_lost(nora, file):
    answer = nora.post(PAGE, brand_fields(waiting_picture=file, tagline="Typed"))

    assert answer.status_code == 422 and answer.context["form"].errors["waiting_picture"]
    assert "Typed" in answer.content.decode() and not BrandDraft.objects.exists()


def test_backgrounds_that_the_plan_has_not_are_kept_but_not_shown(cast, nora):
    nora.post(PAGE, brand_fields(waiting_picture=picture()))
    publish(nora)
    digest = Brand.objects.get().digest
    plans.set_entitlement(cast.north.pk, code="own_backgrounds", is_on=False, reason="Unpaid", now=clock.now(), **BY)
    assert "--brand-waiting-picture" in sheet(nora)
    refused = nora.post(PAGE, brand_fields(call_picture=picture()))
    assert refused.status_code == 422 and "need another plan" in refused.context["form"].errors["call_picture"][0]

    plans.set_entitlement(
        cast.north.pk, code="own_backgrounds", is_on=False, at_once=True, reason="Unpaid", now=clock.now(), **BY
    )
    assert "--brand-waiting-picture" not in sheet(nora) and Brand.objects.get().waiting_picture
    assert f"/brand.css?v={digest}-" in nora.get("/dashboard/").content.decode()
    assert nora.post(PAGE, brand_fields(tagline="Other")).status_code == 302


def test_plain_colours_are_drafted_darkened_published_and_taken_back(nora):
    colours = {"waiting_plain": "on", "waiting_color": "#ffffff", "call_plain": "on", "call_color": "#101820"}
    assert nora.post(PAGE, brand_fields(**colours)).status_code == 302
    draft = BrandDraft.objects.get()
    assert (draft.waiting_color, draft.call_color) == ("#ffffff", "#101820")
    publish(nora)
    shown = sheet(nora)
    assert "--brand-waiting-picture:linear-gradient(#666666,#666666);" in shown
    assert "--brand-call-picture:linear-gradient(#101820,#101820);" in shown and "--brand-call-tile" in shown
    form = nora.get(PAGE).context["form"]
    assert form["waiting_plain"].initial is True and form["waiting_color"].initial == "#ffffff"

    nora.post(PAGE, brand_fields(**colours, waiting_picture=picture()))
    publish(nora)
    assert "--brand-waiting-picture:linear-gradient(rgb(0 0 0 / 60%)" in sheet(nora), "the picture covers it"

    nora.post(PAGE, brand_fields(**{"waiting_picture-clear": "on", "waiting_color": "#ffffff"}))
    publish(nora)
    assert "-picture:" not in sheet(nora) and Brand.objects.get().waiting_color == ""


def test_colour_behind_is_seen_while_it_is_typed(nora):
    sample = nora.get("/settings/brand/samples/live/", {"waiting_plain": "on", "waiting_color": "#123456"})
    address = sample.content.decode().partition('href="/settings/brand/stylesheet/?')[2].partition('"')[0]
    assert "#123456" in nora.get(f"/settings/brand/stylesheet/?{address.replace('&amp;', '&')}").content.decode()
    sample = nora.get("/settings/brand/samples/live/", {"waiting_plain": "", "waiting_color": "#123456"})
    address = sample.content.decode().partition('href="/settings/brand/stylesheet/?')[2].partition('"')[0]
    assert "#123456" not in nora.get(f"/settings/brand/stylesheet/?{address.replace('&amp;', '&')}").content.decode()


@pytest.mark.parametrize("typed", ["plum", "#12", "url(x)"])
def test_colour_that_is_none_is_refused_at_its_field(nora, typed):
    answer = nora.post(PAGE, brand_fields(waiting_plain="on", waiting_color=typed, tagline="Typed"))
    assert answer.status_code == 422 and answer.context["form"].errors["waiting_color"]
    assert "Typed" in answer.content.decode() and not BrandDraft.objects.exists()


def test_colours_need_the_plan_as_pictures_do(cast, nora):
    plans.set_entitlement(
        cast.north.pk, code="own_backgrounds", is_on=False, at_once=True, reason="Unpaid", now=clock.now(), **BY
    )
    refused = nora.post(PAGE, brand_fields(call_plain="on", call_color="#123456"))
    assert refused.status_code == 422 and "need another plan" in refused.context["form"].errors["call_color"][0]
