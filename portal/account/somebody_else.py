"""Somebody is signed in on this browser already, and what was opened is another person's: say so, ask, and do nothing half-way."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.people.models import User

GO_ON = "instead_of"  # names who is to be signed out, because it may be somebody else by now


def ask(request: HttpRequest, *, wanted: User | None = None, after: str = "", status: int = 200) -> HttpResponse:
    """The page that says who is signed in, and offers to go on as the other.

    With `wanted`, going on comes back to this address; without, it leads to the sign-in and from there to `after`.
    """
    values: dict[str, Any] = {"wanted": wanted, "after": after, "instead_of": GO_ON, "address": request.path}
    return render(request, "account/somebody_signed_in.html", values, status=status)


def is_another(request: HttpRequest, user: User | None) -> bool:
    """Whether somebody is signed in who is not `user`."""
    return bool(request.user.is_authenticated) and (user is None or request.user.pk != user.pk)


def goes_on(request: HttpRequest) -> bool:
    """Whether the person has asked to go on, and who is signed in is still who they read."""
    return request.method == "POST" and request.POST.get(GO_ON) == str(request.user.pk)


def sign_out_and_return(request: HttpRequest, **kept: Any) -> HttpResponse:
    """Sign out whoever is signed in, and open the same address for the other; `kept` stays in the session."""
    get_adapter(request).logout(request)
    request.session.update(kept)
    return redirect(request.path)
