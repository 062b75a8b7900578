"""Calendars that are kept elsewhere.

A practitioner's other calendars are read every 15 minutes, and after failures less and less often, down to every six hours; what was known stays
until then. A time there counts as busy unless it is called off, marked as free, or declined by its owner; a whole day lasts from midnight to
midnight on their clock. Appointments of ours that come back from a program which reads our own calendar address do not count. Of a year and
more ahead at most 10,000 times are taken; a reading takes at most one million bytes and 10 seconds, however many requests it needs. In a busy time
people cannot book themselves, and whoever books for them needs an explanation. What somebody does there is never stored.
docs/rules/external-calendars.md has a worked table.
"""

from datetime import datetime, timedelta

EVERY, LONGEST = timedelta(minutes=15), timedelta(hours=6)
BACK, AHEAD = timedelta(days=1), timedelta(days=400)
MOST_BYTES, MOST_SECONDS, MOST_TIMES = 1_000_000, 10, 10_000
MOST_CALENDARS = 5  # of one practitioner


def read_between(now: datetime) -> tuple[datetime, datetime]:
    """From when, and until when, busy times are taken."""
    return now - BACK, now + AHEAD


def next_reading(now: datetime, *, failures: int) -> datetime:
    """When it is read again after so many failures in a row."""
    return now + min(LONGEST, EVERY * (1 << min(failures, 10)))
