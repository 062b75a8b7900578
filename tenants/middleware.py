"""The first middleware: host -> organization, or the operator console, or a neutral 404."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import set_urlconf

from tenants import certificates, context, hosts, outages
from tenants.absolute_urls import host_url
from tenants.models import Organization

_NEUTRAL = "<!doctype html><html lang=en><meta charset=utf-8><title>{0}</title><h1>{0}</h1><p>{1}</p></html>"
HOST_BOUND = ("/account/passkeys/", "/account/2fa/authenticate/")  # where a passkey of this host is used
NEUTRAL_404 = _NEUTRAL.format("Not found", "There is nothing at this address.")
NEUTRAL_429 = _NEUTRAL.format(
    "A little slower", "There is more to do than we can manage at the moment. Try again in a few seconds."
)
NEUTRAL_503 = _NEUTRAL.format("Not available", "This address is not available at the moment.")


class OrganizationMiddleware:
    """In this order: (1) normalise the host; (2) Wagtail's preview requests keep the organization they came from, whatever host they claim;
    (3) the operator host gets the console in the public schema; (4) an unknown host gets a 404 without brand or cookie; (5) a suspended
    organization, or a host never seen while the database is away, gets a neutral 503; (6) a page of a host that leads to the primary one leads
    there; (7) everything else runs inside the organization, for
    the branch that has the host.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        state = context.current()
        if getattr(request, "is_dummy", False) and state.organization is not None:
            return self._serve(request, state)
        if request.path == certificates.PATH:
            return certificates.answer(request)
        try:
            host = hosts.normalize(request.get_host())
        except (DisallowedHost, UnicodeError):
            return HttpResponse(NEUTRAL_404, status=404)
        if hosts.is_operator_host(host):
            # The console has sessions of its own; an organization's cookie would be looked up in a table that is not there.
            request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
            return self._serve(request, context.State(context.PUBLIC), settings.OPERATOR_URLCONF)
        try:
            known = hosts.find(host)
        except outages.DATABASE_ERRORS:
            return HttpResponse(NEUTRAL_503, status=503, headers={"Retry-After": "5"})
        organization = known.organization
        if organization is None:
            return HttpResponse(NEUTRAL_404, status=404)
        if organization.state != Organization.State.ACTIVE:
            return HttpResponse(NEUTRAL_503, status=503, headers={"Retry-After": "3600"})
        canonical = known.canonical_host()
        if canonical and _is_page(request):
            return HttpResponse(status=308, headers={"Location": host_url(canonical, request.get_full_path())})
        response = self._serve(request, known.state)
        if not known.is_listed:
            response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _serve(self, request: HttpRequest, state: context.State, urlconf: str | None = None) -> HttpResponse:
        request.organization = request.tenant = state.organization  # type: ignore[attr-defined]
        request.urlconf = urlconf or settings.ROOT_URLCONF  # type: ignore[attr-defined]
        set_urlconf(request.urlconf)
        with context.entered(state):
            return self.get_response(request)


def _is_page(request: HttpRequest) -> bool:
    """Whether somebody opens an address; not a form that is sent, nor what a page that is open already asks for, nor what can be done here alone."""
    if request.method not in ("GET", "HEAD") or request.path == "/brand.css":
        return False
    if request.path.startswith((settings.STATIC_URL, "/brand/", "/.well-known/", *HOST_BOUND)):
        return False
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate" and "HX-Request" not in request.headers
