"""When an appointment can be completed, and when somebody is reminded that it is not.

It can be completed from its start. One that was held before its booked start can be completed up to twelve hours before that start, when somebody
says so; what did not take place can be no earlier. That somebody did not come is offered as many minutes after the start as the organization has
decided. Whoever runs it is reminded once, a day after its end, of what is still to be completed.
docs/rules/completion.md has a worked table.
"""

from datetime import datetime, timedelta

EARLY = timedelta(hours=12)
REMINDED_AFTER = timedelta(days=1)
MOST_MINUTES = 120  # of the no-show clock
FORGOTTEN_AFTER = timedelta(days=14)  # nobody is reminded of what is older


def can_complete(starts_at: datetime, *, was_held_before: bool, now: datetime) -> bool:
    """Whether an appointment that begins then can be completed now. Instants are aware."""
    return now >= starts_at - EARLY if was_held_before else now >= starts_at


def missed_from(starts_at: datetime, *, minutes: int) -> datetime:
    """From when it is offered that somebody did not come, so many minutes after the start."""
    return starts_at + timedelta(minutes=minutes)


def is_to_be_reminded(ends_at: datetime, *, now: datetime) -> bool:
    """Whether it is time to remind of one that ended then and is not completed."""
    return REMINDED_AFTER <= now - ends_at < FORGOTTEN_AFTER
