"""The zone in which a person reads a screen: where their browser is, unless they have chosen another; their profile's until that is known.

The browser's script writes the cookie `zone`; a choice made by hand also sets `zone_chosen`, and then the script leaves it alone.
"""

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from core.scheduling.rules import wall_time

COOKIE, CHOSEN = "zone", "zone_chosen"
DETECT = "detect"
_YEAR = 60 * 60 * 24 * 365


def zone_of(request: HttpRequest) -> str:
    """The IANA name of the zone for this page."""
    asked = request.GET.get("zone", "")
    for name in (asked, request.COOKIES.get(COOKIE, "")):
        if wall_time.is_zone(name):
            return name
    return request.user.time_zone  # type: ignore[union-attr]


def remember_choice(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep the zone that was picked in the page's switch; "detect" goes back to the browser's own."""
    asked = request.GET.get("zone", "")
    if asked == DETECT:
        response.delete_cookie(CHOSEN)
        response.delete_cookie(COOKIE)
    elif wall_time.is_zone(asked):
        for name, value in ((COOKIE, asked), (CHOSEN, "1")):
            response.set_cookie(name, value, max_age=_YEAR, samesite="Lax", secure=settings.SECURE_COOKIES)
    return response


def switch(request: HttpRequest) -> dict[str, Any]:
    """What the zone switch of a page shows."""
    kept = {key: value for key, value in request.GET.items() if key != "zone"}
    return {
        "zone": zone_of(request),
        "chosen": request.COOKIES.get(CHOSEN) == "1" or wall_time.is_zone(request.GET.get("zone", "")),
        "choices": zone_choices(),
        "kept": kept.items(),
    }


def zone_choices() -> list[str]:
    """The zones to choose from: those of places, and UTC."""
    return sorted(
        name for name in available_timezones() if ("/" in name and not name.startswith("Etc/")) or name == "UTC"
    )
