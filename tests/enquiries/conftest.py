"""A published page with a contact form of two topics."""

import pytest

from core.pages.actions import add_page, add_section, create_site, publish_page
from core.pages.models import HomePage

TOPICS = "A first appointment\nSomething else"


@pytest.fixture
def site(cast):
    home = HomePage.objects.first() or create_site(name="North")
    cast.page = add_page(parent=home, title="Contact", slug="contact", language="en", by=cast.nora)
    value = {"heading": "Write to us", "text": "", "hours": "", "form": True, "topics": TOPICS}
    cast.section = add_section(page=cast.page, language="en", kind="contact", value=value, by=cast.nora)
    cast.page.refresh_from_db()
    publish_page(page=cast.page, by=cast.nora)
    return cast
