"""What the dashboard shows of requests: to those who answer what waits for them, to those who ask what became of theirs."""

from django.db.models import Exists
from django.http import HttpRequest

from core.booking_requests.permissions import clients_who_may_ask, for_rows
from core.booking_requests.queries import open_requests_of, waiting_for
from core.people.permissions import relationships_of
from core.scheduling.rules import wall_time
from portal import time_zones
from portal.booking_requests.rows import request_row
from portal.panels import Panel

SHOWN = 5


def to_answer(request: HttpRequest) -> Panel | None:
    """For those who run schedules."""
    if request.user.staff is None:  # type: ignore[union-attr]
        return None
    zone = wall_time.zone(time_zones.zone_of(request))
    found = list(for_rows(waiting_for(request.user))[: SHOWN + 1])
    rows = [request_row(each, zone, is_staff=True) for each in found[:SHOWN]]
    context = {"rows": rows, "zone": zone, "has_more": len(found) > SHOWN}
    return Panel("booking_requests/_to_answer.html", context) if rows else None


def own(request: HttpRequest) -> Panel | None:
    """For logins of those who may ask, or who have asked."""
    if request.user.staff is not None or not relationships_of(request.user):  # type: ignore[arg-type, union-attr]
        return None
    zone = wall_time.zone(time_zones.zone_of(request))
    asking = clients_who_may_ask(request.user)
    found = list(for_rows(open_requests_of(request.user)).annotate(may_ask=Exists(asking))[:SHOWN])
    may_ask = found[0].may_ask if found else asking.exists()
    if not found and not may_ask:
        return None
    rows = [request_row(each, zone, is_staff=False) for each in found]
    return Panel("booking_requests/_own.html", {"rows": rows, "zone": zone, "may_ask": may_ask})
