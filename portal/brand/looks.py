"""The draft of a look for whoever has its link: without an account, until it is published, thrown away, or a week is over."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from branding.models import BranchDraft, BrandDraft, Look
from branding.queries import branded, look_tried, shared_draft
from core.kernel import clock
from core.kernel.errors import NotFound
from portal.look_samples import NAMES, sample_names, sample_page


@require_safe
def look(request: HttpRequest, key: str) -> HttpResponse:
    """The samples, one at a time, in a frame of their own."""
    draft = _draft(key)
    sample = request.GET.get("sample", "")
    sample, theme = (sample if sample in NAMES else "start"), request.GET.get("theme", "")
    address, is_dark = reverse("brand:look", args=[key]), theme == "dark"
    asked = "&theme=dark" if is_dark else ""
    values = {
        "sample": sample,
        "frame": reverse("brand:look_sample", args=[key, sample]) + ("?theme=dark" if is_dark else ""),
        "until": draft.share_until,
        "samples": [
            {"label": name, "url": f"{address}?sample={code}{asked}", "current": code == sample}
            for code, name in sample_names()
        ],
        "themes": [
            {"label": _("Light"), "url": f"{address}?sample={sample}", "icon": "sun", "current": not is_dark},
            {"label": _("Dark"), "url": f"{address}?sample={sample}&theme=dark", "icon": "moon", "current": is_dark},
        ],
    }
    with look_tried(_shown(draft)):
        response = render(request, "brand/look.html", values)
    response.headers["X-Robots-Tag"], response.headers["Referrer-Policy"] = "noindex", "no-referrer"
    return response


@require_safe
def look_sample(request: HttpRequest, key: str, sample: str) -> HttpResponse:
    """One sample."""
    draft = _draft(key)
    if sample not in NAMES:
        raise Http404
    return sample_page(request, sample, _shown(draft))


def _draft(key: str) -> BrandDraft | BranchDraft:
    found = shared_draft(key, now=clock.now())
    if found is None:
        raise NotFound
    return found


def _shown(draft: BrandDraft | BranchDraft) -> Look:
    return branded(draft) if isinstance(draft, BranchDraft) else draft
