"""Error pages in the organization's brand; plain where there is no organization or nothing works any more."""

import sys

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from core.kernel.limits import TooOften
from portal.context_processors import layout
from portal.sign_in_first import typed_again
from tenants import outages

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # A session that could not be written because the database has gone counts as a bad request for Django.
    if (answer := out_of_reach(request, exception)) is not None:
        return answer
    return _page(request, 400, _("That did not work"), _("The request could not be understood. Go back and try again."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("Your role does not include this. Ask an administrator if you need it.")
    return _page(request, 403, _("Not allowed"), text, is_for_others=True)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    text = _("There is no page at this address, or it is not yours to see.")
    return _page(request, 404, _("Nothing here"), text, is_for_others=True)


def server_error(request: HttpRequest) -> HttpResponse:
    if (answer := out_of_reach(request, sys.exc_info()[1])) is not None:
        return answer
    return _page(
        request,
        500,
        _("Something went wrong"),
        _("It is our fault, and nothing you typed was sent twice. Try again in a minute."),
    )


def too_many_requests(request: HttpRequest, refusal: TooOften) -> HttpResponse:
    response = _page(request, 429, _("A little slower"), refusal.message)
    response.headers["Retry-After"] = str(refusal.seconds)
    return response


def out_of_reach(request: HttpRequest, error: BaseException | None) -> HttpResponse | None:
    """The answer when the error says that a server is away or has too much to do; None when it says something else."""
    if outages.is_busy(error):
        return busy(request)
    return unavailable(request) if outages.is_outage(error) else None


def busy(request: HttpRequest) -> HttpResponse:
    """The database has too much to do: 429, and when to come again."""
    if request.method in SAFE_METHODS:
        text = _("There is more to do than we can manage at the moment. Try again in a few seconds.")
    else:
        text = _(
            "There is more to do than we can manage at the moment. Look whether it was saved before you send it again."
        )
    return _without_database(request, 429, _("A little slower"), text, retry_after=2)


def unavailable(request: HttpRequest) -> HttpResponse:
    """A server that everything stands on is away: 503. It may have gone after it had saved what was sent, and before it could say so."""
    if request.method in SAFE_METHODS:
        text = _("We are back in a moment. Nothing was saved half-way; try again in a minute.")
    else:
        text = _("We are back in a moment. What you sent may have been saved: look before you try again.")
    return _without_database(request, 503, _("Just a moment"), text, retry_after=5)


def _without_database(request: HttpRequest, status: int, title: str, text: str, *, retry_after: int) -> HttpResponse:
    """A page in the brand, as far as it is known without asking the database."""
    headers = {"Retry-After": str(retry_after)}
    # Because asking who it is, or for the session's messages, would ask the database again.
    request.user = AnonymousUser()
    try:
        page = render_to_string("errors/page.html", {**layout(request), "title": title, "text": text})
    except Exception:  # noqa: BLE001 because the brand may not be known yet, and an error page must not fail
        return HttpResponse(
            f"{title}. {text}", status=status, headers=headers, content_type="text/plain; charset=utf-8"
        )
    return HttpResponse(page, status=status, headers=headers)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    if getattr(request, "organization", None) is not None and (answer := typed_again(request)) is not None:
        return answer  # because somebody has signed in anew since the page was made: nothing typed is lost
    text = _("The page was open for too long, or cookies are blocked. Go back, reload the page, and try again.")
    return _page(request, 403, _("Please try again"), text)


def _page(request: HttpRequest, status: int, title: str, text: str, *, is_for_others: bool = False) -> HttpResponse:
    """With `is_for_others`, whoever is signed in reads who that is, and may come back to this address as somebody else."""
    if getattr(request, "organization", None) is None:
        return HttpResponse(f"<!doctype html><title>{title}</title><h1>{title}</h1><p>{text}</p>", status=status)
    values = {"title": title, "text": text, "is_for_others": is_for_others}
    if request.method == "GET":  # because what was posted cannot be posted again by a link
        values["after"] = request.get_full_path()
    try:
        return render(request, "errors/page.html", values, status=status)
    except Exception:  # noqa: BLE001 because an error page must not fail: plain text is better than the server's own page
        return HttpResponse(f"{title}. {text}", status=status, content_type="text/plain; charset=utf-8")
