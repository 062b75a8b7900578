"""What somebody without a session is answered: the way to sign in, and back to a page. Never to an address that only takes a form.

| asked by           | answer                                         |
|--------------------|------------------------------------------------|
| a page             | 302 to sign in, and back to it                 |
| a form             | the same; back to the form with what was typed |
| htmx               | 204 with `HX-Redirect`: the whole page goes    |
| fetch, asking JSON | 401 `{"message", "url"}`                       |
"""

from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _

from portal import kept_forms
from portal.once import lead_to, wants_json

HOME = "/dashboard/"


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """Lead to sign in, and from there back."""
    is_part = bool(getattr(request, "htmx", False)) or wants_json(request)
    kept = kept_forms.keep(request) if request.method == "POST" else ""
    back = kept or (request.get_full_path() if request.method == "GET" and not is_part else _page_of(request))
    url = f"{reverse('account_login')}?{urlencode({'next': back}, safe='/')}"
    said = _said(request, is_kept=bool(kept)) if request.method == "POST" or is_part else ""
    if wants_json(request):
        return JsonResponse({"message": said, "url": url}, status=401)
    if said:
        messages.warning(request, said)
    return lead_to(request, url)


def typed_again(request: HttpRequest) -> HttpResponse | None:
    """For a form of somebody who has signed in anew since it was made: the way to it, with what was typed. None when it is not one of ours."""
    kept = kept_forms.keep(request)
    if not kept:
        return None
    if not request.user.is_authenticated:
        return sign_in_first(request)
    return None if wants_json(request) else lead_to(request, kept)


def safe_next(request: HttpRequest) -> str:
    """Where `next` leads, if it leads anywhere on this host."""
    url = request.POST.get("next") or request.GET.get("next") or ""
    return url if url and get_adapter(request).is_safe_url(url) else ""


def _said(request: HttpRequest, *, is_kept: bool) -> str:
    if is_kept and request.FILES:
        return _(
            "Your session has ended. What you typed is kept: sign in, and it is there again. Files must be chosen anew."
        )
    if is_kept:
        return _("Your session has ended. What you typed is kept: sign in, and it is there again.")
    return _("Your session has ended. Sign in to go on.")


def _page_of(request: HttpRequest) -> str:
    """The page on which somebody is, where it can be visited; else their home."""
    shown = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if shown.netloc != request.get_host() or not _is_page(shown.path):
        return HOME
    return f"{shown.path}?{shown.query}" if shown.query else shown.path


def _is_page(path: str) -> bool:
    try:
        view = resolve(path).func
    except Resolver404:
        return False
    known = getattr(view, "view_class", None)
    return known is None or hasattr(known, "get")
