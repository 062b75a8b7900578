"""What readers meet: who finds what, searching, judging, the panel, and what nobody may do."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branding.models import Brand
from core.help.actions import add_article, change_category, move_article, show_article, write_article
from core.help.feedback import tallies
from core.help.models import Feedback, SearchEntry, SearchMiss
from core.help.starters import ArticleText, standard_text
from core.kernel import clock
from core.kernel.sent_forms import new_key
from tests.factories.web import browser_of

LATER = timedelta(seconds=5)
NASTY = (
    "<script>alert(1)</script>",
    "你好，世界 🎹",
    "مرحبا بالعالم",
    "a\u200bb",
    "'\" OR 1=1 --",
    "%(client)s {{ host",
    "x" * 200,
)


def page(path, who=None, **extra):
    return browser_of(who).get(path, **extra)


def own(cast, title="Where to park", category="start", body="By the **water**.", **more):
    text = ArticleText(title, "In front of the house", "car, bus", body)
    values = {
        "language": "en",
        "languages": ["en", "de"],
        "text": text,
        "publish": True,
        "by": cast.nora,
        "now": clock.now(),
    }
    return add_article(category=category, **{**values, **more})


def old_key(monkeypatch):
    """A form's key as a page had it a moment ago."""
    key, now = new_key(), clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + LATER)
    return key


def test_staff_articles_are_for_staff(cast):
    assert "staff-refunds" not in page("/help/topics/money/").content.decode()
    assert "The working day" not in page("/help/", cast.gus).content.decode()
    assert "The working day" in page("/help/", cast.tess).content.decode()
    assert page("/help/staff-refunds/").status_code == 302
    assert page("/help/staff-refunds/", cast.gus).status_code == 404
    assert page("/help/staff-refunds/", cast.ada).status_code == 404
    assert page("/help/staff-refunds/", cast.tess).status_code == 200
    assert page("/help/topics/books/", cast.gus).status_code == 404


def test_own_staff_article_is_nobodys_but_staffs(cast):
    article = own(cast, "Keys of the house", category="work")
    assert page(f"/help/{article.slug}/").status_code == 404
    assert page(f"/help/{article.slug}/", cast.gus).status_code == 404
    assert page(f"/help/{article.slug}/", cast.tess).status_code == 200
    assert b"Keys of the house" not in page("/help/search/?q=keys").content
    assert b"Keys of the house" in page("/help/search/?q=keys", cast.tess).content


@pytest.mark.parametrize("typed", ["microphone", "mircophone", "MICROPHONE", "headset camera"])
def test_search_finds_what_is_meant(cast, typed):
    assert "/help/camera/" in page("/help/search/", data={"q": typed}).content.decode()


def test_search_finds_by_keyword_and_title_first(cast):
    found = page("/help/search/", data={"q": "spam"}).content.decode()
    assert "/help/mail/" in found
    found = page("/help/search/", data={"q": "recording"}).content.decode()
    assert "/help/recording/" not in found, "what is switched off is not found"


def test_search_follows_what_articles_say_now(cast):
    own(cast)
    assert "Where to park" in page("/help/search/", data={"q": "water"}).content.decode()
    Brand.objects.update(vocabulary="school")
    assert "lesson" in page("/help/search/", data={"q": "lesson cancel"}).content.decode()
    show_article("where-to-park", is_shown=False, by=cast.nora, now=clock.now())
    assert "Where to park" not in page("/help/search/", data={"q": "water"}).content.decode()


@pytest.mark.parametrize("typed", NASTY)
def test_search_takes_anything(cast, typed):
    answer = page("/help/search/", data={"q": typed})
    assert answer.status_code == 200 and b"<script>alert" not in answer.content


def test_search_asks_alike_for_few_and_many_articles(cast):
    def asked():
        page("/help/search/", data={"q": "park"})
        with CaptureQueriesContext(connection) as queries:
            page("/help/search/", data={"q": "park"})
        return len(queries)

    own(cast, "Parking 1")
    few = asked()
    for number in range(2, 6):
        own(cast, f"Parking {number}")
    assert asked() == few


@pytest.mark.parametrize("path", ["/help/", "/help/topics/start/", "/help/join/"])
def test_pages_ask_alike_for_few_and_many_articles(cast, path):
    def asked():
        page(path)
        with CaptureQueriesContext(connection) as queries:
            page(path)
        return len(queries)

    own(cast)
    few = asked()
    for number in range(4):
        own(cast, f"More {number}")
    assert asked() == few


def test_miss_is_counted_where_it_is_one(cast):
    browser = browser_of()
    for typed in ("gift voucher", "Gift Voucher", "microphone", "x"):
        browser.post(f"/help/search/missed/?q={typed}")
    assert [(miss.words, miss.count) for miss in SearchMiss.objects.all()] == [("gift voucher", 2)]


def test_misses_are_limited(cast):
    browser = browser_of()
    statuses = [browser.post(f"/help/search/missed/?q=zzqq{number}").status_code for number in range(32)]
    assert statuses[0] == 204 and statuses[-1] == 429
    assert SearchMiss.objects.count() == 30


def test_feedback_is_counted_once_for_each_form(cast, monkeypatch):
    key, browser = old_key(monkeypatch), browser_of()
    for _time in range(2):
        assert b"Thank you" in browser.post("/help/join/feedback/", {"helpful": "yes", "answer": key}).content
    assert [(each.slug, each.yes, each.no, each.share) for each in tallies()] == [("join", 1, 0, 100)]


def test_page_has_the_key_of_its_answer(cast, monkeypatch):
    browser = browser_of()
    key = browser.get("/help/join/").content.decode().partition('name="answer" value="')[2].partition('"')[0]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + LATER)
    browser.post("/help/join/feedback/", {"helpful": "yes", "answer": key})
    assert Feedback.objects.get().is_helpful


def test_no_asks_why_and_takes_a_reason(cast, monkeypatch):
    key, browser = old_key(monkeypatch), browser_of()
    asked = browser.post("/help/join/feedback/", {"helpful": "no", "answer": key})
    assert b"Select at least one of the reasons" in asked.content and Feedback.objects.get().reasons == []
    why = {"why": "1", "answer": key, "comment": NASTY[0]}
    refused = browser.post("/help/join/feedback/", why)
    assert refused.status_code == 422 and b"<script>alert" not in refused.content
    browser.post("/help/join/feedback/", {**why, "reasons": ["unclear", "unclear", "zz"]})
    found = Feedback.objects.get()
    assert (found.is_helpful, found.reasons, found.comment) == (False, ["unclear"], NASTY[0])
    shown = page("/settings/help/feedback/", cast.nora).content
    assert b"I do not understand it" in shown and b"<script>alert" not in shown


@pytest.mark.parametrize("sent", [{"website": "x"}, {"answer": ""}, {"answer": "made-up"}, {}])
def test_programs_are_thanked_and_not_counted(cast, monkeypatch, sent):
    now_key = new_key()
    if "website" in sent:
        now_key = old_key(monkeypatch)
    answer = browser_of().post("/help/join/feedback/", {"helpful": "yes", "answer": now_key, **sent})
    assert answer.status_code == 200 and not Feedback.objects.exists()


def test_feedback_is_limited(cast, monkeypatch):
    browser, statuses = browser_of(), []
    keys = [new_key() for _ in range(5)]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + LATER)
    for key in keys:
        statuses.append(browser.post("/help/join/feedback/", {"helpful": "yes", "answer": key}).status_code)
    assert statuses == [200, 200, 200, 429, 429]


def test_feedback_and_searches_are_each_organizations_own(cast, monkeypatch):
    key = old_key(monkeypatch)
    browser_of(organization="south").post("/help/join/feedback/", {"helpful": "yes", "answer": key})
    browser_of(organization="south").post("/help/search/missed/?q=zzqq")
    assert not Feedback.objects.exists() and not SearchMiss.objects.exists()
    own(cast)
    assert browser_of(organization="south").get("/help/where-to-park/").status_code == 404
    assert not SearchEntry.objects.filter(slug="where-to-park").exists()


def test_every_page_leads_to_its_help(cast):
    home = page("/calendar/", cast.nora).content.decode()
    assert 'href="/help/?page=scheduling:calendar"' in home
    sign_in = page("/account/login/").content.decode()
    assert 'href="/help/?page=account_login"' in sign_in
    fitting = page("/help/?page=account_login").content.decode()
    assert fitting.index("/help/sign-in/") < fitting.index("All topics")


def test_panel_shows_what_fits_and_one_article(cast):
    part = {"HX-Request": "true"}
    shown = page("/help/panel/?page=scheduling:calendar", cast.gus, headers=part).content.decode()
    assert "For this page" in shown and "/help/panel/appointments/" in shown and "staff-book" not in shown
    assert "Still stuck?" in shown
    article = page("/help/panel/passkeys/", headers=part).content.decode()
    assert "Fingerprint" in article and '<a target="_blank" href="/account/2fa/"' in article
    assert page("/help/panel/?page=profile").headers["Location"] == "/help/?page=profile"
    assert page("/help/panel/staff-audit/", cast.gus, headers=part).status_code == 404


def test_unknown_page_offers_what_is_often_read(cast):
    assert b"Often read" in page("/help/panel/?page=zz", headers={"HX-Request": "true"}).content


def test_own_text_covers_the_products_in_its_language_only(cast):
    Brand.objects.update(languages=["en", "de"])
    text = ArticleText("Come in", "", "", "Ring the bell of {{ organization }}.")
    told = {"languages": ["en", "de"], "by": cast.nora, "now": clock.now()}
    write_article("join", language="en", text=text, publish=False, **told)
    assert b"Ring the bell" not in page("/help/join/").content
    write_article("join", language="en", text=text, publish=True, **told)
    assert b"Ring the bell of North Practice." in page("/help/join/").content
    german = page("/help/join/", headers={"accept-language": "de"}).content.decode()
    assert standard_text("join", "de").summary in german


def test_own_article_is_read_in_another_language_rather_than_not_at_all(cast):
    Brand.objects.update(languages=["en", "de"])
    own(cast)
    assert b"Where to park" in page("/help/topics/start/", headers={"accept-language": "de"}).content


def test_order_and_categories_are_the_organizations(cast):
    added = change_category(
        "", language="en", languages=["en"], name="House & garden", about="", icon="heart", by=cast.nora
    )
    move_article("mail", language="en", category=added.code, by=cast.nora, now=clock.now())
    assert b"/help/mail/" in page(f"/help/topics/{added.code}/").content
    move_article("join", language="en", up=False, by=cast.nora, now=clock.now())
    shown = page("/help/topics/online/").content.decode()
    assert shown.index("/help/connection-test/") < shown.index("/help/join/")


def test_host_and_words_of_an_article_are_escaped(cast):
    Brand.objects.update(name="<b>*North*</b> [x](y)")
    assert b"&lt;b&gt;*North*&lt;/b&gt; [x](y)" in page("/help/network/").content
