"""The side navigation: every room's entries in one list. What is not built is not here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.people.models import User
from core.people.permissions import is_active_staff
from core.people.roles import Permission
from portal.billing.frames import can_open_billing
from portal.people.client_label import ClientsLabel, clients_label


@dataclass(frozen=True, slots=True)
class Item:
    """One entry. `term` names a noun of the vocabulary (shown in the plural); `label` is for what has no noun. `allowed` decides who sees it."""

    url_name: str
    icon: str
    allowed: Callable[[User], bool]
    label: str = ""
    term: str = ""
    group: str = ""


def everybody(user: User) -> bool:
    """For entries that every signed-in person sees."""
    return user.is_authenticated


def works_here(user: User) -> bool:
    """For entries that only staff see."""
    return is_active_staff(user)


ITEMS: list[Item] = [
    Item("dashboard:home", "house", everybody, label=_("Home")),
    Item("scheduling:calendar", "calendar-days", everybody, label=_("Calendar")),
    Item("scheduling:list", "calendar-check", everybody, term="appointment"),
    Item("people:clients", "users", everybody, term="client"),
    Item("people:staff", "briefcase", works_here, term="staff_member"),
    Item("people:agents", "heart-handshake", lambda user: user.may(Permission.MANAGE_CLIENTS), term="agent"),
    Item("billing:home", "receipt-text", can_open_billing, term="invoice"),
    Item("settings:brand", "settings", lambda user: user.may(Permission.MANAGE_ORGANIZATION), label=_("Settings")),
]


def navigation_for(request: HttpRequest) -> list[dict[str, Any]]:
    """The entries that this person may use, as the layout draws them."""
    user = request.user
    entries = []
    for item in ITEMS:
        if not item.allowed(user):  # type: ignore[arg-type]
            continue
        url = reverse(item.url_name)
        name = _name(request, item)
        entries.append(
            {
                "label": name.heading, "short_label": name.short, "url": url, "icon": item.icon, "group": item.group,
                "current": request.path == url or (url != "/dashboard/" and request.path.startswith(url)),
            }
        )  # fmt: skip
    return entries


def _name(request: HttpRequest, item: Item) -> ClientsLabel:
    if item.url_name == "people:clients":
        return clients_label(request.user, request.vocabulary)  # type: ignore[arg-type, attr-defined]
    noun = request.vocabulary.get(item.term, plural=True) if item.term else str(item.label)  # type: ignore[attr-defined]
    return ClientsLabel(noun[:1].upper() + noun[1:], "")
