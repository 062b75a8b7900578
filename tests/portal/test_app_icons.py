"""What a device puts on its screen: icons of one upload or of the initials, the manifest, and what a shared link shows."""

import io

import pytest
from PIL import Image

from branding.monogram import short_name
from branding.queries import current_brand
from core.pages.actions import create_site
from tests.factories.brand import brand_fields, publish
from tests.factories.images import upload, written

SIDES = {"180": 180, "192": 192, "512": 512, "maskable": 512}


@pytest.fixture
def put(cast, visit, settings, tmp_path, django_capture_on_commit_callbacks):
    """Publishes a look with these changes."""
    settings.MEDIA_ROOT = tmp_path

    def post(**changes):
        with django_capture_on_commit_callbacks(execute=True):
            nora = visit(cast.nora)
            assert nora.post("/settings/", brand_fields(**changes)).status_code == 302
            publish(nora)

    return post


def icon(browser, kind):
    answer = browser.get(f"/brand/icon/{kind}?v={current_brand().digest}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert "immutable" in answer["Cache-Control"]
    return Image.open(io.BytesIO(answer.content)).convert("RGBA")


@pytest.mark.parametrize("name", ["North Practice", "漢字", "👩‍🚒 Team", "Ünal", "x" * 120, "“…”"])
def test_initials_are_an_icon_of_every_size(put, visit, name):
    put(name=name, primary_color="#7c2d6b")

    for kind, side in SIDES.items():
        picture = icon(visit(), kind)
        assert picture.size == (side, side) and picture.getpixel((1, 1)) == (124, 45, 107, 255)


def test_one_upload_is_an_icon_of_every_kind(put, visit):
    drop = Image.new("RGBA", (300, 300), (0, 0, 0, 0))
    drop.paste((200, 30, 30, 255), (50, 50, 250, 250))
    put(icon=upload(written(drop, "PNG")))

    touch, plain, maskable = (icon(visit(), kind) for kind in ("180", "512", "maskable"))
    assert touch.getpixel((0, 0))[3] == 255 and plain.getpixel((0, 0))[3] == 0
    assert maskable.getpixel((0, 0))[3] == 255 and maskable.getpixel((256, 256))[:3] == (200, 30, 30)
    assert maskable.getpixel((110, 110))[:3] == touch.getpixel((0, 0))[:3]  # outside of what is never cut off


def test_manifest_names_the_organization_and_pictures_that_are_there(put, visit):
    put(name="North Practice for Everybody", tagline="Calm care")
    manifest = visit().get("/manifest.webmanifest").json()

    assert (manifest["name"], manifest["short_name"]) == ("North Practice for Everybody", "North")
    assert [each["purpose"] for each in manifest["icons"]] == ["any", "any", "maskable"]
    for each in manifest["icons"]:
        picture = Image.open(io.BytesIO(visit().get(each["src"]).content))
        assert f"{picture.width}x{picture.height}" == each["sizes"]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("North", "North"),
        ("North Practice", "North"),
        ("North & Söhne", "North"),
        ("The Old Mill School", "The Old Mill"),
        ("Sprachtherapiezentrum", "Sprachtherap"),
        ("", ""),
    ],
)
def test_name_below_an_icon_is_short(name, short):
    assert short_name(name) == short


def test_shared_link_shows_the_organization(cast, visit):
    create_site(name="North")
    page = visit().get("/").content.decode()

    assert '<meta property="og:site_name" content="North Practice">' in page
    assert 'property="og:image" content="http://north.test/brand/icon/512?v=' in page


def test_unknown_kind_of_icon_is_nowhere(cast, visit):
    assert visit().get("/brand/icon/513").status_code == 404
