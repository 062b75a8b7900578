"""The calendar file in a mail, and the entry in it."""

from typing import Any

from icalendar import Calendar, Event


def calendar_of(mail: Any) -> tuple[Any, Calendar]:
    """(the part of the message, the file in it)"""
    part = next(part for part in mail.message().walk() if part.get_content_type() == "text/calendar")
    return part, Calendar.from_ical(part.get_payload(decode=True))


def event_of(mail: Any) -> Event:
    return calendar_of(mail)[1].events[0]
