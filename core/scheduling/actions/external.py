"""Name calendars that are kept elsewhere, take them away, and read them."""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from core.kernel import audit, outbox
from core.kernel.errors import ConflictError, DomainError
from core.kernel.translation import translate
from core.people.models import StaffMember
from core.scheduling import external_reading, outbox_names
from core.scheduling.audit_codes import SchedulingAudit
from core.scheduling.models import ExternalCalendar
from core.scheduling.permissions import can_run_schedule
from core.scheduling.rules import external_calendars as rules


@transaction.atomic
def add_external_calendar(
    practitioner: StaffMember,
    *,
    name: str,
    kind: str,
    address: str,
    username: str = "",
    password: str = "",
    by: Any,
    now: datetime,
) -> ExternalCalendar:
    """Note it, and read it as soon as this is committed. DomainError for an address that cannot be asked, and for too many."""
    _check_runs(by, practitioner)
    is_caldav = kind == ExternalCalendar.Kind.CALDAV
    calendar = ExternalCalendar(practitioner=practitioner, name=name, kind=kind, added_at=now)
    calendar.address, calendar.host = _checked(address, is_caldav=is_caldav)
    calendar.username = username if is_caldav else ""
    calendar.password = password if is_caldav else ""
    StaffMember.objects.select_for_update(of=("self",)).get(pk=practitioner.pk)
    known = list(ExternalCalendar.objects.filter(practitioner=practitioner))
    if any(each.address == calendar.address and each.username == calendar.username for each in known):
        raise DomainError("known_calendar", translate("This calendar is read already."), field="address")
    if len(known) >= rules.MOST_CALENDARS:
        raise DomainError(
            "too_many_calendars",
            translate("At most %(most)s calendars are read. Take one away first.", most=rules.MOST_CALENDARS),
        )
    calendar.save(force_insert=True)
    changes = {"calendar": [None, name], "host": [None, calendar.host]}
    audit.record(SchedulingAudit.EXTERNAL_CALENDAR_ADDED, by=by, subject=practitioner, changes=changes)
    _promise(calendar, now=now)
    return calendar


@transaction.atomic
def remove_external_calendar(calendar: ExternalCalendar, *, by: Any, now: datetime) -> None:
    """Take it away, and its busy times with it."""
    _check_runs(by, calendar.practitioner)
    changes = {"calendar": [calendar.name, None], "host": [calendar.host, None]}
    audit.record(SchedulingAudit.EXTERNAL_CALENDAR_REMOVED, by=by, subject=calendar.practitioner, changes=changes)
    calendar.delete()


@transaction.atomic
def read_again(calendar: ExternalCalendar, *, by: Any, now: datetime) -> None:
    """Read it now instead of later. ConflictError within a minute of the last time."""
    _check_runs(by, calendar.practitioner)
    if calendar.tried_at is not None and (now - calendar.tried_at).total_seconds() < 60:
        raise ConflictError("just_read", translate("It was read a moment ago. Try again in a minute."))
    audit.record(SchedulingAudit.EXTERNAL_CALENDAR_ASKED, by=by, subject=calendar.practitioner)
    _promise(calendar, now=now)


def read_external_calendar(calendar: ExternalCalendar, *, now: datetime) -> bool:
    """Read it, keep what came or why nothing did, and promise the next time. What was known stays when nothing comes.

    The row is locked only when the answer is there, so that nobody waits for somebody else's server. False, and nothing kept, when it was taken
    away or read meanwhile.
    """
    found: external_reading.Times | external_reading.Unread
    try:
        found = external_reading.read_times(calendar, now=now)
    except external_reading.Unread as error:
        found = error
    return _keep(calendar, found, now=now)


@transaction.atomic
def _keep(read: ExternalCalendar, found: external_reading.Times | external_reading.Unread, *, now: datetime) -> bool:
    rows = ExternalCalendar.objects.select_for_update(of=("self",))
    calendar = rows.filter(pk=read.pk, tried_at=read.tried_at).first()
    if calendar is None:
        return False
    calendar.tried_at = now
    if isinstance(found, external_reading.Unread):
        calendar.failures += 1
        calendar.reason_code, calendar.reason_values = found.reason.code.value, found.reason.stored_values()
    else:
        external_reading.keep_times(calendar, found)
        calendar.failures, calendar.read_at, calendar.reason_code, calendar.reason_values = 0, now, "", {}
    calendar.save(update_fields=["tried_at", "read_at", "failures", "reason_code", "reason_values"])
    _promise(calendar, now=rules.next_reading(now, failures=calendar.failures))
    return True


def read_forgotten_calendars(*, now: datetime) -> None:
    """Promise a reading of each that nobody has tried for a day: of colleagues who are back. A nightly job."""
    waiting = ExternalCalendar.objects.filter(practitioner__status=StaffMember.Status.ACTIVE)
    for calendar in waiting.exclude(tried_at__gt=now - 4 * rules.LONGEST):
        _promise(calendar, now=now)


def _promise(calendar: ExternalCalendar, *, now: datetime) -> None:
    """One reading at this moment; a promise that is waiting already finds that it was read meanwhile."""
    outbox.enqueue(outbox_names.READ_CALENDAR, due_at=now, calendar=str(calendar.pk), tried=_mark(calendar.tried_at))


def _mark(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _checked(address: str, *, is_caldav: bool) -> tuple[str, str]:
    """The address as it is asked, and its host. `webcal:` is how programs write `https:`."""
    address = address.strip()
    scheme, _, rest = address.partition("://")
    if scheme.lower() in ("webcal", "webcals"):
        address = f"https://{rest}"
    parts = _parts(address)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise DomainError(
            "no_address", translate("This is no address. It begins with https:// or webcal://."), field="address"
        )
    if parts.username or parts.password:
        raise DomainError(
            "secret_in_address",
            translate("Take name and password out of the address, and enter them in their own fields."),
            field="address",
        )
    if is_caldav and parts.scheme != "https" and not settings.PRIVATE_CALENDARS:
        raise DomainError("no_tls", translate("A password goes to an address with https:// only."), field="address")
    return address, parts.hostname


def _parts(address: str) -> Any:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 because a port that is no number is found out by reading it
    except ValueError:
        return None
    return parts


def _check_runs(by: Any, practitioner: StaffMember) -> None:
    if not can_run_schedule(by, practitioner):
        raise PermissionDenied("not your schedule")
