"""The layout of mail: one brand, two parts, light and dark, nothing fetched, nothing unreadable."""

import re
from types import SimpleNamespace

import mjml
import pytest
from django.template.loader import render_to_string

from core.notifications.messages import Box, Content, Link

COLOURS = {
    "text": "#111111", "muted": "#555555", "link": "#222299", "action": "#7a2e4d", "on_action": "#ffffff", "soft": "#eeeeee",
    "canvas": "#fafafa", "surface": "#ffffff", "edge": "#7a2e4d",
}  # fmt: skip
DARK = {**COLOURS, "canvas": "#010203", "surface": "#040506", "text": "#f0f1f2"}
CONTENT = Content(
    boxes=(Box("Tuesday", ("10:00", "<b>Max</b>"), "https://north.test/a/1/"),),
    button_url="https://north.test/i/1",
    links=(Link("Join online", "https://north.test/live/1/"),),
    notes=("It works once.",),
    reason="Nora invited you.",
    preview="Nora invites you",
)


def context(**changes):
    return {
        "subject": "Invitation",
        "written": SimpleNamespace(heading="Gus & Mila <3", button="Accept"),
        "paragraphs": [["Hello <you>"]],
        "plain_paragraphs": [["Hello <you>"]],
        "content": CONTENT,
        "organization": {"name": "Harbour & Sons", "postal_address": "Quay 1"},
        "brand": {"mail_logo_url": ""},
        "mail": {"language": "de", "radius": "8px", "colours": COLOURS, "dark": DARK},
        **changes,
    }


def html(**changes):
    return mjml.mjml2html(render_to_string("emails/message.mjml", context(**changes)), fonts={})


def plain(**changes):
    return render_to_string("emails/message.txt", context(**changes))


def test_mail_carries_the_brand_and_the_language():
    text = html()

    assert 'lang="de"' in text
    assert "<title>Invitation</title>" in text
    assert "Nora invites you" in text and "Nora invited you." in text
    assert text.count("#7a2e4d") >= 2  # the line above and the button
    assert "Gus &amp; Mila &lt;3" in text and "Harbour &amp; Sons" in text
    assert "&lt;b&gt;Max&lt;/b&gt;" in text and "Hello &lt;you&gt;" in text


def test_mail_says_that_it_knows_the_dark():
    text = html()

    assert '<meta name="color-scheme" content="light dark"' in text
    dark = text.partition("prefers-color-scheme: dark")[2].partition("</style>")[0]
    for colour in ("#010203", "#040506", "#f0f1f2"):
        assert colour in dark


@pytest.mark.parametrize("content", [CONTENT, Content()])
def test_mail_fetches_nothing_and_shows_no_empty_variable(content):
    text = html(content=content)

    assert not re.search(r"<img|@import|googleapis|url\(|None|{{|{%", text)
    assert "mjml" not in re.sub(r"mj-\S+", "", text).lower()
    assert 'href=""' not in text


def test_button_is_there_where_it_leads_somewhere():
    assert "Accept" in html() and "Accept" not in html(content=Content())
    assert "Accept:\nhttps://north.test/i/1" in plain() and "Accept" not in plain(content=Content())


def test_the_text_part_says_the_same_unescaped():
    text = plain()

    for said in (
        "Hello <you>",
        "Tuesday",
        "<b>Max</b>",
        "https://north.test/a/1/",
        "Join online",
        "Nora invited you.",
        "Harbour & Sons",
    ):
        assert said in text
    assert text.index("Hello") < text.index("Tuesday") < text.index("Accept") < text.index("Nora invited")


def test_test_mail_says_that_it_is_one():
    assert "This is a test" in html(is_test=True) and "This is a test" in plain(is_test=True)
    assert "This is a test" not in html() + plain()
