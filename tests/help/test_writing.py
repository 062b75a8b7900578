"""Writing help: who may, drafts, versions, a newer standard text, hiding, moving, and what is refused."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branding.models import Brand
from core.help import actions, starters
from core.help.actions import write_article
from core.help.models import Article, ArticleVersion, Category
from core.help.starters import ArticleText
from core.kernel import clock
from core.kernel.errors import DomainError
from core.kernel.models import AuditEvent
from tests.factories.web import browser_of

TEXT = {"title": "Ours", "summary": "", "body": "Ring at {{ host }}.", "keywords": ""}
PAGES = ("", "feedback/", "searches/", "new/", "articles/join/", "categories/new/", "categories/start/")
NASTY = ("<script>alert(1)</script>", "你好 🎹", "مرحبا", "'\"", "x" * 200)


def post(cast, path, data=None, **more):
    return browser_of(cast.nora).post(f"/settings/help/{path}", data or {}, **more)


def write(cast, slug="join", publish=True, **text):
    wanted = ArticleText(**{**TEXT, **text})
    return write_article(
        slug, language="en", languages=["en"], text=wanted, publish=publish, by=cast.nora, now=clock.now()
    )


@pytest.mark.parametrize("path", PAGES)
def test_only_who_manages_the_organization_writes(cast, path):
    for person in (cast.tess, cast.gus, cast.ada):
        assert browser_of(person).get(f"/settings/help/{path}").status_code == 403
    assert browser_of(cast.nora).get(f"/settings/help/{path}").status_code == 200


def test_acts_are_refused_below_the_page_too(cast):
    with pytest.raises(Exception, match=r"^$"):
        write_article(
            "join",
            language="en",
            languages=["en"],
            text=ArticleText("x", body="x"),
            publish=True,
            by=cast.tess,
            now=clock.now(),
        )


def test_article_goes_from_draft_to_published_and_back(cast):
    post(cast, "articles/join/", {**TEXT, "draft": "1"})
    assert b"Ring at" not in browser_of().get("/help/join/").content
    assert b"Draft" in browser_of(cast.nora).get("/settings/help/").content
    post(cast, "articles/join/", {**TEXT, "publish": "1"})
    assert b"Ring at north.test." in browser_of().get("/help/join/").content
    post(cast, "articles/join/standard/")
    assert b"Ring at" not in browser_of().get("/help/join/").content
    post(cast, "articles/join/versions/2/")
    assert b"Ring at" in browser_of().get("/help/join/").content
    assert [each.number for each in ArticleVersion.objects.filter(slug="join")] == [4, 3, 2, 1]
    acts = AuditEvent.objects.filter(action__startswith="article.").order_by("at").values_list("action", flat=True)
    assert list(acts) == ["article.drafted", "article.published", "article.reset", "article.published"]


def test_same_text_makes_no_version(cast):
    write(cast)
    write(cast)
    write(cast, publish=False)
    assert ArticleVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("text", "code", "field"),
    [
        ({"title": " "}, "text_missing", "title"),
        ({"body": "{{ pasword }}"}, "variable_unknown", "body"),
        ({"body": "{{ phone }}"}, "variable_may_be_empty", "body"),
        ({"body": "{{ cards }}"}, "variable_may_be_empty", "body"),
        ({"body": "{% for x in y %}{% endfor %}"}, "text_broken", "body"),
        ({"body": "{{ host.__class__ }}"}, "variable_unknown", "body"),
        ({"body": "x" * 20_001}, "text_too_long", "body"),
        ({"summary": "{{ host"}, "text_broken", "summary"),
    ],
)
def test_text_that_cannot_be_filled_is_refused(cast, text, code, field):
    with pytest.raises(DomainError) as refused:
        write(cast, **text)
    assert (refused.value.code, refused.value.field) == (code, field)
    answer = post(cast, "articles/join/", {**TEXT, **text, "publish": "1"})
    assert answer.status_code == 422 and not ArticleVersion.objects.exists()


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_words_are_words(cast, nasty):
    answer = post(cast, "new/", {**TEXT, "title": nasty, "body": nasty, "category": "start", "publish": "1"})
    assert answer.status_code == 302
    article = Article.objects.get()
    shown = browser_of().get(f"/help/{article.slug}/")
    assert shown.status_code == 200 and b"<script>alert" not in shown.content
    assert browser_of(cast.nora).get("/settings/help/").status_code == 200


def test_new_article_sent_twice_is_one(cast):
    sent = {**TEXT, "category": "start", "publish": "1", "form_key": "18c8b0c0000-x"}
    browser = browser_of(cast.nora)
    for _time in range(2):
        assert browser.post("/settings/help/new/", sent).status_code == 302
    assert Article.objects.count() == 1


def test_titles_alike_have_addresses_of_their_own(cast):
    for title in ("Join", "Join", "Search", "你好"):
        post(cast, "new/", {**TEXT, "title": title, "category": "start", "publish": "1"})
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["article", "join-2", "join-3", "search-2"]


def test_newer_standard_text_is_told_until_it_is_seen(cast, monkeypatch):
    write(cast)
    newer = ArticleText("Joining", "s", "k", "All new.")
    real = starters.standard_text
    for module in ("core.help.actions", "portal.help.writing", "portal.help.editor"):
        monkeypatch.setattr(
            f"{module}.standard_text", lambda slug, language: newer if slug == "join" else real(slug, language)
        )
    browser = browser_of(cast.nora)
    assert b"A newer standard text" in browser.get("/settings/help/").content
    shown = browser.get("/settings/help/articles/join/").content.decode()
    assert "There is a newer standard text" in shown and "<del>All new.</del>" in shown
    post(cast, "articles/join/kept/")
    assert b"A newer standard text" not in browser.get("/settings/help/").content
    assert b"Ring at" in browser_of().get("/help/join/").content


def test_two_with_the_same_article_open_lose_nothing(cast):
    browser = browser_of(cast.nora)
    first = browser.get("/settings/help/articles/join/").content.decode()
    version = first.partition('name="form_version" value="')[2].partition('"')[0]
    write(cast, title="Somebody else's")
    late = browser.post(
        "/settings/help/articles/join/", {**TEXT, "title": "Mine", "publish": "1", "form_version": version}
    )
    assert late.status_code == 422
    assert ArticleVersion.objects.get().title == "Somebody else's"


def test_hidden_article_is_gone_for_readers(cast):
    post(cast, "articles/join/visibility/", {"show": "0"})
    assert browser_of().get("/help/join/").status_code == 404
    assert b"Hidden" in browser_of(cast.nora).get("/settings/help/").content
    post(cast, "articles/join/visibility/", {"show": "1"})
    assert browser_of().get("/help/join/").status_code == 200


def test_hidden_category_is_gone_with_its_articles(cast):
    post(cast, "categories/start/", {"name": "First steps", "about": "", "icon": "rocket"})
    assert b"/help/topics/start/" not in browser_of().get("/help/").content
    assert browser_of().get("/help/mail/").status_code == 404


def test_category_is_named_in_each_language(cast):
    Brand.objects.update(languages=["en", "de"])
    post(cast, "categories/start/?language=de", {"name": "Los geht’s", "about": "", "icon": "rocket", "is_shown": "on"})
    german = browser_of().get("/help/", headers={"accept-language": "de"}).content.decode()
    assert "Los geht’s" in german and "First steps" in browser_of().get("/help/").content.decode()
    assert Category.objects.get().names == {"de": {"name": "Los geht’s", "about": ""}}


def test_unknown_things_are_nowhere(cast):
    browser = browser_of(cast.nora)
    assert browser.get("/settings/help/articles/zz/").status_code == 404
    assert browser.get("/settings/help/categories/zz/").status_code == 404
    with pytest.raises(DomainError, match="no such article"):
        actions.show_article("zz", is_shown=False, by=cast.nora, now=clock.now())
    with pytest.raises(DomainError, match="no such version"):
        actions.restore_article("join", number=9, language="en", languages=["en"], by=cast.nora, now=clock.now())
    with pytest.raises(DomainError, match="no such category"):
        actions.move_article("join", language="en", category="zz", by=cast.nora, now=clock.now())


def test_preview_shows_what_stands_in_the_form(cast):
    answer = post(cast, "preview/", {**TEXT, "body": "# Hi\n\n<b>x</b> {{ host }}"})
    assert b"<h2" in answer.content and b"&lt;b&gt;" in answer.content and b"north.test" in answer.content
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert post(cast, "preview/", {**TEXT, "body": "{{ zz }}"}).status_code == 422


@pytest.mark.parametrize("path", ["", "feedback/", "searches/"])
def test_pages_ask_alike_for_few_and_many(cast, path):
    def asked():
        browser = browser_of(cast.nora)
        browser.get(f"/settings/help/{path}")
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/settings/help/{path}")
        return len(queries)

    def fill(numbers):
        for number in numbers:
            text = ArticleText(f"Own {number}", "", "", "x")
            told = {
                "language": "en",
                "languages": ["en"],
                "text": text,
                "publish": True,
                "by": cast.nora,
                "now": clock.now(),
            }
            actions.add_article(category="start", **told)

    fill([1])
    few = asked()
    fill([2, 3])
    assert asked() == few


@pytest.mark.parametrize("page", ["categories/new/", "categories/start/"])
def test_category_is_kept_from_a_form_as_a_browser_sends_it(cast, page):
    sent = {"name": "Of our own", "about": "", "icon": "rocket", "is_shown": "on", "form_key": "18c8b0c0000-x"}
    assert post(cast, page, sent).status_code == 302
    assert post(cast, page, sent).status_code == 302
