"""Whether the proxy may fetch a certificate for a host: it asks before the first handshake, and gets none without a yes.

The question comes from inside, under whatever name the proxy knows this process by, so it is answered before hosts are told
apart; the proxy hides the address from the street. An error, like a database that is away, is not a yes.
"""

import re

from django.http import HttpRequest, HttpResponse

from tenants import hosts

PATH = "/.well-known/tls-permission"
_NAME = re.compile(r"[a-z0-9.-]{1,253}")  # anything else never was a domain, and some of it no database accepts


def may_have_certificate(host: str) -> bool:
    """Return whether `host` is the operator console's or a verified one of an organization that is not closed."""
    name = hosts.normalize(host)
    return _NAME.fullmatch(name) is not None and (
        hosts.is_operator_host(name) or hosts.find_organization(name) is not None
    )


def answer(request: HttpRequest) -> HttpResponse:
    """200 for yes, 404 for no; `?domain=` names the host."""
    permitted = may_have_certificate(request.GET.get("domain", ""))
    return HttpResponse(status=200 if permitted else 404, headers={"Cache-Control": "no-store"})
