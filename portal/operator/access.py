"""Who may see a page of the console: an operator with both factors, in a session that is not idle."""

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views import View

from core.kernel import clock
from portal import kept_forms, known_devices
from portal.middleware import client_address
from portal.once import OnceMixin, lead_to
from portal.operator.kept_forms import OperatorForms
from tenants.operators.actions import sessions
from tenants.operators.models import Operator, OperatorSession, SentForm

NEXT = "next"  # of the sign-in's addresses: where it leads
COOKIE = "__Host-operator" if settings.SECURE_COOKIES else "operator"


class OperatorView(OnceMixin, View):
    """A page of the console. Whoever is not signed in is sent to the sign-in; `self.operator` is the person."""

    session: OperatorSession
    sent_form_model = SentForm

    def get_sender(self) -> str:
        return str(self.operator.pk)

    def typed_again(self) -> QueryDict | None:
        """What this operator had typed here when their session had ended."""
        return kept_forms.typed_into(self.request, OperatorForms(), reader=self.get_sender())

    def note_sent(self, led_to: str) -> None:
        kept_forms.forget(self.request, OperatorForms())
        super().note_sent(led_to)

    def say_sent_before(self, said: str) -> None:
        """The page says it by the notice in its address."""

    @property
    def operator(self) -> Operator:
        return self.session.operator

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = session_of(request, stage=sessions.Stage.COMPLETE)
        if session is None:
            return sign_in_first(request)
        self.session = session
        request.operator = session.operator  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in, the whole page, also when a part of it has asked; and from there back to a form, with what was typed."""
    url = reverse("operator:sign_in")
    kept = kept_forms.keep(request, OperatorForms()) if request.method == "POST" else ""
    return lead_to(request, f"{url}?{urlencode({NEXT: kept})}" if kept else url)


def next_of(request: HttpRequest) -> str:
    """The page of the console to which somebody is led after signing in; empty for the usual one."""
    wanted = request.GET.get(NEXT, "")
    return wanted if wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else ""


def onward(request: HttpRequest, name: str) -> str:
    """The address of the next step of signing in, which knows as well where it all leads."""
    wanted = next_of(request)
    return f"{reverse(name)}?{urlencode({NEXT: wanted})}" if wanted else reverse(name)


class HalfSignedInView(View):
    """A page between password and second factor."""

    session: OperatorSession

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        session = session_of(request, stage=sessions.Stage.PASSWORD)
        if session is None:
            return lead_to(request, onward(request, "operator:sign_in"))
        self.session = session
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    @property
    def device(self) -> str:
        return device_of(self.request, self.session.operator)

    @property
    def steps(self) -> dict[str, str]:
        """The addresses of the other steps, which know as well where it all leads."""
        names = ("sign_in", "code", "recovery")
        return {f"{name}_url": onward(self.request, f"operator:{name}") for name in names}

    def lead_on(self) -> HttpResponse:
        """To the page that was wanted, or the first one."""
        return HttpResponseRedirect(next_of(self.request) or reverse("operator:organizations"))

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
