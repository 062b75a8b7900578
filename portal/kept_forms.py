"""What somebody typed into a form whose session has ended meanwhile: there again once the same person has signed in.

It is kept in the new session of the same browser (of the console's, with the operator: `portal/operator/kept_forms.py`), encrypted, and shown
to nobody but whom the form was written for. The form says so itself, signed; what is not one of our forms is not kept.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Protocol

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


@dataclass(frozen=True, slots=True)
class KeptForm:
    """For whom it was written, its path, when it came (seconds), and what was typed, encrypted."""

    owner: str
    path: str
    at: float
    text: str


class Store(Protocol):
    """Where forms are kept, each under a key that only their address knows."""

    def put(self, key: str, form: KeptForm) -> None: ...

    def get(self, key: str) -> KeptForm | None: ...

    def drop(self, key: str) -> None: ...


class SessionForms:
    """In the session of one browser: the latest few."""

    def __init__(self, request: HttpRequest) -> None:
        self._session = request.session

    def put(self, key: str, form: KeptForm) -> None:
        latest = list(self._session.get(_SESSION, {}).items())[1 - MOST :]
        self._session[_SESSION] = dict([*latest, (key, asdict(form))])

    def get(self, key: str) -> KeptForm | None:
        found = self._session.get(_SESSION, {}).get(key)
        return found and KeptForm(**found)

    def drop(self, key: str) -> None:
        kept = self._session.get(_SESSION, {})
        if kept.pop(key, None) is not None:
            self._session[_SESSION] = kept


def owner_field(user: Any) -> str:
    """For whom a form is written, signed."""
    return signing.dumps(str(user.pk), salt=_SALT)


def keep(request: HttpRequest, store: Store | None = None) -> str:
    """Keep what was typed; returns the address at which it will be there again. Empty when there is nothing to keep."""
    owner, typed = _owner(request), request.POST.copy()
    for name in _NOT_TYPED:
        typed.pop(name, None)
    text = typed.urlencode()
    if not owner or not _takes_kept_forms(request.path) or len(text) > LONGEST:
        return ""
    key, sealed = secrets.token_urlsafe(9), encryption.encrypt(text, purpose=_PURPOSE)
    (store or SessionForms(request)).put(key, KeptForm(owner, request.path, clock.now().timestamp(), sealed))
    asked = request.GET.copy()
    asked[PARAMETER] = key
    return f"{request.path}?{asked.urlencode()}"


def typed_into(request: HttpRequest, store: Store | None = None, *, reader: str = "") -> QueryDict | None:
    """What was typed here before, by the person who is signed in now (`reader`: their id, where it is no user of an organization)."""
    key = request.GET.get(PARAMETER, "")
    form = (store or SessionForms(request)).get(key) if key else None
    if form is None or (form.owner, form.path) != (reader or str(request.user.pk), request.path):
        return None
    if clock.now().timestamp() - form.at > KEPT.total_seconds():
        return None
    try:
        return QueryDict(encryption.decrypt(form.text, purpose=_PURPOSE))
    except encryption.InvalidToken:
        return None


def forget(request: HttpRequest, store: Store | None = None) -> None:
    """It was sent, or is not wanted any more."""
    if key := request.GET.get(PARAMETER, ""):
        (store or SessionForms(request)).drop(key)


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
