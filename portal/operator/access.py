"""Who may see a page of the console: an operator with both factors, in a session that is not idle."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views import View

from core.kernel import clock
from portal import known_devices
from portal.middleware import client_address
from portal.once import OnceMixin, lead_to
from tenants.operators.actions import sessions
from tenants.operators.models import Operator, OperatorSession, SentForm

COOKIE = "__Host-operator" if settings.SECURE_COOKIES else "operator"


class OperatorView(OnceMixin, View):
    """A page of the console. Whoever is not signed in is sent to the sign-in; `self.operator` is the person."""

    session: OperatorSession
    sent_form_model = SentForm

    def get_sender(self) -> str:
        return str(self.operator.pk)

    def say_sent_before(self, said: str) -> None:
        """The page says it by the notice in its address."""

    @property
    def operator(self) -> Operator:
        return self.session.operator

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = session_of(request, stage=sessions.Stage.COMPLETE)
        if session is None:
            return lead_to(request, reverse("operator:sign_in"))  # the whole page, also when a part of it has asked
        self.session = session
        request.operator = session.operator  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]


class HalfSignedInView(View):
    """A page between password and second factor."""

    session: OperatorSession

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = session_of(request, stage=sessions.Stage.PASSWORD)
        if session is None:
            return lead_to(request, reverse("operator:sign_in"))
        self.session = session
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    @property
    def device(self) -> str:
        return device_of(self.request, self.session.operator)

    def signed_in(self, response: HttpResponse, token: str) -> HttpResponse:
        """Both factors were given: the browser gets the session, and is known from now on."""
        known_devices.remember(self.request, response, _as_known(self.session.operator))
        return with_token(response, token)


def session_of(request: HttpRequest, *, stage: str) -> OperatorSession | None:
    return sessions.find(request.COOKIES.get(COOKIE, ""), stage=stage, now=clock.now())


def with_token(response: HttpResponse, token: str) -> HttpResponse:
    """Put the session's token into the cookie: host-only, unreadable by scripts, gone when the browser closes."""
    response.set_cookie(COOKIE, token, secure=settings.SECURE_COOKIES, httponly=True, samesite="Strict", path="/")
    return response


def signed_out() -> HttpResponse:
    response = HttpResponseRedirect("/sign-in/")
    response.delete_cookie(COOKIE, path="/", samesite="Strict")
    return response


def address_of(request: HttpRequest) -> str | None:
    return client_address(request)


def device_of(request: HttpRequest, operator: Operator | None) -> str:
    """The id of this browser, if the operator has signed in on it before; else empty."""
    return known_devices.device_of(request, _as_known(operator) if operator else "")


def _as_known(operator: Operator) -> str:
    """Until the password is another one."""
    return f"operator:{operator.pk}:{operator.password}"
