"""The records of an own domain: what to set, and what the DNS says now. Names in them are neutral: those of the mail zone (`MAIL_ZONE`)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from branding.senders import keys
from branding.senders.models import SigningKey
from branding.senders.reasons import SenderReason
from branding.senders.rules.mail_records import domains_above, judge_dkim, judge_dmarc, judge_return_path
from branding.senders.rules.sender_state import Found
from branding.senders.rules.spf import MOST_LOOKUPS, Unanswered, judge_spf, merged, spf_records
from core.kernel.reasons import Reason, stored_reason
from tenants.dns import Answer, Problem, Resolver, system_resolver

BOUNCE = "bounce"


@dataclass(frozen=True, slots=True)
class MailZone:
    """The operator's names behind the records. Nobody can tell from them who the operator is."""

    name: str

    @property
    def spf(self) -> str:
        return f"spf.{self.name}"

    @property
    def bounce(self) -> str:
        return f"{BOUNCE}.{self.name}"

    @property
    def exchange(self) -> str:
        return settings.MAIL_BOUNCE_HOST or f"mx.{self.name}"

    def dkim(self, selector: str) -> str:
        return f"{selector}.dkim.{self.name}"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of a domain: what it is for, what to set, what was found. Kept as JSON with the sender."""

    key: str  # dkim, dkim_next, return_path, spf, dmarc
    kind: str  # CNAME or TXT
    host: str
    value: str
    found: str
    reason_code: str
    reason_values: dict[str, Any]
    seen: list[str]
    text: str = ""  # what can be set in place of the alias, as TXT
    lookups: int = 0

    @property
    def sentence(self) -> str:
        reason = stored_reason(self.reason_code, self.reason_values)
        return reason.sentence() if reason else ""

    @property
    def is_right(self) -> bool:
        return self.found == Found.RIGHT

    @property
    def tone(self) -> str:
        if self.found == Found.RIGHT:
            return "success"
        return "neutral" if self.found == Found.UNKNOWN else "warning" if self.key == "dkim_next" else "danger"

    @property
    def most_lookups(self) -> int:
        return MOST_LOOKUPS

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def mail_zone() -> MailZone | None:
    """None where mail leaves by a provider, which signs by itself, or nobody has named a zone."""
    return MailZone(settings.MAIL_ZONE) if settings.MAIL_ZONE and not settings.MAIL_PROVIDER else None


def return_host(domain: str) -> str:
    """Where what cannot be delivered returns to: a host of the domain's own, so that it vouches for itself."""
    return f"{BOUNCE}.{domain}"


def look_up(
    domain: str, pair: Sequence[SigningKey], *, zone: MailZone, resolver: Resolver | None = None
) -> list[Record]:
    """Ask the DNS for every record of the domain."""
    asker = _Asker(resolver or system_resolver())
    return [
        *(_dkim(asker, domain, key, zone) for key in pair if key.state != SigningKey.State.RETIRED),
        _return_path(asker, domain, zone),
        _spf(asker, domain, zone),
        _dmarc(asker, domain),
    ]


def stored(found: Iterable[dict[str, Any]]) -> list[Record]:
    """Records as they were kept."""
    return [Record(**record) for record in found]


class _Asker:
    """Texts by name; raises `Unanswered` where the DNS does not say. Two silences, and it is asked no more: mail waits behind this."""

    MOST_SILENCES = 2

    def __init__(self, resolver: Resolver) -> None:
        self.resolver, self.silences = resolver, 0

    def texts(self, name: str) -> tuple[str, ...]:
        return self._certain(name, self.resolver.texts)

    def takes_mail(self, name: str) -> bool:
        return any(server.host for server in self._certain(name, self.resolver.mail_servers))

    def _certain(self, name: str, ask: Callable[[str], Answer[Any]]) -> tuple[Any, ...]:
        if self.silences >= self.MOST_SILENCES:
            raise Unanswered(name)
        answer = ask(name)
        self.silences += answer.problem == Problem.TIMED_OUT
        if not answer.is_certain:
            raise Unanswered(name)
        return answer.records


def _dkim(asker: _Asker, domain: str, key: SigningKey, zone: MailZone) -> Record:
    host = f"{key.selector}._domainkey.{domain}"
    name = "dkim" if key.state == SigningKey.State.ACTIVE else "dkim_next"
    common: dict[str, Any] = {
        "key": name, "kind": "CNAME", "host": host, "value": zone.dkim(key.selector), "text": keys.record_of(key),
    }  # fmt: skip
    try:
        texts = asker.texts(host)
    except Unanswered:
        return _record(common, Reason(SenderReason.UNKNOWN), ())
    return _record(common, judge_dkim(texts, expected=key.public_key), texts)


def _return_path(asker: _Asker, domain: str, zone: MailZone) -> Record:
    host = return_host(domain)
    common: dict[str, Any] = {"key": "return_path", "kind": "CNAME", "host": host, "value": zone.bounce}
    try:
        takes_mail, texts = asker.takes_mail(host), asker.texts(host)
        verdict = judge_spf(host, ours=zone.spf, texts=asker.texts)
    except Unanswered:
        return _record(common, Reason(SenderReason.UNKNOWN), ())
    reason = judge_return_path(host, takes_mail=takes_mail, exists=takes_mail or bool(texts), spf=verdict.reason)
    return _record({**common, "lookups": verdict.lookups}, reason, spf_records(texts))


def _spf(asker: _Asker, domain: str, zone: MailZone) -> Record:
    common: dict[str, Any] = {"key": "spf", "kind": "TXT", "host": domain}
    try:
        texts = asker.texts(domain)
        verdict = judge_spf(domain, ours=zone.spf, texts=asker.texts)
    except Unanswered:
        return _record({**common, "value": merged((), zone.spf)}, Reason(SenderReason.UNKNOWN), ())
    return _record({**common, "value": verdict.advice, "lookups": verdict.lookups}, verdict.reason, spf_records(texts))


def _dmarc(asker: _Asker, domain: str) -> Record:
    common: dict[str, Any] = {"key": "dmarc", "kind": "TXT", "host": f"_dmarc.{domain}", "value": "v=DMARC1; p=none"}
    try:
        texts = next((found for name in domains_above(domain) if (found := asker.texts(f"_dmarc.{name}"))), ())
    except Unanswered:
        return _record(common, Reason(SenderReason.UNKNOWN), ())
    return _record(common, judge_dmarc(texts), texts)


def _record(common: dict[str, Any], reason: Reason, seen: Sequence[str]) -> Record:
    state = {SenderReason.FINE: Found.RIGHT, SenderReason.UNKNOWN: Found.UNKNOWN}.get(
        SenderReason(reason.code), Found.WRONG
    )
    return Record(
        **common,
        found=state.value,
        reason_code=reason.code.value,
        reason_values=reason.stored_values(),
        seen=[text[:500] for text in seen][:5],
    )
