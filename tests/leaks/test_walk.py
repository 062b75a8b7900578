"""The walk over everything that an organization's people receive, and the page of its report."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from branding import proxy_pages
from branding.models import Brand
from branding.rules.nouns import GENDERS, LANGUAGES, PRESETS
from core.kernel import clock, outbox
from core.kernel.models import AuditEvent, OutboxMessage
from core.leak_walk import actions, visits, walks
from core.leak_walk.checklist.captures import Capture, Kind
from core.leak_walk.checklist.checks import look_at
from core.leak_walk.checklist.rows import ROWS, Status
from core.leak_walk.models import LeakReport
from core.pages.actions import create_site
from core.people.models import User
from tests.factories.branches import give_host, make_branch
from tests.factories.web import browser_of
from tests.leaks.captures import CLEAN, FACTS
from tests.stock_nouns import left, stock

PAGE = "/settings/leaks/"
pytestmark = pytest.mark.timeout(600)  # a walk reads hundreds of pages, and the machine may have other things to do


def speak(*languages: str) -> None:
    Brand.objects.update(languages=list(languages))


@pytest.fixture
def site(cast):
    create_site(name="North Practice")
    speak("en", "de")
    return cast


def findings(report: LeakReport) -> dict[str, list[list[str]]]:
    return {row["row"]: row["findings"] for row in report.leaks}


SYLLABLES = (
    "wug",
    "blick",
    "dax",
    "fep",
    "zorp",
    "toma",
    "gazz",
    "mipe",
    "lun",
    "kiv",
    "nobb",
    "pelk",
    "rilf",
    "sarb",
    "tuv",
    "vomp",
)
# Whoever the walk makes, what the organization says itself, and an island whose holidays it may keep.
NAMES = re.compile(
    r"\b(Quokka|Zebra|North|Ada)[ -]\w+|[\w.-]+@[\w.-]+|(https?://\S*|/[\w-]+)/\S*|^(La )?R[eé]uni[oó]n$", re.IGNORECASE
)
WORDS_THEMSELVES = "/settings/words/"  # shows the words of the set behind the organization's own
NOT_READ = (Kind.SCRIPT, Kind.STYLE, Kind.IMAGE, Kind.ROBOTS, Kind.CONSOLE, Kind.FALLBACK, Kind.CALL, Kind.PART)


def nonsense() -> dict[str, dict[str, dict[str, str]]]:
    """A word of its own for every noun in every language, with its plural; genders take turns."""
    words: dict[str, dict[str, dict[str, str]]] = {}
    for language in LANGUAGES:
        genders = GENDERS.get(language, ("",))
        for number, key in enumerate(PRESETS["neutral"]["en"]):
            word = f"{SYLLABLES[number]}{language}o"
            noun = {"singular": word, "plural": f"{word}k", "gender": genders[number % len(genders)], "article": ""}
            words.setdefault(language, {})[key] = noun
    return words


@pytest.fixture
def walked(site, monkeypatch) -> list[Capture]:
    """What a walk captures, once it was made."""
    captures: list[Capture] = []
    monkeypatch.setattr(walks, "look_at", lambda facts, found: captures.extend(found) or look_at(facts, found))
    return captures


def lines(capture: Capture) -> list[str]:
    """What people read, hear or find in the file."""
    if capture.kind in NOT_READ or capture.path == WORDS_THEMSELVES:
        return []
    if capture.kind == Kind.MAIL:
        html = Capture(Kind.PAGE, "", capture.mail_part("html").encode())
        text = f"{capture.message['Subject']}\n{capture.mail_part('plain')}\n{html.read_text}"
    elif capture.kind == Kind.DOCUMENT:
        text = capture.document_facts
    else:
        text = capture.text if capture.kind in (Kind.CALENDAR, Kind.MANIFEST) else capture.read_text
    unfolded = re.sub(r"\r?\n[ \t]", "", text) if capture.kind == Kind.CALENDAR else text
    return [" ".join(NAMES.sub(" ", line).split()) for line in unfolded.replace("\\n", "\n").splitlines()]


def test_walk_finds_nothing_in_a_clean_organization_and_leaves_nothing_behind(site, walked, settings, tmp_path):
    Brand.objects.update(languages=list(LANGUAGES), words=nonsense())
    site.north.__dict__.pop("_brand", None)
    settings.PROXY_PAGES = tmp_path
    proxy_pages.renew()
    people, promises, audit = User.objects.count(), OutboxMessage.objects.count(), AuditEvent.objects.count()

    report = actions.walk_now(now=clock.now())

    assert findings(report) == {}
    assert [row["row"] for row in report.rows] == list(ROWS)
    assert [row["row"] for row in report.rows if row["status"] == Status.UNSEEN] == []
    assert report.looked_at > 1_000
    assert (User.objects.count(), OutboxMessage.objects.count(), AuditEvent.objects.count()) == (
        people,
        promises,
        audit,
    )
    assert mail.outbox == []
    assert {capture.language for capture in walked if capture.kind == Kind.MAIL} == set(LANGUAGES)
    said: dict[str, dict[str, str]] = {}  # language → line → where it was first
    for capture in walked:
        read_in = (capture.written_in if capture.kind in (Kind.PAGE, Kind.ERROR) else capture.language) or "en"
        for line in lines(capture):
            said.setdefault(read_in, {}).setdefault(line, capture.where)
    plain = {
        (language, line, word): where
        for language, found in said.items()
        for line, where in found.items()
        for word in stock(language).findall(left(line, language))
    }
    assert plain == {}, "stock nouns where the organization has its own"
    for language in LANGUAGES:
        assert f"wug{language}o" in " ".join(said[language]).lower()


def test_person_asks_for_a_report_and_reads_it(site, monkeypatch):
    browser = browser_of(site.nora)
    assert "No report yet" in browser.get(PAGE).content.decode()

    assert "The report is being made" in browser.post(f"{PAGE}walk/", follow=True).content.decode()
    again = browser.post(f"{PAGE}walk/", follow=True).content.decode()
    assert "A leak report is being made already." in again
    assert LeakReport.objects.count() == 1
    assert AuditEvent.objects.filter(action="leak_walk.asked", actor_id=str(site.nora.pk)).count() == 1

    monkeypatch.setattr(walks, "walk", lambda now: walks.Walked(look_at(FACTS, CLEAN), 17, "north.test", ["en"]))
    actions.make_report(LeakReport.objects.get(), now=clock.now())
    page = browser.get(PAGE).content.decode()
    assert "No leaks" in page and "What the whiteboard is made of is looked at" in page


def test_report_that_breaks_down_says_so_on_the_page(site, monkeypatch):
    monkeypatch.setattr(walks, "walk", lambda now: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        actions.walk_now(now=clock.now())

    assert "The last report could not be made" in browser_of(site.nora).get(PAGE).content.decode()


def test_worker_that_was_lost_is_given_up_after_a_while(site, moved_clock):
    report = actions.ask_for_walk(by=site.nora, now=clock.now())
    moved_clock(timedelta(hours=2))

    outbox.deliver_due()

    report.refresh_from_db()
    assert report.state == LeakReport.State.FAILED
    actions.ask_for_walk(by=site.nora, now=clock.now())


def test_practitioner_reads_no_report_and_asks_for_none(site):
    browser = browser_of(site.tess)

    assert browser.get(PAGE).status_code == 403
    assert browser.post(f"{PAGE}walk/").status_code == 403
    assert LeakReport.objects.count() == 0


def test_command_finds_the_vendor_and_other_organizations_where_they_show(site, settings, capsys, monkeypatch):
    monkeypatch.setattr(visits, "MOST_PAGES", 25)  # enough to meet the tagline
    settings.VENDOR_WORDS = ["Vendorly"]
    speak("en")
    Brand.objects.update(tagline="As good as South Practice, by Vendorly")
    site.north.__dict__.pop("_brand", None)

    with pytest.raises(CommandError, match="There are leaks"):
        call_command("leak_walk", "north")

    told = capsys.readouterr().out
    assert "K-08  leak" in told and "K-63  leak" in told
    assert "South Practice  at  http" in told
    with pytest.raises(CommandError, match="no organization called nowhere"):
        call_command("leak_walk", "nowhere")


@pytest.fixture
def branches_only(cast, monkeypatch):
    """What everybody else reads is walked by the tests above."""
    create_site(name="North Practice")
    monkeypatch.setattr(visits.Visitor, "walk", lambda self, starts: iter(()))
    return cast


def test_branch_is_looked_at_in_every_channel(branches_only):
    give_host(branches_only, make_branch(branches_only))
    rows = {row.row: row for row in walks.walk(now=clock.now()).rows}
    assert (rows["K-68"].status, rows["K-68"].findings) == (Status.PASSED, ())
    assert rows["K-68"].seen >= 12
    assert rows["K-65"].findings == ()  # its host leads nowhere else, on purpose


def test_what_a_branch_does_not_keep_apart_is_found(branches_only):
    give_host(branches_only, make_branch(branches_only, address="At North Practice"))
    rows = {row.row: row for row in walks.walk(now=clock.now()).rows}
    assert rows["K-68"].status == Status.LEAK
    assert {finding.found for finding in rows["K-68"].findings} == {"North Practice"}
