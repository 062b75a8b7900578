"""Records of the DNS as pages show them: what to set, as forms of DNS companies ask for it, beside what was found."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from branding.senders.records import Record as MailRecord
from tenants import domain_records, host_names
from tenants.domain_records import Finding, Findings, Record
from tenants.domain_rules import Found
from tenants.models import Domain

_TONES = {
    Found.RIGHT: "success", Found.MISSING: "neutral", Found.WRONG: "danger", Found.MIXED: "danger", Found.UNKNOWN: "warning"
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record to set, and what was found in its place."""

    record: Record
    short_name: str
    label: str
    tone: str
    instead: tuple[str, ...]


def of_host(domain: Domain, findings: Findings) -> dict[str, Any]:
    """The records of a host with what the DNS says of each, and how to set them at the company that holds the zone."""
    apex = findings.zone == domain.domain
    target = [
        _record_row(record, findings.zone, findings.target)
        for record in domain_records.target_records(domain, is_apex=apex)
    ]
    proof = _record_row(domain_records.proof_record(domain), findings.zone, findings.proof)
    return {
        "rows": [proof, *target],
        "is_apex": apex,
        "alias": domain_records.target_host(domain) if apex else "",
        "authorization": _record_row(
            domain_records.authorization_record(findings.zone or domain.domain), findings.zone, findings.authorizations
        )
        if findings.authorizations.found == Found.WRONG
        else None,
        "company": findings.company,
        "instructions": findings.company.instructions() if findings.company else [],
        "zone": host_names.shown(findings.zone),
        "all_right": findings.proof.found == findings.target.found == Found.RIGHT,
    }


def of_mail(records: list[MailRecord]) -> list[tuple[str, str, MailRecord]]:
    """Every record of a mail domain with what it is called and what it is for."""
    about = {
        "dkim": (_("Signature (DKIM)"), _("The key by which receivers see that a mail is yours and unchanged.")),
        "dkim_next": (
            _("Next signature (DKIM)"),
            _("The key that takes its place some day, so that keys change without you."),
        ),
        "return_path": (
            _("Return path"),
            _(
                "Where what cannot be delivered returns to: a host of your own, so that no “via …” stands beside your name."
            ),
        ),
        "spf": (_("Permitted servers (SPF)"), _("Who may send for your domain. There must be one such record only.")),
        "dmarc": (_("Policy (DMARC)"), _("What receivers shall do with mail that only pretends to be yours.")),
    }
    return [(*about[record.key], record) for record in records]


def as_zone_file(records: list[tuple[str, str, str]]) -> str:
    """Records (kind, name, value) as lines that most DNS companies import (RFC 1035); a long text in pieces of at most 255 characters."""
    return "".join(f"{name}. 3600 IN {kind} {_data(kind, value)}\n" for kind, name, value in records)


def _data(kind: str, value: str) -> str:
    if kind == "TXT":
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return " ".join(f'"{escaped[start : start + 250]}"' for start in range(0, len(escaped), 250))
    return f"{value}." if kind == "CNAME" else value


def _record_row(record: Record, zone: str, finding: Finding) -> RecordRow:
    labels = {
        Found.RIGHT: _("Found"), Found.MISSING: _("Not found yet"), Found.WRONG: _("Something else found"),
        Found.MIXED: _("Found, and others beside it"), Found.UNKNOWN: _("The DNS does not answer"),
    }  # fmt: skip
    instead = finding.values if finding.found in (Found.WRONG, Found.MIXED) else ()
    return RecordRow(record, _short(record.name, zone), labels[finding.found], _TONES[finding.found], instead[:5])


def _short(name: str, zone: str) -> str:
    """The name as most companies ask for it: without the zone; `@` for the zone itself."""
    if name == zone:
        return "@"
    return name.removesuffix(f".{zone}") if zone else name
