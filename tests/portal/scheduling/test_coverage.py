"""The coverage page: who opens it, what it counts, whom an hour names, and that a crowd costs nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from core.scheduling.actions import set_client_availability, set_working_hours
from core.scheduling.actions.availability import Wishes
from core.scheduling.models import AvailabilityWindow, ClientAvailability
from core.scheduling.rules.availability import Window
from portal.scheduling.views import coverage as coverage_pages
from tests.factories.scheduling import make_client
from tests.factories.waiting_list import wait

NOW = datetime(2026, 3, 9, 8, 0, tzinfo=UTC)  # a Monday, 9:00 in Berlin
PAGE = "/calendar/coverage/"
HOUR = "/calendar/coverage/hour/?at=2026-03-10T14:00:00%2B00:00"  # Tuesday 15:00 in Berlin
NASTY = "„Übung“ 練習 🎻 \u202eשיעור <b>x</b>"


@pytest.fixture(autouse=True)
def at(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def week(cast):
    wishes = Wishes(time_zone="Europe/Berlin")
    set_working_hours(cast.tess_staff, weekly={1: [Window(900, 1080)]}, wishes=wishes, by=cast.nora, now=NOW)
    otto = make_client(NASTY)
    for client in (cast.cleo, otto):
        set_client_availability(
            client,
            weekly={1: [Window(900, 960)], 3: [Window(900, 960)]},
            time_zone="Europe/Berlin",
            by=cast.nora,
            now=NOW,
        )
    return otto


def cells(page):
    return re.findall(
        r'coverage__cell--(\w+) coverage__cell--heat-(\d)[^>]*>\s*<a [^>]*>\s*<span aria-hidden="true">(\d+) / (\d+)',
        page,
    )


def test_week_counts_who_is_free_and_who_can_come(cast, visit, week):
    page = visit(cast.nora).get(PAGE).content.decode()
    assert cells(page) == [
        ("open", "1", "1", "2"),
        ("short", "0", "0", "2"),
        ("idle", "1", "1", "0"),
        ("idle", "1", "1", "0"),
    ]
    assert 'scope="row"' in page and page.count('scope="col"') == 8 and "2 of 2" in page and "Sam North" in page


def test_filters_narrow_both_sides(cast, visit, week):
    browser = visit(cast.nora)
    assert ("open", "1", "1", "1") in cells(browser.get(PAGE, {"schedule": cast.tess_staff.pk}).content.decode())
    assert ("short", "0", "0", "1") not in cells(browser.get(PAGE, {"schedule": cast.sam_staff.pk}).content.decode())
    assert cells(browser.get(PAGE, {"language": "es"}).content.decode()) == []
    assert browser.get(PAGE, {"mode": "online"}).status_code == 200
    for wrong in (
        {"service": NASTY},
        {"schedule": NASTY},
        {"date": NASTY},
        {"date": "9999-12-31"},
        {"day": "x"},
        {"mode": "x"},
    ):
        assert browser.get(PAGE, wrong).status_code == 200


def test_what_has_begun_counts_no_longer(cast, visit, week, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 3, 10, 14, 30, tzinfo=UTC))
    found = cells(visit(cast.nora).get(PAGE).content.decode())
    assert ("open", "1", "1", "2") not in found and ("short", "0", "0", "2") in found


def test_hour_names_them_with_a_way_to_book(cast, visit, week):
    page = visit(cast.nora).get(HOUR).content.decode()
    assert "Cleo Marten" in page and "&lt;b&gt;x" in page and "Tess North" in page
    links = page.replace("&amp;", "&")
    assert f"date=2026-03-10&time=15%3A00&client={cast.cleo.pk}&schedule={cast.tess_staff.pk}" in links
    dialog = visit(cast.nora).get(HOUR, headers={"HX-Request": "true"}).content.decode()
    assert "<dialog" in dialog and "<html" not in dialog
    assert visit(cast.nora).get("/calendar/coverage/hour/", {"at": NASTY}).status_code == 404


def test_practitioner_counts_only_their_own(cast, visit, week):
    page = visit(cast.tess).get(PAGE).content.decode()
    assert ("open", "1", "1", "1") in cells(page) and "1 of 1" in page
    assert "&lt;b&gt;x" not in visit(cast.tess).get(HOUR).content.decode()


def test_who_waits_for_any_hour_does_not_open_the_night(cast, visit, week):
    wait(cast, until_on=NOW.date() + timedelta(days=20))
    page = visit(cast.nora).get(PAGE).content.decode()
    assert "waiting: 1" in page and ">17:00<" in page and ">23:00<" not in page and ">03:00<" not in page


def test_whoever_waits_counts_beside_them(cast, visit, week):
    tuesday = {"weekdays": [1], "begins": 900, "ends": 960, "until_on": NOW.date() + timedelta(days=20)}
    mine = wait(cast, **tuesday)
    wait(cast, week, practitioners=[cast.sam_staff], **tuesday)
    wait(
        cast,
        make_client("Late"),
        weekdays=[4],
        begins=1380,
        ends=1440,
        practitioners=[],
        until_on=NOW.date() + timedelta(days=20),
    )
    wait(cast, make_client("Over"), **{**tuesday, "until_on": NOW.date()})

    def numbers(who, **asked):
        page = visit(getattr(cast, who)).get(PAGE, asked).content.decode()
        return re.findall(r"waiting: (\d+)", page)

    assert numbers("nora") == ["2", "1"]
    assert "23:00" in visit(cast.nora).get(PAGE).content.decode()
    assert numbers("tess") == ["1"]
    assert numbers("nora", schedule=cast.sam_staff.pk) == ["1"]
    assert numbers("nora", mode="in_person") == numbers("nora", date="2026-04-06") == []
    hour = visit(cast.tess).get(HOUR).content.decode().replace("&amp;", "&")
    assert f"/waiting-list/{mine.pk}/offer/?date=2026-03-10&time=15%3A00" in hour
    form = visit(cast.tess).get(f"/waiting-list/{mine.pk}/offer/?date=2026-03-10&time=15%3A00").content.decode()
    assert 'value="2026-03-10"' in form and 'value="15:00"' in form
    assert visit(cast.tess).get(f"/waiting-list/{mine.pk}/offer/", {"date": NASTY, "time": NASTY}).status_code == 200


def test_hour_says_how_many_more_wait(cast, visit, week, monkeypatch):
    for number in range(3):
        wait(cast, make_client(f"C{number}"), until_on=NOW.date() + timedelta(days=20))
    assert not re.search(r"and \d+ more", visit(cast.nora).get(HOUR).content.decode())
    monkeypatch.setattr(coverage_pages, "PER_PAGE", 2)
    for headers in ({}, {"HX-Request": "true"}):
        page = visit(cast.nora).get(HOUR, headers=headers).content.decode()
        assert page.count("Offer a time…") == 2 and "and 1 more" in page and 'href="/waiting-list/"' in page


@pytest.mark.parametrize("who", ["gus", "ada", "cleo_login"])
def test_who_runs_no_schedule_does_not_open_it(cast, visit, week, who):
    browser = visit(getattr(cast, who))
    assert browser.get(PAGE).status_code == browser.get(HOUR).status_code == 403


def test_crowd_asks_the_same_number_of_questions(cast, visit, week):
    browser = visit(cast.nora)

    def questions(address):
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    wait(cast, weekdays=[1], until_on=NOW.date() + timedelta(days=20))
    questions(PAGE)
    few = questions(PAGE), questions(HOUR)
    people = [make_client(f"Crowd {number}") for number in range(60)]
    for each in people[:20]:
        wait(cast, each, weekdays=[1], until_on=NOW.date() + timedelta(days=20))
    known = ClientAvailability.objects.bulk_create(
        ClientAvailability(client=each, time_zone="Europe/Berlin", set_by_name="Nora", set_at=NOW) for each in people
    )
    AvailabilityWindow.objects.bulk_create(
        AvailabilityWindow(availability=each, weekday=1, starts=900, ends=1080) for each in known
    )
    assert (questions(PAGE), questions(HOUR)) == few
    assert few[0] <= 30
