"""How a message looks as a mail: one layout for all, in the organization's brand, with a part in plain text that says the same."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import mjml
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from branding.addresses import logo_path
from branding.queries import current_brand, facts_of, palette
from branding.rules.stylesheet import mail_font
from core.kernel.translation import translate
from core.notifications.messages import Content, Link, Message
from core.notifications.rules.message_text import MessageText, Piece
from core.notifications.texts import write
from tenants.absolute_urls import absolute_url

# An address in the organization's own words leads where it says. Nothing else does: no other scheme, and no value that somebody typed.
_ADDRESS = re.compile(r"https://[^\s<>\"'“”]+[^\s<>\"'“”.,;:!?)\]]")
FootLinks = Callable[[], Sequence[Link]]
_foot: list[FootLinks] = []
_DARK_ONLY = "@media (prefers-color-scheme: dark)"


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail as it leaves."""

    subject: str
    text: str
    html: str

    @property
    def dark_html(self) -> str:
        """The HTML as somebody sees it whose programs are dark."""
        return self.html.replace(_DARK_ONLY, "@media all")


def register_foot(links: FootLinks) -> None:
    """Let these links stand at the foot of every mail. At start-up."""
    _foot.append(links)


def render(
    message: Message, content: Content, *, language: str, text: MessageText | None = None, is_test: bool = False
) -> Rendered:
    """One message to one reader as a mail, in `language`, which is the language in force; of the words in force unless `text` is given."""
    written = write(message, content, language, text)
    subject = translate("Test: %(subject)s", subject=written.subject) if is_test else written.subject
    values = {
        **_frame(language),
        "subject": subject,
        "written": written,
        "paragraphs": [[_markup(line) for line in paragraph] for paragraph in written.body],
        "plain_paragraphs": [["".join(piece.text for piece in line) for line in lines] for lines in written.body],
        "content": content,
        "is_test": is_test,
    }
    plain = render_to_string("emails/message.txt", values)
    # Without fonts, because else a well-known font's name brings in a third party's font host.
    html = mjml.mjml2html(render_to_string("emails/message.mjml", values), fonts={})
    return Rendered(subject, f"{plain.strip()}\n", html)


def _markup(line: Iterable[Piece]) -> SafeString:
    """A line as HTML: everything is text, but an address that the organization wrote leads where it says."""
    return format_html_join("", "{}", ((piece.text if piece.of else _linked(piece.text),) for piece in line))


def _linked(text: str) -> SafeString:
    parts, last = [], 0
    for found in _ADDRESS.finditer(text):
        parts += [conditional_escape(text[last : found.start()]), format_html('<a href="{0}">{0}</a>', found.group())]
        last = found.end()
    return format_html_join("", "{}", ((part,) for part in (*parts, conditional_escape(text[last:]))))


def _frame(language: str) -> dict[str, Any]:
    """What the layout reads of the brand."""
    brand, colours = current_brand(), palette().colours
    facts = facts_of(brand)
    return {
        "organization": {"name": brand.name, "postal_address": brand.address.replace("\n", ", ")},
        "foot_links": [link for links in _foot for link in links()],
        "brand": {
            "name": brand.name,
            "mail_logo_url": absolute_url(path) if (path := logo_path(brand, "mail")) else "",
        },
        "mail": {
            "language": language,
            "font": mail_font(facts.body_font),
            "heading_font": mail_font(facts.heading_font),
            "radius": {"sharp": "3px", "soft": "8px", "round": "14px"}.get(brand.radius, "8px"),
            "colours": {name: colours[of] for name, of in _LIGHT.items()},
            "dark": {name: colours[of] for name, of in _DARK.items()},
        },
    }


_LIGHT = {
    "text": "neutral-900", "muted": "neutral-600", "link": "text", "action": "action", "on_action": "on-action", "soft": "neutral-100",
    "canvas": "neutral-100", "surface": "neutral-0", "edge": "edge",
}  # fmt: skip
_DARK = {
    "text": "neutral-100", "muted": "neutral-400", "link": "text-dark", "action": "action-dark", "on_action": "on-action-dark",
    "soft": "neutral-850", "canvas": "neutral-950", "surface": "neutral-900", "edge": "edge-dark",
}  # fmt: skip
