"""The page of the organization's words: a set, single nouns, a preview, and the way back."""

import re

import pytest

from branding.models import Brand
from branding.queries import current_brand
from core.kernel.models import AuditEvent
from tenants import hosts

PATH = "/settings/words/"


def fields(**own):
    return {"vocabulary": "clinic", **own}


@pytest.fixture
def browser(cast, visit):
    return visit(cast.nora)


def reread():
    hosts._entries.clear()  # what the end of the transaction would do
    current_brand().refresh_from_db()


def test_a_set_and_a_single_word_stand_on_the_pages(cast, browser):
    answer = browser.post(PATH, fields(vocabulary="school", singular_client="wug", plural_client="wugs"))
    reread()

    assert answer.status_code == 302
    page = browser.get("/dashboard/").content.decode()
    assert "Wugs" in page and "Lessons" in page
    event = AuditEvent.objects.get(action="brand.words_changed")
    assert event.changes == {"singular_client": ["", "wug / wugs"], "vocabulary": ["clinic", "school"]}


@pytest.mark.parametrize(
    ("own", "sentence"),
    [
        ({"singular_client": "wug"}, "Give both"),
        ({"plural_client": "wugs"}, "Give both"),
        ({"singular_client": "w" * 41, "plural_client": "wugs"}, "at most 40"),
        ({"singular_client": "<b>wug</b>", "plural_client": "wugs"}, "no part of a word"),
        ({"singular_client": "100 %(x)s", "plural_client": "wugs"}, "no part of a word"),
        ({"singular_client": "...", "plural_client": "wugs"}, "nothing can be seen"),
        ({"vocabulary": "circus"}, "aria-invalid"),
    ],
)
def test_a_word_that_cannot_stand_in_a_sentence_is_refused_and_nothing_lost(cast, browser, own, sentence):
    answer = browser.post(PATH, fields(plural_invoice="bills", singular_invoice="bill") | own)

    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert 'value="bills"' in answer.content.decode()
    assert Brand.objects.get().words == {} and not AuditEvent.objects.filter(action="brand.words_changed").exists()


def test_a_word_of_a_language_with_genders_needs_one(cast, browser):
    Brand.objects.update(languages=["en", "de"])
    reread()
    wanted = fields(singular_client="Wug", plural_client="Wugs")
    assert browser.post(f"{PATH}?language=de", wanted).status_code == 422
    assert browser.post(f"{PATH}?language=de", wanted | {"gender_client": "n"}).status_code == 302
    assert Brand.objects.get().words["de"]["client"]["gender"] == "n"


def test_the_word_of_the_set_comes_back(cast, browser):
    browser.post(
        PATH, fields(singular_client="wug", plural_client="wugs", singular_invoice="bill", plural_invoice="bills")
    )
    reread()
    browser.post(PATH, fields(reset="client"))
    assert set(Brand.objects.get().words["en"]) == {"invoice"}
    reread()
    browser.post(PATH, fields(reset="all"))
    assert Brand.objects.get().words["en"] == {}


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_the_preview_reads_with_what_is_typed_and_saves_nothing(cast, browser, headers):
    page = browser.post(
        f"{PATH}preview/", fields(singular_invoice="blicket", plural_invoice="blickets"), headers=headers
    ).content.decode()

    assert "This blicket is void." in page and ("<html" in page) == (not headers)
    assert Brand.objects.get().words == {}


def test_a_faulty_word_is_left_out_of_the_preview(cast, browser):
    page = browser.post(f"{PATH}preview/", fields(singular_invoice="<i>", plural_invoice="blickets")).content.decode()
    assert "This invoice is void." in page and "<i>" not in page


def test_words_that_somebody_else_changed_meanwhile_are_told(cast, visit):
    mine, theirs = visit(cast.nora), visit(cast.nora)
    version = re.search(r'name="form_version" value="([^"]+)"', mine.get(PATH).content.decode())[1]
    theirs.post(PATH, fields(singular_client="wug", plural_client="wugs"))
    reread()
    answer = mine.post(PATH, fields(singular_client="dax", plural_client="daxes", form_version=version))
    assert answer.status_code == 422 and Brand.objects.get().words["en"]["client"]["singular"] == "wug"


def test_words_are_for_those_who_run_the_organization(cast, visit):
    assert visit(cast.tess).get(PATH).status_code == 403
    assert visit(cast.tess).post(f"{PATH}preview/", fields()).status_code == 403


def test_a_stored_word_that_cannot_stand_in_a_sentence_counts_as_none(cast, browser):
    Brand.objects.update(words={"en": {"client": {"singular": "<script>", "plural": "x"}}})
    reread()
    assert "<script>x" not in (page := browser.get("/dashboard/").content.decode()) and "Clients" in page
