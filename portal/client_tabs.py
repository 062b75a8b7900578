"""The tabs of a client's page, out of those that the apps' manifests name."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from core.people.models import Client, User
from portal.manifests import client_tabs


def everybody(user: User, client: Client) -> bool:
    """For tabs that everybody sees who sees the client."""
    return True


def tabs_for(request: HttpRequest, client: Client) -> list[dict[str, Any]]:
    """The tabs that this person sees, as the component draws them."""
    found = []
    for tab in client_tabs():
        if not tab.allowed(request.user, client):  # type: ignore[arg-type]
            continue
        noun = request.vocabulary.get(tab.term, plural=True) if tab.term else str(tab.label)  # type: ignore[attr-defined]
        url = reverse(tab.url_name, args=[client.pk])
        found.append({"label": noun[:1].upper() + noun[1:], "url": url, "current": request.path == url})
    return found
