"""The times on the organization's own site: which hosts may show them in a frame, and the script that fits its height.

In a frame one looks only. Choosing a time opens the page itself, because a frame of another site has no cookies, and nothing here needs them.
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import View

from core.booking.models import BookingSettings
from core.kernel.errors import NotFound
from portal.middleware import content_security_policy
from tenants.absolute_urls import absolute_url, path_of

PARAMETER = "framed"


def is_framed(request: HttpRequest) -> bool:
    """Whether the page is asked for as one that stands in a frame."""
    return request.GET.get(PARAMETER) == "1"


def context(request: HttpRequest) -> dict[str, Any]:
    """Which layout the page has."""
    framed = is_framed(request)
    return {"framed": framed, "layout": "booking/framed.html" if framed else "layouts/public.html"}


def allow(request: HttpRequest, response: HttpResponse, settings: BookingSettings) -> HttpResponse:
    """Let the hosts of the organization's list show this page in a frame, if it is asked for as one."""
    if is_framed(request) and settings.is_public and settings.frame_hosts:
        policy = content_security_policy(request.get_host())
        hosts = " ".join(f"https://{host}" for host in settings.frame_hosts)
        response.headers["Content-Security-Policy"] = policy.replace(
            "frame-ancestors 'none'", f"frame-ancestors {hosts}"
        )
    return response


class ScriptView(View):
    """The few lines that put the frame into another page and give it its height."""

    def get(self, request: HttpRequest) -> HttpResponse:
        settings = BookingSettings.current()
        if not settings.is_public or not settings.frame_hosts:
            raise NotFound("no frames")
        values = {"address": f"{absolute_url(path_of('booking:index'))}?{PARAMETER}=1"}
        response = render(request, "booking/embed.js", values, content_type="text/javascript; charset=utf-8")
        response.headers["Cache-Control"] = "public, max-age=300"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response
