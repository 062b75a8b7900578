"""The walk over everything that an organization's people receive, and the page of its report."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from branding.models import Brand
from core.kernel import clock, outbox
from core.kernel.models import AuditEvent, OutboxMessage
from core.leak_walk import actions, walks
from core.leak_walk.checklist.checks import look_at
from core.leak_walk.checklist.rows import ROWS, Status
from core.leak_walk.models import LeakReport
from core.pages.actions import create_site
from core.people.models import User
from tests.factories.web import browser_of
from tests.leaks.captures import CLEAN, FACTS

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


def test_walk_finds_nothing_in_a_clean_organization_and_leaves_nothing_behind(site):
    people, promises, audit = User.objects.count(), OutboxMessage.objects.count(), AuditEvent.objects.count()

    report = actions.walk_now(now=clock.now())

    assert findings(report) == {}
    assert [row["row"] for row in report.rows] == list(ROWS)
    assert [row["row"] for row in report.rows if row["status"] == Status.UNSEEN] == []
    assert report.looked_at > 200
    assert (User.objects.count(), OutboxMessage.objects.count(), AuditEvent.objects.count()) == (
        people,
        promises,
        audit,
    )
    assert mail.outbox == []


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
    assert "No leaks" in page and "There is no whiteboard." in page


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


def test_command_finds_the_vendor_and_other_organizations_where_they_show(site, settings, capsys):
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
