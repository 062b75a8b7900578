"""How an organization guards sign-ins: it logs people off who do nothing, and demands a second factor of those whose role it names.

Somebody is logged off when nothing was done for as many minutes as the organization says; a warning comes before, a fifth of that time but no more
than two minutes. A live session that somebody is in counts as doing something. A second factor is demanded from the day on which it was decided, or
somebody came here, and for so many days of grace they are only reminded. docs/rules/safeguards.md has worked tables.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_WARNING = timedelta(minutes=2)
MINUTES = (0, 5, 10, 15, 20, 30, 45, 60, 120, 240)  # 0: nobody is logged off
MOST_GRACE = 60  # days


class Idleness(StrEnum):
    """How long nothing was done."""

    ACTIVE = "active"
    WARNED = "warned"
    OVER = "over"


def warning(minutes: int) -> timedelta:
    """How long before the end it is warned of."""
    return min(LONGEST_WARNING, timedelta(minutes=minutes) / 5)


def idleness(minutes: int, idle: timedelta) -> Idleness:
    """What becomes of somebody who has done nothing for so long, where people are logged off after `minutes`."""
    if not minutes:
        return Idleness.ACTIVE
    limit = timedelta(minutes=minutes)
    if idle >= limit:
        return Idleness.OVER
    return Idleness.WARNED if idle >= limit - warning(minutes) else Idleness.ACTIVE


class Demand(StrEnum):
    """What a login must do about a second factor."""

    NOTHING = "nothing"
    SOON = "soon"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class FactorFacts:
    """`demanded_since`: when it was decided, or they got here, whichever is later; None where their role is not named."""

    demanded_since: datetime | None
    grace_days: int
    has_factor: bool


def due_at(facts: FactorFacts) -> datetime | None:
    """Until when they are only reminded; None where nothing is demanded, or they have one."""
    if facts.has_factor or facts.demanded_since is None:
        return None
    return facts.demanded_since + timedelta(days=facts.grace_days)


def demand(facts: FactorFacts, now: datetime) -> Demand:
    """What they must do now."""
    due = due_at(facts)
    if due is None:
        return Demand.NOTHING
    return Demand.SOON if now < due else Demand.NOW
