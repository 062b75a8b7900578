"""Names that somebody has chosen to break a page: in the list, on the pages about one file, in a download and in the audit."""

from urllib.parse import unquote

import pytest

from core.files.models import StoredFile
from core.kernel import clock
from core.records import actions
from tests.factories.files import given, pdf
from tests.factories.web import browser_of

# What comes, and what is kept of it.
NAMES = {
    "周二の練習記録.pdf": "周二の練習記録.pdf",
    "🎻 first bow 👩‍👩‍👧.pdf": "🎻 first bow 👩‍👩‍👧.pdf",  # because what joins them is a part of what is seen
    "\u202egpj.exe\u202c שלום.pdf": "gpj.exe שלום.pdf",
    "zero\u200bwidth\ufeff.pdf": "zerowidth.pdf",
    "“quotes” 'and' \"more\" & <b>.pdf": "“quotes” 'and' _more_ & _b_.pdf",
    "line\r\nSet-Cookie: a=b.pdf": "line__Set-Cookie_ a=b.pdf",
    "../../etc/passwd.pdf": "passwd.pdf",
}
LONG = "N" * 300 + ".pdf"


def add(cast, name, **more):
    return actions.add_client_file(cast.cleo, given=given(pdf(1), name), by=more.get("by", cast.tess), now=clock.now())


@pytest.mark.parametrize("name", NAMES)
def test_name_is_the_same_wherever_it_is_shown(cast, name):
    row, kept = add(cast, name), NAMES[name]
    assert StoredFile.objects.get(pk=row.file_id).name == kept
    actions.share_client_file(row, by=cast.tess, now=clock.now())

    for user in (cast.tess, cast.gus):
        browser = browser_of(user)
        page = browser.get(f"/people/clients/{cast.cleo.pk}/files/")
        [shown] = page.context["rows"]
        assert shown["row"].file.name == kept
        assert "<b>.pdf" not in page.content.decode() and "\u202e" not in page.content.decode()
        header = browser.get(f"/people/client-files/{row.pk}/download/")["Content-Disposition"]
        assert header.startswith("attachment") and "\n" not in header and kept in (
            unquote(header.rpartition("''")[2]), header.rpartition("=")[2].strip('"'), header.partition("filename=")[2].strip('"'),
        )  # fmt: skip


def test_long_name_keeps_its_ending(cast):
    row = add(cast, LONG)
    header = browser_of(cast.tess).get(f"/people/client-files/{row.pk}/download/")["Content-Disposition"]
    assert header == f'attachment; filename="{"N" * 196}.pdf"'


@pytest.mark.parametrize("name", ['"><script>alert(1)</script>.pdf', "<img src=x onerror=alert(1)>.pdf"])
def test_name_runs_nothing_on_the_pages_about_a_file(cast, name):
    row = add(cast, name)
    tess = browser_of(cast.tess)
    for path in (f"/people/clients/{cast.cleo.pk}/files/", f"/people/client-files/{row.pk}/removal/"):
        page = tess.get(path).content.decode()
        assert "<script>alert" not in page and "<img src=x" not in page
    StoredFile.objects.filter(pk=row.file_id).update(state="checking")
    assert "<script>alert" not in tess.get(f"/people/client-files/{row.pk}/").content.decode()
    tess.post(f"/people/client-files/{row.pk}/removal/")
    assert "<script>alert" not in tess.get(f"/people/clients/{cast.cleo.pk}/files/").content.decode()


def test_audit_says_nothing_of_a_name(cast):
    add(cast, "Quetzalcoatlus 周二.pdf", by=cast.gus)
    assert "Quetzalcoatlus" not in browser_of(cast.nora).get("/audit/").content.decode()


@pytest.mark.parametrize(("state", "said"), [("checking", "Being looked through"), ("infected", "a virus was found")])
def test_file_that_nobody_may_open_offers_no_way_to_it(cast, state, said):
    row = add(cast, "Plan.pdf")
    more = {"stored_as": ""} if state == "infected" else {}
    StoredFile.objects.filter(pk=row.file_id).update(state=state, **more)

    answer = browser_of(cast.tess).get(f"/people/clients/{cast.cleo.pk}/files/")
    page = answer.content.decode()

    assert (
        answer.context["rows"][0]["row"] == row and said in page and f"/people/client-files/{row.pk}/removal/" in page
    )
    for way in ("download/", 'share/"'):
        assert f"/people/client-files/{row.pk}/{way}" not in page
    assert f'href="/people/client-files/{row.pk}/"' not in page
