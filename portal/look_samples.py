"""What a look makes of pages, a mail and an invoice: drawn with made-up people, by the templates and rules of the real ones.

Nothing of it can be pressed, runs or loads from elsewhere; it is shown in frames of the studio and of the page behind a draft's link.
"""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from billing.documents.formatter import Formatter
from billing.documents.samples import invoice_picture
from branding.addresses import own_css_path
from branding.models import Look
from branding.queries import current_brand, look_tried, own_css_of, term
from branding.rules.vocabulary import capitalized
from core.kernel import clock
from core.notifications import layout
from core.scheduling.messages import BOOKED
from portal import manifests
from portal.context_processors import brand_context

NAMES = {
    "start": gettext_lazy("Page"),
    "front": gettext_lazy("Front page"),
    "sign-in": gettext_lazy("Sign-in"),
    "mail": gettext_lazy("Mail"),
    "invoice": gettext_lazy("%(Invoice)s"),
    "live": gettext_lazy("Online"),
    "call": gettext_lazy("Video"),
}
_WITH_OWN_CSS = ("start", "front", "sign-in")
_POLICY = (
    "default-src 'none'; style-src 'self'{}; img-src 'self' data: blob:; font-src 'self'; frame-ancestors 'self'; "
    "sandbox allow-same-origin"
)
# The layouts' scripts are left out, because the policy would refuse each and say so in the console.
_SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)


def sample_names() -> list[tuple[str, str]]:
    """What can be looked at: its name in addresses, and for people."""
    return [(sample, str(name)) for sample, name in NAMES.items()]


def sample_page(
    request: HttpRequest, sample: str, look: Look, *, stylesheet_url: str = "", own_css_url: str = ""
) -> HttpResponse:
    """One sample in a look that nobody else meets. `stylesheet_url`, `own_css_url`: where its stylesheets are while they are not saved."""
    is_dark = request.GET.get("theme") == "dark"
    with look_tried(look):
        brand = brand_context(current_brand())
        if stylesheet_url:
            brand["stylesheet_url"] = stylesheet_url
        if sample in _WITH_OWN_CSS and own_css_of(look):
            brand["own_css_url"] = own_css_url or own_css_path(look)
        if sample == "mail":
            mail = layout.render(BOOKED, BOOKED.sample(), language=get_language() or "en")
            response = HttpResponse(mail.dark_html if is_dark else mail.html)
        else:
            values = {
                "brand": brand,
                "organization": {"name": look.name},
                "theme": "dark" if is_dark else "light",
                **(_MORE.get(sample) or manifests.look_sample(sample) or _nothing)(request),
            }
            response = HttpResponse(_SCRIPT.sub("", render_to_string(f"brand/{sample}.html", values, request)))
    response.headers["Content-Security-Policy"] = _POLICY.format(" 'unsafe-inline'" if sample == "mail" else "")
    response.headers["X-Robots-Tag"], response.headers["Cache-Control"] = "noindex", "no-store"
    response.xframe_options_exempt = True  # type: ignore[attr-defined]  # because the policy says who may frame it
    return response


def _start(request: HttpRequest) -> dict[str, Any]:
    starts_at = timezone.localtime(clock.now() + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    nouns = [capitalized(term(key, plural=True)) for key in ("appointment", "invoice")]
    pages = zip((_("Home"), *nouns), ("layout-dashboard", "calendar-days", "receipt"), strict=True)
    return {
        "navigation": [
            {"label": label, "url": "#", "icon": icon, "current": number == 0}
            for number, (label, icon) in enumerate(pages)
        ],
        "user": _reader(),
        "user_menu": [],
        "notifications_url": "#",
        "unread_count": 2,
        "times": [
            {"starts_at": start, "ends_at": start + timedelta(minutes=50), "service": _("Assessment"), "with": _("Max Example")}
            for start in (starts_at, starts_at + timedelta(days=7), starts_at + timedelta(days=14))
        ],
        "zone": timezone.get_current_timezone_name(),
    }  # fmt: skip


def _reader() -> SimpleNamespace:
    name = _("Mia Example")
    return SimpleNamespace(
        is_authenticated=True, get_full_name=name, get_short_name=name.split()[0], email="mia@example.org", avatar_url=""
    )  # fmt: skip


def _nothing(request: HttpRequest) -> dict[str, Any]:
    return {}


def _sign_in(request: HttpRequest) -> dict[str, Any]:
    return {"user": SimpleNamespace(is_authenticated=False)}


def _invoice(request: HttpRequest) -> dict[str, Any]:
    formatter = Formatter(get_language() or "en", timezone.get_current_timezone_name())
    picture = invoice_picture(formatter, now=clock.now())
    return {"picture": f"data:image/png;base64,{base64.b64encode(picture).decode()}"}


def _live(request: HttpRequest) -> dict[str, Any]:
    return {"other": _("Max Example"), "user": _reader()}


_MORE: dict[str, Callable[[HttpRequest], dict[str, Any]]] = {
    "start": _start,
    "sign-in": _sign_in,
    "invoice": _invoice,
    "live": _live,
    "call": _live,
}
