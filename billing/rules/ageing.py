"""How long something has been overdue.

What is still due of an open invoice counts from the day after its due date, where the organization is: not due yet, 1 to 30 days overdue, 31 to 60,
61 to 90, or more than 90. What was paid or credited of it does not count, and neither does what was paid too much for another one.
docs/rules/ageing.md has a worked table.
"""

from datetime import date, timedelta
from enum import StrEnum


class Age(StrEnum):
    """How long ago an invoice was due."""

    NOT_DUE = "not_due"
    TO_30 = "1-30"
    TO_60 = "31-60"
    TO_90 = "61-90"
    OVER_90 = "90+"


_MOST = {Age.NOT_DUE: 0, Age.TO_30: 30, Age.TO_60: 60, Age.TO_90: 90}


def days_overdue(due_on: date, today: date) -> int:
    """How many days ago it was due; 0 while it is not."""
    return max((today - due_on).days, 0)


def age_of(due_on: date, today: date) -> Age:
    """Where an invoice that is due on this day belongs."""
    days = days_overdue(due_on, today)
    return next((age for age, most in _MOST.items() if days <= most), Age.OVER_90)


def due_between(age: Age, today: date) -> tuple[date | None, date | None]:
    """The first and the last due date of this age; None where it has no end."""
    order = list(Age)
    before = _MOST.get(order[order.index(age) - 1]) if age != Age.NOT_DUE else None
    last = None if before is None else today - timedelta(days=before + 1)
    most = _MOST.get(age)
    return (None if most is None else today - timedelta(days=most)), last
