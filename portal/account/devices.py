"""Where a person is signed in: noted at sign-in, kept up to date at most every ten minutes, signed out one by one.

A session that was opened before this list existed is not in it; signing out everywhere else ends it all the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set, user_logged_in
from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.signals import user_logged_out
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

from core.kernel import audit, clock
from core.kernel.errors import NotFound
from core.notifications import notices
from core.notifications.models import PushSubscription
from core.people import actions, notifications
from core.people.models import User
from core.people.signals import access_changed
from portal.account.audit_codes import AccountAudit
from portal.account.user_agents import Program, program_of
from portal.middleware import client_address

DEVICE = "device"  # in the session: its row, which stays when the key is changed
NOTED_AT = "noted_at"  # in the session: when its row was last brought up to date, in seconds since 1970
NOTE_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Device:
    """One line of the list."""

    pk: int
    program: Program
    address: str
    since: datetime
    seen_at: datetime
    is_current: bool


def devices_of(user: User, *, current: str | None) -> list[Device]:
    """The devices whose cookie still opens something, this one (with the session key `current`) first. Two queries."""
    noted = UserSession.objects.filter(user_id=user.pk).order_by("-last_seen_at")
    living = _living(user, {row.session_key for row in noted})
    found = [
        Device(row.pk, program_of(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.session_key == current)
        for row in noted
        if row.session_key in living
    ]
    return sorted(found, key=lambda device: not device.is_current)


def device_of(user: User, pk: int) -> UserSession:
    """The door: one's own devices, nobody else's."""
    found = UserSession.objects.filter(user_id=user.pk, pk=pk).first()
    if found is None:
        raise NotFound
    return found


@transaction.atomic
def sign_out_device(*, device: UserSession, by: User, now: datetime) -> None:
    """Its cookie is worthless from the next request on, its open pages are told, and the person hears of it by mail."""
    audit.record(AccountAudit.LOGIN_DEVICE_SIGNED_OUT, by=by, subject=by, changes={"address": [device.ip, None]})
    notifications.security_changed(by, event="device_signed_out", address=device.ip)
    PushSubscription.objects.filter(device_id=device.pk).delete()
    device.end()


@transaction.atomic
def sign_out_elsewhere(request: HttpRequest, *, by: User, now: datetime) -> None:
    """All sessions but the one of this request; it is counted anew by `update_session_auth_hash` of the caller."""
    audit.record(AccountAudit.LOGIN_SESSIONS_ENDED, by=by, subject=by)
    notifications.security_changed(by, event="sessions_ended", address=client_address(request) or "")
    actions.end_sessions(by, now=now, keep_device=request.session.get(DEVICE))
    UserSession.objects.filter(user_id=by.pk).exclude(session_key=request.session.session_key).delete()


@receiver(user_logged_in, dispatch_uid="note_new_device")
@receiver([password_changed, password_set], dispatch_uid="note_new_key")
def note(*, request: HttpRequest, user: User, **ignored: Any) -> None:
    """Note the session of this request; rows of sessions that are gone are thrown away. Also after its key was changed."""
    mine = UserSession.objects.filter(user_id=user.pk)
    row = mine.filter(pk=request.session.get(DEVICE)).first() or UserSession(user_id=user.pk, created_at=clock.now())
    if request.session.session_key is None:  # because it was emptied: somebody else, or an older self, was signed in
        request.session.save()
    row.session_key = request.session.session_key
    for name, value in _traits(request).items():
        setattr(row, name, value)
    row.save()
    request.session.update({DEVICE: row.pk, NOTED_AT: int(clock.now().timestamp())})
    kept = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    mine.exclude(pk=row.pk).exclude(session_key__in=kept).delete()


def device_here(request: HttpRequest) -> int:
    """The row of this request's session; noted now, where the session is older than the list or its row is gone."""
    device = request.session.get(DEVICE)
    if not UserSession.objects.filter(
        user_id=request.user.pk, pk=device, session_key=request.session.session_key
    ).exists():
        note(request=request, user=request.user)
    return int(request.session[DEVICE])


@receiver([password_changed, password_set, password_reset], dispatch_uid="open_pages_of_other_devices")
def hang_up_elsewhere(*, request: HttpRequest, user: User, **ignored: Any) -> None:
    """A new password ends the sessions of all other devices: their open pages, calls and push messages end as well."""
    actions.end_push(user, keep_device=request.session.get(DEVICE) if request is not None else None)
    access_changed.send(User, user=user, now=clock.now())
    notices.hang_up(user.pk)


@receiver(user_logged_out, dispatch_uid="push_ends_at_sign_out")
def end_push_here(*, request: HttpRequest, **ignored: Any) -> None:
    """Whoever signs out is told nothing more on this device."""
    if request is not None and (device := request.session.get(DEVICE)):
        PushSubscription.objects.filter(device_id=device).delete()


def forget_ended_push(*, now: datetime) -> None:
    """Devices take no push messages once their session has run out, or the browser has ended the subscription. Every night."""
    sessions = Session.objects.filter(expire_date__gt=now).values("session_key")
    living = UserSession.objects.filter(session_key__in=sessions).values("pk")
    PushSubscription.objects.exclude(device_id__in=living).delete()
    PushSubscription.objects.filter(expires_at__lte=now).delete()


class NoteDevices:
    """When and from where a device was last used. Costs nothing on other requests, because the session is read in any case."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        session = getattr(request, "session", None)
        if response.status_code >= 500 or session is None or not session.accessed:
            return response  # because with the database away there is nothing to note
        if NOTED_AT in session and session.session_key:
            self._note(request)
        return response

    def _note(self, request: HttpRequest) -> None:
        now = int(clock.now().timestamp())
        if now - request.session[NOTED_AT] < NOTE_EVERY.total_seconds():
            return
        request.session[NOTED_AT] = now
        UserSession.objects.filter(session_key=request.session.session_key).update(**_traits(request))


def _living(user: User, keys: set[str]) -> set[str]:
    """Of these session keys, those that still sign this person in: not run out, not ended by a new password or by hand."""
    proof = user.get_session_auth_hash()
    sessions = Session.objects.filter(session_key__in=keys, expire_date__gt=clock.now())
    return {
        session.session_key
        for session in sessions
        if constant_time_compare(session.get_decoded().get(HASH_SESSION_KEY, ""), proof)
    }


def _traits(request: HttpRequest) -> dict[str, Any]:
    agent = request.headers.get("User-Agent", "")[: UserSession._meta.get_field("user_agent").max_length]
    return {"ip": client_address(request) or "0.0.0.0", "user_agent": agent, "last_seen_at": clock.now()}  # noqa: S104 because a unix socket has no address
