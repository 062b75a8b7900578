"""The records that a host needs in its DNS, and what the DNS says of them now."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.conf import settings

from tenants import dns_companies
from tenants.dns import Answer, Authorization, Resolver, system_resolver
from tenants.dns_companies import Company
from tenants.domain_rules import Found, Standing, target_of
from tenants.models import Domain

LABEL = "_verify"


@dataclass(frozen=True, slots=True)
class Record:
    """One record as it is to be set."""

    kind: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What the DNS says of one thing that a host needs: as expected or not, and the very values."""

    found: Found
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that the DNS says of a host."""

    proof: Finding
    target: Finding
    authorizations: Finding
    by_own_alias: bool
    zone: str  # empty when there is none, or nobody knows
    company: Company | None
    is_parked: bool
    zone_is_known: bool

    @property
    def standing(self) -> Standing:
        return Standing(
            self.proof.found, self.target.found, self.by_own_alias, self.authorizations.found != Found.WRONG
        )


def new_token() -> str:
    """The random value of one attempt at a proof."""
    return secrets.token_hex(16)


def new_edge_label() -> str:
    """A random label, which says nothing of whose it is."""
    return f"t-{secrets.token_hex(5)}"


def proof_record(domain: Domain) -> Record:
    return Record("TXT", f"{LABEL}.{domain.domain}", domain.verification_token)


def target_host(domain: Domain) -> str:
    """Where the organization's hosts point to: a name of its own below the edge."""
    return f"{domain.tenant.edge_label}.{settings.EDGE_DOMAIN}"


def target_records(domain: Domain, *, is_apex: bool) -> list[Record]:
    """What leads the name here: an alias; for the bare domain, which can have none, the addresses themselves."""
    if not is_apex:
        return [Record("CNAME", domain.domain, target_host(domain))]
    return [Record("AAAA" if ":" in address else "A", domain.domain, address) for address in edge_addresses()]


def needed(domain: Domain, findings: "Findings | None" = None) -> list[list[Record]]:
    """What is to be set: the proof, and what leads the name here. Without findings it is taken for a name below the domain."""
    if domain.is_the_platforms:
        return []
    is_apex = findings is not None and findings.zone == domain.domain
    return [[proof_record(domain)], target_records(domain, is_apex=is_apex)]


def authorization_record(zone: str) -> Record:
    return Record("CAA", zone, f'0 issue "{settings.CERTIFICATE_AUTHORITIES[0]}"')


def edge_addresses(resolver: Resolver | None = None) -> tuple[str, ...]:
    """The addresses of the front door: of the settings, else what the DNS says of the edge."""
    return tuple(settings.EDGE_ADDRESSES) or (resolver or system_resolver()).addresses(settings.EDGE_DOMAIN).records


def look(domain: Domain, resolver: Resolver | None = None) -> Findings:
    """Ask the DNS, all questions beside each other; takes no longer than the slowest three in a row."""
    asked = resolver or system_resolver()
    questions: list[Callable[[], object]] = [
        lambda: asked.texts(f"{LABEL}.{domain.domain}"), lambda: asked.alias(domain.domain), lambda: asked.addresses(domain.domain),
        lambda: asked.authorizations(domain.domain), lambda: asked.zone(domain.domain), lambda: asked.name_servers_of_zone(domain.domain),
        lambda: edge_addresses(asked),
    ]  # fmt: skip
    with ThreadPoolExecutor(len(questions)) as threads:
        texts, alias, addresses, caa, zone, servers, ours = (
            done.result() for done in [threads.submit(question) for question in questions]
        )
    by_own_alias = alias.records == (target_host(domain),)
    return Findings(
        proof=_of_proof(texts, domain.verification_token),
        target=_of_target(alias, addresses, ours, by_own_alias),
        authorizations=_of_authorizations(caa),
        by_own_alias=by_own_alias,
        zone=zone.records[0] if zone.records else "",
        company=dns_companies.company_of(servers.records),
        is_parked=dns_companies.is_parked(servers.records),
        zone_is_known=zone.is_certain,
    )


def _of_proof(texts: Answer[str], token: str) -> Finding:
    if token and token in (text.strip() for text in texts.records):
        return Finding(Found.RIGHT, texts.records)
    if not texts.is_certain:
        return Finding(Found.UNKNOWN)
    return Finding(Found.WRONG if texts.records else Found.MISSING, texts.records)


def _of_target(alias: Answer[str], addresses: Answer[str], ours: tuple[str, ...], by_own_alias: bool) -> Finding:
    if by_own_alias:
        return Finding(Found.RIGHT, alias.records)
    if not addresses.is_certain or not alias.is_certain or not ours:
        return Finding(Found.UNKNOWN, alias.records)
    found = target_of(addresses.records, ours)
    return Finding(
        Found.WRONG if alias.records and found == Found.MISSING else found, alias.records or addresses.records
    )


def _of_authorizations(caa: Answer[Authorization]) -> Finding:
    """Without CAA records everybody may issue; with some, only those that are named (RFC 8659)."""
    named = [record.value.partition(";")[0].strip().lower() for record in caa.records if record.tag == "issue"]
    shown = tuple(f'{record.flags} {record.tag} "{record.value}"' for record in caa.records)
    if not caa.is_certain:
        return Finding(Found.UNKNOWN)
    if not named or set(named) & set(settings.CERTIFICATE_AUTHORITIES):
        return Finding(Found.RIGHT, shown)
    return Finding(Found.WRONG, shown)
