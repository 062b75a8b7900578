"""Which cards readers see, what each says in whose language, and what waits."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet

from branding.queries import current_brand
from core.people.models import StaffMember
from core.team.models import CardReview, FormerSlug, PublicCard


class CardState(StrEnum):
    """How far a card is."""

    NONE = "none"
    HIDDEN = "hidden"
    WAITING = "waiting"
    CHANGED = "changed"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class CardShown:
    """A card in one language, as readers see it."""

    slug: str
    name: str
    title: str
    languages: tuple[str, ...]
    services: tuple[str, ...]
    photo: str
    text: str
    at: datetime | None


def _public() -> QuerySet[PublicCard]:
    """Of those who work here now, who want to be seen, what was released."""
    return PublicCard.objects.filter(
        is_wanted=True, released__isnull=False, staff__status=StaffMember.Status.ACTIVE
    ).order_by("staff__user__sort_key")


def public_cards(language: str) -> list[CardShown]:
    """Everybody on the website, by name."""
    return [shown(card.released, language, at=card.released_at) for card in _public() if card.released]


def public_card(slug: str, language: str) -> CardShown | None:
    """The card at an address."""
    card = _public().filter(released__slug=slug).first()
    return shown(card.released, language, at=card.released_at) if card and card.released else None


def moved_card(slug: str) -> str | None:
    """Where a card is now that was at this address before; None when there was none, or nobody sees it."""
    former = FormerSlug.objects.filter(slug=slug, card__in=_public()).select_related("card").first()
    return former.card.released["slug"] if former and former.card.released else None


def public_slugs() -> list[tuple[str, datetime | None]]:
    """The address of each card, and when it was released."""
    return [(card.released["slug"], card.released_at) for card in _public() if card.released]


def shown(content: Mapping[str, Any], language: str, *, at: datetime | None = None) -> CardShown:
    """A card's content as somebody reads it in a language."""
    return CardShown(
        content["slug"], content["name"], in_language(content["titles"], language), tuple(content["languages"]),
        tuple(content["services"]), content["photo"], in_language(content["texts"], language), at,
    )  # fmt: skip


def in_language(texts: Mapping[str, str], language: str) -> str:
    """A text in the wanted language, else in the organization's first, else in any."""
    return next((texts[each] for each in (language, current_brand().language, *texts) if texts.get(each)), "")


def card_of(staff: StaffMember) -> PublicCard | None:
    """Somebody's card, begun or not."""
    return PublicCard.objects.filter(staff=staff).first()


def state_of(card: PublicCard | None) -> CardState:
    """What readers see of it, and what waits."""
    if card is None:
        return CardState.NONE
    if not card.is_wanted:
        return CardState.HIDDEN
    if card.released is None:
        return CardState.WAITING
    return CardState.PUBLIC if card.is_current else CardState.CHANGED


def needs_review() -> bool:
    """Whether somebody else looks at a card before readers see it."""
    row = CardReview.objects.first()
    return row is None or row.is_needed


def photos_of(card: PublicCard) -> set[str]:
    """The pictures that a card has: as it is wanted, and as readers see it."""
    return {card.photo, (card.released or {}).get("photo", "")} - {""}


def photos_of_all() -> set[str]:
    """The pictures of every card, as it is written and as it is released."""
    return {photo for card in PublicCard.objects.all() for photo in photos_of(card)}


def is_photo(picture: str) -> bool:
    """Whether a picture belongs to a card."""
    return PublicCard.objects.filter(Q(photo=picture) | Q(released__photo=picture)).exists()


def is_hidden_photo(picture: str) -> bool:
    """Whether a picture belongs to cards alone, none of which readers see with it."""
    return is_photo(picture) and not _public().filter(released__photo=picture).exists()


def languages_spoken(staff: Iterable[Any]) -> dict[Any, frozenset[str]]:
    """Which languages each of these keys of colleagues speaks, as their cards say; those who have written none are left out."""
    rows = PublicCard.objects.filter(staff__in=list(staff)).values_list("staff_id", "languages")
    return {key: frozenset(languages) for key, languages in rows if languages}
