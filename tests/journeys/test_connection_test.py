"""The connection test as a person meets it, against the real socket and the real media server."""

import re

import pytest
from playwright.sync_api import expect

from .meetings import practice, sign_in

NOWHERE = """(() => {
  const given = RTCPeerConnection.prototype.setRemoteDescription
  RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp }) {
    return given.call(this, { type, sdp: sdp.replace(/^a=candidate:.*\\r\\n/gm, '') })
  }
})()"""


@pytest.fixture(scope="module")
def house_of(served):
    return practice(served, "check", "direct")


def test_person_learns_that_it_works_and_copies_the_report(house_of, person):
    address, room = house_of
    gus = sign_in(
        person(permissions=["camera", "microphone", "clipboard-read", "clipboard-write"]), address, "gus@example.test"
    )
    gus.goto(f"{address}/dashboard/")
    gus.get_by_role("link", name="Check camera, microphone and connection").click()
    gus.get_by_role("button", name="Start the test").click()
    check = gus.locator("connection-test-page")
    expect(check).to_have_attribute("data-verdict", re.compile("^works"), timeout=40_000)
    for step in ("camera", "microphone", "line", "direct"):
        expect(gus.locator(f'[data-step="{step}"]')).to_have_attribute("data-state", "good")
    gus.get_by_role("button", name="Copy").click()
    expect(gus.locator('[data-part="copied"]')).to_have_text("Copied")
    report = gus.evaluate("navigator.clipboard.readText()")
    assert re.search(r"^UDP +127\.0\.0\.1 +\d+ +DTLS-SRTP .* reached$", report, re.MULTILINE)

    # Names the organization's own host only.
    hosts = set(re.findall(r"\b(?:[a-z0-9-]+\.)+(?:[a-z]{2,}|\d+)\b", report.lower())) - {"127.0.0.1"}
    assert {host for host in hosts if not re.fullmatch(r"[\d.]+", host)} == {"check.localhost"}
    assert "olonnade" not in report + gus.content()


def test_blocked_network_is_said_on_the_page_and_in_the_lobby(house_of, person):
    address, room = house_of
    nell = sign_in(person(permissions=["camera", "microphone"]), address, "nell@example.test")
    nell.add_init_script(NOWHERE)
    nell.goto(f"{address}/live/connection-test/")
    nell.get_by_role("button", name="Start the test").click()
    expect(
        nell.get_by_role("heading", name="Live sessions will not work, because UDP is blocked and no relay is set up.")
    ).to_be_visible(timeout=40_000)
    expect(nell.locator('[data-part="report-text"]')).to_contain_text("blocked")
    nell.goto(room)
    expect(nell.locator("connection-test-line")).to_contain_text("This network blocks live sessions.", timeout=40_000)
    expect(nell.get_by_role("button", name="Join")).to_be_enabled()


def test_joining_ends_the_test_in_the_lobby(house_of, person):
    address, room = house_of
    gus = sign_in(person(permissions=["camera", "microphone"]), address, "gus@example.test")
    gus.goto(room)
    gus.click('.lobby [data-action="join"]')
    expect(gus.get_by_role("heading", name="Tess Moreau will let you in")).to_be_visible()
    gus.get_by_role("button", name="Leave the waiting room").click()
