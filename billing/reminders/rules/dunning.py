"""When a payer is reminded of an overdue invoice.

Reminders have three levels, from polite to firm. Each has its day after the due date; an organization sets the days, and leaves a level out by
leaving its day empty. An invoice gets each level once, in order, and never two on one day: whoever was reminded late has as many days until the next
level as lie between the two in the schedule. By itself nothing goes out while reminders are switched off, where money went back for the invoice, and
while staff have noted that it is not to be reminded of, or that payment is promised; after the promised day reminders go on. By hand the next level
can be sent at any time once the invoice is due, unless one has left on the same day or the last one has been sent. While a bank decides about a
payment of the invoice, nothing goes out at all; money that it has taken for good went back.
docs/rules/dunning.md has a worked table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Schedule:
    """How many days after the due date each level leaves; None leaves it out."""

    days: tuple[int | None, ...]

    @property
    def levels(self) -> list[int]:
        """The levels that there are, the most polite first."""
        return [level for level, day in enumerate(self.days, start=1) if day is not None]

    def day_of(self, level: int) -> int:
        """How many days after the due date this level leaves. ValueError for one that is left out."""
        day = self.days[level - 1]
        if day is None:
            raise ValueError("this level is left out")
        return day


@dataclass(frozen=True, slots=True)
class Overdue:
    """An open invoice: when it was due, which levels were sent on which days, and what holds reminders back."""

    due_on: date
    sent: Mapping[int, date]
    is_stopped: bool = False
    promised_until: date | None = None
    has_refund: bool = False
    is_disputed: bool = False


def next_level(invoice: Overdue, schedule: Schedule) -> int | None:
    """The level after the highest that was sent; None after the last."""
    last = max(invoice.sent, default=0)
    return next((level for level in schedule.levels if level > last), None)


def next_day(invoice: Overdue, schedule: Schedule) -> date | None:
    """The day on which the next level leaves by itself; None where none will."""
    level = next_level(invoice, schedule)
    if level is None or invoice.is_stopped or invoice.has_refund or invoice.is_disputed:
        return None
    day = invoice.due_on + timedelta(days=schedule.day_of(level))
    if invoice.sent:
        before, last = max(invoice.sent.items())
        gap = schedule.day_of(level) - (schedule.days[before - 1] or 0)
        day = max(day, last + timedelta(days=max(gap, 1)))
    if invoice.promised_until is not None:
        day = max(day, invoice.promised_until + timedelta(days=1))
    return day


def level_by_itself(invoice: Overdue, schedule: Schedule, today: date) -> int | None:
    """The level that leaves today without anybody's doing; None when none does."""
    day = next_day(invoice, schedule)
    return next_level(invoice, schedule) if day is not None and day <= today else None


def level_by_hand(invoice: Overdue, schedule: Schedule, today: date) -> int | None:
    """The level that somebody may send today; None when none is left, one has left today, nothing is overdue, or it is disputed."""
    if invoice.due_on >= today or invoice.is_disputed or today in invoice.sent.values():
        return None
    return next_level(invoice, schedule)
