"""What the organization's plan comprises, and what holds in place of what it does not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from core.files import queries as files
from core.files.rules.room import size_words
from core.kernel import clock
from core.people.queries import staff_seats
from core.people.roles import Permission
from portal.access import SignedInView
from portal.settings_pages import settings_menu
from tenants import entitlements
from tenants.context import current_organization
from tenants.models import EntitlementOverride


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is included, goes on for a while, or is not included; then `text` says what holds instead."""

    title: Any
    text: Any
    icon: str
    state: str  # included, kept, missing
    until: datetime | None = None
    url: str = ""


class PlanView(SignedInView):
    """Everything with its state; nothing here can be changed by the organization."""

    needs = Permission.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        organization = current_organization()
        context = {
            "plan_name": organization.plan.name,
            "items": _items(),
            "everybody": _for_everybody(),
            "settings_menu": settings_menu(request),
        }
        return render(request, "settings/plan.html", context)


def _items() -> list[Item]:
    about = [
        (entitlements.OWN_HOST, _("Web addresses of your own"), "globe", "settings:domains",
         _("People reach you under names of your own, and links lead there."),
         _("People reach you under a neutral address that is yours alone. What you have connected leads there, and stays kept.")),
        (entitlements.OWN_SENDER, _("A sender of your own"), "send", "settings:sender",
         _("Mail leaves from your own domain or mail server."),
         _("Mail leaves from a neutral address, with your name and replies to you. What you have set up stays kept.")),
        (entitlements.OWN_FONTS, _("Fonts of your own"), "type", "settings:brand_fonts",
         _("Pages and documents are written in fonts that you bring along."),
         _("Your look has one of our fonts in place of yours. What you have sent stays kept.")),
        (entitlements.OWN_CSS, _("A stylesheet of your own"), "wand-sparkles", "settings:brand",
         _("Pages follow rules that you write (CSS)."),
         _("Pages have our layout in your colours. What you have written stays kept.")),
        (entitlements.OWN_BACKGROUNDS, _("Backgrounds of your own"), "image", "settings:brand",
         _("Pictures of yours stand behind the waiting room and behind those who meet."),
         _("The waiting room is plain, in your colours. What you have sent stays kept.")),
        (entitlements.BRANCHES, _("Branches"), "map-pin", "settings:branches",
         _("Some meet you under another name, logo and colours, at web addresses of their own."),
         _("Everybody meets you as one. What you have set up stays kept.")),
        (entitlements.BILLING, _("%(Invoices)s and payments"), "receipt-text", "billing:home",
         _("%(Services)s with prices, %(invoices)s, and payments by card."),
         _("Nothing new is charged or billed. What was billed before can still be read and paid.")),
    ]  # fmt: skip
    return [*(_item(*each) for each in about), *_limits()]


def _item(code: str, title: Any, icon: str, url_name: str, text: Any, instead: Any) -> Item:
    override = _override(code)
    if entitlements.allows(code):
        until = override.until if override and override.is_on else None
        return Item(title, text, icon, "included", until, reverse(url_name))
    if entitlements.keeps(code) and override:
        return Item(title, instead, icon, "kept", override.kept_until)
    return Item(title, instead, icon, "missing")


def _limits() -> list[Item]:
    (count, most), group = staff_seats(), entitlements.limit(entitlements.GROUP)
    staff = _("As many as you like; %(count)s now.") % {"count": count}
    if most is not None:
        staff = _("Up to %(most)s; %(count)s now.") % {"most": most, "count": count}
    items = [Item(_("%(Staff_members)s"), staff, "users", "included")]
    if group:
        items.append(Item(_("People in one %(session)s"), _("Up to %(most)s.") % {"most": group}, "video", "included"))
    return [*items, _storage()]


def _storage() -> Item:
    room = files.room()
    used = _("As much as you like; %(used)s now.") % {"used": size_words(room.used)}
    if room.most is not None:
        used = _("Up to %(most)s; %(used)s now.") % {"most": size_words(room.most), "used": size_words(room.used)}
    return Item(_("Files"), used, "files", "included")


def _for_everybody() -> list[Any]:
    """What no plan takes away."""
    return [
        _("Your name, logo, colours and letters on every page, mail and document."),
        _("Your words, and the text of every message, in each of your languages."),
        _("Nobody but you shows to your people: no name, host or mark of ours, whatever your plan."),
    ]


def _override(code: str) -> EntitlementOverride | None:
    now = clock.now()
    known = current_organization().known_overrides or []
    return next((each for each in known if each.code == code and (each.until is None or each.until > now)), None)
