"""The organization's settings."""

import errno
import io

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from branding.models import Brand
from branding.queries import current_brand
from core.kernel import audit, clock
from core.kernel.models import AuditEvent
from core.notifications.models import Delivery
from core.people.audit_codes import PeopleAudit
from tests.factories.brand import brand_fields, detail_fields, publish


def picture():
    written = io.BytesIO()
    Image.new("RGB", (40, 20), "teal").save(written, "PNG")
    return SimpleUploadedFile("logo.png", written.getvalue(), "image/png")


def test_owner_changes_the_brand(cast, visit, settings, tmp_path, django_capture_on_commit_callbacks):
    settings.MEDIA_ROOT = tmp_path
    with django_capture_on_commit_callbacks(execute=True):  # because the brand in force is forgotten at the commit
        nora = visit(cast.nora)
        response = nora.post("/settings/", brand_fields(primary_color="#7c2d6b", logo=picture()))
        assert response.status_code == 302 and Brand.objects.get().primary_color == "#0f766e"
        publish(nora)

    brand = current_brand()
    assert brand.primary_color == "#7c2d6b"
    assert visit().get(f"/brand/logo/light?v={brand.digest}").headers["Content-Type"] == "image/png"
    assert AuditEvent.objects.get(action="brand.published").actor_label == cast.nora.name


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


@pytest.mark.parametrize(
    ("language", "sentence"), [("en", "because the storage is full"), ("de", "weil der Speicher voll ist")]
)
def test_full_disk_says_so_keeps_the_brand_and_heals(cast, visit, settings, tmp_path, monkeypatch, language, sentence):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    settings.MEDIA_ROOT = tmp_path
    before = Brand.objects.get()
    wanted = brand_fields(primary_color="#7c2d6b")
    Brand.objects.update(languages=[language])
    current_brand().refresh_from_db()
    with monkeypatch.context() as disk:
        disk.setattr(FileSystemStorage, "_save", full)
        answer = visit(cast.nora).post("/settings/", wanted | {"logo": picture()})

    assert answer.status_code == 422 and sentence in answer.content.decode()
    after = Brand.objects.get()
    assert (after.primary_color, after.logo, after.digest) == (before.primary_color, before.logo, before.digest)
    assert not AuditEvent.objects.filter(action__startswith="brand.").exists()
    assert visit(cast.nora).post("/settings/", wanted | {"logo": picture()}).status_code == 302


@pytest.mark.parametrize("path", ["/settings/", "/settings/mail/", "/settings/audit/"])
def test_settings_are_not_for_practitioners(cast, visit, path):
    assert visit(cast.tess).get(path).status_code == 403
    assert visit(cast.nora).get(path).status_code == 200


@pytest.fixture
def history(cast):
    """Nora did one thing, Tess another."""
    audit.record(PeopleAudit.PROFILE_CHANGED, by=cast.nora, subject=cast.nora)
    audit.record(PeopleAudit.STAFF_CHANGED, by=cast.tess, subject=cast.sam)
    return cast


@pytest.mark.parametrize(
    ("asked", "nora", "tess"),
    [
        ({}, 1, 1), ({"q": "Sam North"}, 0, 1), ({"by": "nora"}, 1, 0), ({"by": "tess", "q": "sam"}, 0, 1), ({"by": "nobody"}, 0, 0),
        ({"from": "2000-01-01", "to": "2999-12-31"}, 1, 1), ({"to": "2000-01-01"}, 0, 0), ({"from": "2999-01-01"}, 0, 0),
        ({"from": "0001-01-01", "to": "9999-12-31"}, 1, 1), ({"from": "31.12.2026"}, 1, 1),
    ],
)  # fmt: skip
def test_audit_is_filtered_by_person_and_day(history, visit, asked, nora, tess):
    if "by" in asked:
        asked = {**asked, "by": str(getattr(getattr(history, asked["by"], None), "pk", asked["by"]))}

    rows = visit(history.nora).get("/settings/audit/", asked).context["events"]

    found = [event.actor_label for event, _ in rows if event.action in ("profile.changed", "staff.changed")]
    assert (found.count(history.nora.name), found.count(history.tess.name)) == (nora, tess)


def test_mail_that_did_not_arrive_is_found(cast, visit):
    for state, address in (("sent", "good@x.test"), ("bounced", "bad@x.test")):
        Delivery.objects.create(
            kind="test",
            address=address,
            subject="Hello",
            message_id=f"<{state}>",
            state=state,
            created_at=clock.now(),
            changed_at=clock.now(),
        )
    browser = visit(cast.nora)

    failed = browser.get("/settings/mail/", {"state": "failed"}).content.decode()
    named = browser.get("/settings/mail/", {"q": "good@"}).content.decode()
    past = browser.get("/settings/mail/", {"to": "2001-01-01"}).content.decode()

    assert "bad@x.test" in failed and "good@x.test" not in failed
    assert "good@x.test" in named and "bad@x.test" not in named
    assert "Nothing found" in past


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        *(("/settings/", brand_fields, field) for field in ("name", "tagline")),
        *(("/settings/details/", detail_fields, field) for field in ("address", "phone", "tax_number")),
    ],
)
def test_control_characters_are_refused_at_their_field(cast, visit, path, fields, field):
    answer = visit(cast.nora).post(path, fields(**{field: "North\x0bPractice\x07"}))

    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()
    assert "they are no text" in answer.content.decode()
