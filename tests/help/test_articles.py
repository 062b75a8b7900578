"""The product's articles: what they say holds when they are read, and every one of them is there in every language."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import translation

from branding.actions import change_brand
from branding.models import Brand
from branding.queries import current_brand
from branding.rules.sentences import PLACE, term_named
from branding.senders.models import Sender
from core.help.article_list import CATEGORIES, STARTERS
from core.help.facts import ALLOWED, FACTS, facts_in_force
from core.help.markdown import drawn
from core.help.reading import LABEL, check, read
from core.help.starters import FIRST, FOLDER, standard_text, starter
from core.help.starters import read as read_file
from core.kernel import clock
from deploy.local import messages
from tenants import domains
from tenants.context import public_context
from tenants.models import Domain
from tests.factories.web import browser_of
from tests.stock_nouns import left_of_article, stock

LANGUAGES = sorted(folder.name for folder in FOLDER.iterdir())
EVERY = [(each.slug, language) for each in STARTERS for language in LANGUAGES]
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}|{%\s*(?:if|unless)\s+(\w+)")
LINK = re.compile(r"\]\((/[^)#?]*)")


def page(path, who=None, **headers):
    return browser_of(who, **headers).get(path).content.decode()


def test_every_language_of_the_product_has_its_articles():
    assert set(dict(settings.LANGUAGES)) <= set(LANGUAGES)
    for language in LANGUAGES:
        assert sorted(path.stem for path in (FOLDER / language).iterdir()) == sorted(each.slug for each in STARTERS)


@pytest.mark.parametrize(("slug", "language"), EVERY)
def test_article_is_whole(slug, language):
    text, english = read_file(FOLDER / language / f"{slug}.md"), standard_text(slug, FIRST)
    assert all((text.title, text.summary, text.keywords, text.body))
    check(text, ALLOWED)
    for said, original in ((text, english),):
        whole, first = (
            f"{said.title} {said.summary} {said.body}",
            f"{original.title} {original.summary} {original.body}",
        )
        variables, wanted = (sorted({"".join(each) for each in VARIABLE.findall(one)}) for one in (whole, first))
        assert variables == wanted, "the same facts in every language"
        assert set(LABEL.findall(whole)) == set(LABEL.findall(first)), "the same buttons in every language"
        assert LINK.findall(whole) == LINK.findall(first), "the same links in every language"
        assert {found[1] for found in PLACE.finditer(whole) if term_named(found[1]) is None} == set()
        assert said.body.count("\n## ") == original.body.count("\n## "), "the same parts in every language"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_article_says_a_noun_that_can_be_renamed(language):
    found = {}
    for each in STARTERS:
        text = standard_text(each.slug, language)
        said = left_of_article(f"{text.title}\n{text.summary}\n{text.body}", language)
        if words := stock(language).findall(said):
            found[each.slug] = words
    assert found == {}


@pytest.mark.parametrize("slug", [each.slug for each in STARTERS])
def test_article_leads_to_what_there_is(slug):
    known = {one.id for one in messages.read(messages.catalogues()[0]) if isinstance(one.id, str)}
    text = standard_text(slug, FIRST)
    for path in LINK.findall(text.body):
        try:
            assert resolve(path, urlconf="deploy.urls.tenant").url_name != "wagtail_serve", path
        except Resolver404:
            pytest.fail(path)
        if path.startswith("/help/") and path.count("/") == 3:
            assert starter(path.split("/")[2]), path
    assert {label for label in LABEL.findall(text.body) if label not in known} == set()


def test_every_article_stands_somewhere_and_relates_to_others():
    codes = {each.code for each in CATEGORIES}
    assert {each.category for each in STARTERS} <= codes
    assert all(starter(slug) for each in STARTERS for slug in each.related)
    assert {each.needs for each in STARTERS if each.needs} <= {fact.name for fact in FACTS}


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_are_filled_without_a_gap(cast, language):
    Brand.objects.update(languages=[language], phone="+49 30 1234")
    with translation.override(language):
        facts = facts_in_force()
        for each in STARTERS:
            text = read(standard_text(each.slug, language), facts)
            whole = f"{text.title} {text.summary} {text.html}"
            assert not re.search(r"\{\{|\{%|%\(|\[\[|\\", whole), each.slug
            assert text.html.count("<h2") == len(text.contents)


def test_article_names_the_host_of_today(cast):
    assert "north.test" in page("/help/join/")
    with public_context():
        new = Domain.objects.create(
            tenant=cast.north, domain="praxis.example", is_primary=False, verified_at=clock.now()
        )
    domains.make_primary(cast.north.pk, new.pk, by="Op", now=clock.now())
    read_now = page("/help/join/")
    assert "allowed: praxis.example" in read_now and "allowed: north.test" not in read_now


def test_articles_name_sender_and_words_of_today(cast):
    change_brand(current_brand(), by=cast.nora, vocabulary="school")
    Sender.objects.create(way="server", server_address="post@north.example", server_works=True)
    read_now = page("/help/mail/")
    assert "post@north.example" in read_now and "in:anywhere from:post@north.example" in read_now
    assert all(name in read_now for name in ("Gmail", "Outlook.com", "Yahoo Mail", "Google Workspace", "Microsoft 365"))
    assert "lesson" in page("/help/join/") and "lessons" in page("/help/times/")


def test_articles_are_read_in_each_readers_language(cast):
    Brand.objects.update(languages=["en", "de"])
    german, english = (
        browser_of().get("/help/", headers={"accept-language": each}).content.decode() for each in ("de", "en")
    )
    assert "Wie können wir helfen?" in german and "Erste Schritte" in german
    assert "How can we help?" in english and "Erste Schritte" not in english


def test_markdown_is_safe():
    nasty = drawn(
        "# <script>alert(1)</script>\n\n<img src=x onerror=alert(1)> [x](javascript:alert(1)) ![y](/z.png) <b>b</b>"
    )
    assert not re.search(r"<(?!/?(?:h2|p|a)\b)", nasty.html), "nothing but what Markdown makes"
    assert 'href="javascript' not in nasty.html and "<img" not in nasty.html
    assert nasty.contents[0].words and "<b>" not in nasty.html


def test_same_headings_have_anchors_of_their_own():
    found = drawn("## One\n\na\n\n## One\n\nb\n\n## 你好\n\nc")
    assert [each.anchor for each in found.contents] == ["one", "one-2", "你好"]


def test_articles_stand_in_files_of_their_names():
    assert all(Path(FOLDER / FIRST / f"{each.slug}.md").exists() for each in STARTERS)
