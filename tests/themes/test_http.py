"""What people read when a request of our scripts or of htmx does not succeed, and the way to sign in: in a real Chromium."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.themes.gallery_server import GalleryHandler

pytestmark = pytest.mark.journey
JSON, HTML, TEXT = "application/json", "text/html; charset=utf-8", "text/plain; charset=utf-8"
SILENT_SECONDS = 3
# status, headers, type and content of an answer, by the last part of its address
ANSWERS = {
    "fine": (200, {}, JSON, '{"count": 3}'),
    "nothing": (204, {}, JSON, ""),
    "page": (200, {}, HTML, "<p>A page</p>"),
    "signed-out": (401, {}, HTML, "<p>Sign in first</p>"),
    "redirected": (302, {"Location": "/sign-in/?next=/try/redirected"}, HTML, ""),
    "forbidden": (403, {}, HTML, "<h1>Not allowed</h1>"),
    "conflict": (409, {}, TEXT, "This time has just been taken."),
    "invalid": (422, {}, JSON, '{"message": "That is not a time."}'),
    "form": (422, {}, HTML, "<p id='errors'>Please check what you entered</p>"),
    "rate-limited": (429, {"Retry-After": "90"}, HTML, "<h1>A little slower</h1>"),
    "rate-limited-for": (429, {}, HTML, "<h1>A little slower</h1>"),
    "broken": (500, {}, HTML, "<h1>Something went wrong</h1>"),
    "unavailable": (503, {"Retry-After": "5"}, HTML, "<h1>Just a moment</h1>"),
}
FAILED = {
    "forbidden": (
        "forbidden",
        "That is not allowed, or this page has been open for too long. Reload it and try again.",
    ),
    "conflict": ("conflict", "This time has just been taken."),
    "invalid": ("invalid", "That is not a time."),
    "rate-limited": ("rate-limited", "That was too often. Try again in 2 minutes."),
    "rate-limited-for": ("rate-limited", "That was too often. Try again in 1 minute."),
    "broken": ("failed", "Something went wrong on our side. Try again in a minute."),
    "unavailable": (
        "unavailable",
        "We are back in a moment. Nothing was saved half-way; try again in 5 seconds.",
    ),
}
OFFLINE = "The server cannot be reached. Check your connection and try again."
LATE = "The server has not answered. Check whether it worked before you try again."
REQUEST = """async ([name, address, ...rest]) => {
  const http = await import('/static/js/http.js')
  const { sentenceOf } = await import('/static/js/error-sentences.js')
  try { return await http[name](address, ...rest) }
  catch (error) { return { code: error.code, sentence: sentenceOf(error) } }
}"""
HTMX = """(name) => {
  document.querySelector('main').insertAdjacentHTML('afterbegin', '<div id="place">empty</div>')
  window.htmx.ajax('GET', `/try/${name}`, { target: '#place', swap: 'innerHTML' })
}"""


class AnswersHandler(GalleryHandler):
    """The gallery, and addresses that answer as the table says."""

    def do_GET(self) -> None:  # noqa: N802 because the standard library asks for it
        path = urlsplit(self.path).path
        if path == "/sign-in/":
            self.answer(200, {}, HTML, "<title>Sign in</title>")
        elif path == "/try/silent":
            time.sleep(SILENT_SECONDS)
        elif path.startswith("/try/"):
            self.answer(*ANSWERS[path.rsplit("/", 1)[1]])
        else:
            super().do_GET()

    def do_POST(self) -> None:  # noqa: N802 because the standard library asks for it
        content = self.rfile.read(int(self.headers["Content-Length"])).decode()
        names = ("Accept", "Content-Type", "X-CSRFToken")
        self.answer(200, {}, JSON, json.dumps({"content": content} | {name: self.headers[name] for name in names}))

    def answer(self, status: int, headers: dict[str, str], kind: str, content: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(content.encode())), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content.encode())


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """Where the answers are served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), AnswersHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, url: str) -> Iterator[Page]:
    """A page on which one signs in at /sign-in/, and that may be visited again."""
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(f"{url}/design/?sample=dashboard")
    opened.evaluate("Object.assign(document.body.dataset, { signIn: '/sign-in/', revisitable: '' })")
    opened.evaluate("document.body.setAttribute('hx-headers:inherited', '{\"X-CSRFToken\": \"token\"}')")
    yield opened
    context.close()


def test_answer_in_json_is_returned(page: Page) -> None:
    assert page.evaluate(REQUEST, ["getJson", "/try/fine"]) == {"count": 3}


def test_page_where_json_was_asked_for_is_a_failure(page: Page) -> None:
    assert page.evaluate(REQUEST, ["getJson", "/try/page"])["code"] == "failed"


def test_form_is_sent_with_the_token(page: Page) -> None:
    sent = page.evaluate(REQUEST, ["postForm", "/try/form", {"date": "2026-01-05", "time": "09:00"}])
    assert (sent["content"], sent["X-CSRFToken"], sent["Accept"]) == ("date=2026-01-05&time=09%3A00", "token", JSON)


def test_json_is_sent_with_the_token(page: Page) -> None:
    sent = page.evaluate(REQUEST, ["postJson", "/try/json", {"count": 3}])
    assert (sent["content"], sent["X-CSRFToken"], sent["Content-Type"]) == ('{"count":3}', "token", JSON)


@pytest.mark.parametrize("name", FAILED)
def test_failure_has_a_sentence(page: Page, name: str) -> None:
    code, sentence = FAILED[name]
    assert page.evaluate(REQUEST, ["getJson", f"/try/{name}"]) == {"code": code, "sentence": sentence}


def test_server_that_stays_silent_is_given_up(page: Page) -> None:
    given_up = page.evaluate(REQUEST, ["getJson", "/try/silent", {"timeoutMs": 200}])
    assert given_up == {"code": "timeout", "sentence": LATE}


def test_request_without_a_network_says_so(page: Page) -> None:
    page.evaluate(REQUEST, ["getJson", "/try/fine"])  # so that the modules are there
    page.context.set_offline(True)
    assert page.evaluate(REQUEST, ["getJson", "/try/fine"]) == {"code": "offline", "sentence": OFFLINE}


@pytest.mark.parametrize("name", ["signed-out", "redirected"])
def test_signed_out_person_signs_in_and_comes_back_to_the_page(page: Page, name: str) -> None:
    page.evaluate(f"import('/static/js/http.js').then(({{ getJson }}) => getJson('/try/{name}')).catch(() => null)")
    page.wait_for_url("**/sign-in/?next=%2Fdesign%2F%3Fsample%3Ddashboard")


def test_answer_to_a_post_is_no_address_to_come_back_to(page: Page) -> None:
    page.evaluate("delete document.body.dataset.revisitable")
    page.evaluate("import('/static/js/http.js').then(({ getJson }) => getJson('/try/signed-out')).catch(() => null)")
    page.wait_for_url("**/sign-in/")


@pytest.mark.parametrize("name", [name for name in FAILED if name != "invalid"])
def test_failure_of_htmx_is_said_and_not_drawn(page: Page, name: str) -> None:
    page.evaluate(HTMX, name)
    expect(page.locator("toast-region")).to_contain_text(FAILED[name][1])
    expect(page.locator("#place")).to_have_text("empty")


def test_form_with_errors_is_drawn_by_htmx(page: Page) -> None:
    said = page.locator("toast-message").count()
    page.evaluate(HTMX, "form")
    expect(page.locator("#place #errors")).to_be_visible()
    assert page.locator("toast-message").count() == said


def test_htmx_gives_up_a_server_that_stays_silent(page: Page) -> None:
    page.evaluate("window.htmx.config.defaultTimeout = 200")
    page.evaluate(HTMX, "silent")
    expect(page.locator("toast-region")).to_contain_text(LATE)


def test_htmx_without_a_network_says_so_once(page: Page) -> None:
    page.context.set_offline(True)
    for _ in range(2):
        page.evaluate("window.htmx.ajax('GET', '/try/fine', { target: 'main', swap: 'none' }).catch(() => null)")
    expect(page.locator("toast-message", has_text=OFFLINE)).to_have_count(1)


@pytest.mark.parametrize("name", ["signed-out", "redirected"])
def test_htmx_leads_a_signed_out_person_to_sign_in(page: Page, name: str) -> None:
    page.evaluate(HTMX, name)
    page.wait_for_url("**/sign-in/?next=%2Fdesign%2F%3Fsample%3Ddashboard")
