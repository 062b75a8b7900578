"""What the DNS of a domain has to say before mail leaves in its name.

The key: under the selector stands the public half of the key that signs, whole, and no second one. The return path: a host of the domain's own
takes what cannot be delivered, and its SPF record names our servers. DMARC: one record with a policy, none at least; where the domain has none,
that of the domain above counts.
docs/rules/mail-records.md has a worked table.
"""

import re
from collections.abc import Sequence

from branding.senders.reasons import SenderReason
from core.kernel.reasons import Reason

POLICIES = {"none", "quarantine", "reject"}


def judge_dkim(texts: Sequence[str], *, expected: str) -> Reason:
    """`expected`: the public key, in base64."""
    if not texts:
        return Reason(SenderReason.MISSING)
    if len(texts) > 1:
        return Reason(SenderReason.DKIM_TWO)
    seen = re.sub(r"\s", "", _tags(texts[0]).get("p", ""))
    if not seen:
        return Reason(SenderReason.DKIM_NO_KEY, {"seen": texts[0][:80]})
    if seen == expected:
        return Reason(SenderReason.FINE)
    if expected.startswith(seen) or expected.endswith(seen):
        return Reason(SenderReason.DKIM_CUT, {"seen": len(seen), "whole": len(expected)})
    return Reason(SenderReason.DKIM_WRONG)


def judge_dmarc(texts: Sequence[str]) -> Reason:
    """The TXT records under _dmarc of the domain, or of the nearest one above that has some."""
    records = dmarc_records(texts)
    if not records:
        return Reason(SenderReason.MISSING)
    if len(records) > 1:
        return Reason(SenderReason.DMARC_TWO, {"count": len(records)})
    return Reason(SenderReason.FINE if policy_of(records[0]) in POLICIES else SenderReason.DMARC_BROKEN)


def judge_return_path(name: str, *, takes_mail: bool, exists: bool, spf: Reason) -> Reason:
    """`spf`: the verdict on the SPF record of this very name."""
    if not exists:
        return Reason(SenderReason.MISSING)
    return spf if takes_mail else Reason(SenderReason.RETURN_NO_MAIL, {"name": name})


def dmarc_records(texts: Sequence[str]) -> list[str]:
    """Those of the texts that are DMARC records."""
    return [text for text in texts if text.replace(" ", "").lower().startswith("v=dmarc1")]


def policy_of(record: str) -> str:
    """What a DMARC record wants done with mail that nothing vouches for."""
    return _tags(record).get("p", "").lower()


def domains_above(domain: str) -> list[str]:
    """The domain and those above it that somebody can own, the nearest first."""
    labels = domain.split(".")
    return [".".join(labels[start:]) for start in range(max(1, len(labels) - 1))]


def _tags(record: str) -> dict[str, str]:
    """The tags of a record like “v=DKIM1; p=…”."""
    pairs = (part.partition("=") for part in record.split(";") if "=" in part)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}
