"""Who visits the booking pages: whether they may, where their clock is, and how often they may try."""

import secrets
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views import View

from branding.queries import current_brand
from core.booking.models import BookingSettings
from core.kernel import clock, limits
from core.kernel.errors import NotFound
from core.kernel.limits import Limit
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.middleware import network_of
from portal.sign_in_first import sign_in_first
from portal.time_zone_fields import zone_options

VISITOR = "booking_visitor"  # in the session: whose hold it is
_MINUTE = timedelta(minutes=1)
HOLDS = Limit("booking.holds", 30, 10 * _MINUTE)  # of one network: a household looks around
MAILS = Limit("booking.mails", 3, 5 * _MINUTE)  # to one address
MAILS_A_DAY = Limit("booking.mails.day", 10, timedelta(days=1))
MAILS_FROM_HERE = Limit("booking.mails.network", 20, 60 * _MINUTE)
CODES = Limit("booking.codes", 6, 10 * _MINUTE)  # guesses at one hold


class BookingPage(View):
    """A page for everybody where the organization lets everybody book; else for those who have signed in. 404 where nobody does."""

    settings: BookingSettings

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.settings = BookingSettings.current()
        if not self.settings.is_open:
            raise NotFound("online booking is closed")
        if not request.user.is_authenticated and not self.settings.is_public:
            return self.asked_to_sign_in(request)
        return super().dispatch(request, *args, **kwargs)

    def asked_to_sign_in(self, request: HttpRequest) -> HttpResponse:
        """The way to sign in, and back."""
        return sign_in_first(request)


def zone_of(request: HttpRequest) -> str:
    """Where the visitor's clock is: the zone that was picked on the page, else the device's, else the organization's."""
    if request.user.is_authenticated:
        return time_zones.zone_of(request)
    asked = request.GET.get("zone") or request.POST.get("zone", "")
    for name in (asked, request.COOKIES.get(time_zones.COOKIE, "")):
        if wall_time.is_zone(name):
            return name
    return current_brand().time_zone


def zone_switch(request: HttpRequest) -> dict[str, Any]:
    """What the switch shows: all zones, and what else stands in the address."""
    kept = {key: value for key, value in request.GET.items() if key not in ("zone", "day", "start")}
    return {"options": zone_options(zone_of(request)), "kept": kept.items()}


def visitor_of(request: HttpRequest) -> str:
    """A secret of this browser's session, by which its earlier hold is found."""
    known = request.session.get(VISITOR)
    if not known:
        known = request.session[VISITOR] = secrets.token_urlsafe(18)
    return str(known)


def count_hold(request: HttpRequest) -> None:
    """Raises `TooOften`."""
    limits.count([(HOLDS, network_of(request))], now=clock.now())


def count_mail(request: HttpRequest, address: str) -> None:
    """Raises `TooOften`."""
    key = address.lower()
    attempts = [(MAILS_FROM_HERE, network_of(request)), (MAILS, key), (MAILS_A_DAY, key)]
    limits.count(attempts, now=clock.now())


def count_code(hold: Any) -> None:
    """Raises `TooOften`."""
    limits.count([(CODES, str(hold.pk))], now=clock.now())
