"""The page of one person on the website, and everybody in a section: as readers see them."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import get_language

from billing.models import Service
from branding.queries import current_brand
from core.pages.addresses import in_language
from core.pages.queries import pictures
from core.team.queries import CardShown, public_cards
from portal import public_frame, spoken_languages
from tenants.absolute_urls import absolute_url

START = "/team/"


def path_of(slug: str, *, language: str = "") -> str:
    """Where somebody's page is; `language`: of the address, where it has one."""
    return in_language(f"{START}{slug}/", language)


def slug_of(path: str) -> str:
    """Whose page is at a path; empty where it is no such path."""
    rest = path.removeprefix(START).removesuffix("/")
    return rest if path.startswith(START) and rest and "/" not in rest else ""


def render_person(
    request: HttpRequest, card: CardShown, *, language: str = "", is_preview: bool = False
) -> HttpResponse:
    """One card as a page of its own."""
    path, offered = path_of(card.slug), current_brand().languages or ["en"]
    several = len(offered) > 1
    [shown] = _shown([card], language)
    context = {
        **shown,
        "card": card,
        "is_preview": is_preview,
        "description": Truncator(" ".join(card.text.split())).chars(160) or card.title,
        "canonical": absolute_url(in_language(path, language if several else "")),
        "alternates": [(code, absolute_url(in_language(path, code))) for code in offered] if several else [],
        "plain_url": absolute_url(path) if several else "",
        "share_picture": absolute_url(reverse("public_picture", args=[card.photo, "large"]))
        if shown["picture"]
        else "",
        **public_frame.of_page(path, language=language),
    }
    return render(request, "team/person.html", {**context, "title": card.name})


def team(language: str) -> list[dict[str, Any]]:
    """Everybody on the website, for a section. `language`: of the address, if it has one."""
    return _shown(public_cards(get_language() or "en"), language)


def _shown(cards: Iterable[CardShown], language: str) -> list[dict[str, Any]]:
    """Cards with their pictures, and with the names of what they offer and speak, in as many questions for one as for all."""
    rows = list(cards)
    photos = pictures(card.photo for card in rows)
    wanted = {key for card in rows for key in card.services}
    names = (
        {str(each.pk): str(each.own_name) for each in Service.objects.filter(pk__in=wanted, is_active=True)}
        if wanted
        else {}
    )
    return [
        {
            "name": card.name,
            "role": card.title,
            "text": card.text,
            "picture": photos.get(card.photo),
            "languages": [spoken_languages.name_of(code) for code in card.languages],
            "services": [names[key] for key in card.services if key in names],
            "url": path_of(card.slug, language=language),
        }
        for card in rows
    ]
