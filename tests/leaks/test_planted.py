"""A leak of every family, planted: the check of its row finds it; and what is clean passes."""

import pytest

from core.leak_walk.checklist.captures import Capture, Kind
from core.leak_walk.checklist.checks import CHECKS, look_at
from core.leak_walk.checklist.rows import ROWS, UNWALKED, Status
from tests.leaks.captures import CLEAN, FACTS, HEADERS, HERE, calendar, document, mail, page, picture, text

pytestmark = pytest.mark.unit

PLANTED = [
    ("K-01", page(title="Home · Vendorly")),
    ("K-01", page(title="Home")),
    ("K-01", page(kind=Kind.ERROR, title="Vendorly: nothing here")),
    ("K-02", page(head="<link rel='icon' href='https://cdn.vendorly.test/icon.png'>")),
    ("K-03", text(Kind.MANIFEST, '{"name": "Vendorly", "short_name": "Zebra", "icons": [{}]}')),
    ("K-03", text(Kind.MANIFEST, '{"name": "Zebra Quokka", "short_name": "Zebra", "icons": []}')),
    ("K-04", page(head="<meta name='generator' content='Wagtail 8'>")),
    ("K-04", page(head="<meta property='og:site_name' content='Vendorly'>")),
    ("K-05", page(headers=(*HEADERS, ("server", "uvicorn")))),
    ("K-05", page(headers=(*HEADERS, ("x-vendorly-node", "7")))),
    ("K-06", page(cookies=("vendorly_sid",))),
    ("K-06", text(Kind.SCRIPT, 'localStorage.setItem("vendorly:theme", "dark")')),
    ("K-07", text(Kind.SCRIPT, "/* (c) Vendorly */")),
    ("K-07", text(Kind.SCRIPT, "//# sourceMappingURL=app.js.map")),
    ("K-08", page("<!-- rendered by django --><p>Hello</p>")),
    ("K-08", page("<div data-app='vendorly'></div>")),
    ("K-09", text(Kind.ROBOTS, "Contact: mailto:security@vendorly.test")),
    ("K-10", page("<p>Vendorly is down</p>", kind=Kind.ERROR, status=500)),
    ("K-11", text(Kind.PROXY, "<title>Zebra Quokka</title><p>Vendorly is away</p>")),
    ("K-11", text(Kind.PROXY, "<title>502 · caddy</title>")),
    ("K-11", text(Kind.PROXY, "<title>Zebra Quokka</title><img src='/logo.png'>")),
    ("K-12", text(Kind.STYLE, "/* vendorly print */")),
    ("K-13", page("<img alt='otpauth://totp/Vendorly:mia?secret=AAAA&issuer=Vendorly'>", path="/account/2fa/totp/activate/")),
    ("K-15", page("<p>Bye</p>", title="Bye", path="/account/logout/")),
    ("K-16", mail(From="Vendorly <no-reply@vendorly.test>")),
    ("K-16", mail(Reply_To="help@vendorly.test")),
    ("K-18", mail(X_Mailer="Django")),
    ("K-18", mail(Message_ID="<1@vendorly.test>")),
    ("K-19", mail(html="<a href='https://u1.ct.sendgrid.net/x'>Join</a>")),
    ("K-19", mail(plain="Join: https://vendorly.test/join")),
    ("K-20", mail(html="<p>Hello</p><small>Powered by somebody</small>")),
    ("K-21", mail(plain="Sent by Vendorly")),
    ("K-21", mail(plain="  ")),
    ("K-22", mail(plain="Hello {{ name }}")),
    ("K-22", mail(Subject="Lesson with None on Monday")),
    ("K-23", calendar("PRODID:-//adamgibbons//ics")),
    ("K-24", calendar("ATTENDEE:mailto:mia@people.test", "ATTENDEE:mailto:max@people.test")),
    ("K-26", document(Producer="Typst 0.14")),
    ("K-28", picture("made with Vendorly Studio")),
    ("K-31", text(Kind.STATEMENT, "VENDORLY* ZEBRA")),
    ("K-38", text(Kind.CALL, "turns:turn.vendorly.test")),
    ("K-39", page("<live-room data-socket='wss://sfu.vendorly.test/ws/'></live-room>")),
    ("K-41", page("<a href='/x?X-Amz-Signature=1'>file</a>")),
    ("K-42", page("<p>Join with Janus</p>", path="/live/1/")),
    ("K-43", page(head="<meta name='apple-itunes-app' content='app-id=1'>")),
    ("K-45", page("<iframe src='https://maps.elsewhere.test/'></iframe>")),
    ("K-47", page("<p>New in Vendorly</p>", path="/help/news/")),
    ("K-48", page("<p>Allow no-reply@vendorly.test</p>", path="/help/mail/")),
    ("K-50", page("<p>You accept the terms of Vendorly</p>", path="/profile/agreements/open/")),
    ("K-54", Capture(Kind.PAGE, HERE + "/bolt-on/", b"<html lang='en'><title>x Zebra Quokka</title></html>", headers=HEADERS)),
    ("K-56", page(language="de")),
    ("K-57", page("<pre>Traceback (most recent call last):</pre>")),
    ("K-57", page(kind=Kind.PART, status=500)),
    ("K-59", page("<p>Dear undefined</p>")),
    ("K-59", page("<p>TODO say more</p>")),
    ("K-60", page(head="<link rel='preload' as='font' href='https://fonts.elsewhere.test/f.woff2'>")),
    ("K-60", text(Kind.STYLE, "@font-face { src: url('https://fonts.elsewhere.test/f.woff2') }")),
    ("K-61", page(headers=())),
    ("K-62", text(Kind.CONSOLE, "Sign in", "/admin/", status=200)),
    ("K-63", page("<p>Also at Harbour Practice</p>")),
    ("K-63", mail(plain="See harbour.test")),
    ("K-64", page(head="<meta name='apple-mobile-web-app-title' content='Vendorly'>")),
    ("K-65", text(Kind.OTHER_HOST, "Welcome", "/", status=200)),
    ("K-67", text(Kind.FALLBACK, "Vendorly: not found")),
    ("K-69", page("<div hidden>Powered by somebody</div>")),
]  # fmt: skip


def statuses(captures: list[Capture]) -> dict[str, Status]:
    return {result.row: result.status for result in look_at(FACTS, captures)}


def test_what_is_clean_passes_every_row():
    wrong = {row: status for row, status in statuses(CLEAN).items() if row in CHECKS and status != Status.PASSED}

    assert wrong == {}


@pytest.mark.parametrize(("row", "planted"), PLANTED, ids=lambda value: value if isinstance(value, str) else "")
def test_planted_leak_is_found(row, planted):
    found = {result.row: result for result in look_at(FACTS, [*CLEAN, planted])}[row]

    assert found.status == Status.LEAK
    assert all(finding.place.startswith(planted.place) for finding in found.findings)


def test_every_check_has_a_planted_leak():
    assert CHECKS.keys() - {row for row, _ in PLANTED} == set()


def test_every_row_is_checked_or_says_why_not():
    assert set(ROWS) == CHECKS.keys() | UNWALKED.keys()
    assert not CHECKS.keys() & UNWALKED.keys()


def test_nothing_seen_is_no_pass():
    assert {status for row, status in statuses([]).items() if row in CHECKS} == {Status.UNSEEN, Status.ABSENT}


def test_legal_text_may_name_whom_the_organization_wants():
    named = page("<div class='prose'>Vendorly processes data for us.</div>", path="/legal/privacy/")

    assert {result.status for result in look_at(FACTS, [*CLEAN, named]) if result.row == "K-08"} == {Status.PASSED}
    around = page("<div class='prose'>Ours.</div><p>Vendorly</p>", path="/legal/privacy/")
    assert {result.status for result in look_at(FACTS, [*CLEAN, around]) if result.row == "K-08"} == {Status.LEAK}
