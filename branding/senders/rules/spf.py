"""Who may send for a name, as an SPF record (RFC 7208) says it.

A name has one SPF record; with two, receivers read none. Includes are followed, and every include, a, mx, ptr, exists and redirect is a look-up:
more than ten, and receivers read none of it. What stands after “all” is never read. Our servers must be named somewhere before it. Where a record
is there already, ours is merged into it and never set beside it: the includes of all of them before the strictest “all” that one of them had.
docs/rules/spf.md has a worked table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from branding.senders.reasons import SenderReason
from core.kernel.reasons import Reason

MOST_LOOKUPS = 10
MECHANISMS = {"all", "include", "a", "mx", "ptr", "exists", "ip4", "ip6"}
MODIFIERS = {"redirect", "exp"}
STRICTNESS = {"-": 3, "~": 2, "?": 1, "+": 0}

Texts = Callable[[str], Sequence[str]]
"""The TXT records of a name; raises `Unanswered` where the DNS does not say."""


class Unanswered(Exception):
    """The DNS did not answer, so that nothing is known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is so, how many look-ups it takes, and what the record should be."""

    reason: Reason
    lookups: int = 0
    advice: str = ""

    @property
    def is_fine(self) -> bool:
        return self.reason.code == SenderReason.FINE


class _Refused(Exception):
    def __init__(self, code: SenderReason, **values: str | int) -> None:
        self.reason = Reason(code, values)


@dataclass(slots=True)
class _Walk:
    texts: Texts
    ours: str
    lookups: int = 0
    found: bool = False
    late: bool = False
    seen: list[str] = field(default_factory=list)

    def read(self, name: str, records: Sequence[str]) -> None:
        """Go through the one record of a name, and everything that it includes."""
        if len(records) > 1:
            raise _Refused(SenderReason.SPF_TWO, count=len(records))
        if not records:
            raise _Refused(SenderReason.SPF_GONE, name=name)
        is_over, redirect = False, ""
        for term in records[0].split()[1:]:
            _, word, value = _parts(name, term)
            if is_over:
                self.late = self.late or value.lower() == self.ours
            elif word == "all":
                is_over = True
            elif word == "redirect":
                redirect = value
            else:
                self._follow(word, value)
        if redirect and not is_over:
            self._follow("redirect", redirect)

    def _follow(self, word: str, value: str) -> None:
        if word in ("ip4", "ip6", "exp"):
            return
        self.lookups += 1
        if self.lookups > MOST_LOOKUPS:
            raise _Refused(SenderReason.SPF_TOO_MANY, most=MOST_LOOKUPS)
        if word in ("include", "redirect") and "%" not in value:
            self.found = self.found or value.lower() == self.ours
            self.read(value.lower(), spf_records(self.texts(value.lower())))


def judge_spf(name: str, *, ours: str, texts: Texts) -> Verdict:
    """What the record of `name` says of `ours`, the name that lists our servers. Raises `Unanswered`."""
    records = spf_records(texts(name))
    advice = merged(records, ours)
    if not records:
        return Verdict(Reason(SenderReason.MISSING), advice=advice)
    walk = _Walk(texts, ours)
    try:
        walk.read(name, records)
    except _Refused as refused:
        return Verdict(refused.reason, walk.lookups, advice)
    if walk.found:
        return Verdict(Reason(SenderReason.FINE), walk.lookups, records[0])
    code = SenderReason.SPF_TOO_LATE if walk.late else SenderReason.SPF_NOT_OURS
    return Verdict(Reason(code, {"include": ours} if walk.late else {}), walk.lookups, advice)


def merged(records: Sequence[str], ours: str) -> str:
    """One record in place of all that are there, with ours in it."""
    terms: list[str] = []
    ends = {"~": "~all"} if not records else {}
    redirect = ""
    for term in (each for record in records for each in record.split()[1:]):
        plain = term.lower()
        if plain.lstrip("+-~?") == "all":
            sign = plain[0] if plain[0] in STRICTNESS else "+"
            ends[sign] = term
        elif plain.startswith("redirect="):
            redirect = term
        elif plain not in (each.lower() for each in terms):
            terms.append(term)
    if f"include:{ours}" not in (term.lower() for term in terms):
        terms.append(f"include:{ours}")
    end = ends[max(ends, key=lambda sign: STRICTNESS[sign])] if ends else redirect or "~all"
    return " ".join(["v=spf1", *terms, end])


def spf_records(texts: Sequence[str]) -> list[str]:
    """Those of a name's texts that are SPF records."""
    return [text.strip() for text in texts if text.strip().lower().split(" ")[0] == "v=spf1"]


def _parts(name: str, term: str) -> tuple[str, str, str]:
    """Sign, word and value of a term; refuses what is none."""
    sign, rest = (term[0], term[1:]) if term[:1] in STRICTNESS else ("+", term)
    cut = min((rest.index(mark) for mark in ":=/" if mark in rest), default=len(rest))
    word, value = rest[:cut].lower(), rest[cut + 1 :].rstrip(".")
    is_modifier = rest[cut : cut + 1] == "="
    known = word.replace("-", "").replace("_", "").isalnum() if is_modifier else word in MECHANISMS
    needs_value = word in ("include", "exists", "ip4", "ip6", "redirect")
    if not known or (needs_value and not value):
        raise _Refused(SenderReason.SPF_BROKEN, name=name, term=term)
    return sign, word if not is_modifier or word in MODIFIERS else "exp", value
