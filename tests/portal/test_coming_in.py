"""What an organization says and shows beside the sign-in and in the waiting room, and where it leads people afterwards."""

import io

import pytest
from django.urls import reverse
from PIL import Image

from branding.models import Brand, BrandDraft
from branding.queries import current_brand
from core.kernel import clock
from tests.factories.brand import brand_fields, publish
from tests.factories.images import upload, written
from tests.factories.scheduling import book

SIGN_IN, EXIT = "/account/login/", "https://north.example/thanks?from=session"
UNSAFE = [
    "javascript:alert(1)", "http://north.example/", "//north.example", "north.example", "https://", "https://north.example@evil.example/",
    "https://a b.example", "data:text/html,x", "ftp://north.example", "https://x\u200b\n.example",
]  # fmt: skip


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


def test_picture_and_text_stand_beside_the_sign_in(put, visit):
    put(
        sign_in_text="Welcome.\nRing <twice>.",
        sign_in_picture=upload(written(Image.new("RGB", (2000, 900), "teal"), "JPEG"), "a.jpg"),
    )
    page = visit().get(SIGN_IN).content.decode()

    assert "Welcome.<br>Ring &lt;twice&gt;." in page
    address = f"/brand/picture/sign-in?v={current_brand().digest}"
    assert f'src="{address}" alt="" loading="lazy"' in page
    answer = visit().get(address)
    picture = Image.open(io.BytesIO(b"".join(answer)))
    assert (picture.format, picture.width, answer["Content-Type"]) == ("WEBP", 1280, "image/webp")
    assert "immutable" in answer["Cache-Control"]


def test_without_a_picture_there_is_none(cast, visit):
    assert "auth__picture" not in visit().get(SIGN_IN).content.decode()
    assert visit().get("/brand/picture/sign-in").status_code == 404


def test_lost_picture_stops_no_sign_in(put, visit):
    put(sign_in_picture=upload(written(Image.new("RGB", (200, 90), "teal"), "PNG"), "a.png"))
    brand = Brand.objects.get()
    brand.sign_in_picture.storage.delete(brand.sign_in_picture.name)

    assert visit().get(SIGN_IN).status_code == 200
    assert visit().get("/brand/picture/sign-in").status_code == 404


def test_waiting_and_going_are_as_the_organization_says(cast, put, visit):
    appointment = book(cast, at=clock.now())
    put(waiting_text="Have your paper ready.", exit_url=EXIT)
    room, ended = (reverse(f"live:{page}", args=[appointment.pk]) for page in ("room", "ended"))
    client, host = visit(cast.gus), visit(cast.tess)

    assert "Have your paper ready." in client.get(room).content.decode()
    assert "Have your paper ready." not in host.get(room).content.decode()
    assert f'href="{EXIT}"' in client.get(ended).content.decode()
    assert EXIT not in host.get(ended).content.decode()


@pytest.mark.parametrize("address", UNSAFE)
def test_address_that_leads_people_astray_is_refused(cast, visit, address):
    answer = visit(cast.nora).post("/settings/", brand_fields(exit_url=address))

    assert answer.status_code == 422
    assert (
        "Write a whole address that begins with https://." in answer.content.decode()
        or "no text" in answer.content.decode()
    )
    assert not BrandDraft.objects.exists() and Brand.objects.get().exit_url == ""
