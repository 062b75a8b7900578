"""What somebody typed into a form whose session has ended meanwhile: there again once the same person has signed in.

It is kept in the new session of the same browser, encrypted, and shown to nobody but whom the form was written for. The form says so itself,
signed; what is not one of our forms is not kept.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, resolve

from core.kernel import clock, encryption
from portal import once

OWNER = "form_owner"  # in the form; written by {% csrf_token %}
PARAMETER = "kept"  # of the address at which it is there again
KEPT = timedelta(hours=12)
MOST = 3  # forms in one session
LONGEST = 100_000  # characters of one form
_SALT = "portal.form_owner"
_SESSION = "kept_forms"
_PURPOSE = "kept forms"
_NOT_TYPED = (OWNER, once.FIELD, "csrfmiddlewaretoken")


def owner_field(user: Any) -> str:
    """For whom a form is written, signed."""
    return signing.dumps(str(user.pk), salt=_SALT)


def keep(request: HttpRequest) -> str:
    """Keep what was typed; returns the address at which it will be there again. Empty when there is nothing to keep."""
    owner, typed = _owner(request), request.POST.copy()
    for name in _NOT_TYPED:
        typed.pop(name, None)
    text = typed.urlencode()
    if not owner or not _takes_kept_forms(request.path) or len(text) > LONGEST:
        return ""
    key = secrets.token_urlsafe(9)
    form = {
        "owner": owner,
        "path": request.path,
        "at": clock.now().timestamp(),
        "text": encryption.encrypt(text, purpose=_PURPOSE),
    }
    latest = list(request.session.get(_SESSION, {}).items())[1 - MOST :]
    request.session[_SESSION] = dict([*latest, (key, form)])
    asked = request.GET.copy()
    asked[PARAMETER] = key
    return f"{request.path}?{asked.urlencode()}"


def typed_into(request: HttpRequest) -> QueryDict | None:
    """What was typed here before, by the person who is signed in now."""
    form = request.session.get(_SESSION, {}).get(request.GET.get(PARAMETER, ""))
    if form is None or (form["owner"], form["path"]) != (str(request.user.pk), request.path):
        return None
    if clock.now().timestamp() - form["at"] > KEPT.total_seconds():
        return None
    try:
        return QueryDict(encryption.decrypt(form["text"], purpose=_PURPOSE))
    except encryption.InvalidToken:
        return None


def forget(request: HttpRequest) -> None:
    """It was sent, or is not wanted any more."""
    kept = request.session.get(_SESSION, {})
    if kept.pop(request.GET.get(PARAMETER, ""), None) is not None:
        request.session[_SESSION] = kept


def _owner(request: HttpRequest) -> str:
    try:
        return str(signing.loads(request.POST.get(OWNER, ""), salt=_SALT))
    except signing.BadSignature:
        return ""


def _takes_kept_forms(path: str) -> bool:
    """Whether there is a form at this address that can be filled in with what was kept."""
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    return bool(getattr(getattr(view, "view_class", None), "takes_kept_forms", False))
