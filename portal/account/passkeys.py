"""A passkey that was made at another of the organization's web addresses: used there, and carried over to where somebody signs in.

Whoever has given the password here gets a ticket for the other address. There the passkey is asked for as always; back here a proof of it ends
the sign-in that is under way in this browser, and no other one.
"""

import secrets
from typing import Any
from uuid import UUID

from allauth.mfa.signals import authenticator_added
from django.core import signing
from django.dispatch import receiver
from django.http import HttpRequest
from django.urls import reverse

from core.people import passkeys
from core.people.models import User
from portal.panels import Panel
from tenants import host_names
from tenants.absolute_urls import host_url, primary_host
from tenants.context import current_organization

TICKET, PROOF = "passkey.ticket", "passkey.proof"
TICKET_SECONDS, PROOF_SECONDS = 600, 120
NONCE = "passkey_nonce"
HAS_PASSKEYS = "has_passkeys"  # in the session: False once this was looked up and there were none


def host_of(request: HttpRequest) -> str:
    return host_names.normalize(request.get_host())


def other_hosts(request: HttpRequest, user: User) -> list[dict[str, str]] | None:
    """Where a passkey of this person can be used instead; None when one works here, or there is none."""
    found, here = passkeys.passkeys_of(user.pk), host_of(request)
    if not found or passkeys.works_at(found, here):
        return None
    nonce = request.session.setdefault(NONCE, secrets.token_urlsafe(16))
    ticket = signing.dumps({**who(user), "nonce": nonce, "to": here}, salt=TICKET)
    return [
        {"shown": host_names.shown(host.domain), "url": host_url(host.domain, reverse("passkey_use", args=[ticket]))}
        for host in passkeys.hosts_where_used(found, but=here)
    ]


def passkey_elsewhere(request: HttpRequest) -> Panel | None:
    """On the dashboard: that no passkey of this person works at the address that links lead to here: the primary one, or a branch's own."""
    if not request.session.get(HAS_PASSKEYS, True):
        return None
    found = passkeys.passkeys_of(request.user.pk)  # type: ignore[arg-type]
    if not found:
        request.session[HAS_PASSKEYS] = False  # because most people have none, and the dashboard is opened often
        return None
    primary = primary_host()
    if passkeys.works_at(found, primary):
        return None
    return Panel(
        "account/_passkey_elsewhere.html",
        {
            "is_here": host_of(request) == primary,
            "shown": host_names.shown(primary),
            "add_url": host_url(primary, reverse("mfa_add_webauthn")),
            "others": [host_names.shown(host.domain) for host in passkeys.hosts_where_used(found, but=primary)],
        },
    )


@receiver(authenticator_added, dispatch_uid="forget_that_there_was_no_passkey")
def forget(*, request: HttpRequest, **ignored: Any) -> None:
    """Somebody who adds their first passkey is looked at again."""
    request.session.pop(HAS_PASSKEYS, None)


def who(user: Any) -> dict[str, str]:
    """The organization stands in it, because all of them share one key."""
    return {"organization": str(current_organization().pk), "user": str(user.pk)}


def read(text: str, salt: str, seconds: int) -> dict[str, Any] | None:
    """What was signed, if it is of this organization and of now."""
    try:
        found: dict[str, Any] = signing.loads(text, salt=salt, max_age=seconds)
        UUID(found["user"])
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        return None
    return found if found.get("organization") == str(current_organization().pk) else None
