"""The console brings an organization live from a file: a look before, the run, and what became of each part."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tenants.context import public_context
from tenants.models import Organization

PAGE = "/organizations/go-live/"
EXAMPLE = Path(__file__).resolve().parents[3] / "docs" / "go-live.json"


@pytest.fixture
def wanted(settings):
    settings.PLATFORM_DOMAIN, settings.DNS_SERVERS, settings.DNS_SECONDS = "test", ["127.0.0.1"], 1
    settings.DNS_PORT = 1  # where nobody answers
    wanted = json.loads(EXAMPLE.read_text())
    wanted["organization"]["host"] = "river-clinic.test"
    del wanted["sender"]
    return wanted


def made():
    with public_context():
        return Organization.objects.filter(slug="river-clinic").exists()


def test_trial_shows_everything_and_keeps_nothing(console, wanted):
    page = console.post(PAGE, {"text": json.dumps(wanted), "act": "trial"})
    shown = page.content.decode()
    assert page.status_code == 200 and "This is what would happen" in shown and "staff.1" in shown
    assert "Files come with the command" in shown and "river-clinic" in shown and not made()


def test_run_does_it_and_again_changes_nothing(console, wanted):
    upload = SimpleUploadedFile("river.json", json.dumps(wanted).encode(), "application/json")
    assert "something waits" in console.post(PAGE, {"file": upload, "act": "run"}).content.decode()
    assert made()
    again = console.post(PAGE, {"text": json.dumps(wanted), "act": "run"}).content.decode()
    assert "badge--success" not in again and "as it was" in again


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"text": ""}, "Choose a file"),
        ({"text": "{"}, "cannot be used"),
        ({"text": '{"organization": {"name": "<script>"}}'}, "organization.slug"),
        ({"file": SimpleUploadedFile("x.json", b"\xff\xfe")}, "no text"),
    ],
)
def test_file_that_is_none_is_refused(console, facts, sentence):
    page = console.post(PAGE, facts | {"act": "run"})
    shown = page.content.decode().replace("<wbr>", "")
    assert page.status_code == 422 and sentence in shown and '"<script>' not in shown


def test_refused_part_leaves_nothing(console, wanted):
    wanted["staff"][0]["role"] = "king 💈"
    page = console.post(PAGE, {"text": json.dumps(wanted), "act": "run"})
    assert page.status_code == 422 and "Nothing was done" in page.content.decode() and not made()


def test_page_is_the_operators(stranger):
    assert stranger.get(PAGE).status_code == 302 and stranger.post(PAGE, {"act": "run"}).status_code == 302
