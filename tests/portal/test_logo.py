"""A logo, uploaded: after it everything works, and shows it so that it can be seen."""

import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.files.storage import default_storage
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader

from branding.actions import looks
from branding.actions.looks import note_version
from branding.models import Brand
from branding.queries import current_brand
from branding.rules.contrast import INTERFACE, contrast
from core.kernel import clock, outbox
from core.pages.actions import create_site
from core.scheduling.actions import book_appointment
from tests.factories.brand import brand_fields, publish
from tests.factories.images import LOGOS, upload, wordmark, written
from tests.factories.till import issue

PALETTES = ["#0f766e", "#fff6a3", "#000000", "#ffffff", "#ff00ff"]


@pytest.fixture
def put(cast, visit, settings, tmp_path, django_capture_on_commit_callbacks):
    """Uploads as the owner does; answers the response."""
    settings.MEDIA_ROOT = tmp_path

    def post(**changes):
        with django_capture_on_commit_callbacks(execute=True):  # because the brand in force is forgotten at the commit
            nora = visit(cast.nora)
            answer = nora.post("/settings/", brand_fields(**changes))
            publish(nora)
            return answer

    return post


def booked(cast):
    starts_at = clock.now() + timedelta(minutes=5)
    return book_appointment(
        practitioner=cast.tess_staff, clients=[cast.cleo], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
        time_zone="Europe/Berlin", service_name="Speech therapy", by=cast.tess, now=clock.now(),
    )  # fmt: skip


@pytest.mark.parametrize("kind", LOGOS)
def test_everything_shows_the_logo_after_the_upload(till, put, visit, kind):
    assert put(logo=upload(LOGOS[kind](), f"logo.{kind.split('-')[0]}")).status_code == 302
    create_site(name="North Practice")
    brand, invoice, appointment = (
        current_brand(),
        issue(till),
        booked(till),
    )  # only now, because reading the brand keeps it
    outbox.deliver_due()

    letter = next(message for message in mail.outbox if message.subject.startswith("Invoice"))
    html = letter.alternatives[0].content
    shown = re.search(r'<img[^>]* src="http://north\.test(/brand/logo/mail[^"]*)"', html)
    assert picture(visit().get(shown.group(1))).size == (320, 96)
    assert 'alt="North Practice"' in html

    for reader, path in (
        (till.nora, "/settings/"), (till.nora, "/dashboard/"), (till.gus, f"/live/{appointment.pk}/"), (None, "/"), (None, reverse("account_login")),
    ):  # fmt: skip
        page = visit(reader).get(path)
        assert page.status_code == 200, path
        assert f"/brand/logo/light?v={brand.digest}" in page.content.decode(), path
    assert picture(visit().get(f"/brand/logo/light?v={brand.digest}")).format == "PNG"

    for file in (letter.attachments[0].content, document(visit(till.nora), invoice)):
        assert len(PdfReader(io.BytesIO(file)).pages[0].images) == 1


@pytest.mark.parametrize("primary", PALETTES)
@pytest.mark.parametrize(("ink", "ground"), [((17, 17, 17), "light"), ((250, 250, 250), "dark"), ((128, 128, 128), "")])
def test_logo_of_any_ink_is_seen_on_both_grounds(till, put, visit, primary, ink, ground):
    put(logo=upload(written(wordmark(ink), "PNG")), primary_color=primary)

    pages = [visit(till.nora).get("/settings/"), visit().get("/")]
    letter = picture(visit().get(f"/brand/logo/mail?v={current_brand().digest}"))

    assert all(f'data-ground="{ground}"' in page.content.decode() for page in pages)
    ink_in_mail = {"light": 0, "dark": 255}.get(ground, 128)
    behind = letter.convert("L").getpixel((1, 1))
    assert abs(ink_in_mail - behind) > 60
    paper = rendered_ground(document(visit(till.nora), issue(till)))
    assert contrast("#{:02x}{:02x}{:02x}".format(*ink), paper) >= INTERFACE


def test_second_logo_stays_until_it_is_removed(cast, put, visit):
    put(logo=upload(LOGOS["png"]()), logo_dark=upload(written(wordmark((255, 255, 255)), "WEBP"), "white.webp"))
    put(name="North Practice and Sons")
    page = visit(cast.nora).get("/settings/").content.decode()

    assert page.count("/brand/logo/dark") >= 2 and 'name="logo_dark-clear"' in page
    put(**{"logo_dark-clear": "on"})

    brand = current_brand()
    assert brand.logo and not brand.logo_dark and brand.logo_dark_ground == ""
    assert visit().get("/brand/logo/dark").status_code == 404


def test_replaced_and_removed_logos_stay_for_earlier_looks_only(cast, put, visit, django_capture_on_commit_callbacks):
    def kept():
        return set(default_storage.listdir("brand")[1])

    put(logo=upload(LOGOS["png"]()), logo_dark=upload(LOGOS["webp"](), "white.webp"))
    first = kept()
    put(name="North Practice and Sons")
    assert kept() == first and len(first) == 2
    put(logo=upload(LOGOS["jpeg"](), "logo.jpg"), **{"logo_dark-clear": "on"})

    assert first < kept() and len(kept()) == 3  # because an earlier look can be brought back
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(looks.KEPT):
            note_version(current_brand(), author=cast.nora, now=clock.now())
    assert kept() == {current_brand().logo.name.rpartition("/")[2]} and not kept() & first
    assert visit().get("/brand/logo/light").status_code == 200


def test_pages_ask_no_storage_for_an_address(cast, put, visit, monkeypatch):
    put(logo=upload(LOGOS["png"]()))
    monkeypatch.setattr("tenants.storage.OrganizationFiles.url", lambda *_: "https://storage.test/logo.png")

    assert "storage.test" not in visit(cast.nora).get("/settings/").content.decode()


def test_lost_file_of_a_logo_stops_no_invoice(till, put, visit):
    put(logo=upload(LOGOS["png"]()))
    brand = Brand.objects.get()
    brand.logo.storage.delete(brand.logo.name)

    assert "North Practice" in PdfReader(io.BytesIO(document(visit(till.nora), issue(till)))).pages[0].extract_text()
    assert visit().get("/brand/logo/light").status_code == visit().get("/brand/logo/mail").status_code == 404


def document(browser, invoice) -> bytes:
    answer = browser.get(reverse("billing:invoice-document", args=[invoice.pk]))
    assert answer.status_code == 200
    return b"".join(answer) if answer.streaming else answer.content


def picture(answer) -> Image.Image:
    assert answer.status_code == 200
    return Image.open(io.BytesIO(b"".join(answer) if answer.streaming else answer.content))


def rendered_ground(pdf: bytes) -> str:
    """What is filled before the page's first picture: the plate under the logo, else paper."""
    drawing = PdfReader(io.BytesIO(pdf)).pages[0].get_contents().get_data().decode("latin-1").partition(" Do")[0]
    filled = re.findall(r"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|scn)\b", drawing)
    return "#" + "".join(f"{round(float(part) * 255):02x}" for part in filled[-1]) if filled else "#ffffff"
