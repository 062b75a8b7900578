"""What stays on a device that the organization was opened on: a service worker that knows one thing, the page for when there is no connection.

It keeps that page in each language and nothing else, so nothing on the device is anybody's. It changes with the release and with the brand,
and a browser looks for another one whenever a page is opened. `OFFLINE_PAGE=false` answers with one that removes itself.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

from branding.queries import current_brand
from branding.standalone import Occasion, standalone_page
from tenants.context import current_organization


@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """For the whole host, because it stands at its top. The browser asks again each time, and learns by the ETag that nothing is new."""
    script = _worker() if settings.OFFLINE_PAGE else _own("js/offline/removal.js")
    headers = {"Cache-Control": "no-cache", "ETag": f'"{hashlib.sha256(script.encode()).hexdigest()[:16]}"'}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@require_safe
def offline(request: HttpRequest, language: str) -> HttpResponse:
    """The page that is kept: the same for everybody who reads this language."""
    if language not in _languages():
        raise Http404
    with translation.override(language):
        page = standalone_page(Occasion.OFFLINE)
    headers = {"Content-Security-Policy": page.policy, "Cache-Control": "no-cache", "Content-Language": language}
    return HttpResponse(page.html, headers={**headers, "X-Robots-Tag": "noindex"})


def _worker() -> str:
    """The script with what it keeps; made once per organization or branch as it is remembered, because every page that is opened asks for it."""
    kept: dict[Any, tuple[Any, str]] = current_organization().__dict__.setdefault("_service_workers", {})
    brand = current_brand()
    key, made_of = brand.of_branch and brand.of_branch.pk, (brand.changed_at, brand.digest)
    if kept.get(key, ("", ""))[0] != made_of:
        pages = {language: reverse("brand:offline", args=[language]) for language in _languages()}
        version = hashlib.sha256()
        for language in pages:
            with translation.override(language):
                version.update(standalone_page(Occasion.OFFLINE).html.encode())
        facts = {"version": version.hexdigest()[:16], "pages": pages, "first": _languages()[0]}
        kept[key] = (
            made_of,
            f"const OFFLINE = {json.dumps(facts)};\n{_own('js/offline/service-worker.js')}",
        )
    return kept[key][1]


def _languages() -> list[str]:
    return current_brand().languages or ["en"]


def _own(name: str) -> str:
    path = finders.find(name)
    assert path is not None, name
    return Path(path).read_text()
