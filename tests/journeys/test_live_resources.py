"""A host and a guest look at a PDF and listen to a sound together, in two real browsers; closed, and taken out, the guest reads nothing more."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.meetings import practice, sign_in, take_out

# A PDF of three pages, a sound of half a minute, and what Tess calls them.
RESOURCES = """
import io, wave
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfWriter
from core.kernel import clock
from core.people.models import User
from core.resources.actions import add_file

tess = User.objects.get(email="tess@example.test")
paper, sound = io.BytesIO(), io.BytesIO()
writer = PdfWriter()
for _ in range(3):
    writer.add_blank_page(400, 600)
writer.write(paper)
with wave.open(sound, "wb") as file:
    file.setnchannels(1)
    file.setsampwidth(1)
    file.setframerate(8000)
    file.writeframes(bytes([128]) * 8000 * 30)
for name, made in (("Plan of the house.pdf", paper), ("Sounds of the farm.wav", sound)):
    add_file(given=SimpleUploadedFile(name, made.getvalue()), by=tess, now=clock.now())
answer = "brought"
"""
STATUS = "address => fetch(address).then(answer => answer.status)"
PLACE = "() => { const audio = document.querySelector('.step-player audio'); return audio && !audio.paused ? audio.currentTime : -1 }"


@pytest.fixture(scope="module")
def house(served):
    made = practice(served, "live-resources", "direct")
    served.inside("live-resources", RESOURCES)
    return made


def open_list(page: Page) -> None:
    page.locator('.live-controls [data-action="toggle-work"]').click()
    page.get_by_role("tab", name="Resources", exact=True).click()
    expect(page.get_by_role("button", name="Plan of the house")).to_be_visible()


def test_they_look_at_a_paper_and_listen_together(house, person):
    address, room = house
    tess, gus = (
        sign_in(person(permissions=["camera", "microphone"]), address, f"{name}@example.test")
        for name in ("tess", "gus")
    )
    asked: list[str] = []
    gus.on("request", lambda request: asked.append(request.url) if request.url.endswith("/file/") else None)
    for page in (tess, gus):
        page.goto(f"{room}#now")
    tess.click('[data-action="toggle-people"]')
    tess.locator('[data-live="queue-list"]').get_by_role("button", name="Admit").click()
    expect(gus.locator("#live-room")).to_have_attribute("data-phase", "room", timeout=30_000)
    tab = gus.get_by_role("tab", name="Resources", exact=True)
    expect(tab).to_be_hidden()

    # The host opens a paper, leads, and turns the page; the guest sees the same.
    open_list(tess)
    tess.get_by_role("searchbox").fill("plan")
    expect(tess.get_by_role("button", name="Sounds of the farm")).to_have_count(0)
    tess.get_by_role("button", name="Plan of the house").click()
    for page in (tess, gus):
        expect(page.get_by_role("heading", name="Plan of the house")).to_be_visible()
        expect(page.locator("pdf-view canvas")).to_be_visible()
    expect(tab).to_have_attribute("aria-selected", "true")
    tess.get_by_role("button", name="Lead", exact=True).click()
    tess.get_by_role("button", name="Next page").click()
    expect(gus.locator("pdf-view [data-page]")).to_have_value("2")
    paper = asked[0]
    assert gus.evaluate(STATUS, paper) == 200

    # Another one takes its place, and plays at the same second for both.
    tess.get_by_role("button", name="Something else").click()
    tess.get_by_role("searchbox").fill("")
    tess.get_by_role("button", name="Sounds of the farm").click()
    tess.get_by_role("button", name="Play for everybody").click()
    for page in (tess, gus):
        page.wait_for_function(f"() => ({PLACE})() > 1")
    assert abs(tess.evaluate(PLACE) - gus.evaluate(PLACE)) < 1  # asked one after the other, each kept within 0.3 s
    assert gus.evaluate(STATUS, paper) == 404
    sound = next(address for address in asked if address != paper)
    assert gus.evaluate(STATUS, sound) == 200

    # Who is taken out reads nothing more, though it is open; nor does anybody once it is closed.
    take_out(tess)
    expect(gus.locator("#live-room")).not_to_have_attribute("data-phase", "room")
    assert gus.evaluate(STATUS, sound) == 404
    assert tess.evaluate(STATUS, sound) == 200
    tess.get_by_role("button", name="Close for everybody").click()
    expect(tess.get_by_role("button", name="Plan of the house").first).to_be_visible()
    assert tess.evaluate(STATUS, sound) == 404

    # What was used stands with the appointment.
    tess.goto(room.replace("/live/", "/appointments/"))
    used = tess.locator(".card", has=tess.get_by_role("heading", name=re.compile("^Used in the ")))
    expect(used.get_by_role("link")).to_have_text(["Plan of the house", "Sounds of the farm"])
