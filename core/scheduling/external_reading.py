"""Reading a practitioner's calendar that is kept elsewhere: what comes, when they are busy by it, and what went wrong in words."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from urllib.parse import urlsplit

from django.conf import settings

from core.kernel import bounded, encryption, outside
from core.kernel.outside import Budget, Request, Resolve, Trouble, Unreachable, is_same_server
from core.kernel.reasons import Reason
from core.scheduling import caldav
from core.scheduling.models import Appointment, AppointmentSeries, BusyTime, ExternalCalendar
from core.scheduling.reasons import ExternalReason
from core.scheduling.rules import external_calendars as rules

PROGRAM = "core.scheduling.busy_program:read"
MEGABYTES, SECONDS, PATIENCE = 700, 10, 25
MANY = 2000  # of one statement
Times = list[tuple[datetime, datetime]]
TROUBLES = {
    Trouble.ADDRESS: ExternalReason.ADDRESS,
    Trouble.UNKNOWN_HOST: ExternalReason.UNKNOWN_HOST,
    Trouble.PRIVATE: ExternalReason.PRIVATE,
    Trouble.SLOW: ExternalReason.SLOW,
    Trouble.TOO_MUCH: ExternalReason.TOO_MUCH,
    Trouble.CERTIFICATE: ExternalReason.CERTIFICATE,
    Trouble.REFUSED: ExternalReason.REFUSED,
    Trouble.REDIRECTS: ExternalReason.REDIRECTS,
}


class Unread(Exception):
    """It could not be read; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code.value)
        self.reason = reason


def read_times(calendar: ExternalCalendar, *, now: datetime, resolve: Resolve = outside.look_up) -> Times:
    """When its owner is busy by it, from today on; without what came from our own calendar addresses. Raises Unread."""
    begins, ends = rules.read_between(now)
    found = _expanded(calendar, _fetched(calendar, begins, ends, resolve=resolve), begins, ends)
    ours = _ours({uid for uid, _, _ in found})
    times = {(starts, finishes) for uid, starts, finishes in found if uid not in ours}
    return [tuple(datetime.fromtimestamp(edge, UTC) for edge in each) for each in sorted(times)]  # type: ignore[misc] because each has two


def _fetched(calendar: ExternalCalendar, begins: datetime, ends: datetime, *, resolve: Resolve) -> list[str]:
    """The files, as they come. All that is asked for one calendar has one budget."""
    try:
        request = Request(
            calendar.address,
            authorization=caldav.authorization(calendar.username, calendar.password) if calendar.username else "",
            budget=Budget(most_bytes=rules.MOST_BYTES, seconds=rules.MOST_SECONDS),
            allows_private=settings.PRIVATE_CALENDARS,
        )
        fetch = partial(outside.fetch, resolve=resolve)
        if calendar.kind == ExternalCalendar.Kind.CALDAV:
            objects = caldav.events_between(request, begins, ends, fetch=fetch)
            return [_checked(each.encode(), calendar.host) for each in objects]
        answer = fetch(request)
    except encryption.InvalidToken as error:
        raise Unread(Reason(ExternalReason.SECRET_LOST)) from error
    except Unreachable as error:
        raise Unread(Reason(TROUBLES[error.trouble], {"host": error.host or calendar.host})) from error
    except caldav.NoCalendar as error:
        raise Unread(_said_by_caldav(error, calendar)) from error
    if answer.status != 200:
        raise Unread(_said(answer.status, calendar.host))
    return [_checked(answer.content, calendar.host)]


def _checked(content: bytes, host: str) -> str:
    """The file as text, if it begins as calendars do."""
    if not content.lstrip(b"\xef\xbb\xbf \r\n\t").upper().startswith(b"BEGIN:VCALENDAR"):
        is_page = content.lstrip()[:1] == b"<"
        raise Unread(Reason(ExternalReason.PAGE if is_page else ExternalReason.NO_CALENDAR, {"host": host}))
    return content.decode("utf-8-sig", errors="replace")


def _said_by_caldav(error: caldav.NoCalendar, calendar: ExternalCalendar) -> Reason:
    """Where a server wants a password that it was not given, because it is not the one that was typed, its address is what helps."""
    if error.status in (401, 403) and not is_same_server(error.url, calendar.address):
        return Reason(ExternalReason.ELSEWHERE, {"host": calendar.host, "other": urlsplit(error.url).hostname or ""})
    return _said(error.status, calendar.host)


def _said(status: int, host: str) -> Reason:
    if status in (401, 403):
        return Reason(ExternalReason.LOGIN_REFUSED, {"host": host})
    if status in (404, 410):
        return Reason(ExternalReason.GONE, {"host": host})
    if status == 207:
        return Reason(ExternalReason.NO_CALENDAR, {"host": host})
    return Reason(ExternalReason.ANSWERED, {"host": host, "status": status})


def _expanded(
    calendar: ExternalCalendar, content: Sequence[str], begins: datetime, ends: datetime
) -> list[tuple[str, int, int]]:
    practitioner = calendar.practitioner
    asked = {
        "content": content,
        "zone": practitioner.user.time_zone,
        "begins": int(begins.timestamp()),
        "ends": int(ends.timestamp()),
        "email": practitioner.user.email,
        "most": rules.MOST_TIMES,
    }
    try:
        given = json.dumps(asked).encode()
        made = json.loads(bounded.run(PROGRAM, given, megabytes=MEGABYTES, seconds=SECONDS, patience=PATIENCE))
    except bounded.Exhausted as error:
        raise Unread(Reason(ExternalReason.TOO_MANY, {"most": rules.MOST_TIMES})) from error
    except bounded.Failed as error:
        raise Unread(Reason(ExternalReason.NO_CALENDAR, {"host": calendar.host})) from error
    if made["is_cut"]:
        raise Unread(Reason(ExternalReason.TOO_MANY, {"most": rules.MOST_TIMES}))
    return [tuple(each) for each in made["times"]]


def _ours(uids: set[str]) -> set[str]:
    """Those that are our own appointments, on their way back from a program that reads one of our calendar addresses."""
    found: set[str] = set()
    known = sorted(uids)
    for first in range(0, len(known), MANY):
        some = known[first : first + MANY]
        found |= set(Appointment.objects.filter(uid__in=some).values_list("uid", flat=True))
        found |= set(AppointmentSeries.objects.filter(uid__in=some).values_list("uid", flat=True))
    return found


def keep_times(calendar: ExternalCalendar, times: Sequence[tuple[datetime, datetime]]) -> None:
    """Instead of those that were known. In the caller's transaction."""
    BusyTime.objects.filter(calendar=calendar).delete()
    BusyTime.objects.bulk_create(
        (
            BusyTime(calendar=calendar, practitioner_id=calendar.practitioner_id, starts_at=starts_at, ends_at=ends_at)
            for starts_at, ends_at in times
        ),
        batch_size=MANY,
    )
