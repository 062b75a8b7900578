"""A web process and the cache server are really killed in the middle of a session: seats of who has gone are swept, and who stays keeps theirs."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from sessions_live.actions.seats import LEASE
from tests.journeys.meetings import practice, sign_in

STATES = """
from sessions_live.models import Admission
rows = Admission.objects.order_by("asked_at", "pk").values_list("user__email", "state")
answer = {email.split("@")[0]: state for email, state in rows}
"""
IN = "#live-room[data-call='connected']"


@pytest.fixture
def person(chrome):
    """A page that may complain: lines that break are the point here."""
    contexts = []

    def arrive(**options):
        contexts.append(chrome.new_context(timezone_id="Europe/Berlin", locale="en-GB", **options))
        contexts[-1].set_default_timeout(20_000)
        return contexts[-1].new_page()

    yield arrive
    for context in contexts:
        context.close()


@pytest.fixture(scope="module")
def rooms(served):
    """A practice of its own for each test, because a room that was left behind would be in the other's way."""
    return lambda slug: practice(served, slug, "p2p")


def meet(rooms, person, slug):
    """Tess and Gus, both inside."""
    address, room = rooms(slug)
    pages = []
    for name in ("tess", "gus"):
        page = sign_in(person(permissions=["camera", "microphone"]), address, f"{name}@example.test")
        page.goto(f"{room}#now")
        pages.append(page)
    tess, gus = pages
    tess.click('[data-action="toggle-people"]')
    tess.locator('[data-live="queue-list"]').get_by_role("button", name="Admit").click()
    for page in pages:
        expect(page.locator(IN)).to_have_count(1, timeout=60_000)
    return tess, gus


def until(served, page, slug, **wanted):
    """Wait until the seats are as wanted; the page's own waiting, because the browser must go on meanwhile."""
    for _ in range(60):
        found = served.inside(slug, STATES)
        if {name: found.get(name) for name in wanted} == wanted:
            return
        page.wait_for_timeout(1000)
    raise AssertionError(found)


def alone(page):
    """Inside, with nobody: the call is not said to come back, because there is nobody to come back to."""
    expect(page.locator("#live-room")).to_have_attribute("data-phase", "room", timeout=60_000)
    expect(page.locator("#live-room")).not_to_have_attribute("data-call", "reconnecting", timeout=60_000)
    expect(page.locator("[data-live=alone]")).to_be_visible(timeout=60_000)


def test_web_process_is_killed(served, rooms, person):
    tess, gus = meet(rooms, person, "kill-web")
    served.kill("web")
    gus.close()  # who is gone for good: no word of it can arrive
    assert served.inside("kill-web", STATES) == {"tess": "admitted", "gus": "admitted"}

    served.clock.move(LEASE + timedelta(seconds=2))
    until(served, tess, "kill-web", tess="left", gus="left")

    served.start("web")
    until(served, tess, "kill-web", tess="admitted", gus="left")
    alone(tess)


def test_cache_server_is_killed(served, rooms, person):
    tess, gus = meet(rooms, person, "kill-cache")
    served.kill("valkey")
    gus.close()
    served.clock.move(LEASE + timedelta(seconds=2))
    served.start_valkey()

    until(served, tess, "kill-cache", tess="admitted", gus="left")
    alone(tess)
