"""The side navigation, out of the entries that the apps' manifests name. What is not built is not here."""

from typing import Any

from django.http import HttpRequest

from core.people.models import User
from core.people.permissions import is_active_staff
from portal import manifests
from portal.addresses import address
from portal.manifests import EntryName, NavigationEntry


def everybody(user: User) -> bool:
    """For entries that every signed-in person sees."""
    return user.is_authenticated


def works_here(user: User) -> bool:
    """For entries that only staff see."""
    return is_active_staff(user)


def navigation_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries that this person may use, as the layout draws them."""
    user: User = request.user  # type: ignore[assignment]
    return [_drawn(request, entry) for entry in manifests.navigation() if entry.allowed(user)]


def _drawn(request: HttpRequest, entry: NavigationEntry) -> dict[str, Any]:
    url, name = address(entry.url_name), _name(request, entry)
    return {
        "label": name.heading,
        "short_label": name.short,
        "url": entry.entrance(request.user) if entry.entrance else url,  # type: ignore[arg-type]
        "icon": entry.icon,
        "group": entry.group,
        "current": request.path == url or (url != "/dashboard/" and request.path.startswith(url)),
    }


def _name(request: HttpRequest, entry: NavigationEntry) -> Any:
    vocabulary = request.vocabulary  # type: ignore[attr-defined]
    if entry.name is not None:
        return entry.name(request.user, vocabulary)  # type: ignore[arg-type]
    noun = vocabulary.get(entry.term, plural=True) if entry.term else str(entry.label)
    return EntryName(noun[:1].upper() + noun[1:])
