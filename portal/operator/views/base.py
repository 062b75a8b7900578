"""Rendering in the console's frame, and the notice after an act."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.views.decorators.http import require_safe

from portal.operator import presenters

# Notices travel as a word in the address, because the console keeps no message store; only these words say anything.
NOTICES = {
    "suspended": "Suspended. Its people see a neutral page from now on.",
    "resumed": "Back on the air. What was promised meanwhile is being delivered.",
    "closing": "Taken off the air. Close it for good when nothing is open any more, or resume it.",
    "closed": "Closed. Its hosts are unknown from now on.",
    "plan": "The plan is changed; what it allows applies at once.",
    "entitlement": "It applies at once; the organization reads it in its settings.",
    "host-added": "The host is added. It is served once the DNS records below are found.",
    "host-verified": "The host is verified and served.",
    "host-checked": "The records are right; the host's state follows them.",
    "host-blocked": "The host is blocked: it is not served, and nobody can ask for it.",
    "host-unblocked": "Its organization can prove it again.",
    "tried-again": "They are tried again now. What fails once more is counted here.",
    "run-again": "It is run again now. Once it has succeeded, it is no longer listed here.",
    "host-primary": "Links in mail point to this host from now on.",
    "host-branch": "Whoever comes by this host meets it so from now on.",
    "host-removed": "The host is no longer served.",
    "existed": "This organization existed already under this name and host. Nothing was changed.",
}


TYPED = "What you typed is here again. Look through it, then send it."


@require_safe
def icon(request: HttpRequest) -> HttpResponse:
    """Where browsers look for the picture of a host that has not named one yet."""
    return redirect(static("img/console.svg"))


def render_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a template of the console in its frame."""
    notice = NOTICES.get(request.GET.get("done", ""), "")
    values = {**presenters.frame(request), "notice": notice, **(context or {})}
    return render(request, template, values, status=status)


def redirect_with_notice(name: str, *arguments: object, done: str = "") -> HttpResponse:
    """Go to a page, with a notice."""
    response = redirect(name, *arguments)
    if done:
        response["Location"] += f"?done={done}"
    return response
