"""Whoever has a legal text to answer is shown it once, before the next page that they open after signing in.

Only a page is led away, never a form, a part of a page, a file or a call; and nobody on the way into a live session. Whoever answers later
is not asked again in this session. Nothing is asked of the database as long as nothing new is out.
"""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from core.kernel.opened_pages import is_opened
from core.legal.queries import mark_of_asked, open_asks

_SESSION = "legal_texts_seen"
_NOT_FROM = frozenset({"live", "agreements", "agreements_open", "agreements_later", "agreement_withdrawal"})


def ask_first(request: HttpRequest) -> HttpResponse | None:
    """The way to the texts that this person has to answer; None when there are none, or this is no moment for it."""
    if not _is_page(request):
        return None
    mark = mark_of_asked()
    if not mark or request.session.get(_SESSION) == mark:
        return None
    if not open_asks(request.user):  # type: ignore[arg-type]
        request.session[_SESSION] = mark
        return None
    return redirect(f"{reverse('agreements_open')}?{urlencode({'next': request.get_full_path()}, safe='/')}")


def let_go_on(request: HttpRequest) -> None:
    """They have answered, or will later."""
    request.session[_SESSION] = mark_of_asked()


def _is_page(request: HttpRequest) -> bool:
    match = request.resolver_match
    names = {match.url_name, *match.namespaces} if match else set()
    return (
        request.method == "GET"
        and is_opened(request)
        and "text/html" in request.headers.get("Accept", "")
        and not names & _NOT_FROM
    )
