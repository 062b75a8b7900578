"""Nobody is in two places at once.

A practitioner, each client, and each room or piece of equipment has at most one appointment at a time. Times are half-open: one may begin at the
instant at which another ends. A cancelled appointment holds no time. One that is over holds what it took: up to its completion and at most to its
planned end where it took place, none where it was missed. One that was extended into the next one, with an explanation, holds its time up to
that one's start. Whoever asks is told who is not free; with whom, and when exactly, only if they may see
that appointment.
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
        return max(self.starts_at, other.starts_at) < min(self.ends_at, other.ends_at)


def held(planned: Span, *, completed_at: datetime, was_missed: bool) -> Span:
    """What an appointment that is over still holds of its planned time; nothing of it when nobody met."""
    if was_missed:
        return Span(planned.starts_at, planned.starts_at)
    return Span(planned.starts_at, min(planned.ends_at, max(completed_at, planned.starts_at)))


def sentence(*, name: str, when: str = "", with_whom: str = "") -> str:
    """Say that `name` is not free; the particulars only where the caller has found that they may be told."""
    if not when:
        return translate("%(name)s is not free then. Please choose another time.", name=name)
    if not with_whom:
        return translate("%(name)s is not free then: %(when)s.", name=name, when=when)
    return translate("%(name)s is not free then: %(when)s, with %(other)s.", name=name, other=with_whom, when=when)
