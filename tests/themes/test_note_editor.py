"""The editor of notes in a real Chromium: what it sends, what it asks, and that no text is put over another one unasked."""

import json
from collections.abc import Iterator
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route, expect

pytestmark = pytest.mark.journey

EDITOR = """
  <note-editor data-url="/notes/1/text/">
    <form method="post" action="/notes/1/text/"><input type="hidden" name="form_version" value="first"><textarea name="body"></textarea></form>
    <div data-part="state" hidden><p data-part="said"></p></div>
    <div data-part="problem" hidden><p data-part="why"></p>
      <div data-part="choice" hidden>
        <button type="button" data-act="again">Put mine in its place</button>
        <button type="button" data-act="aside">Keep mine among the versions</button>
      </div>
    </div>
    <ul hidden><li data-text="saving">Saving</li><li data-text="saved">Saved</li><li data-text="offline">No connection</li>
      <li data-text="signed-out">Signed out</li><li data-text="failed">Went wrong</li></ul>
  </note-editor>
"""
WATCHED = """() => {
  window.kept = [];
  const stock = window.fetch;
  window.fetch = (address, options) => {
    window.kept.push([String(options?.body ?? '').length, options?.keepalive]);
    return stock(address, options);
  };
}"""


@pytest.fixture
def page(browser: Browser, gallery_url: str) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{gallery_url}?sample=dashboard")
    yield opened
    context.close()


class House:
    """Answers what the editor sends: one answer after the other, the last one again and again."""

    def __init__(self, page: Page, *answers: tuple[int, dict[str, object]]) -> None:
        self.sent: list[dict[str, str]] = []
        self._answers = list(answers)
        page.route("**/notes/1/text/", self._answer)
        page.evaluate(WATCHED)
        page.evaluate("html => { document.querySelector('main').innerHTML = html }", EDITOR)
        page.evaluate("import('/static/js/records/note-editor.js').then(() => null)")

    def _answer(self, route: Route) -> None:
        if route.request.method != "POST":
            route.fulfill(status=200, content_type="text/html", body="<title>Write</title>")
            return
        self.sent.append({name: texts[0] for name, texts in parse_qs(route.request.post_data or "").items()})
        status, content = self._answers[0] if len(self._answers) == 1 else self._answers.pop(0)
        route.fulfill(status=status, content_type="application/json", body=json.dumps(content))


SAVED = (200, {"message": "", "url": "/notes/1/", "version": "second"})
MOVED_ON = (409, {"message": "Tess has written here meanwhile.", "version": "offered", "is_signed": False})
LONG = "周" * 7000  # nine bytes each, as a form sends them


def write(page: Page, text: str) -> None:
    page.locator("note-editor textarea").fill(text)


def test_text_is_saved_and_sent_with_the_version_that_came_back(page: Page) -> None:
    house = House(page, SAVED)
    write(page, "One")
    expect(page.locator('[data-part="said"]')).to_have_text("Saved")
    write(page, "One, two")
    expect(page.locator('[data-part="said"]')).to_have_text("Saving")
    expect(page.locator('[data-part="said"]')).to_have_text("Saved")

    assert [each["form_version"] for each in house.sent] == ["first", "second"]


def test_nothing_takes_the_place_of_another_text_unasked(page: Page) -> None:
    house = House(page, MOVED_ON)
    write(page, "Mine")
    expect(page.get_by_text("Tess has written here meanwhile.")).to_be_visible()

    assert (
        page.locator("[name=form_version]").input_value() == "first"
    )  # so that sending the form by hand is refused as well
    write(page, "Mine, on")
    page.wait_for_timeout(2500)  # milliseconds, longer than the pause after which it would be sent
    assert len(house.sent) == 1


def test_own_text_is_put_in_place_when_it_is_chosen(page: Page) -> None:
    house = House(page, MOVED_ON, SAVED)
    write(page, "Mine")
    page.get_by_role("button", name="Put mine in its place").click()
    expect(page.locator('[data-part="said"]')).to_have_text("Saved")

    assert house.sent[1]["form_version"] == "offered" and house.sent[1]["body"] == "Mine"


def test_own_text_is_kept_among_the_versions_and_the_page_shows_the_other_one(page: Page) -> None:
    house = House(page, MOVED_ON, (200, {"message": "", "url": "/notes/1/text/", "version": "second"}))
    write(page, "Mine")
    page.get_by_role("button", name="Keep mine among the versions").click()
    page.wait_for_url("**/notes/1/text/")

    assert house.sent[1] == {"form_version": "offered", "body": "Mine", "autosave": "1", "aside": "1"}


def test_choice_stays_open_when_keeping_it_fails(page: Page) -> None:
    house = House(page, MOVED_ON, (500, {}))
    write(page, "Mine")
    page.get_by_role("button", name="Keep mine among the versions").click()
    expect(page.locator('[data-part="why"]')).to_have_text("Went wrong")
    expect(page.get_by_role("button", name="Put mine in its place")).to_be_visible()

    write(page, "Mine, on")
    page.wait_for_timeout(2500)  # milliseconds, longer than the pause after which it would be sent
    assert len(house.sent) == 2 and page.locator("[name=form_version]").input_value() == "first"


@pytest.mark.parametrize(("text", "is_kept"), [("x" * 59_000, True), ("x" * 61_000, False), (LONG, False)])
def test_request_outlives_the_page_only_as_far_as_browsers_let_it(page: Page, text: str, is_kept: bool) -> None:
    House(page, SAVED)
    write(page, text)
    expect(page.locator('[data-part="said"]')).to_have_text("Saved")

    [[size, kept]] = page.evaluate("window.kept.filter(([size]) => size > 0)")
    assert kept is is_kept and (size < 60_000) is is_kept


@pytest.mark.parametrize("text", ["short", LONG])
def test_whoever_leaves_before_it_is_saved_is_asked(page: Page, text: str) -> None:
    House(page, (503, {}))
    page.locator("note-editor textarea").click()  # because a browser asks only where somebody has done something
    write(page, text)
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)

    assert asked.value.type == "beforeunload"
    asked.value.accept()
