"""Who is paid out of what is owed, and who is not yet.

What somebody has earned up to a day and was not paid is added up. A sum above zero is paid; one of zero or below stays, and what is earned next is
set against it. docs/rules/payout.md has a worked table.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from core.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Sums:
    """By person: what is paid now, and what stays."""

    paid: Mapping[UUID, Money]
    kept: Mapping[UUID, Money]


def sums_of(entries: Iterable[tuple[UUID, int]], *, currency: str) -> Sums:
    """Add up minor units by person."""
    found: dict[UUID, int] = {}
    for person, amount in entries:
        found[person] = found.get(person, 0) + amount
    sums = {person: Money(amount, currency) for person, amount in found.items()}
    return Sums(
        {person: total for person, total in sums.items() if total.amount > 0},
        {person: total for person, total in sums.items() if total.amount <= 0},
    )


def fingerprint(sums: Sums) -> str:
    """A text that differs when anybody's sum does: what was seen is what is paid."""
    rows = sorted(f"{person}:{total.amount}:{total.currency}" for person, total in sums.paid.items())
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()[:32]
