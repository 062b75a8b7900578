"""Resources as templates show them."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.files.models import Rendition, StoredFile
from core.files.rules.room import size_words
from core.people.models import User
from core.resources.models import Card, Resource
from core.resources.permissions import cards_with_files
from portal.kind_icons import ICONS

SHOWN = frozenset({"picture", "pdf", "audio", "video", "cards"})


def link_name(resource: Resource) -> str:
    """What the link leads to."""
    names = {
        "google_docs": "Google Docs", "google_sheets": "Google Sheets", "google_slides": "Google Slides",
        "google_drawings": "Google Drawings", "flat": "Flat",
    }  # fmt: skip
    return names.get(resource.link_kind) or _("Web page")


def cards(resources: Iterable[Resource], user: User) -> list[dict[str, Any]]:
    """As they stand side by side, each with a small picture where there is one."""
    found = list(resources)
    made = Rendition.objects.filter(kind="small", file__in=[each.file_id for each in found if each.file_id])
    pictured = set(made.values_list("file_id", flat=True))
    first = first_pictures(found)
    return [
        {
            "resource": each,
            "url": reverse("resources:resource", args=[each.pk]),
            "icon": ICONS[each.kind],
            "kind": link_name(each) if each.kind == "link" else each.get_kind_display(),
            "picture": reverse("resources:picture", args=[each.pk, "small"])
            if each.file_id in pictured
            else first.get(each.pk, ""),
            "is_own": each.owner_id == user.staff.pk,
            "is_favorite": getattr(each, "is_favorite", False),
        }
        for each in found
    ]


def file_facts(file: StoredFile | None) -> dict[str, Any]:
    """Name, size and state, for its page."""
    if file is None:
        return {}
    return {
        "name": file.name,
        "size": size_words(file.size),
        "pages": file.pages,
        "state": "" if file.is_ready else file.get_state_display(),
        "is_infected": file.state == StoredFile.State.INFECTED,
        "finding": file.finding,
        "large": file.rendition("large"),
        "previews": file.previews,
    }


def versions(resource: Resource) -> list[dict[str, Any]]:
    """Earlier files, the latest first."""
    return [
        {"version": each, "name": each.file.name, "size": size_words(each.file.size)}
        for each in resource.versions.select_related("file")[:20]
    ]


def first_pictures(found: Iterable[Resource]) -> dict[Any, str]:
    """Where the picture on the first card of each set is."""
    sets = [each.pk for each in found if each.kind == Resource.Kind.CARDS]
    rows = Card.objects.filter(resource__in=sets).order_by("resource", "position", "id").distinct("resource")
    return {card.resource_id: address for card in rows if (address := _picture_address(card, "front"))}


def card_rows(resource: Resource) -> list[dict[str, Any]]:
    """The cards of a set, for its owner."""
    return [
        {"card": card, "number": number, "front": _side(card, "front"), "back": _side(card, "back")}
        for number, card in enumerate(cards_with_files(resource), start=1)
    ]


def _side(card: Card, side: str) -> dict[str, Any]:
    return {
        "text": getattr(card, f"{side}_text"),
        "picture": _picture_address(card, side),
        "has_sound": getattr(card, f"{side}_sound_id") is not None,
    }


def _picture_address(card: Card, side: str) -> str:
    if getattr(card, f"{side}_picture_id") is not None:
        return reverse("resources:card_file", args=[card.resource_id, card.pk, side, "picture"])
    return ""


def table_page(resource: Resource | None) -> dict[str, str]:
    """What the page's script needs."""
    if resource is None:
        return {"url": reverse("resources:dice_table"), "files": ""}
    return {
        "url": reverse("resources:table", args=[resource.pk]),
        "files": reverse("resources:resource", args=[resource.pk]) + "cards/",
    }
