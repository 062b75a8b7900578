"""The layout of mail: one brand, two parts, nothing fetched, nothing unreadable."""

import re
from types import SimpleNamespace

import mjml
import pytest
from django.template import engines

SOURCE = (
    '{% extends "emails/base.mjml" %}{% block content %}<mj-section><mj-column><mj-text mj-class="heading">{{ title }}'
    '</mj-text><mj-button href="https://north.test/i/1">Accept</mj-button></mj-column></mj-section>{% endblock %}'
)
TEXT = '{% extends "emails/base.txt" %}{% block content %}{{ title }}{% endblock %}'
CONTEXT = {
    "title": "Gus & Mila <3",
    "organization": SimpleNamespace(name="Harbour & Sons"),
    "mail": {"subject": "Invitation", "preview": "Nora invites you", "reason": "Nora invited you.", "language": "de",
             "colours": {"action": "#7a2e4d", "on_action": "#ffffff"}},
    "brand": {"mail_logo_url": ""},
}  # fmt: skip


def html(context: dict[str, object]) -> str:
    return mjml.mjml2html(engines["django"].from_string(SOURCE).render(context))


def test_mail_carries_the_brand_and_the_language() -> None:
    text = html(CONTEXT)

    assert 'lang="de"' in text
    assert "<title>Invitation</title>" in text
    assert "Nora invites you" in text and "Nora invited you." in text
    assert text.count("#7a2e4d") >= 2  # the line above and the button
    assert "Gus &amp; Mila &lt;3" in text and "Harbour &amp; Sons" in text


@pytest.mark.parametrize("context", [CONTEXT, {"title": "Hello"}])
def test_mail_fetches_nothing_and_shows_no_empty_variable(context: dict[str, object]) -> None:
    text = html(context)

    assert not re.search(r"<img|@import|googleapis|url\(|None|{{|{%", text)
    assert "mjml" not in re.sub(r"mj-\S+", "", text).lower()


def test_the_text_part_says_the_same_unescaped() -> None:
    text = engines["django"].from_string(TEXT).render(CONTEXT)

    assert text.startswith("Gus & Mila <3")
    assert "Harbour & Sons" in text
