"""The records to set, of hosts and of mail on one page, for whoever looks after the DNS: no login, nothing else, nothing to do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views import View

from branding.senders.models import SigningKey
from branding.senders.queries import current_sender
from branding.senders.records import Record, look_up, mail_zone
from core.kernel import clock
from core.setup.actions import end_link, make_link
from core.setup.queries import open_link
from portal import dns_records
from portal.forms import ActionView
from portal.setup_guide import SEES
from tenants import domain_records, domains, host_names
from tenants.context import current_organization
from tenants.domain_rules import DomainState
from tenants.models import Domain

UNSHOWN = (DomainState.BLOCKED, DomainState.DETACHING)
REMEMBERED = 5  # seconds for which the DNS is not asked again, however often a page is loaded
RARE = "dkim_next"  # the key in waiting hinders nothing


class RecordsLinkView(ActionView):
    """Make the link, in place of one made before."""

    needs = SEES
    success_message = _("The link is made. Copy it and send it to whoever looks after your domain.")

    def perform(self) -> Any:
        return make_link(by=self.user, now=clock.now())

    def get_success_url(self) -> str:
        return _back(self.request)


class RecordsLinkEndView(ActionView):
    """Let the link open nothing any more."""

    needs = SEES
    success_message = _("The link opens nothing any more.")

    def perform(self) -> None:
        end_link(by=self.user)

    def get_success_url(self) -> str:
        return _back(self.request)


class RecordsView(View):
    """The records with what the DNS says of each, looked at again while the page is open."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        link = open_link(token, now=clock.now())
        part = _part(request, link.key, token)
        if request.headers.get("HX-Request"):
            return _unlisted(HttpResponse(part))
        return _unlisted(
            render(request, "setup/records.html", {"part": part, "expires_at": link.until, "token": token})
        )


class RecordsFileView(View):
    """The same as lines of a zone file, which most DNS companies import."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        open_link(token, now=clock.now())
        response = HttpResponse(dns_records.as_zone_file(_lines()), content_type="text/plain; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="dns-records.txt"'
        return _unlisted(response)


def _part(request: HttpRequest, key: str, token: str) -> str:
    name = f"records:{key}:{get_language()}"
    kept = cache.get(name)
    if kept is None:
        kept = render_to_string("setup/_records.html", {**_found(), "token": token}, request)
        cache.set(name, kept, REMEMBERED)
    return kept


def _found() -> dict[str, Any]:
    """All questions to the DNS beside each other, none of them with the database in hand."""
    hosts, mail = _hosts(), _mail_question()
    with ThreadPoolExecutor(len(hosts) + 1) as threads:
        asked = [threads.submit(domain_records.look, host) for host in hosts]
        records = threads.submit(mail).result() if mail else []
        findings = [answer.result() for answer in asked]
    shown = [
        {"shown": host_names.shown(host.domain), **dns_records.of_host(host, found)}
        for host, found in zip(hosts, findings, strict=True)
    ]
    all_mail_right = all(record.is_right for record in records if record.key != RARE)
    return {
        "hosts": shown,
        "mail_domain": host_names.shown(current_sender().domain) if records else "",
        "mail_records": dns_records.of_mail(records),
        "mail_right": all_mail_right,
        "all_right": all_mail_right and all(host["all_right"] for host in shown),
        "is_empty": not shown and not records,
    }


def _lines() -> list[tuple[str, str, str]]:
    """Kind, name and value of everything to set, whether it is there already or not."""
    found = _found()
    of_hosts = [row.record for host in found["hosts"] for row in (*host["rows"], host["authorization"]) if row]
    lines = [(record.kind, record.name, record.value) for record in of_hosts]
    return lines + [(record.kind, record.host, record.value) for _title, _about, record in found["mail_records"]]


def _hosts() -> list[Domain]:
    found = domains.hosts_of(current_organization().pk)
    return [host for host in found if not host.is_the_platforms and host.state not in UNSHOWN]


def _mail_question() -> Callable[[], list[Record]] | None:
    """What asks for the records of the mail domain; None where nobody has named one. Its keys are there from the naming on."""
    sender, zone = current_sender(), mail_zone()
    if zone is None or not sender.domain_address:
        return None
    pair = list(SigningKey.objects.all())
    return lambda: look_up(sender.domain, pair, zone=zone)


def _unlisted(response: HttpResponse) -> HttpResponse:
    response.headers["X-Robots-Tag"], response.headers["Referrer-Policy"] = "noindex", "no-referrer"
    return response


def _back(request: HttpRequest) -> str:
    """The page of the settings where the button stands."""
    wanted = request.POST.get("back", "")
    return wanted if wanted.startswith("/settings/") and "\\" not in wanted else reverse("setup:guide")
