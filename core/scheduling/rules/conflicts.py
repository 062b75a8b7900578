"""Nobody is in two places at once.

A practitioner, and each client, has at most one appointment at a time. Times are half-open: one may begin at the instant at which another
ends. A cancelled appointment holds no time; a completed one does. Whoever asks is told who is not free; with whom, and when exactly, only if
they may see that appointment.
docs/rules/conflicts.md has a worked table.
"""

from dataclasses import dataclass
from datetime import datetime

from core.kernel.translation import translate


@dataclass(frozen=True, slots=True)
class Span:
    """From an instant up to, and not including, another."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


def sentence(*, name: str, when: str = "", with_whom: str = "") -> str:
    """Say that `name` is not free; the particulars only where the caller has found that they may be told."""
    if not when:
        return translate("%(name)s is not free then. Please choose another time.", name=name)
    if not with_whom:
        return translate("%(name)s is not free then: %(when)s.", name=name, when=when)
    return translate("%(name)s is not free then: %(when)s, with %(other)s.", name=name, other=with_whom, when=when)
