"""Pages in the brand that are whole in one answer, for when nothing else of the host can be reached: without a connection, or behind a proxy
that gets no answer. They load nothing, ask nobody who is reading, and belong to no language but the one in force.
"""

import base64
import functools
import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.contrib.staticfiles import finders
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _

from branding.app_icons import app_icon
from branding.images import mail_logo
from branding.models import Look
from branding.monogram import icon_svg
from branding.queries import current_brand, facts_of, palette
from branding.rules.palette import RADII
from branding.rules.stylesheet import font_stack

_COLOURS = (
    "neutral-0", "neutral-50", "neutral-100", "neutral-200", "neutral-400", "neutral-600", "neutral-850", "neutral-900", "neutral-925",
    "neutral-950", "text", "text-dark", "action", "on-action", "action-hover", "action-dark", "on-action-dark", "action-hover-dark",
)  # fmt: skip
MOST_INLINE = 60_000  # bytes of a logo; a larger one is made smaller, as mail has it
_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="{light}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="{dark}" media="(prefers-color-scheme: dark)">
<meta name="robots" content="noindex">
<title>{title} · {name}</title>
<link rel="icon" href="{icon}">
<style>{style}</style>
</head>
<body>
<main>
<p class="logo">{logo}</p>
<h1>{title}</h1>
<p>{text}</p>
<p class="act"><a href="{way}">{act}</a></p>
<p class="quiet">{more}</p>
</main>
{script}</body>
</html>
"""


class Occasion(StrEnum):
    """When the page is shown."""

    OFFLINE = "offline"  # the device has no connection
    ASKED = "asked"  # something was asked for, and the application is away
    SENT = "sent"  # something was sent, and nobody can say whether it was saved


@dataclass(frozen=True, slots=True)
class StandalonePage:
    """The whole page, and the only policy under which its style and its script run."""

    html: str
    policy: str


def standalone_page(occasion: Occasion) -> StandalonePage:
    """The page of the organization in force, in the language in force. No query while the organization is remembered."""
    brand, colours = current_brand(), palette().colours
    style = _style(brand)
    script = mark_safe("") if occasion == Occasion.SENT else format_html("<script>{}</script>\n", _script())  # noqa: S308 because it is empty
    html = format_html(
        _PAGE,
        **_words(occasion),
        language=get_language() or "en",
        direction="rtl" if get_language_bidi() else "ltr",
        light=colours["neutral-50"],
        dark=colours["neutral-950"],
        name=brand.name,
        icon=_icon(brand),
        style=style,
        logo=_logo(brand),
        more=_more(brand, occasion),
        script=script,
    )
    return StandalonePage(str(html), content_policy(f"'sha256-{_digest(style)}'"))


def content_policy(style: str) -> str:
    """What such a page may do, with `style` as the source of its styles; the proxy sends the same."""
    return (
        f"default-src 'none'; style-src {style}; script-src 'sha256-{_digest(_script())}'; img-src data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )


def _words(occasion: Occasion) -> dict[str, str]:
    if occasion == Occasion.OFFLINE:
        return {
            "title": _("No connection"),
            "text": _("This device has no connection to the internet at the moment, so nothing can be shown."),
            "act": _("Try again"),
            "way": "",
        }
    if occasion == Occasion.SENT:
        return {
            "title": _("Just a moment"),
            "text": _("We are back in a moment. What you sent may have been saved: look before you try again."),
            "act": _("Back to the start"),
            "way": "/",
        }
    return {
        "title": _("Just a moment"),
        "text": _("We are back in a moment. Nothing was saved half-way; try again in a minute."),
        "act": _("Try again"),
        "way": "",
    }


def _more(brand: Any, occasion: Occasion) -> SafeString:
    """That the page opens by itself, and how people reach the organization meanwhile."""
    said = [] if occasion == Occasion.SENT else [_("What you wanted opens by itself as soon as that is possible.")]
    if brand.phone:
        number = "".join(sign for sign in brand.phone if sign.isdigit() or sign == "+")
        called = format_html('<a href="tel:{}">{}</a>', number, brand.phone)
        said.append(format_html("{} {}", _("Telephone"), called))
    return format_html_join(mark_safe("<br>"), "{}", ((each,) for each in said))  # noqa: S308 because a line break is ours


@functools.lru_cache(maxsize=1)
def _sheet() -> str:
    return _own("css/standalone.css").partition("*/")[2].strip()


@functools.lru_cache(maxsize=1)
def _script() -> SafeString:
    """Ours, so it may stand in the page as it is."""
    return mark_safe(_own("js/standalone.js"))  # noqa: S308 because no part of it comes from a person


def _own(name: str) -> str:
    path = finders.find(name)
    assert path is not None, name
    return Path(path).read_text()


def _style(brand: Look) -> SafeString:
    colours, facts = palette().colours, facts_of(brand)
    values = [f"--brand-{name}: {colours[name]};" for name in _COLOURS]
    values += [
        f"--brand-font-heading: {font_stack(facts.heading_font)};",
        f"--brand-font-body: {font_stack(facts.body_font)};",
        f"--brand-radius: {RADII[facts.radius]};",
    ]
    style = f":root {{{''.join(values)}}}\n{_sheet()}"
    return mark_safe(style)  # noqa: S308 because it is made of colours and names from closed lists


def _logo(brand: Any) -> SafeString:
    if not brand.logo:
        return format_html('<img class="mark" src="{}" alt=""> {}', _icon(brand), brand.name)
    dark = _picture(brand.logo_dark, brand.logo_dark_ground, shown_on="dark") if brand.logo_dark else ""
    source = _picture(brand.logo, brand.logo_ground, shown_on="light" if dark else "")
    if not source:
        return format_html("{}", brand.name)
    other = format_html('<source srcset="{}" media="(prefers-color-scheme: dark)">', dark) if dark else ""
    return format_html('<picture>{}<img src="{}" alt="{}"></picture>', other, source, brand.name)


def _picture(file: Any, ground: Any, *, shown_on: str) -> str:
    """The picture as a data address, on a plate of its own where it could not be seen; empty when it was lost, or is none any more."""
    try:
        with file.open("rb") as kept:
            content = kept.read()
            if len(content) <= MOST_INLINE and ground in ("", "any", shown_on):
                return _data(content, _KINDS.get(file.name.rpartition(".")[2], "image/png"))
            kept.seek(0)
            return _data(mail_logo(kept, ground), "image/png")
    except OSError:
        return ""


_KINDS = {"webp": "image/webp", "jpg": "image/jpeg", "jpeg": "image/jpeg", "svg": "image/svg+xml"}


def _icon(brand: Any) -> str:
    if brand.icon:
        try:
            return _data(app_icon(brand, palette(), "192"), "image/png")
        except OSError:
            pass  # lost, or no picture any more: then the initials, as where none was uploaded
    return _data(icon_svg(brand, palette()).encode(), "image/svg+xml")


def _data(content: bytes, kind: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
