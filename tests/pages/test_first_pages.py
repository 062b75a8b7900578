"""The front page says what holds when it is read: name and words of today, in the reader's language."""

import pytest
from django.test import Client as Browser
from django.utils import translation

from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from core.pages import first_pages, queries
from core.pages.actions import change_section, create_site, publish_page
from core.pages.models import HomePage


@pytest.fixture
def site(cast):
    create_site(name="North Practice")
    return cast


def read(path, host="north.test", **headers):
    return Browser().get(path, headers={"host": host, **headers}).content.decode()


def test_menu_is_read_in_each_readers_language(site):
    Brand.objects.update(languages=["en", "de"])
    german, english = (read("/", **{"accept-language": language}) for language in ("de", "en"))
    assert ">Hilfe<" in german and ">Start<" in german
    assert ">Help<" in english and ">Home<" in english


def test_front_page_has_the_name_of_today_until_somebody_writes_another(site):
    change_brand(current_brand(), by=site.nora, name="South Practice", tagline="")
    hero = read("/").partition('class="hero"')[2].partition("</section>")[0]
    assert "South Practice works with you" in hero and "North Practice" not in hero
    home = HomePage.objects.get()
    written = queries.text_to_write(queries.draft_of(home), "en").parts[0]
    value = {**written["value"], "heading": "Come in", "text": ""}
    change_section(page=home, language="en", section=written["id"], value=value, by=site.nora)
    assert "Come in" not in read("/")
    publish_page(page=home, by=site.nora)
    page = read("/")
    assert "Come in" in page and "works with you" not in page


def test_front_page_promises_what_is_there(site):
    page = read("/")
    assert "Book" not in page and "papers" not in page and "nobody comes in who was not let in" in page


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_first_words_are_translated(site, language):
    with translation.override(language):
        assert "works with you" not in first_pages.greeting().introduction
