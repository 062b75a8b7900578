"""`manage.py mail_zone`: what belongs into the operator's mail zone, as lines of a zone file (RFC 1035)."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from branding.senders.keys import record_of
from branding.senders.models import SigningKey
from branding.senders.records import MailZone, mail_zone
from tenants.context import organization_context, public_context
from tenants.models import Organization


class Command(BaseCommand):
    help = "Prints the zone that organizations' own mail domains point to. Run it whenever keys are made: they are used once it is served."

    def handle(self, *args: Any, **options: Any) -> None:
        zone = mail_zone()
        if zone is None:
            raise CommandError("MAIL_ZONE is not set, or mail leaves by a provider, which signs by itself.")
        for line in lines(zone):
            self.stdout.write(line)


def lines(zone: MailZone) -> list[str]:
    """Permitted servers, the return path, and the public keys of every organization that has some."""
    allowed = " ".join(_term(server) for server in settings.MAIL_SERVERS)
    found = [
        _text(zone.spf, " ".join(["v=spf1", *([allowed] if allowed else []), "-all"])),
        _text(zone.bounce, f"v=spf1 include:{zone.spf} -all"),
        f"{zone.bounce}. MX 10 {zone.exchange}.",
    ]
    with public_context():
        organizations = list(Organization.objects.exclude(state=Organization.State.CLOSED).select_related("plan"))
    for organization in organizations:
        with organization_context(organization):
            found += [_text(zone.dkim(key.selector), record_of(key)) for key in SigningKey.objects.all()]
    return found


def _term(server: str) -> str:
    """A term of an SPF record: addresses need their kind before them."""
    if server.startswith(("include:", "ip4:", "ip6:", "a:", "mx:")):
        return server
    return f"ip6:{server}" if ":" in server else f"ip4:{server}"


def _text(name: str, text: str) -> str:
    """A TXT record, in parts of at most 255 characters."""
    parts = " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))
    return f"{name}. TXT {parts}"
