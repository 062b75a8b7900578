"""Which DNS company holds a zone, by its name servers, and where its customers set records. Parking services hold no records at all."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.kernel.translation import gettext_noop, translate

_TABLE = gettext_noop(
    "Sign in at %(company)s, choose the domain, and open the list of its DNS records. Add each record below."
)
_SHORT = gettext_noop(
    "At %(company)s the field for the name takes only what stands before your domain: leave the domain itself away."
)
_PROXY = gettext_noop(
    "Set the switch beside the record to “DNS only”, with the grey cloud; through the proxy the name does not lead here."
)
_FLAT = gettext_noop("%(company)s also allows a CNAME for the bare domain, and turns it into addresses by itself.")
_ALIAS = gettext_noop("For the bare domain, %(company)s has the record type ALIAS (or ANAME): use it with our target.")
_HOSTED_ZONE = gettext_noop(
    "Open Route 53, Hosted zones, your domain, and choose Create record. Each value of a TXT record stands in double quotes."
)
_AZURE = gettext_noop("Open DNS zones in the portal, your domain, and choose Record set.")
_GOOGLE = gettext_noop("Open Cloud DNS, your zone, and choose Add standard.")


@dataclass(frozen=True, slots=True)
class Company:
    """A DNS company: how its name servers end, and what its customers do there, in steps."""

    name: str
    endings: tuple[str, ...]
    steps: tuple[str, ...] = (_TABLE, _SHORT)

    def instructions(self) -> list[str]:
        """In the language in force."""
        return [translate(step, company=self.name) for step in self.steps]


COMPANIES = (
    Company("Cloudflare", ("ns.cloudflare.com",), (_TABLE, _SHORT, _PROXY, _FLAT)),
    Company("GoDaddy", ("domaincontrol.com",)),
    Company("Namecheap", ("registrar-servers.com",), (_TABLE, _SHORT, _ALIAS)),
    Company("Amazon Route 53", ("awsdns",), (_HOSTED_ZONE, _SHORT)),
    Company("Google Cloud DNS", ("googledomains.com",), (_GOOGLE,)),
    Company("Squarespace", ("squarespacedns.com",)),
    Company("Azure DNS", ("azure-dns.com", "azure-dns.net", "azure-dns.org", "azure-dns.info"), (_AZURE, _SHORT)),
    Company("IONOS", ("ui-dns.com", "ui-dns.de", "ui-dns.org", "ui-dns.biz")),
    Company("STRATO", ("rzone.de",)),
    Company("Hetzner", ("ns.hetzner.com", "ns.hetzner.de", "first-ns.de", "second-ns.de", "second-ns.com")),
    Company("OVHcloud", ("ovh.net", "ovh.ca")),
    Company("Gandi", ("gandi.net",), (_TABLE, _SHORT, _ALIAS)),
    Company("DigitalOcean", ("digitalocean.com",)),
    Company("DNSimple", ("dnsimple.com", "dnsimple-edge.net"), (_TABLE, _SHORT, _ALIAS)),
    Company("Wix", ("wixdns.net",)),
    Company("Porkbun", ("porkbun.com",), (_TABLE, _SHORT, _ALIAS)),
    Company("Arsys", ("servidoresdns.net",)),
    Company("Infomaniak", ("infomaniak.ch", "infomaniak.com")),
    Company("Name.com", ("name.com",), (_TABLE, _SHORT, _ALIAS)),
    Company("Vercel", ("vercel-dns.com",), (_TABLE, _SHORT, _ALIAS)),
)
_PARKED = (
    *("sedoparking.com", "parkingcrew.net", "bodis.com", "above.com", "dan.com", "afternic.com"),
    *("uniregistrymarket.link", "cashparking.com", "namebrightdns.com"),
)


def company_of(name_servers: Iterable[str]) -> Company | None:
    """The company that these name servers are of; None for one that is not known here."""
    servers = list(name_servers)
    return next((company for company in COMPANIES if any(_is_of(server, company.endings) for server in servers)), None)


def is_parked(name_servers: Iterable[str]) -> bool:
    """Whether the zone lies at a service that shows advertisements, and takes no records."""
    return any(_is_of(server, _PARKED) for server in name_servers)


def _is_of(server: str, endings: tuple[str, ...]) -> bool:
    """Whether the server's name lies below an ending; an ending without a dot is how a label begins (`awsdns-12`)."""
    return any(
        server == ending or server.endswith(f".{ending}") if "." in ending else f".{ending}-" in server
        for ending in endings
    )
