"""brand.css, logo, icons, manifest, robots: all from the organization's own facts, on its own host."""

import mimetypes

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from branding.addresses import icon_path
from branding.app_icons import KINDS, app_icon
from branding.font_uploads import STYLES
from branding.images import mail_logo
from branding.models import BACKGROUNDS, Brand, Look
from branding.monogram import icon_svg, short_name
from branding.queries import (
    current_brand,
    facts_of,
    look_of_digest,
    own_css_of,
    own_fonts,
    palette,
    stylesheet_of,
    term,
)
from branding.rules.palette import derive_palette
from branding.rules.stylesheet import on_one_line
from core.kernel.mail_addresses import mailto
from tenants import entitlements
from tenants.absolute_urls import absolute_url

_YEAR = "public, max-age=31536000, immutable"
_MINUTE = "public, max-age=60"


def _look(request: HttpRequest) -> Look:
    """The look whose address this is: a page that was made before the last change, or of a draft, shows what it was made with."""
    return look_of_digest(request.GET.get("v", "")[:16]) or current_brand()


def _cached(request: HttpRequest, response: HttpResponseBase, look: Look) -> HttpResponseBase:
    """For ever when the address carries the look's digest, a minute otherwise."""
    response.headers["Cache-Control"] = _YEAR if request.GET.get("v") == look.digest else _MINUTE
    response.headers["ETag"] = f'"{look.digest}"'
    return response


@require_safe
def brand_css(request: HttpRequest) -> HttpResponseBase:
    look = _look(request)
    text = on_one_line(stylesheet_of(look))
    return _cached(request, HttpResponse(text, content_type="text/css; charset=utf-8"), look)


@require_safe
def own_css(request: HttpRequest) -> HttpResponseBase:
    """The organization's own stylesheet, as it was understood."""
    look = _look(request)
    sheet = own_css_of(look)
    if not sheet:
        raise Http404
    return _cached(request, HttpResponse(sheet, content_type="text/css; charset=utf-8"), look)


@require_safe
def font(request: HttpRequest, key: str, style: str) -> HttpResponseBase:
    """A file of a font that was uploaded; what has this address never changes."""
    kept = own_fonts().get(key)
    if kept is None or style not in STYLES or not entitlements.keeps(entitlements.OWN_FONTS):
        raise Http404
    try:
        file = getattr(kept, style).open("rb")
    except (FileNotFoundError, ValueError) as error:  # lost, or there is no such style
        raise Http404 from error
    response = FileResponse(file, content_type="font/woff2")
    response.headers["Cache-Control"] = _YEAR
    return response


@require_safe
def logo(request: HttpRequest, variant: str) -> HttpResponseBase:
    look = _look(request)
    file = look.logo_dark if variant == "dark" else look.logo
    if not file or variant not in ("light", "dark", "mail"):
        raise Http404
    try:
        kept = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    if variant == "mail":
        with kept:
            return _cached(request, HttpResponse(mail_logo(kept, look.logo_ground), content_type="image/png"), look)
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    return _cached(request, FileResponse(kept, content_type=kind), look)


@require_safe
def sign_in_picture(request: HttpRequest) -> HttpResponseBase:
    look = _look(request)
    if not look.sign_in_picture:
        raise Http404
    try:
        kept = look.sign_in_picture.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return _cached(request, FileResponse(kept, content_type="image/webp"), look)


@require_safe
def background(request: HttpRequest, name: str) -> HttpResponseBase:
    """The picture behind the waiting room (`waiting`), or behind those who meet (`call`)."""
    look = _look(request)
    kept = getattr(look, f"{name}_picture") if f"{name}_picture" in BACKGROUNDS else None
    if not kept:
        raise Http404
    try:
        file = kept.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return _cached(request, FileResponse(file, content_type="image/webp"), look)


@require_safe
def icon(request: HttpRequest) -> HttpResponseBase:
    look = _look(request)
    if look.icon:
        kind = mimetypes.guess_type(look.icon.name)[0] or "application/octet-stream"
        return _cached(request, FileResponse(look.icon.open("rb"), content_type=kind), look)
    drawn = icon_svg(look, derive_palette(facts_of(look)))
    return _cached(request, HttpResponse(drawn, content_type="image/svg+xml"), look)


@require_safe
def app_icon_png(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The icon as a device puts it on its screen."""
    look = _look(request)
    if kind not in KINDS:
        raise Http404
    try:
        made = app_icon(look, derive_palette(facts_of(look)), kind)
    except FileNotFoundError as error:
        raise Http404 from error
    return _cached(request, HttpResponse(made, content_type="image/png"), look)


@require_safe
def manifest(request: HttpRequest) -> HttpResponseBase:
    """In the language that the browser wishes for, because it comes without a cookie; the shortcuts are pages that everybody has."""
    brand, colours = current_brand(), palette().colours
    shortcuts = (
        (_("Home"), "dashboard:home"),
        (_("Calendar"), "scheduling:calendar"),
        (term("appointment", plural=True), "scheduling:list"),
        (_("Help"), "help:index"),
    )
    return JsonResponse(
        {
            "name": brand.name,
            "short_name": short_name(brand.name),
            "description": brand.tagline,
            "lang": get_language(),
            "dir": "rtl" if get_language_bidi() else "ltr",
            "id": "/",
            "scope": "/",
            "start_url": "/dashboard/",
            "display": "standalone",
            "background_color": colours["neutral-0"],
            "theme_color": colours["action"],
            "icons": [
                *(_icon_entry(brand, kind, "any") for kind in ("192", "512")),
                _icon_entry(brand, "maskable", "maskable"),
            ],
            "shortcuts": [
                {"name": name, "url": reverse(page), "icons": [_icon_entry(brand, "192", "any")]}
                for name, page in shortcuts
            ],
        },
        content_type="application/manifest+json",
    )


def _icon_entry(brand: Brand, kind: str, purpose: str) -> dict[str, str]:
    side = KINDS[kind][0]
    return {"src": icon_path(brand, kind), "sizes": f"{side}x{side}", "type": "image/png", "purpose": purpose}


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Public pages may be found, and where they stand is said; what is behind the sign-in is nobody's to look for."""
    lines = (
        "User-agent: *",
        "Disallow: /dashboard/",
        "Disallow: /account/",
        "",
        f"Sitemap: {absolute_url('/sitemap.xml')}",
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """RFC 9116, with the organization's own contact; absent where it has given none."""
    contact = mailto(current_brand().reply_to)
    if not contact:
        raise Http404
    return HttpResponse(f"Contact: {contact}\n", content_type="text/plain")
