"""One organization of the demo sends in the name of its own domain: its records stand in the demo's DNS, where they can be broken and mended."""

from html import unescape
from typing import Any
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import urlopen

from branding.senders import actions
from branding.senders.management.commands.mail_zone import lines
from branding.senders.models import Sender, SigningKey
from branding.senders.records import MailZone, mail_zone, return_host
from core.kernel import clock
from core.kernel.models import OutboxMessage
from core.people.models import User
from tenants.context import current_organization, organization_context

SECONDS = 5


def give_domain(address: str, *, names_port: int) -> None:
    """Address, records, proven mailbox, choice: as an owner does it. Nothing happens where the demo has no name server of its own."""
    zone, owner = mail_zone(), User.objects.get(staff_member__role="owner")
    if zone is None:
        return
    sender = actions.name_domain(address, by=owner)
    try:
        publish([*_zone_lines(zone), *_domain_lines(sender.domain, zone)], f"http://127.0.0.1:{names_port}/")
    except (URLError, OSError):
        return
    actions.check_domain(now=clock.now(), by=owner)
    _prove(address, owner)
    actions.choose_way(Sender.Way.DOMAIN, by=owner)


def _prove(address: str, owner: Any) -> None:
    actions.request_code(address, by=owner, now=clock.now())
    code = OutboxMessage.objects.filter(name="senders.send_address_code").latest("created_at").payload["code"]
    actions.confirm_code(address, code, by=owner, now=clock.now())


def _zone_lines(zone: MailZone) -> list[str]:
    """The operator's zone. It visits every organization, so this one is entered again afterwards."""
    organization = current_organization()
    found = lines(zone)
    with organization_context(organization):
        return [f"{zone.name}. SOA ns1.{zone.name}. hostmaster.{zone.name}. 1 3600 600 86400 5", *found]


def _domain_lines(domain: str, zone: MailZone) -> list[str]:
    """What the organization has to set: beside what its mail provider wanted before."""
    return [
        f"{domain}. SOA ns1.dns-company.example. hostmaster.{domain}. 1 3600 600 86400 5",
        f'{domain}. TXT "v=spf1 include:{zone.spf} ~all"',
        f'_dmarc.{domain}. TXT "v=DMARC1; p=none"',
        f"{return_host(domain)}. CNAME {zone.bounce}.",
        *(f"{key.selector}._domainkey.{domain}. CNAME {zone.dkim(key.selector)}." for key in SigningKey.objects.all()),
    ]


def publish(records: list[str], page: str) -> None:
    """Add records to those of the demo's name server, by its own page."""
    with urlopen(page, timeout=SECONDS) as answer:  # noqa: S310 because the address is our own
        shown = answer.read().decode()
    kept = shown.partition("<textarea")[2].partition(">")[2].partition("</textarea>")[0]
    text = "\n".join([unescape(kept), *records])
    with urlopen(page, data=urlencode({"records": text}).encode(), timeout=SECONDS):
        pass
