"""The tools of the call in a real Chromium: private messages, reactions, the spotlight, the lock, and names that hosts give to guests."""

import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.themes.live_page import PHONE, RoomHandler, Server

pytestmark = pytest.mark.journey

GUS = {"peer": "gus", "name": "Gus", "host": False}
TESS = {"peer": "tess", "name": "Tess", "host": True}
PAULA = {"peer": "paula", "name": "Paula (guest)", "called": "Paula", "host": False, "guest": True}
ME_AS_HOST = {"peer": "gus", "name": "Gus", "host": True}
Enter = Callable[..., Server]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the page of the room is served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), RoomHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def enter(browser: Browser, url: str) -> Iterator[Enter]:
    """Come in, as a guest or a host: the room's server, with `page` in the session."""
    contexts = []

    def entered(*, host: bool = False) -> Server:
        context = browser.new_context(viewport=PHONE)
        contexts.append(context)
        server = Server(context.new_page(), host=host)
        server.page.goto(f"{url}/{'host' if host else 'room'}/#now")
        expect(server.page.locator("#live-room")).to_have_attribute("data-phase", "room")
        return server

    yield entered
    for context in contexts:
        context.close()


def people(*who: dict[str, Any], **others: Any) -> dict[str, Any]:
    return {"type": "people", "people": list(who), **others}


def last(server: Server, kind: str) -> dict[str, Any]:
    server.wait_for(kind, 1)
    return [message for message in server.heard if message["type"] == kind][-1]


def open_people(page: Page) -> None:
    page.keyboard.press("Alt+p")
    expect(page.locator("room-people")).to_be_visible()


def choose(page: Page, name: str, act: str) -> None:
    """By the keyboard: the menu of somebody, and what is done with them."""
    page.get_by_role("button", name=f"What you can do with {name}").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name=act, exact=True).focus()
    page.keyboard.press("Enter")


def private(text: str, *, mine: bool) -> dict[str, Any]:
    facts = {"id": text, "name": "Gus" if mine else "Tess", "text": text, "at": "2026-11-30T21:05:00Z", "mine": mine}
    return {"type": "chat", "message": facts | {"private_with": {"peer": "tess", "name": "Tess"}}}


def test_private_message_goes_to_one_and_looks_so(enter: Enter) -> None:
    server = enter()
    page = server.page
    server.send(people(GUS, TESS, PAULA))
    open_people(page)
    assert page.get_by_role("button", name="What you can do with Paula (guest)").count() == 0  # guests write to hosts
    choose(page, "Tess", "Write privately")
    expect(page.locator('[data-chat="to"]')).to_have_value("tess")
    assert page.locator('[data-chat="to"] option').all_text_contents() == ["Everybody", "Tess"]
    expect(page.locator('[data-chat="note"]')).to_have_text("Only you and Tess read this. It is kept nowhere.")
    page.keyboard.type("Between us")
    page.keyboard.press("Enter")
    assert last(server, "private") == {"type": "private", "to": "tess", "text": "Between us"}
    assert "chat" not in {message["type"] for message in server.heard}
    server.send(private("Between us", mine=True), private("Yes?", mine=False))
    marks = page.locator(".bubble__private:visible")
    expect(marks).to_have_text(["Privately to Tess", "Privately, to you alone"])


def test_what_was_begun_to_one_is_never_said_to_all(enter: Enter) -> None:
    server = enter()
    page = server.page
    server.send(people(GUS, TESS))
    page.keyboard.press("Alt+c")
    page.locator('[data-chat="to"]').select_option("tess")
    page.locator("#chat-text").fill("A secret")
    server.send(people(GUS))  # Tess has left
    expect(page.locator('[data-chat="to"] option:checked')).to_have_text("Tess (has left)")
    expect(page.locator("#chat-text")).to_have_value("A secret")
    page.locator("#chat-text").press("Enter")
    server.wait_for("private", 1)
    sentence = "They are not here any more. Your message was not sent."
    server.send({"type": "error", "code": "not_here", "message": sentence, "for": "private"})
    expect(page.locator('[data-live="state"]')).to_have_text(sentence)
    expect(page.locator("#chat-text")).to_have_value("A secret")
    page.locator('[data-chat="to"]').select_option("Everybody")
    expect(page.locator("#chat-text")).to_have_value("")
    page.locator('[data-chat="to"]').select_option("tess")
    expect(page.locator("#chat-text")).to_have_value("A secret")


def test_private_message_while_the_chat_is_closed_is_said(enter: Enter) -> None:
    server = enter()
    server.send(people(GUS, TESS), private("Psst", mine=False))
    expect(server.page.locator('[data-live="state"]')).to_have_text("Tess has written to you privately.")


def test_reaction_stands_on_the_picture_and_is_said(enter: Enter) -> None:
    server = enter()
    page = server.page
    server.send(people(GUS, TESS))
    page.get_by_role("button", name="More").click()
    page.get_by_role("button", name="React").click()
    page.get_by_role("button", name="Heart").click()
    assert last(server, "reaction") == {"type": "reaction", "reaction": "heart"}
    server.send({"type": "reaction", "peer": "tess", "reaction": "star"})
    expect(page.locator('.tile[data-peer="tess"] .tile__reaction')).to_be_visible()
    expect(page.locator('[data-live="reactions"]')).to_have_text("Tess: gives a star.")
    server.send({"type": "reaction", "peer": "tess", "reaction": "of another release"})
    expect(page.locator('.tile[data-peer="tess"] .tile__reaction')).to_be_hidden(timeout=8000)


def test_spotlight_makes_one_large_unless_one_has_pinned_another(enter: Enter) -> None:
    server = enter()
    page = server.page
    server.send(people(GUS, TESS, PAULA | {"spotlight": True}))
    paula, tess = page.locator('.tile[data-peer="paula"]'), page.locator('.tile[data-peer="tess"]')
    expect(paula).to_have_attribute("data-large", "")
    expect(paula.locator(".tile__lit")).to_be_visible()
    expect(page.locator('[data-live="state"]')).to_have_text("Paula (guest) is large for everybody now.")
    page.get_by_role("button", name="Pin Tess").click()
    expect(tess).to_have_attribute("data-large", "")
    page.get_by_role("button", name="Pin Tess").click()
    server.send(people(GUS, TESS, PAULA))
    expect(paula).not_to_have_attribute("data-large", "")
    server.send(people(GUS | {"spotlight": True}, TESS, PAULA))
    expect(page.locator('[data-live="state"]')).to_have_text("Everybody sees you large now.")


def test_host_locks_lights_and_renames_by_the_keyboard(enter: Enter) -> None:
    server = enter(host=True)
    page = server.page
    here = (ME_AS_HOST, PAULA)
    server.send(people(*here, queue=[], locked=False))
    open_people(page)
    page.get_by_role("button", name="Lock", exact=True).click()
    assert last(server, "lock") == {"type": "lock", "locked": True}
    server.send(people(*here, queue=[], locked=True))
    expect(page.locator('[data-live="locked"]')).to_be_visible()
    page.get_by_role("button", name="Unlock", exact=True).click()
    server.wait_for("lock", 2)
    assert last(server, "lock") == {"type": "lock", "locked": False}
    choose(page, "Paula (guest)", "Large for everybody")
    assert last(server, "spotlight") == {"type": "spotlight", "admission": "paula"}
    server.send(people(ME_AS_HOST, PAULA | {"spotlight": True}, queue=[], locked=False))
    choose(page, "Paula (guest)", "No longer large for everybody")
    server.wait_for("spotlight", 2)
    assert last(server, "spotlight") == {"type": "spotlight", "admission": None}
    choose(page, "Paula (guest)", "Rename")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value("Paula")
    page.keyboard.type("دانة")
    page.keyboard.press("Enter")
    assert last(server, "rename") == {"type": "rename", "admission": "paula", "name": "دانة"}
    server.send({"type": "error", "code": "name_missing", "message": "Write your name.", "for": "rename"})
    expect(dialog.get_by_role("alert")).to_have_text("Write your name.")
    expect(dialog.get_by_label("Name")).to_have_value("دانة")
    server.send({"type": "renamed"})
    expect(dialog).to_be_hidden()


def test_open_menu_of_a_person_outlives_news_about_another(enter: Enter) -> None:
    server = enter(host=True)
    page = server.page
    max_ = GUS | {"peer": "max", "name": "Max"}
    server.send(people(ME_AS_HOST, max_, PAULA, queue=[], locked=False))
    open_people(page)
    page.get_by_role("button", name="What you can do with Paula (guest)").click()
    server.send(people(ME_AS_HOST, max_ | {"hand": "2026-11-30T21:05:00Z"}, PAULA, queue=[], locked=False))
    expect(page.get_by_role("button", name="Lower the hand")).to_be_attached()
    expect(page.get_by_role("button", name="Rename", exact=True)).to_be_visible()


def test_who_waits_at_a_locked_door_reads_it(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport=PHONE)
    server = Server(context.new_page(), state="waiting")
    server.page.goto(f"{url}/room/#now")
    expect(server.page.locator("#live-room")).to_have_attribute("data-phase", "waiting")
    server.send({"type": "waiting", "position": 1, "host_present": True, "full": False, "locked": True})
    expect(server.page.locator('[data-live="waiting-text"]')).to_contain_text("has locked the")
    context.close()
