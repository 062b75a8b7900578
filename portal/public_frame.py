"""What stands around every public page: menu, languages, and what search engines and shared links read."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from branding.queries import current_brand
from core.booking.models import BookingSettings
from core.pages import queries
from core.pages.addresses import in_language
from tenants.absolute_urls import absolute_url


def of_page(path: str, *, language: str = "") -> dict[str, Any]:
    """Menu and choice of language for a page at `path`; `language`: the one that stands in the address, if any."""
    entries = queries.navigation(path, language=language)
    if BookingSettings.current().is_public:
        booking = reverse("booking:index")
        entries.insert(-1, {"label": _("Book online"), "url": booking, "current": path.startswith(booking)})
    return {
        "public_navigation": entries,
        "public_languages": _languages(path),
        "home_url": in_language("/", language),
    }


def head(page: Any, text: Any, title: str, parts: list[dict[str, Any]], *, path: str, language: str) -> dict[str, Any]:
    """Title, description, addresses in all languages, and the picture of a shared link.

    `path`: where the page stands on this host; `language`: the one in the address. An address without one is a page of its own for search
    engines: it follows its reader (x-default).
    """
    several = len(_offered()) > 1
    pictures = [str(part["value"]["picture"]) for part in parts if part["value"].get("picture")]
    return {
        "description": (text.description if text else "") or _first_words(parts),
        "canonical": absolute_url(in_language(path, language if several else "")),
        "alternates": [(code, absolute_url(in_language(path, code))) for code in _offered()] if several else [],
        "plain_url": absolute_url(path) if several else "",
        "share_picture": absolute_url(reverse("public_picture", args=[pictures[0], "large"])) if pictures else "",
        "is_article": page.depth > 3 and path != "/",
    }


def _offered() -> list[str]:
    return current_brand().languages or ["en"]


def _languages(path: str) -> list[dict[str, Any]]:
    """The same page in every language of the organization; nothing where there is one only."""
    names, offered = dict(settings.LANGUAGES), _offered()
    if len(offered) < 2:
        return []
    current = get_language()
    return [
        {"code": code, "label": names[code], "url": in_language(path, code), "current": code == current}
        for code in offered
        if code in names
    ]


def _first_words(parts: list[dict[str, Any]]) -> str:
    """A description where nobody has written one: what the page begins with."""
    for part in parts:
        for name in ("text", "body"):
            if part["value"].get(name):
                words = strip_tags(str(part["value"][name]).replace("</p>", " "))
                return Truncator(" ".join(words.split())).chars(160)
    return ""
