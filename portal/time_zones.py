"""The zone in which a person reads screens: the one chosen since signing in, else where their device is, else their profile's.

The device's zone is a fact about the device: the page's script writes it into the cookie `zone`, on the sign-in page already. A choice made by
hand belongs to the person: it is kept with their session, so that it ends with it and nobody else at the same device inherits it.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.scheduling.rules import wall_time
from portal.time_zone_fields import zone_options

COOKIE = "zone"
CHOSEN = "zone"  # in the session
DETECT = "detect"


def zone_of(request: HttpRequest) -> str:
    """The IANA name of the zone for this page, of somebody signed in."""
    for name in (_chosen(request), request.COOKIES.get(COOKIE, "")):
        if wall_time.is_zone(name):
            return name
    return request.user.time_zone  # type: ignore[union-attr]


def is_chosen(request: HttpRequest) -> bool:
    """Whether the zone was picked by hand."""
    return wall_time.is_zone(_chosen(request))


def _chosen(request: HttpRequest) -> str:
    """The name picked on this very page, or kept; what stands in an address may be anything."""
    asked = request.GET.get("zone", "")
    return asked if asked == DETECT or wall_time.is_zone(asked) else request.session.get(CHOSEN, "")


def remember_choice(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep the zone that was picked in the page's switch; "detect" goes back to the device's own."""
    asked = request.GET.get("zone", "")
    if asked == DETECT:
        request.session.pop(CHOSEN, None)
    elif wall_time.is_zone(asked):
        request.session[CHOSEN] = asked
    return response


def switch(request: HttpRequest) -> dict[str, Any]:
    """What the zone switch of a page shows."""
    kept = {key: value for key, value in request.GET.items() if key != "zone"}
    return {"options": zone_options(zone_of(request)), "kept": kept.items()}
