"""What the dashboard shows of the waiting list: a time that can be taken."""

from django.http import HttpRequest

from core.kernel import clock
from core.scheduling.rules import wall_time
from core.waiting_list.permissions import own_entries
from core.waiting_list.queries import open_offers_of
from portal import time_zones
from portal.panels import Panel


def offers(request: HttpRequest) -> Panel | None:
    """For logins of those who wait."""
    if request.user.staff is not None:  # type: ignore[union-attr]
        return None
    found = list(open_offers_of(own_entries(request.user), now=clock.now()))
    zone = wall_time.zone(time_zones.zone_of(request))
    return Panel("waiting_list/_offers.html", {"offers": found, "zone": zone}) if found else None
