"""“I did not get my mail”: what became of it, and what to do, for whoever is asked (NOT-12)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from branding.senders.queries import sender_address
from branding.senders.rules.mail_providers import Guide, guide, guides, provider_of
from core.kernel.mail_addresses import deliverable_or_nothing
from core.notifications.queries import mails_to, waiting_mails
from core.people.roles import Permission
from portal.access import SignedInView
from tenants.dns import system_resolver


class MissingMailView(SignedInView):
    """Type the address: the latest mails to it with their facts, and the steps at whoever keeps the mailbox."""

    needs = Permission.MANAGE_CLIENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        address = request.GET.get("address", "").strip()[:254]
        sender = sender_address()
        found = mails_to(address) if address else []
        context: dict[str, Any] = {
            "address": address,
            "sender": sender,
            "sender_domain": sender.rpartition("@")[2],
            "mails": found,
            "waiting": waiting_mails(),
            "guide": _guide(address, sender) if deliverable_or_nothing(address) else None,
            "guides": guides(sender),
        }
        return render(request, "settings/missing_mail.html", context)


def _guide(address: str, sender: str) -> Guide:
    """By the address; the DNS is asked only about hosts that nobody knows, and briefly, because somebody waits for the page."""
    provider = provider_of(address)
    if provider == provider.OTHER:
        host = deliverable_or_nothing(address).rpartition("@")[2].lower()
        provider = provider_of(address, [server.host for server in system_resolver().mail_servers(host).records])
    return guide(provider, sender)
