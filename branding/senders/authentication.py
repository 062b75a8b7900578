"""What a receiver would find out about a message that we handed over: our own look at its signature and at the DNS; and what the receiver itself
has found, as far as the message comes back with it.
"""

import re
from dataclasses import asdict, dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from email.utils import parseaddr
from typing import Any

import dkim

from branding.senders.reasons import SenderReason
from branding.senders.records import mail_zone
from branding.senders.rules.mail_records import dmarc_records, domains_above, judge_dmarc, policy_of
from branding.senders.rules.spf import Unanswered, judge_spf, spf_records
from tenants.dns import Resolver, system_resolver

METHODS = ("spf", "dkim", "dmarc")
_RESULT = re.compile(rf"\b({'|'.join(METHODS)})\s*=\s*(\w{{1,20}})", re.IGNORECASE)
PASS, FAIL, NONE, UNKNOWN = "pass", "fail", "none", "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One of SPF, DKIM and DMARC, as receivers name the results (RFC 8601), and the domain that it is about."""

    method: str
    result: str
    domain: str
    aligned: bool = False
    detail: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def findings(raw: bytes, *, envelope_sender: str, resolver: Resolver | None = None) -> list[Finding]:
    """SPF, DKIM and DMARC of the message as it was handed over."""
    asked = resolver or system_resolver()
    domain = parseaddr(str(message_from_bytes(raw).get("From", "")))[1].rpartition("@")[2].lower()
    found = [_spf(envelope_sender.rpartition("@")[2].lower(), domain, asked), _dkim(raw, domain, asked)]
    return [*found, _dmarc(domain, found, asked)]


def received_results(message: Message) -> list[dict[str, str]]:
    """What the receiving server noted in the message that has come back, alone or inside a report (RFC 8601): server, method, result.

    The first line counts, because each server puts its own above those of the servers before.
    """
    inside = [part for part in message.walk() if part.get_content_type() in ("message/rfc822", "text/rfc822-headers")]
    headers = _headers_of(inside[0]) if inside else message
    if not inside and message.get_content_type() == "multipart/report":
        return []  # what stands over a report is about the report
    line = " ".join(str(headers.get("Authentication-Results", "")).split())[:2000]
    server = line.partition(";")[0].split(" ")[0][:253]
    pairs = {method.lower(): result for method, result in reversed(_RESULT.findall(line.partition(";")[2]))}
    return [
        {"server": server, "method": method.upper(), "result": pairs[method].lower()}
        for method in METHODS
        if method in pairs
    ]


def _headers_of(part: Message) -> Message:
    payload = part.get_payload()
    if isinstance(payload, list):
        return payload[0] if payload else part  # type: ignore[return-value]
    return message_from_string(str(payload))


def _spf(host: str, domain: str, resolver: Resolver) -> Finding:
    zone = mail_zone()
    try:
        if zone is not None:
            verdict = judge_spf(host, ours=zone.spf, texts=lambda name: _texts(name, resolver))
            if verdict.is_fine:
                return Finding("SPF", PASS, host, _is_aligned(host, domain), f"include:{zone.spf}")
        records = spf_records(_texts(host, resolver))
    except Unanswered:
        return Finding("SPF", UNKNOWN, host, _is_aligned(host, domain))
    if not records:
        return Finding("SPF", NONE, host, _is_aligned(host, domain))
    # Because which server passes the mail on, and from which address, is not ours to see.
    return Finding("SPF", UNKNOWN, host, _is_aligned(host, domain), records[0][:200])


def _dkim(raw: bytes, domain: str, resolver: Resolver) -> Finding:
    header = message_from_bytes(raw).get("DKIM-Signature")
    if header is None:
        return Finding("DKIM", NONE, domain)
    tags = dict(part.strip().split("=", 1) for part in str(header).split(";") if "=" in part)
    signer = tags.get("d", "").strip().lower()

    def texts(name: bytes | str, timeout: float = 5) -> bytes | None:
        plain = name.decode() if isinstance(name, bytes) else name
        found = _texts(plain.rstrip("."), resolver)
        return found[0].encode() if found else None

    try:
        is_good = dkim.verify(raw, dnsfunc=texts)
    except Unanswered:
        return Finding("DKIM", UNKNOWN, signer, _is_aligned(signer, domain), tags.get("s", "").strip())
    except dkim.DKIMException:
        is_good = False
    return Finding("DKIM", PASS if is_good else FAIL, signer, _is_aligned(signer, domain), tags.get("s", "").strip())


def _dmarc(domain: str, before: list[Finding], resolver: Resolver) -> Finding:
    try:
        names = domains_above(domain)
        texts = next((found for name in names if (found := dmarc_records(_texts(f"_dmarc.{name}", resolver)))), [])
    except Unanswered:
        return Finding("DMARC", UNKNOWN, domain)
    if judge_dmarc(texts).code != SenderReason.FINE:
        return Finding("DMARC", NONE, domain)
    detail = f"p={policy_of(texts[0])}"
    if any(finding.result == PASS and finding.aligned for finding in before):
        return Finding("DMARC", PASS, domain, True, detail)
    # Because a signature that a mail server adds later may still pass.
    hidden = any(
        finding.result == UNKNOWN or (finding.method == "DKIM" and finding.result == NONE) for finding in before
    )
    return Finding("DMARC", UNKNOWN if hidden else FAIL, domain, False, detail)


def _is_aligned(host: str, domain: str) -> bool:
    """Whether one name belongs to the other, as DMARC's relaxed alignment has it."""
    return bool(host) and (host == domain or host.endswith(f".{domain}") or domain.endswith(f".{host}"))


def _texts(name: str, resolver: Resolver) -> tuple[str, ...]:
    answer = resolver.texts(name)
    if not answer.is_certain:
        raise Unanswered(name)
    return answer.records
