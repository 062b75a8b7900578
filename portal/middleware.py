"""Response headers, the acting person's context, what is refused at the door, and domain errors as answers."""

import ipaddress
import secrets
from collections.abc import Callable
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation.trans_real import parse_accept_lang_header

from branding.queries import current_brand, offered_language, vocabulary
from core.kernel import audit, time_zones
from core.kernel.errors import DomainError, NotFound
from core.kernel.limits import TooOften
from portal import errors
from portal.time_zones import zone_of

Next = Callable[[HttpRequest], HttpResponse]
# Named whole, because public pages may begin alike: `/brand-design/`, `/manifesto/`.
_FOR_MACHINES = frozenset({"/favicon.ico", "/robots.txt", "/service-worker.js"})
_BY_ITS_ADDRESS = "/calendar/feed/"  # whose it is, its address says, and no cookie


def content_security_policy(host: str) -> str:
    """Everything from the organization's own host, plus the payment processor's script and frames. No socket without TLS where pages have it."""
    sockets = f"{'wss' if settings.PUBLIC_SCHEME == 'https' else 'ws'}://{host}"
    processor = "{0.scheme}://{0.netloc}".format(urlsplit(settings.STRIPE_JS_URL))
    api = "{0.scheme}://{0.netloc}".format(urlsplit(settings.STRIPE_API_BASE))
    return (
        f"default-src 'self'; script-src 'self' {processor}; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
        f"font-src 'self'; connect-src 'self' {sockets} {api} {processor}; "
        f"frame-src 'self' {processor} https://hooks.stripe.com; worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    )


class ResponseHeadersMiddleware:
    """Security headers on every answer, and a request id for the log and the audit."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.id = secrets.token_hex(8)  # type: ignore[attr-defined]
        with audit.origin(client_address(request), request.id):  # type: ignore[attr-defined]
            response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_security_policy(request.get_host()))
        response.headers.setdefault(
            "Permissions-Policy", "camera=(self), microphone=(self), display-capture=(self), geolocation=()"
        )
        response.headers.setdefault("X-Request-Id", request.id)  # type: ignore[attr-defined]
        if not _is_file(request.path):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class LanguageMiddleware:
    """The reader's language (their own choice, else the browser's wish among those on offer), and the organization's words in it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.organization is None:  # type: ignore[attr-defined]
            return self.get_response(request)
        language = self._language(request)
        request.vocabulary = SimpleLazyObject(lambda: vocabulary(language))  # type: ignore[attr-defined]
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response

    def _language(self, request: HttpRequest) -> str:
        if is_nobodys(request.path):
            return "en"
        if (chosen := request.path[1:].partition("/")[0]) in (current_brand().languages or ()):
            return chosen  # because public pages have an address in each language
        user = request.user
        if user.is_authenticated:
            return offered_language(user.language)  # type: ignore[union-attr]
        return offered_language(self._wished(request))

    def _wished(self, request: HttpRequest) -> str:
        """The best of the browser's wishes among the languages on offer; empty when none of them is."""
        wishes = parse_accept_lang_header(request.headers.get("Accept-Language", ""))
        bases = (wish.split("-")[0] for wish, _quality in wishes)
        return next((base for base in bases if base in (current_brand().languages or ["en"])), "")


class TimeZoneMiddleware:
    """The zone in which the signed-in person reads, for dates in templates."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.organization is None:  # type: ignore[attr-defined]
            return self.get_response(request)
        is_somebodys = not is_nobodys(request.path) and request.user.is_authenticated
        zone = zone_of(request) if is_somebodys else current_brand().time_zone
        with timezone.override(ZoneInfo(zone)), time_zones.read_in(zone):
            return self.get_response(request)


class NulCharacterMiddleware:
    """Text with a NUL in it is refused at the door, because no database column can hold it or look for it."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> HttpResponse | None:
        sent = (text for form in (request.GET, request.POST) for key, texts in form.lists() for text in (key, *texts))
        if not any("\0" in text for text in sent):
            return None
        sentence = translation.gettext("What was sent has a character in it that is no text. Remove it and try again.")
        return HttpResponse(sentence, status=400, content_type="text/plain; charset=utf-8")


class DomainErrorMiddleware:
    """`NotFound` is 404 for everybody; a `DomainError` that no form caught is 409 (507: no room for a file) with its sentence;
    `TooOften` is 429, with the time to wait; a database that is away is 503, and one that has too much to do 429.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotFound):
            raise Http404
        if isinstance(exception, TooOften):
            return errors.too_many_requests(request, exception)
        if isinstance(exception, DomainError):
            status = 507 if exception.code == "storage_full" else 409
            return HttpResponse(exception.message, status=status, content_type="text/plain; charset=utf-8")
        return errors.out_of_reach(request, exception)


def _is_file(path: str) -> bool:
    """Whether it is one of the house's or the brand's files, which say themselves how long they are kept."""
    return path == "/brand.css" or path.startswith((settings.STATIC_URL, "/brand/"))


def is_nobodys(path: str) -> bool:
    """Whether whoever asks gets the same, so that nobody looks who it is."""
    return _is_file(path) or path in _FOR_MACHINES or path.startswith(_BY_ITS_ADDRESS)


def client_address(request: HttpRequest) -> str | None:
    """The address the request came from; the forwarded one only behind a proxy that we know."""
    remote = request.META.get("REMOTE_ADDR") or None
    if remote in settings.TRUSTED_PROXIES:
        return request.META.get("HTTP_X_FORWARDED_FOR", remote).split(",")[-1].strip()
    return remote


def network_of(request: HttpRequest) -> str:
    """The client's address; of IPv6 the /64, because that is one household."""
    text = client_address(request) or ""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if address.version == 4:
        return text
    return str(ipaddress.ip_network(f"{text.partition('%')[0]}/64", strict=False))
