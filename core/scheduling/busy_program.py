"""Reads what a calendar file says about when somebody is busy. Runs in a process of its own (`core.kernel.bounded`): it knows no settings.

Given JSON: `content` (the files), `zone` (of times without one), `begins` and `ends` (seconds since 1970), `email` (whose it is), `most`.
Returned JSON: `times`, a list of [UID, start, end] in seconds, and `is_cut`: that there are more.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import recurring_ical_events
from icalendar import Calendar

PART = timedelta(days=40)  # at a time, so that more times than are wanted are noticed before all are worked out


def read(asked: bytes) -> bytes:
    """The function that is called by name. ValueError for what is no calendar."""
    wanted = json.loads(asked)
    zone = ZoneInfo(wanted["zone"])
    begins, ends = (datetime.fromtimestamp(wanted[name], UTC) for name in ("begins", "ends"))
    most = wanted["most"]
    found: list[tuple[str, int, int]] = []
    for content in wanted["content"]:
        for calendar in _calendars(content):
            times = _times(calendar, zone, begins, ends, wanted["email"].lower())
            found += islice(times, most + 1 - len(found))
    return json.dumps({"times": found[:most], "is_cut": len(found) > most}).encode()


def _calendars(content: str) -> list[Any]:
    """As bytes, because text in one line is taken for the name of a file that is opened. A file that is cut off has no calendar."""
    calendars: Any = Calendar.from_ical(content.encode(), multiple=True)
    if not calendars or not content.rstrip().upper().endswith("END:VCALENDAR"):
        raise ValueError("no calendar, or one without its end")
    return list(calendars)


def _times(calendar: Any, zone: tzinfo, begins: datetime, ends: datetime, email: str) -> Iterator[tuple[str, int, int]]:
    expanded = recurring_ical_events.of(calendar, skip_bad_series=True)
    first = begins
    while first < ends:
        last = min(first + PART, ends)
        for event in expanded.between(first, last):
            starts_at = _instant(event["DTSTART"].dt, zone)
            ends_at = _instant(event["DTEND"].dt, zone) if "DTEND" in event else starts_at
            is_new = first <= starts_at < last or (first == begins and starts_at < begins < ends_at)
            if is_new and ends_at > starts_at and _is_busy(event, email):
                yield str(event.get("UID", "")).replace("\0", ""), int(starts_at.timestamp()), int(ends_at.timestamp())
        first = last


def _instant(moment: date | datetime, zone: tzinfo) -> datetime:
    """A day begins at midnight of the person's clock; a time without a zone is one of that clock."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time.min)
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)).astimezone(UTC)


def _is_busy(event: Any, email: str) -> bool:
    """Not what is called off, nor what its owner marks as free or has declined."""
    if str(event.get("STATUS", "")).upper() == "CANCELLED" or str(event.get("TRANSP", "")).upper() == "TRANSPARENT":
        return False
    if str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper() == "FREE":
        return False
    invited = event.get("ATTENDEE", [])
    return not any(
        str(each).lower().removeprefix("mailto:") == email
        and str(getattr(each, "params", {}).get("PARTSTAT", "")).upper() == "DECLINED"
        for each in (invited if isinstance(invited, list) else [invited])
    )
