"""The life of an organization's host, as decisions without database or DNS; docs/rules/domains.md has the same words and the tables.

An organization proves a host by a record in its DNS and points it here; then it gets a certificate and is served. The proof is the TXT
record, or an alias (CNAME) to the organization's own target, which nobody else can guess. Only what the DNS says with certainty changes
anything: servers that fail or are silent leave a host as it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.kernel.translation import gettext_noop, translate

PROOF_GRACE = timedelta(days=7)  # for which a host without its proof is still served while it points here
OVERLAP = timedelta(
    days=14
)  # for which the hosts before work beside a new primary one, unless somebody chooses otherwise
CERTIFICATE_ALARM = timedelta(days=14)
WAITING = timedelta(days=30)  # after which nobody looks any more for records that did not come


class DomainState(StrEnum):
    """Where a host is in its life."""

    english: str
    tone: str

    def __new__(cls, code: str, english: str, tone: str) -> "DomainState":
        member = str.__new__(cls, code)
        member._value_ = code
        member.english, member.tone = english, tone
        return member

    REQUESTED = "requested", gettext_noop("Records to set"), "warning"
    AWAITING_DNS = "awaiting_dns", gettext_noop("Waiting for the records"), "warning"
    OWNERSHIP_VERIFIED = "ownership_verified", gettext_noop("Yours; not pointed here yet"), "info"
    CERT_ISSUING = "cert_issuing", gettext_noop("Getting its certificate"), "info"
    LIVE = "live", gettext_noop("Live"), "success"
    DEGRADED = "degraded", gettext_noop("Needs attention"), "danger"
    DETACHING = "detaching", gettext_noop("Being removed"), "neutral"
    RELEASED = "released", gettext_noop("Removed"), "neutral"
    BLOCKED = "blocked", gettext_noop("Blocked"), "danger"

    @property
    def sentence(self) -> str:
        """In the language in force."""
        return translate(self.english)


STATES = [(state.value, state.english) for state in DomainState]
UNPROVED = frozenset({DomainState.REQUESTED, DomainState.AWAITING_DNS})
PENDING = UNPROVED | {DomainState.OWNERSHIP_VERIFIED, DomainState.CERT_ISSUING}
SERVED = frozenset({DomainState.CERT_ISSUING, DomainState.LIVE, DomainState.DEGRADED, DomainState.DETACHING})
PROVED = frozenset({DomainState.OWNERSHIP_VERIFIED, *SERVED})
# What may follow what, beside this: each but a released one may be blocked or released. A released host comes back as a new request only.
_MOVES = {
    DomainState.REQUESTED: UNPROVED | PROVED,
    DomainState.AWAITING_DNS: PROVED,
    DomainState.OWNERSHIP_VERIFIED: PROVED | {DomainState.AWAITING_DNS},
    DomainState.CERT_ISSUING: PROVED | {DomainState.AWAITING_DNS},
    DomainState.LIVE: {DomainState.DEGRADED, DomainState.DETACHING},
    DomainState.DEGRADED: {DomainState.LIVE, DomainState.DETACHING},
    DomainState.DETACHING: {DomainState.LIVE},
    DomainState.BLOCKED: {DomainState.REQUESTED},
}


class Problem(StrEnum):
    """What is wrong with a host, as it is stored; the sentence is for its administrators."""

    english: str

    def __new__(cls, code: str, english: str) -> "Problem":
        member = str.__new__(cls, code)
        member._value_ = code
        member.english = english
        return member

    @property
    def sentence(self) -> str:
        """In the language in force."""
        return translate(self.english)

    PROOF_MISSING = "proof_missing", gettext_noop("The TXT record that proves it is yours is not there.")
    PROOF_WRONG = "proof_wrong", gettext_noop("There is a TXT record, but with another value.")
    PROOF_LOST = (
        "proof_lost",
        gettext_noop(
            "The TXT record that proves it is yours has been missing for a week. The web address is not answered until it is back."
        ),
    )
    MOVED_AWAY = "moved_away", gettext_noop("The name does not lead here.")
    MIXED = "mixed", gettext_noop("The name leads here and elsewhere at once. Remove the other addresses.")
    CAA = "caa", gettext_noop("Its CAA records forbid us to get a certificate.")
    CERTIFICATE = "certificate", gettext_noop("There is no certificate for it yet.")
    CERTIFICATE_ENDS = "certificate_ends", gettext_noop("Its certificate ends soon and was not renewed.")
    HELD = "held", gettext_noop("It is in use elsewhere. Whoever uses it now must give it back first.")
    UNREACHABLE = "unreachable", gettext_noop("The DNS does not answer at the moment. Nothing was changed.")


class Found(StrEnum):
    """How one record compares with what is expected."""

    RIGHT = "right"
    MISSING = "missing"
    WRONG = "wrong"
    MIXED = "mixed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Standing:
    """What the DNS says of a host, reduced to what decides."""

    proof: Found  # the TXT record
    target: Found  # where the name leads
    by_own_alias: bool = False  # by a CNAME to the organization's own target
    may_issue: bool = True  # what its CAA records say

    @property
    def is_known(self) -> bool:
        return Found.UNKNOWN not in (self.proof, self.target) or (self.by_own_alias and self.target == Found.RIGHT)

    @property
    def is_proved(self) -> bool:
        return self.proof == Found.RIGHT or (self.by_own_alias and self.target == Found.RIGHT)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The state that follows, and what is wrong, if anything is."""

    state: DomainState
    problem: str = ""


def may_move(before: DomainState, after: DomainState) -> bool:
    """Whether one state may follow another."""
    if before == DomainState.RELEASED:
        return False
    return after in (DomainState.RELEASED, DomainState.BLOCKED) or after in _MOVES[before]


def is_served(state: DomainState, problem: str) -> bool:
    """Whether requests for the host are answered: not one that leads elsewhere or lost its proof, because a stranger may have it by now."""
    return state in SERVED and not (
        state == DomainState.DEGRADED and problem in (Problem.MOVED_AWAY, Problem.PROOF_LOST)
    )


def judge(
    state: DomainState, standing: Standing, *, needs_certificate: bool, proof_lost_for: timedelta | None = None
) -> Verdict:
    """What follows for a host in `state` from what the DNS says; `proof_lost_for`: for how long its proof has been missing already."""
    if state in (DomainState.DETACHING, DomainState.RELEASED, DomainState.BLOCKED):
        return Verdict(state)
    if not standing.is_known:
        return Verdict(state, Problem.UNREACHABLE)  # and what was wrong before stays so: see `tenants.domains`
    if state in (DomainState.LIVE, DomainState.DEGRADED):
        return _judge_served(standing, proof_lost_for)
    if standing.proof != Found.RIGHT:  # the first proof is the TXT record, whatever else points here
        return Verdict(
            DomainState.AWAITING_DNS, Problem.PROOF_WRONG if standing.proof == Found.WRONG else Problem.PROOF_MISSING
        )
    if standing.target != Found.RIGHT:
        return Verdict(DomainState.OWNERSHIP_VERIFIED, _of_target(standing.target))
    if not needs_certificate:
        return Verdict(DomainState.LIVE)
    return (
        Verdict(DomainState.CERT_ISSUING, Problem.CERTIFICATE)
        if standing.may_issue
        else Verdict(DomainState.OWNERSHIP_VERIFIED, Problem.CAA)
    )


def problem_of_certificate(starts: datetime | None, ends: datetime | None, *, now: datetime) -> str:
    """What is wrong with a certificate: it should have been renewed 14 days before its end, a short-lived one at a quarter of its life."""
    if starts is None or ends is None:
        return ""
    return Problem.CERTIFICATE_ENDS if ends - now < min(CERTIFICATE_ALARM, (ends - starts) / 4) else ""


def target_of(addresses: Iterable[str], ours: Iterable[str]) -> Found:
    """How the addresses of a name compare with ours."""
    found, expected = set(addresses), set(ours)
    if not found:
        return Found.MISSING
    if found <= expected:
        return Found.RIGHT
    return Found.MIXED if found & expected else Found.WRONG


def _judge_served(standing: Standing, proof_lost_for: timedelta | None) -> Verdict:
    if standing.target != Found.RIGHT:
        return Verdict(DomainState.DEGRADED, _of_target(standing.target))
    if not standing.is_proved:
        lost = proof_lost_for is not None and proof_lost_for >= PROOF_GRACE
        return Verdict(DomainState.DEGRADED, Problem.PROOF_LOST if lost else Problem.PROOF_MISSING)
    return Verdict(DomainState.LIVE)


def _of_target(target: Found) -> str:
    return Problem.MIXED if target == Found.MIXED else Problem.MOVED_AWAY
