"""What is decided on the pages of the settings is noted, or it is not decided."""

import pytest

from core.pages.actions import create_site
from tests.broken_audit import assert_nothing_is_written
from tests.factories.brand import brand_fields, detail_fields


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/settings/", brand_fields(name="Another Practice")),
        ("/settings/details/", detail_fields(phone="030 1")),
        ("/settings/words/", {"vocabulary": "school"}),
        ("/settings/messages/email/invitation/", {"subject": "Hello", "body": "Come in, {{ name }}.", "button": "In"}),
        ("/website/new/", {"title": "We move", "start": "text", "below": "", "slug": "moving"}),
    ],
)
def test_nothing_is_decided_where_the_audit_fails(cast, visit, monkeypatch, path, form):
    home = create_site(name="North")
    form = {**form, "below": home.pk} if "below" in form else form
    browser = visit(cast.nora)
    browser.get(path)  # because the first visit notes when the session was used

    assert_nothing_is_written(lambda: browser.post(path, form), monkeypatch)
