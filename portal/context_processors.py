"""What every template of an organization's host can count on: organization, brand, words, navigation."""

from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from branding.addresses import icon_path, logo_path, own_css_path, sign_in_picture_path
from branding.models import Brand
from branding.monogram import short_name
from branding.queries import current_brand, own_css_of, palette, wears_what_it_may
from core.legal.queries import has_agreements
from core.notifications.queries import unread_count_of
from core.people.permissions import clients_acted_for
from portal import time_zones
from portal.addresses import address
from portal.client_label import clients_label
from portal.idle_watch import watch_of
from portal.legal_links import foot_links
from portal.navigation import navigation_for
from portal.second_factor import reminder
from portal.setup_return import step_under_way
from tenants.absolute_urls import absolute_url

# Where the organization's own stylesheet never holds: where it is written and undone, where people book, meet, pay, agree and read legal texts.
_WITHOUT_OWN_CSS = (
    "settings:",
    "booking_settings:",
    "live_settings:",
    "recording_settings:",
    "scheduling_settings:",
    "setup:",
    "website:",
    "legal:",
    "public_legal",
    "agreement",
    "cards:",
    "live:",
    "join:",
    "recordings:",
    "billing:",
    "booking:",
    "scheduling:",
    "brand:",
)


def layout(request: HttpRequest) -> dict[str, Any]:
    """Nothing on the operator host; there the console has a frame of its own."""
    if getattr(request, "organization", None) is None:
        return {}
    user = getattr(request, "user", None)
    values: dict[str, Any] = {
        "organization": {
            "name": SimpleLazyObject(lambda: current_brand().name)
        },  # the brand's, and never the register's
        "brand": SimpleLazyObject(lambda: brand_context(current_brand()) | _own_css(request)),
        "vocabulary": getattr(request, "vocabulary", None),
        "home_url": "/",
        "portal_url": "/dashboard/",
        "sign_in_url": address("account_login"),
        "service_worker_url": address("brand:service_worker") if settings.OFFLINE_PAGE else "",
        "legal_links": SimpleLazyObject(foot_links),
        **_help(request),
    }
    if user is not None and user.is_authenticated:
        values |= {
            "idle": SimpleLazyObject(lambda: watch_of(user)),
            "factor_reminder": reminder(request),
            "home_url": "/dashboard/",
            "user_zone": time_zones.zone_of(request),
            "follows_device": not time_zones.is_chosen(request),
            "navigation": SimpleLazyObject(partial(navigation_for, request)),
            "notifications_url": address("notifications:list"),
            "unread_count": SimpleLazyObject(partial(unread_count_of, user.pk)),
            "setup_step": SimpleLazyObject(partial(step_under_way, request)),
            "user_menu": _user_menu(),
            "acts_for_clients": SimpleLazyObject(lambda: clients_acted_for(user).exists()),
            "has_agreements": SimpleLazyObject(partial(has_agreements, user)),
            "clients_name": SimpleLazyObject(partial(clients_label, user, values["vocabulary"])),
        }
    return values


def brand_context(brand: Brand) -> dict[str, Any]:
    """The brand as layouts read it."""
    # Beside the digest: that something is replaced because the plan has changed, so that nobody keeps the file for ever.
    version = f"?v={brand.digest}{'' if wears_what_it_may(brand) else '-'}"
    return {
        "name": brand.name,
        "digest": brand.digest,
        "stylesheet_url": address("brand:stylesheet") + version,
        "logo_url": logo_path(brand, "light"),
        "logo_ground": brand.logo_ground,
        "logo_dark_url": logo_path(brand, "dark"),
        "logo_dark_ground": brand.logo_dark_ground,
        "phone": brand.phone,
        "favicon_url": icon_path(brand),
        "touch_icon_url": icon_path(brand, "180"),
        "share_picture_url": absolute_url(icon_path(brand, "512")),
        "manifest_url": address("brand:manifest"),
        "theme_color": palette().colours["action"],
        "theme_color_dark": palette().colours["neutral-950"],
        "short_name": short_name(brand.name),
        "sign_in_title": brand.tagline,
        "sign_in_text": brand.sign_in_text,
        "sign_in_picture_url": sign_in_picture_path(brand),
        "waiting_text": brand.waiting_text,
        "exit_url": brand.exit_url,
        "own_css_url": "",  # until `_own_css` says that it holds on this page
    }


def _own_css(request: HttpRequest) -> dict[str, Any]:
    """Where the organization's own stylesheet is, on pages where it holds; `?own-css=off` shows any page without it."""
    match, brand = request.resolver_match, current_brand()
    is_left_out = (
        match is None or (match.view_name or "").startswith(_WITHOUT_OWN_CSS) or request.GET.get("own-css") == "off"
    )
    return {"own_css_url": "" if is_left_out or not own_css_of(brand) else own_css_path(brand)}


def _help(request: HttpRequest) -> dict[str, Any]:
    """Where help for this very page is (SUP-01)."""
    match = request.resolver_match
    page = f"?{urlencode({'page': match.view_name}, safe=':')}" if match is not None and match.view_name else ""
    return {"help_url": address("help:index") + page, "help_panel_url": address("help:panel") + page}


def _user_menu() -> list[dict[str, Any]]:
    return [
        {"label": _("Profile"), "icon": "circle-user-round", "url": "/profile/"},
        {"label": _("Security"), "icon": "shield-check", "url": address("mfa_index")},
        {"label": _("Sign out"), "icon": "log-out", "url": address("account_logout"), "post": True},
    ]
