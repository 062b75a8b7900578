"""The first pages say what holds when they are read: host, sender, name and words of today, in the reader's language."""

import pytest
from django.test import Client as Browser
from django.utils import translation

from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from branding.senders.models import Sender
from core.kernel import clock
from core.pages.actions import change_home, create_site
from core.pages.models import ArticlePage, HomePage
from tenants import domains
from tenants.context import public_context
from tenants.models import Domain


@pytest.fixture
def site(cast):
    create_site(name="North Practice")
    return cast


def read(path, host="north.test", **headers):
    return Browser().get(path, headers={"host": host, **headers}).content.decode()


def test_article_names_the_host_of_today(site):
    assert "north.test" in read("/help/join/")
    with public_context():
        new = Domain.objects.create(
            tenant=site.north, domain="praxis.example", is_primary=False, verified_at=clock.now()
        )
    domains.make_primary(site.north.pk, new.pk, by="Op", now=clock.now())
    for host in ("north.test", "praxis.example"):
        page = read("/help/join/", host)
        assert "allowed: praxis.example" in page and "allowed: north.test" not in page


def test_articles_name_sender_and_words_of_today(site):
    change_brand(current_brand(), by=site.nora, vocabulary="school")
    Sender.objects.create(way="server", server_address="post@north.example", server_works=True)
    page = read("/help/mail/")
    assert "post@north.example" in page and "in:anywhere from:post@north.example" in page
    assert all(name in page for name in ("Gmail", "Outlook.com", "Yahoo Mail", "Google Workspace", "Microsoft 365"))
    assert "lesson" in read("/help/join/") and "lessons" in read("/help/times/")


def test_articles_are_read_in_each_readers_language(site):
    Brand.objects.update(languages=["en", "de"])
    german, english = (read("/help/", **{"accept-language": language}) for language in ("de", "en"))
    assert "Online teilnehmen (Sitzung)" in german and ">Hilfe<" in german and ">Start<" in german
    assert "Joining a session online" in english and "Online teilnehmen" not in english


def test_help_says_that_messages_follow_the_client(site):
    page = read("/help/times/")
    assert "time zone that is set for the person who comes to us" in page and "your profile" not in page


def test_front_page_has_the_name_of_today_until_somebody_writes_another(site):
    change_brand(current_brand(), by=site.nora, name="South Practice", tagline="")
    hero = read("/").partition('class="hero"')[2].partition("</section>")[0]
    assert "South Practice works with you" in hero and "North Practice" not in hero
    change_home(HomePage.objects.get(), by=site.nora, headline="Come in", introduction="", about="", contact="")
    page = read("/")
    assert "Come in" in page and "works with you" not in page


def test_front_page_promises_what_is_there(site):
    page = read("/")
    assert "Book" not in page and "papers" not in page and "nobody comes in who was not let in" in page


def test_text_that_somebody_has_written_stays(site):
    article = ArticlePage.objects.get(slug="join")
    article.body = "<p>Ring the bell.</p>"
    article.save_revision().publish()
    page = read("/help/join/")
    assert "Ring the bell." in page and "No download" not in page


@pytest.mark.parametrize("language", ["de", "es", "fr"])
def test_first_words_are_translated(site, language):
    with translation.override(language):
        home = HomePage.objects.get()
        assert "works with you" not in home.greeting.introduction
