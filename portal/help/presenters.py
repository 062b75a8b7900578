"""What the pages of the help centre show besides an article's own words."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from branding.queries import current_brand
from core.help.queries import HelpCentre, Listed, Shelf

MOST_RELATED = 4


@dataclass(frozen=True, slots=True)
class Support:
    """How to reach the organization, as far as it has said so."""

    name: str
    phone: str
    mail: str
    address: str


def support() -> Support:
    """The organization's support contacts."""
    brand = current_brand()
    return Support(brand.name, brand.phone, brand.reply_to, brand.address)


def crumbs(shelf: Shelf, article: Listed | None = None) -> list[dict[str, Any]]:
    """Where the reader is."""
    way = [
        {"label": _("Help"), "url": reverse("help:index")},
        {"label": shelf.name, "url": reverse("help:category", args=[shelf.code])},
    ]
    return [*way, {"label": article.names.title, "url": ""}] if article else way


def related(centre: HelpCentre, article: Listed) -> list[Listed]:
    """What to read next: as the product has it, then from the same category."""
    found = centre.articles
    near = [each.slug for each in centre.shelf(article.category).articles if each.slug != article.slug]
    wanted = dict.fromkeys([*article.related, *near])
    return [found[slug] for slug in wanted if slug in found][:MOST_RELATED]


def neighbours(shelf: Shelf, article: Listed) -> tuple[Listed | None, Listed | None]:
    """The articles before and after this one in its category."""
    at = next(place for place, each in enumerate(shelf.articles) if each.slug == article.slug)
    before = shelf.articles[at - 1] if at else None
    return before, shelf.articles[at + 1] if at + 1 < len(shelf.articles) else None
