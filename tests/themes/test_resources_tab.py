"""What a host shows to everybody, in a real Chromium: chosen from the list, looked at together, played in step, closed."""

import io
import wave
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from playwright.sync_api import Page, Route, expect

from tests.factories.files import jpeg, pdf
from tests.themes.live_page import NOT_SENT, PHONE, Server
from tests.themes.rooms import DESK, Enter
from tests.themes.rooms import enter as enter
from tests.themes.rooms import url as url

pytestmark = pytest.mark.journey
AXE = (Path(__file__).parents[2] / "themes" / "static" / "vendor" / "test" / "axe.min.js").read_text
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
PLAN, SONG = UUID(int=1), UUID(int=2)


def sound(seconds: int = 30) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(bytes([128]) * 8000 * seconds)
    return written.getvalue()


FILES = {
    "plan": (pdf(3), "application/pdf"),
    "song": (sound(), "audio/wav"),
    "words": ("Grüße\n<b>an alle</b>".encode(), "application/octet-stream"),
    "photo": (jpeg(exif=False), "image/jpeg"),
}


def file_of(route: Route) -> None:
    """As the product answers: the part that was asked for."""
    showing = urlsplit(route.request.url).path.split("/")[2]
    body, kind = FILES[showing]
    asked = route.request.headers.get("range", "")
    if not asked:
        return route.fulfill(body=body, content_type=kind, headers={"Accept-Ranges": "bytes"})
    first, _, last = asked.removeprefix("bytes=").partition("-")
    start, end = int(first), min(int(last or len(body)), len(body) - 1)
    headers = {"Content-Range": f"bytes {start}-{end}/{len(body)}", "Accept-Ranges": "bytes"}
    return route.fulfill(status=206, body=body[start : end + 1], content_type=kind, headers=headers)


def row(pk: UUID, title: str, icon: str) -> dict[str, Any]:
    return {"name": "resource", "pk": pk, "title": title, "icon": icon, "picture": "", "detail": "PDF · verbs"}


ROWS = [row(PLAN, "Plan of the house", "file-text"), row(SONG, "Song", "file-audio")]


class Choice:
    """The list as the product draws it; what was asked for is kept."""

    def __init__(self) -> None:
        self.asked: list[dict[str, list[str]]] = []

    def __call__(self, route: Route) -> None:
        asked = parse_qs(urlsplit(route.request.url).query)
        self.asked.append(asked)
        typed = asked.get("q", [""])[0]
        source = asked["from"][0]
        rows = [each for each in ROWS if typed.lower() in each["title"].lower()]
        context = {
            "client": SimpleNamespace(name="Mila Marten"), "used": [{**ROWS[1], "is_open": False}], "source": source, "rows": rows,
            "page": Paginator(rows, 20).get_page(1), "kinds": [("pdf", "PDF")], "tags": ["verbs"],
            "wanted": {"typed": typed, "kind": "", "tag": ""}, "is_searching": bool(typed),
        }  # fmt: skip
        route.fulfill(
            body=render_to_string("live/_choice.html", context, RequestFactory().get("/")), content_type="text/html"
        )


def showing(name: str, kind: str, **more: Any) -> dict[str, Any]:
    facts = {"title": name.capitalize(), "pages": None, "picture": False, "address": "", "playing": False}
    return {"type": "showing", "showing": name, "kind": kind, "position": 0, "at": 1000, "now": 1000, **facts, **more}


def tab(page: Page) -> Any:
    return page.get_by_role("tab", name="Resources", exact=True)


def come_in(enter: Enter, **how: Any) -> tuple[Server, Page, Choice]:
    choice = Choice()
    server = enter(routes={"**/shown/**": file_of, "**/choice/**": choice}, **how)
    return server, server.page, choice


def open_choice(page: Page) -> None:
    if page.get_by_role("button", name="More", exact=True).is_visible():
        page.get_by_role("button", name="More", exact=True).click()
    page.locator('.live-controls [data-action="toggle-work"]').click()
    tab(page).click()
    expect(page.get_by_role("button", name="Plan of the house")).to_be_visible()


def test_guest_has_the_tab_while_something_is_open(enter: Enter) -> None:
    server, page, _ = come_in(enter)
    expect(tab(page)).to_be_hidden()
    server.send(showing("plan", "pdf", pages=3))
    expect(tab(page)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("heading", name="Plan")).to_be_visible()
    expect(page.locator("pdf-view canvas")).to_be_visible()
    expect(page.locator("[data-pages]").last).to_have_text("3")
    expect(page.get_by_role("button", name="Close for everybody")).to_have_count(0)

    server.send({"type": "showing", "showing": ""})
    expect(page.locator("pdf-view")).to_have_count(0)
    expect(tab(page)).to_be_hidden()
    expect(page.locator("work-area")).to_be_hidden()  # as it was before


def test_guest_goes_where_the_leader_looks(enter: Enter) -> None:
    server, page, _ = come_in(enter)
    view = {"showing": "plan", "page": 2, "zoom": 2, "top": 0.25, "left": 0}
    server.send({"type": "lead", "peer": "tess", "tab": "resources", "view": view}, showing("plan", "pdf", pages=3))
    server.send({"type": "lead", "peer": "tess", "tab": "resources", "view": view})
    expect(page.locator("[data-page]").last).to_have_value("2")
    page.wait_for_function(
        "() => { const sheet = document.querySelector('pdf-view [data-sheet]');"
        " return Math.abs(sheet.scrollTop / sheet.scrollHeight - 0.25) < 0.02 }"
    )
    wide = page.locator("pdf-view canvas").bounding_box()
    sheet = page.locator("pdf-view [data-sheet]").bounding_box()
    assert wide is not None and sheet is not None and wide["width"] > 1.8 * sheet["width"]
    server.send({"type": "lead", "peer": "tess", "tab": "resources", "view": {**view, "showing": "song", "page": 3}})
    page.wait_for_timeout(300)
    expect(page.locator("[data-page]").last).to_have_value("2")  # that was about something else


def test_host_chooses_leads_and_closes(enter: Enter) -> None:
    server, page, choice = come_in(enter, host=True)
    open_choice(page)
    field = page.get_by_role("searchbox")
    field.press_sequentially("plan", delay=40)
    expect(page.get_by_role("button", name="Song")).to_have_count(0)
    expect(field).to_be_focused()
    expect(field).to_have_value("plan")
    assert choice.asked[-1]["q"] == ["plan"] and choice.asked[-1]["from"] == ["list"]
    page.get_by_role("button", name="Plan of the house").click()
    server.wait_for("show", 1)
    assert server.heard[-1] == {"type": "show", "resource": str(PLAN)}

    server.send(showing("plan", "pdf", pages=3))
    expect(page.locator("pdf-view canvas")).to_be_visible()
    page.get_by_role("button", name="Lead").click()
    page.get_by_role("button", name="Next page").click()
    expect(page.locator("[data-page]").last).to_have_value("2")
    page.locator("pdf-view [data-sheet]").press("ArrowRight")
    expect(page.locator("[data-page]").last).to_have_value("3")
    for _ in range(200):
        views = [each["view"] for each in server.heard if each["type"] == "lead" and each.get("view")]
        if views and views[-1]["page"] == 3:  # type: ignore[index]
            break
        page.wait_for_timeout(100)
    assert (views[-1]["showing"], views[-1]["page"], views[-1]["zoom"]) == ("plan", 3, 1)  # type: ignore[index]

    page.get_by_role("button", name="Something else").click()
    expect(page.get_by_role("button", name="Plan of the house")).to_be_visible()
    page.get_by_role("button", name="Back to what is open").click()
    page.get_by_role("button", name="Close for everybody").click()
    server.wait_for("showing_close", 1)
    server.send({"type": "showing", "showing": ""})
    expect(page.get_by_role("button", name="Plan of the house")).to_be_visible()


def test_what_did_not_go_out_is_said(enter: Enter) -> None:
    server, page, _ = come_in(enter, host=True)
    server.send(showing("song", "audio"))
    expect(page.get_by_role("button", name="Play for everybody")).to_be_visible()
    page.get_by_role("button", name="Something else").click()
    expect(page.get_by_role("button", name="Plan of the house")).to_be_visible()
    server.cut()
    state = page.locator('[data-live="state"]')
    page.get_by_role("button", name="Plan of the house").click()
    expect(state).to_have_text(NOT_SENT)
    expect(page.get_by_role("button", name="Plan of the house")).to_be_visible()
    page.get_by_role("button", name="Back to what is open").click()
    for button in ("Play for everybody", "Close for everybody"):
        page.evaluate("() => { document.querySelector('[data-live=\"state\"]').textContent = '' }")
        page.get_by_role("button", name=button).click()
        expect(state).to_have_text(NOT_SENT)
    assert not [each for each in server.heard if str(each["type"]).startswith("show")]


def test_host_looks_into_the_clients_files(enter: Enter) -> None:
    _, page, choice = come_in(enter, host=True)
    open_choice(page)
    page.get_by_role("button", name="Files of Mila Marten").click()
    expect(page.get_by_role("button", name="Files of Mila Marten")).to_have_attribute("aria-pressed", "true")
    assert choice.asked[-1]["from"] == ["files"]


PLACE = (
    "() => { const audio = document.querySelector('.step-player audio'); return audio.paused ? -1 : audio.currentTime }"
)


def test_sound_plays_where_everybody_is(enter: Enter) -> None:
    server, page, _ = come_in(enter)
    server.send(showing("song", "audio", playing=True, position=5, at=1000, now=1005))
    page.locator(".step-player__stage").wait_for(state="attached")
    join = page.get_by_role("button", name="Play with the others")
    page.wait_for_function(f"() => ({PLACE})() > 0 || !document.querySelector('.step-player__asks').hidden")
    if join.is_visible():  # this browser plays nothing before somebody has pressed something
        join.click()
    page.wait_for_function(f"() => ({PLACE})() > 9.5")
    expect(page.get_by_role("button", name="Play for everybody")).to_have_count(0)
    expect(page.get_by_role("slider", name="Place")).to_be_disabled()
    server.send(showing("song", "audio", playing=False, position=3, at=2000, now=2000))
    page.wait_for_function("() => { const a = document.querySelector('.step-player audio');"
                           " return a.paused && Math.abs(a.currentTime - 3) < 0.3 }")  # fmt: skip


def test_host_steers_what_plays(enter: Enter) -> None:
    server, page, _ = come_in(enter, host=True)
    server.send(showing("song", "audio"))
    page.get_by_role("button", name="Play for everybody").click()
    server.wait_for("showing_steer", 1)
    assert server.heard[-1] == {"type": "showing_steer", "showing": "song", "playing": True, "position": 0}
    server.send(showing("song", "audio", playing=True))
    expect(page.get_by_role("button", name="Pause for everybody")).to_be_visible()


def test_text_and_link_run_nothing(enter: Enter) -> None:
    server, page, _ = come_in(enter)
    server.send(showing("words", "text"))
    expect(page.locator(".text-view__text")).to_have_text("Grüße\n<b>an alle</b>")
    server.send(showing("page", "link", address="https://example.org/a?b=c"))
    link = page.get_by_role("link", name="Open in a tab of its own")
    expect(link).to_have_attribute("href", "https://example.org/a?b=c")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    server.send(showing("letter", "document"))
    expect(page.get_by_text("This cannot be shown here.")).to_be_visible()


def test_picture_is_as_large_as_fits(enter: Enter) -> None:
    server, page, _ = come_in(enter)
    server.send(showing("photo", "picture", picture=True))
    picture = page.locator("picture-view img")
    page.wait_for_function("() => document.querySelector('picture-view img')?.style.inlineSize")
    small, sheet = picture.bounding_box(), page.locator("picture-view [data-sheet]").bounding_box()
    assert small is not None and sheet is not None
    assert small["width"] <= sheet["width"] and small["height"] <= sheet["height"]
    page.get_by_role("button", name="Larger").click()
    page.wait_for_function(
        "(width) => document.querySelector('picture-view img').clientWidth > width", arg=small["width"]
    )


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible(enter: Enter, viewport: dict[str, int], theme: str) -> None:
    server, page, _ = come_in(enter, host=True, viewport=viewport, theme=theme)
    open_choice(page)
    assert violations(page) == []
    server.send(showing("plan", "pdf", pages=3))
    expect(page.locator("pdf-view canvas")).to_be_visible()
    assert violations(page) == []
    server.send(showing("song", "audio"))
    expect(page.get_by_role("button", name="Play for everybody")).to_be_visible()
    assert violations(page) == []


def violations(page: Page) -> list[str]:
    page.evaluate(AXE())
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]
