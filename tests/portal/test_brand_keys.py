"""Every fact of the brand that a template reads is set by somebody; and mails of every palette can be read."""

import re

import pytest
from django.conf import settings

from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from branding.rules.contrast import INTERFACE, TEXT, contrast
from core.notifications.layout import render
from core.scheduling.messages import BOOKED
from portal.context_processors import brand_context

TEMPLATES = settings.BASE_DIR / "themes" / "templates"
READ = re.compile(r"(?<!/)\bbrand\.(\w+)")
WITHOUT_ORGANIZATION = ("gallery/", "operator/")


def keys_read(*endings: str) -> set[str]:
    files = [path for ending in endings for path in TEMPLATES.rglob(f"*{ending}")]
    own = [path for path in files if not str(path.relative_to(TEMPLATES)).startswith(WITHOUT_ORGANIZATION)]
    return {key for path in own for key in READ.findall(path.read_text())}


def test_pages_read_only_what_is_set(cast):
    assert keys_read(".html") <= set(brand_context(current_brand()))


def test_mails_read_only_what_is_set():
    assert keys_read(".mjml", ".inc") <= {"name", "mail_logo_url"}
    assert keys_read(".txt") <= {"name"}


@pytest.mark.parametrize("primary", ["#fff6a3", "#ffffff", "#000000", "#ff00ff", "#00ff00", "#777777"])
def test_mail_of_any_palette_can_be_read(cast, primary):
    change_brand(Brand.objects.get(), primary_color=primary, by=cast.nora)
    html = render(BOOKED, BOOKED.sample(), language="en").html
    html = re.sub(r"<[^>]*display:none[^>]*>", "", html)  # the line that lists of mails show

    buttons = re.findall(r'<a [^>]*style="[^"]*background:(#\w{6});color:(#\w{6})', html)
    words = set(re.findall(r"[^-]color:(#\w{6})", html)) - {colour for _, colour in buttons}
    grounds = set(re.findall(r"background(?:-color)?:(#\w{6})", html)) - {ground for ground, _ in buttons}
    edges = set(re.findall(r"border[\w-]*:\d+px solid (#\w{6})", html))
    assert buttons and words and grounds and edges
    assert all(contrast(*button) >= TEXT for button in buttons)
    assert all(contrast(word, ground) >= TEXT for word in words for ground in grounds)
    assert all(contrast(edge, ground) >= INTERFACE for edge in edges for ground in grounds)
