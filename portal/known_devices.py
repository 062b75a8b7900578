"""Browsers on which somebody has signed in before: a signed cookie, kept for as long as browsers allow, that no stranger can have.

It signs nobody in. It only keeps strangers' wrong guesses from shutting out the person whose device it is. One browser may know several people
(a front desk); ending all other sessions makes every device unknown again.
"""

import re
import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

COOKIE = "__Host-device" if settings.SECURE_COOKIES else "device"
KEPT_SECONDS = 400 * 24 * 3600  # more is cut by browsers
MOST_PEOPLE = 20
_DEVICE = re.compile(r"[A-Za-z0-9_-]{22}")
_MARK_LENGTH = 32


def device_of(request: HttpRequest, person: str) -> str:
    """The id of this browser, if `person` has signed in on it before; else empty.

    `person` names one login of one organization, with whatever makes its devices unknown when it changes.
    """
    device, marks = _read(request)
    mine = _mark(device, person)
    return device if person and any(constant_time_compare(mark, mine) for mark in marks) else ""


def remember(request: HttpRequest, response: HttpResponse, person: str) -> None:
    """Let this browser be known to `person` from now on."""
    device, marks = _read(request)
    device = device or secrets.token_urlsafe(16)
    mine = _mark(device, person)
    kept = [mine, *(mark for mark in marks if mark != mine)][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE, ".".join((device, *kept)), max_age=KEPT_SECONDS, secure=settings.SECURE_COOKIES, httponly=True,
        samesite="Lax", path="/",
    )  # fmt: skip


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    """The id and the marks in the cookie; nothing for one that is not ours."""
    device, *marks = request.COOKIES.get(COOKIE, "").split(".")[: MOST_PEOPLE + 1]
    return (device, marks) if _DEVICE.fullmatch(device) else ("", [])


def _mark(device: str, person: str) -> str:
    """Proof that this person has signed in on this device."""
    return salted_hmac("known-device", f"{device}:{person}", algorithm="sha256").hexdigest()[:_MARK_LENGTH]
