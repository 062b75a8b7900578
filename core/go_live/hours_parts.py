"""Working hours of the file: those of every week, for somebody who works there."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime

from branding.models import Brand
from core.go_live.report import Outcome, Report
from core.go_live.wanted import HoursWanted
from core.kernel.audit import System
from core.kernel.errors import DomainError
from core.people.models import StaffMember
from core.scheduling.actions.availability import Wishes, set_working_hours
from core.scheduling.models import ScheduleSettings, WorkingHours
from core.scheduling.rules.availability import WEEK, Window

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SPAN = re.compile(r"(\d+):(\d+)\D+(\d+):(\d+)")


def working_hours(wanted: HoursWanted, report: Report, part: str, *, now: datetime) -> None:
    """Hours and wishes of one person, as the file says. Error `staff_unknown` where nobody works there under this address."""
    practitioner = StaffMember.objects.filter(user__email__iexact=wanted.email).select_related("user").first()
    if practitioner is None:
        message = f"Nobody works there under {wanted.email}. Name them among the staff."
        raise DomainError("staff_unknown", message, field="email")
    weekly = {day: [_window(span, DAYS[day]) for span in getattr(wanted, DAYS[day])] for day in WEEK}
    if not any(weekly.values()):
        raise DomainError("hours_missing", "Write the hours of one day at least.")
    before = ScheduleSettings.objects.filter(practitioner=practitioner).first() or ScheduleSettings()
    wishes = Wishes(
        wanted.time_zone or before.time_zone,
        wanted.buffer_before,
        wanted.buffer_after,
        before.most_per_day,
        before.most_per_week,
    )
    if _stands(practitioner, weekly) and all(
        getattr(before, name) == getattr(wishes, name) for name in Wishes.__slots__
    ):
        report.add(part, Outcome.SAME, wanted.email)
        return
    by = System(Brand.objects.get(is_current=True).name)
    had = WorkingHours.objects.filter(practitioner=practitioner).exists()
    set_working_hours(practitioner, weekly=weekly, wishes=wishes, by=by, now=now)
    report.add(part, Outcome.CHANGED if had else Outcome.MADE, wanted.email)


def _window(span: str, day: str) -> Window:
    found = _SPAN.fullmatch(span)
    assert found is not None  # the file's shape was checked
    first_hour, first, last_hour, last = map(int, found.groups())
    starts, ends = first_hour * 60 + first, last_hour * 60 + last
    if first > 59 or last > 59 or ends > 24 * 60:
        raise DomainError("hours_invalid", f"“{span}” is no time of a day.", field=day)
    return Window(starts, ends)


def _stands(practitioner: StaffMember, weekly: Mapping[int, Sequence[Window]]) -> bool:
    """Whether these are the hours already, for everything."""
    rows = WorkingHours.objects.filter(practitioner=practitioner)
    present = sorted((row.weekday, row.starts, row.ends, row.mode, tuple(row.service_ids)) for row in rows)
    return present == sorted(
        (day, window.starts, window.ends, "", ()) for day, windows in weekly.items() for window in windows
    )
