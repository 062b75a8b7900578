"""The organization's settings."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from branding.queries import current_brand
from core.kernel.models import AuditEvent


def brand_fields(**changes):
    return {
        "name": "North Practice", "tagline": "Calm care", "primary_color": "#0f766e", "accent_color": "#c2410c", "neutral": "cool",
        "radius": "soft", "heading_font": "Figtree", "body_font": "Inter", "vocabulary": "clinic", "languages": ["en"],
        "time_zone": "Europe/Berlin", **changes,
    }  # fmt: skip


def picture():
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(written, "PNG")
    return SimpleUploadedFile("logo.png", written.getvalue(), "image/png")


def test_owner_changes_the_brand(cast, visit, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    with django_capture_on_commit_callbacks(execute=True):  # because the brand in force is forgotten at the commit
        response = visit(cast.nora).post("/settings/", brand_fields(primary_color="#7c2d6b", logo=picture()))

    assert response.status_code == 302
    brand = current_brand()
    assert brand.primary_color == "#7c2d6b"
    assert visit().get(f"/brand/logo/light?v={brand.digest}").headers["Content-Type"] == "image/png"
    assert AuditEvent.objects.get(action="brand.changed").actor_label == cast.nora.name


@pytest.mark.parametrize(
    "change",
    [{"primary_color": "teal"}, {"name": ""}, {"heading_font": "Comic Sans"}, {"logo": SimpleUploadedFile("logo.png", b"no picture")}],
)  # fmt: skip
def test_bad_brand_is_refused_with_a_sentence(cast, visit, change):
    before = current_brand().digest

    response = visit(cast.nora).post("/settings/", brand_fields(**change))

    assert response.status_code == 422
    assert "aria-invalid" in response.content.decode()
    assert current_brand().digest == before


@pytest.mark.parametrize("path", ["/settings/", "/settings/mail/", "/settings/audit/"])
def test_settings_are_not_for_practitioners(cast, visit, path):
    assert visit(cast.tess).get(path).status_code == 403
    assert visit(cast.nora).get(path).status_code == 200
