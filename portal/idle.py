"""Whoever does nothing for as long as the organization says is logged off: with the next request, and by the open page itself (`idle-watch.js`).

What counts as doing something: opening a page, sending a form, and what an open page tells every minute while somebody types, points or is in a live
session. Parts of pages that are fetched by themselves do not count. What was typed is kept (`portal/kept_forms.py`).
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth import logout
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from core.kernel import audit, clock
from core.people.audit_codes import PeopleAudit
from core.people.models import Safeguards, User
from core.people.rules.safeguards import Idleness, idleness
from portal.access import SignedInView
from portal.middleware import is_nobodys

ACTIVE_AT = "active_at"  # in the session: when something was done last, in seconds since 1970
NOTE_EVERY = 30  # seconds


class IdleMiddleware:
    """Ends sessions that were idle too long, and notes that somebody is here. Asks nothing where nobody is logged off."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if getattr(request, "organization", None) is not None and not is_nobodys(request.path):
            user = request.user
            if user.is_authenticated and (minutes := Safeguards.of(user).idle_minutes):  # type: ignore[arg-type]
                look(request, user, minutes)
        return self.get_response(request)


def look(request: HttpRequest, user: Any, minutes: int) -> None:
    """End the session, or note that it is in use."""
    now = int(clock.now().timestamp())
    last = request.session.get(ACTIVE_AT)
    if last is not None and idleness(minutes, timedelta(seconds=now - last)) is Idleness.OVER:
        end(request, user)
    elif last is None or (now - last >= NOTE_EVERY and _is_done_by_somebody(request)):
        request.session[ACTIVE_AT] = now


@transaction.atomic
def end(request: HttpRequest, user: User) -> None:
    """Sign out here, and say why in the audit; the open pages of this browser are told by the session's row."""
    audit.record(PeopleAudit.LOGIN_IDLE_ENDED, by=user, subject=user)
    logout(request)


class AliveView(SignedInView):
    """Somebody is here: noted by the middleware, like any form."""

    def post(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(status=204)


class IdleView(SignedInView):
    """The page says that nobody is here any more."""

    def post(self, request: HttpRequest) -> HttpResponse:
        end(request, self.user)
        return HttpResponse(status=204)


def _is_done_by_somebody(request: HttpRequest) -> bool:
    return request.method == "POST" or request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"
