"""The checks: one per row, reads captures, yields findings. A row without anything to read has not passed."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from core.leak_walk.checklist.captures import Capture, Kind
from core.leak_walk.checklist.rows import MAY_BE_MISSING, ROWS, UNWALKED, Status

MOST_FINDINGS = 20  # of one row, that are kept
# Programs that such products are made of; people never need their names, and none of these is an everyday word.
MADE_OF = re.compile(
    r"\b(django|wagtail|uvicorn|daphne|hypercorn|gunicorn|caddy|nginx|celery|allauth|anymail|typst|reportlab|weasyprint|"
    r"lavf|libav|janus|coturn|livekit|postgresql|valkey|sendgrid|mailgun|postmark|mandrill|icalendar|adamgibbons)\b",
    re.IGNORECASE,
)  # fmt: skip
GAPS = re.compile(
    r"\{\{|\{%|%\(\w+\)s|\$\{|\bundefined\b|\[object |\bNone\b(?= |$)|\bNaN\b|\bTODO\b|\bFIXME\b|\blorem ipsum\b| ,(?= |$)"
)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is the organization's own, and what is somebody else's."""

    name: str
    hosts: frozenset[str]
    vendor: tuple[str, ...]
    others: tuple[str, ...] = ()
    partners: frozenset[str] = frozenset()  # hosts that pages may ask on purpose: the payment provider's
    senders: frozenset[str] = frozenset()  # domains in From


@dataclass(frozen=True, slots=True)
class Finding:
    """Where, and what was found there."""

    place: str
    found: str


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row; `seen` counts what was looked at."""

    row: str
    status: Status
    seen: int = 0
    findings: tuple[Finding, ...] = field(default=())


Check = Callable[[Facts, list[Capture]], Iterator[Finding]]
CHECKS: dict[str, tuple[tuple[Kind, ...], Callable[[Capture], bool], Check]] = {}


def check(row: str, *kinds: Kind, only: Callable[[Capture], bool] = lambda capture: True) -> Callable[[Check], Check]:
    """Register the check of a row, and which captures it reads."""

    def register(function: Check) -> Check:
        CHECKS[row] = (kinds, only, function)
        return function

    return register


def look_at(facts: Facts, captures: Iterable[Capture]) -> list[RowResult]:
    """Every row, in order."""
    received = list(captures)
    return [_row(row, facts, received) for row in ROWS]


def _row(row: str, facts: Facts, received: list[Capture]) -> RowResult:
    if row in UNWALKED:
        return RowResult(row, UNWALKED[row].status)
    kinds, only, function = CHECKS[row]
    read = [capture for capture in received if capture.kind in kinds and only(capture)]
    findings = list(dict.fromkeys(function(facts, read)))
    if findings:
        return RowResult(row, Status.LEAK, len(read), tuple(findings[:MOST_FINDINGS]))
    missing = Status.ABSENT if row in MAY_BE_MISSING else Status.UNSEEN
    return RowResult(row, Status.PASSED if read else missing, len(read))


# -- what is looked for ------------------------------------------------------------------------------------------------


def vendor_in(facts: Facts, text: str) -> Iterator[str]:
    """The vendor's words in the text."""
    low = text.lower()
    return (word for word in facts.vendor if word.lower() in low)


def others_in(facts: Facts, text: str) -> Iterator[str]:
    """Other organizations' names and hosts, as whole words."""
    return (name for name in facts.others if name in text and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text))


def made_of(text: str) -> Iterator[str]:
    """Names of programs."""
    return (found.group() for found in MADE_OF.finditer(text))


def gaps_in(text: str) -> Iterator[str]:
    """Variables that nobody filled in, and notes."""
    return (text[max(0, found.start() - 20) : found.end() + 20].strip() for found in GAPS.finditer(text))


def told(capture: Capture, words: Iterable[str]) -> Iterator[Finding]:
    """A finding for each of the words."""
    return (Finding(capture.where, word) for word in words)


def foreign(facts: Facts, base: str, address: str) -> str:
    """The host that the address leads to when it is neither ours nor a partner's; else empty."""
    host = (urlsplit(urljoin(base, address)).hostname or "") if address else ""
    return "" if not host or host in facts.hosts or host in facts.partners else host
