"""The stand-in for Stripe.js in a real Chromium, on a page under the product's strict content security policy."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from deploy.local.browser import fetch, find
from tests.local.serving import eventually

pytestmark = pytest.mark.journey

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run"]  # fmt: skip
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Invoice N-1</title>
<link rel="stylesheet" href="/style.css">
<script src="/watch.js"></script><script src="{sandbox}/v3/stripe.js"></script><script src="/page.js" defer></script></head>
<body data-secret="{secret}" data-account="{account}" data-theme="{theme}"><main><h1>Pay invoice N-1</h1><div id="card"></div>
<button id="pay">Pay 120.00 USD</button><p id="outcome" role="status"></p></main></body></html>"""
STYLE = "body { font-family: system-ui; margin: 0; padding: 24px; } main { max-width: 26rem; margin: 0 auto; }"
WATCH = """window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));"""
SCRIPT = """const { secret, account, theme } = document.body.dataset;
const stripe = Stripe("pk_test_browser", { stripeAccount: account });
const appearance = { theme, variables: { colorPrimary: "#7a1fa2", borderRadius: "3px", colorDanger: "not a colour" } };
const elements = stripe.elements({ clientSecret: secret, appearance });
const element = elements.create("payment");
element.on("ready", () => { document.body.dataset.ready = "yes"; });
element.on("change", ({ complete }) => { document.body.dataset.complete = complete; });
element.mount("#card");
document.querySelector("#pay").addEventListener("click", async () => {
  const confirm = secret.startsWith("seti_") ? stripe.confirmSetup : stripe.confirmPayment;
  const redirect = window.location.hash === "#leave" ? "always" : "if_required";
  const answer = await confirm.call(stripe, { elements, redirect, confirmParams: { return_url: "/back" } });
  const intent = answer.paymentIntent ?? answer.setupIntent;
  document.querySelector("#outcome").textContent = answer.error ? `${answer.error.code}: ${answer.error.message}` : intent.status;
});"""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find() or fetch(), args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def host(_sandbox: str) -> Iterator[str]:
    """A shop on an origin of its own, which lets in the sandbox's scripts and frames and no inline style."""

    class Shop(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            values = {name: value[0] for name, value in parse_qs(asked.query).items()}
            known = {"/style.css": ("text/css", STYLE), "/page.js": ("text/javascript", SCRIPT),
                     "/watch.js": ("text/javascript", WATCH)}  # fmt: skip
            page = HTML.format(**{"secret": "", "account": "", "theme": "stripe", "sandbox": _sandbox, **values})
            kind, text = known.get(asked.path, ("text/html", page))
            self.send_response(200)
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.send_header("Content-Security-Policy", f"default-src 'none'; script-src 'self' {_sandbox}; "
                             f"style-src 'self'; frame-src {_sandbox}; connect-src 'self' {_sandbox}")  # fmt: skip
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    opened.set_default_timeout(8_000)
    yield opened
    context.close()


def open_invoice(page, host, intent, account="", tail="", theme="stripe"):
    page.goto(f"{host}/?secret={intent.client_secret}&account={account}&theme={theme}{tail}")
    page.wait_for_selector("body[data-ready=yes]")
    return page.frame_locator("iframe.stand-in")


def type_card(frame, number, expiry="1240", cvc="123"):
    frame.get_by_label("Card number").press_sequentially(number)
    frame.get_by_label("Expiration date").press_sequentially(expiry)
    frame.get_by_label("Security code").press_sequentially(cvc)


def pay_and_read(page, text):
    page.click("#pay")
    expect(page.locator("#outcome")).to_contain_text(text)
    return page.inner_text("#outcome")


@pytest.fixture
def intent(client, account):
    return client.v1.payment_intents.create(
        {"amount": 12_000, "currency": "usd", "automatic_payment_methods": {"enabled": True}},
        {"stripe_account": account},
    )


def test_a_card_pays_and_the_page_breaks_no_policy(page, host, client, account, intent, receiver):
    frame = open_invoice(page, host, intent, account)
    type_card(frame, "4242424242424242")
    assert frame.get_by_label("Card number").input_value() == "4242 4242 4242 4242"
    assert frame.get_by_label("Expiration date").input_value() == "12 / 40"
    page.wait_for_selector("body[data-complete=true]")
    assert pay_and_read(page, "succeeded") == "succeeded"
    assert page.evaluate("window.violations") == []
    assert page.locator("[style]").count() == 0
    paid = client.v1.payment_intents.retrieve(intent.id, {}, {"stripe_account": account})
    assert paid.amount_received == 12_000
    assert eventually(lambda: receiver.events("payment_intent.succeeded"))[0].account == account


def test_the_fields_follow_the_pages_colours(page, host, account, intent):
    frame = open_invoice(page, host, intent, account)
    root = frame.locator(":root")
    seen = root.evaluate("node => ['--colorPrimary', '--borderRadius', '--colorDanger'].map("
                         "name => getComputedStyle(node).getPropertyValue(name))")  # fmt: skip
    assert seen == ["#7a1fa2", "3px", "#b3261e"]


def test_an_incomplete_card_is_named_and_nothing_is_sent(page, host, client, account, intent):
    frame = open_invoice(page, host, intent, account)
    type_card(frame, "42424242", expiry="1220", cvc="1")
    assert "incomplete_number" in pay_and_read(page, "incomplete_number")
    assert frame.get_by_role("alert").all_inner_texts() == [
        "Your card number is incomplete.",
        "Your card's expiration year is in the past.",
        "Your card's security code is incomplete.",
    ]
    assert frame.get_by_label("Card number").get_attribute("aria-invalid") == "true"
    untouched = client.v1.payment_intents.retrieve(intent.id, {}, {"stripe_account": account})
    assert (untouched.status, untouched.last_payment_error) == ("requires_payment_method", None)


def test_a_declined_card_can_be_followed_by_another(page, host, account, intent):
    frame = open_invoice(page, host, intent, account)
    type_card(frame, "4000000000009995")
    assert "insufficient funds" in pay_and_read(page, "card_declined")
    frame.get_by_label("Card number").fill("")
    frame.get_by_label("Card number").press_sequentially("5555555555554444")
    assert pay_and_read(page, "succeeded") == "succeeded"


@pytest.mark.parametrize(
    ("button", "said"),
    [("Complete authentication", "succeeded"), ("Fail authentication", "payment_intent_authentication_failure")],
)
def test_three_d_secure_is_asked_over_the_page(page, host, account, intent, button, said):
    frame = open_invoice(page, host, intent, account)
    type_card(frame, "4000002760003184")
    page.click("#pay")
    challenge = page.frame_locator("dialog iframe")
    assert "120.00 USD" in challenge.locator("main").inner_text()
    challenge.get_by_role("button", name=button).click()
    expect(page.locator("#outcome")).to_contain_text(said)
    assert page.locator("dialog").count() == 0
    assert page.evaluate("window.violations") == []


def test_escape_fails_the_authentication(page, host, account, intent):
    frame = open_invoice(page, host, intent, account)
    type_card(frame, "4000002760003184")
    page.click("#pay")
    page.frame_locator("dialog iframe").get_by_role("button", name="Complete authentication").wait_for()
    page.keyboard.press("Escape")
    expect(page.locator("#outcome")).to_contain_text("authentication_failure")


def test_a_card_is_saved_by_a_setup_intent(page, host, client, account):
    options = {"stripe_account": account}
    customer = client.v1.customers.create({"email": "gus@example.org"}, options)
    setup = client.v1.setup_intents.create({"customer": customer.id}, options)
    frame = open_invoice(page, host, setup, account)
    type_card(frame, "4242424242424242")
    assert pay_and_read(page, "succeeded") == "succeeded"
    saved = client.v1.customers.payment_methods.list(customer.id, {}, options).data
    assert [method.card.exp_year for method in saved] == [2040]


def test_redirect_leads_back_with_the_intent(page, host, account, intent):
    frame = open_invoice(page, host, intent, account, tail="#leave")
    type_card(frame, "4242424242424242")
    page.click("#pay")
    page.wait_for_url(f"{host}/back?*")
    query = parse_qs(urlsplit(page.url).query)
    assert (query["payment_intent"], query["redirect_status"]) == ([intent.id], ["succeeded"])


def test_a_hosted_challenge_returns_to_the_shop(page, host, client):
    waiting = client.v1.payment_intents.create({
        "amount": 900, "currency": "eur", "payment_method": "pm_card_authenticationRequired", "confirm": True,
        "return_url": f"{host}/back?invoice=7",
    })  # fmt: skip
    page.goto(waiting.next_action.redirect_to_url.url)
    page.get_by_role("button", name="Complete authentication").click()
    page.wait_for_url(f"{host}/back?invoice=7&*")
    assert "redirect_status=succeeded" in page.url


def test_a_stranger_to_the_frame_is_not_heard(page, host, sandbox, account, intent):
    """Another origin embeds the same frame for its own page; the frame answers only the host that opened it."""
    page.goto(f"{host}/?secret={intent.client_secret}&account={account}")
    page.wait_for_selector("body[data-ready=yes]")
    page.evaluate("""sandbox => {
        window.heard = [];
        window.addEventListener("message", (message) => message.data.standIn === "spy" && window.heard.push(message.data));
        const frame = document.createElement("iframe");
        frame.src = `${sandbox}/v3/frame?kind=card&id=spy&host=http://elsewhere.example`;
        frame.onload = () => { frame.contentWindow.postMessage({ standIn: "spy", ask: "validate", number: 1 }, "*");
                               document.body.dataset.spied = "yes"; };
        document.body.append(frame);
    }""", sandbox)  # fmt: skip
    page.wait_for_selector("body[data-spied=yes]")
    page.wait_for_timeout(200)
    assert page.evaluate("window.heard") == []
