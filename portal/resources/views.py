"""One's list, the store, and the page of one resource."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.resources import queries
from core.resources.models import Resource
from core.resources.permissions import (
    can_change_resource,
    can_have_resources,
    can_withdraw_resource,
    get_resource,
)
from portal.access import SignedInView
from portal.kind_icons import ICONS
from portal.resources import presenters
from portal.time_zones import zone_of

PER_PAGE = 24


class StaffView(SignedInView):
    """For everybody who works here."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and not can_have_resources(request.user):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def asked(self) -> dict[str, str]:
        """What is looked for."""
        kind = self.request.GET.get("kind", "")
        return {
            "q": self.request.GET.get("q", "").strip()[:80],
            "kind": kind if kind in Resource.Kind.values else "",
            "tag": self.request.GET.get("tag", "").strip()[:40],
            "favorites": "1" if self.request.GET.get("favorites") else "",
        }

    def framed(self, found: Any, wanted: dict[str, str], *, at: str) -> dict[str, Any]:
        """What both lists show."""
        page = Paginator(found, PER_PAGE).get_page(self.request.GET.get("page"))
        return {
            "page": page,
            "wanted": wanted,
            "is_searching": any(wanted.values()),
            "query": urlencode({name: value for name, value in wanted.items() if value}),
            "kinds": Resource.Kind.choices,
            "tabs": tabs(at),
        }


def tabs(at: str) -> list[dict[str, Any]]:
    """What lies side by side."""
    named = {"list": _("My resources"), "store": _("Store"), "dice": _("Dice")}
    return [
        {"label": label, "url": reverse(f"resources:{name}"), "current": at == name} for name, label in named.items()
    ]


class ListView(StaffView):
    """What one has brought, and what one has added from the store."""

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted, staff = self.asked(), self.user.staff
        found = queries.my_list(
            staff, typed=wanted["q"], kind=wanted["kind"], tag=wanted["tag"], only_favorites=bool(wanted["favorites"])
        )
        framed = self.framed(found, wanted, at="list")
        for row in framed["page"]:
            row.resource.is_favorite = row.is_favorite
        shown = presenters.cards([row.resource for row in framed["page"]], self.user)
        context = {**framed, "cards": shown, "tags": queries.tags_of(staff), "owning": queries.owning(staff)}
        return render(request, "resources/list.html", context)


class StoreView(StaffView):
    """What colleagues share."""

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = self.asked()
        framed = self.framed(queries.store(self.user.staff, typed=wanted["q"], kind=wanted["kind"]), wanted, at="store")
        context = {**framed, "cards": presenters.cards(framed["page"], self.user)}
        return render(request, "resources/store.html", context)


class ResourceView(StaffView):
    """Look at it, and what can be done with it."""

    def get(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        resource = get_resource(self.user, pk)
        may_change = can_change_resource(self.user, resource)
        may_withdraw = resource.is_shared and can_withdraw_resource(self.user, resource)
        context = {
            "resource": resource,
            "file": presenters.file_facts(resource.file),
            "icon": ICONS[resource.kind],
            "table": presenters.table_page(resource) if resource.kind == Resource.Kind.CARDS else {},
            "number_of_cards": queries.cards_of(resource).count() if resource.kind == Resource.Kind.CARDS else 0,
            "is_shown": resource.kind in presenters.SHOWN,
            "link_name": presenters.link_name(resource) if resource.kind == "link" else "",
            "may_change": may_change,
            "may_withdraw": may_withdraw,
            "listing": queries.listing_of(self.user.staff, resource),
            "others": queries.others_with(resource) if may_change or may_withdraw else 0,
            "versions": presenters.versions(resource) if may_change else [],
            "user_zone": zone_of(request),
        }
        return render(request, "resources/resource.html", context)
