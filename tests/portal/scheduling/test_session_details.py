"""Appointments beside the pictures of a session: everything before and after that this person may see, and nothing else (SCH-05)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.kernel import clock
from tests.factories.scheduling import book, make_client


@pytest.fixture
def session(cast):
    """Tess meets Cleo in five minutes; Cleo was here last week and comes again, and so does somebody else."""
    now = clock.now()
    last = book(cast, at=now + timedelta(days=1), service_name="Last week")
    last.starts_at, last.ends_at = last.starts_at - timedelta(days=8), last.ends_at - timedelta(days=8)
    last.save(update_fields=["starts_at", "ends_at"])
    soon = book(cast, at=now + timedelta(minutes=5), service_name="Now")
    later = book(cast, at=now + timedelta(days=7), service_name="Next week")
    other = book(
        cast,
        at=now + timedelta(days=3),
        clients=[make_client("Otto", practitioner=cast.tess_staff)],
        service_name="Of Otto",
    )
    return last, soon, later, other


def details(browser, appointment, query=""):
    return browser.get(f"/appointments/{appointment.pk}/in-session/{query}").content.decode()


@pytest.mark.parametrize("who", ["gus", "tess"])
def test_everything_of_these_people_is_there_and_nothing_of_others(cast, session, visit, who):
    _, soon, _, _ = session
    browser = visit(getattr(cast, who))

    coming = details(browser, soon)
    assert "Now" in coming and "Next week" in coming
    assert "Of Otto" not in coming and "Otto" not in coming and "Last week" not in coming
    past = details(browser, soon, "?when=past")
    assert "Last week" in past and "Next week" not in past


def test_only_whoever_runs_it_is_led_to_complete(cast, session, visit):
    last, _, _, _ = session

    assert "completion/" in details(visit(cast.tess), last)
    assert "completion/" not in details(visit(cast.gus), last)


def test_stranger_finds_nothing(cast, session, visit):
    _, soon, _, _ = session
    assert visit(cast.olga, organization="south").get(f"/appointments/{soon.pk}/in-session/").status_code == 404


def test_queries_do_not_grow_with_what_there_is(cast, session, visit):
    _, soon, _, _ = session
    browser = visit(cast.tess)

    def number():
        with CaptureQueriesContext(connection) as seen:
            details(browser, soon)
        return len(seen)

    number()  # what is read once is read
    before = number()
    for days in range(8, 12):
        book(cast, at=clock.now() + timedelta(days=days))
    assert number() == before <= 15


@pytest.mark.parametrize("who", ["tess", "gus"])
def test_tab_stands_beside_the_pictures(cast, session, visit, who):
    _, soon, _, _ = session
    page = visit(getattr(cast, who)).get(f"/live/{soon.pk}/").content.decode()
    assert 'data-tab="details"' in page
    assert f"/appointments/{soon.pk}/in-session/" in page


@pytest.mark.parametrize(("who", "offered"), [("gus", True), ("tess", True), ("ada", False)])
def test_connection_test_is_offered_to_whom_a_door_is_opened(cast, session, visit, who, offered):
    assert ("/live/connection-test/" in visit(getattr(cast, who)).get("/dashboard/").content.decode()) is offered
