"""Tabs of a client's page: rooms add theirs in `AppConfig.ready`, as `TABS.append(ClientTab(...))`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from core.people.models import Client, User


@dataclass(frozen=True, slots=True)
class ClientTab:
    """One tab. `url_name` takes the client's id; `term` names a noun (shown in the plural), `label` is for what has none."""

    url_name: str
    allowed: Callable[[User, Client], bool]
    label: str = ""
    term: str = ""


def everybody(user: User, client: Client) -> bool:
    """For tabs that everybody sees who sees the client."""
    return True


TABS: list[ClientTab] = [ClientTab("people:client", everybody, label=_("Overview"))]


def tabs_for(request: HttpRequest, client: Client) -> list[dict[str, Any]]:
    """The tabs that this person sees, as the component draws them."""
    found = []
    for tab in TABS:
        if not tab.allowed(request.user, client):  # type: ignore[arg-type]
            continue
        noun = request.vocabulary.get(tab.term, plural=True) if tab.term else str(tab.label)  # type: ignore[attr-defined]
        url = reverse(tab.url_name, args=[client.pk])
        found.append({"label": noun[:1].upper() + noun[1:], "url": url, "current": request.path == url})
    return found
