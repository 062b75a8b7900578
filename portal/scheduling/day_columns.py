"""One day with a column for each practitioner: what is booked, and when they work. Minutes are those on the wall where the viewer is."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from core.kernel.translation import translate
from core.people.models import StaffMember
from core.scheduling.availability_queries import hours_of_many
from core.scheduling.rules import wall_time
from core.scheduling.rules.availability import DAY, Hours, closed_spans, off_spans
from core.scheduling.rules.conflicts import Span
from portal.scheduling.appointment_rows import PLAIN, AppointmentRow
from themes.elements import initials, tone_of


def day_columns(
    people: Sequence[StaffMember], rows: Iterable[AppointmentRow], day: date, zone: ZoneInfo
) -> list[dict[str, Any]]:
    """The columns as the script draws them. A constant number of questions, however many people there are."""
    hours = hours_of_many(people, day - timedelta(days=1), day + timedelta(days=1))
    theirs: dict[UUID, list[AppointmentRow]] = defaultdict(list)
    for row in rows:
        theirs[row.appointment.practitioner_id].append(row)
    return [_column(person, theirs[person.pk], hours, day, zone) for person in people]


def _column(
    person: StaffMember, rows: Sequence[AppointmentRow], hours: Mapping[UUID, Hours], day: date, zone: ZoneInfo
) -> dict[str, Any]:
    return {
        "key": str(person.pk),
        "name": str(person),
        "initials": initials(str(person)),
        "color": "" if person.color == PLAIN else person.color,
        "tone": tone_of(str(person)),
        "books": person.is_active,
        "shade": _shade(hours[person.pk], day, zone),
        "events": [_event(row, day, zone) for row in rows],
    }


def _event(row: AppointmentRow, day: date, zone: ZoneInfo) -> dict[str, Any]:
    """Whose it is, the column says. Not dragged where the wall does not show how long it takes: over midnight or a change of the clocks."""
    appointment, drawn = row.appointment, row.as_event()
    detail = " · ".join(part for part in (appointment.what, appointment.place) if part)
    minutes = _minutes(Span(appointment.starts_at, appointment.ends_at), day, zone)
    begins, ends = wall_time.day_bounds(day, zone)
    is_whole = begins <= appointment.starts_at and appointment.ends_at <= ends
    takes = minutes["until"] - minutes["from"]
    is_movable = drawn["editable"] and is_whole and takes == appointment.minutes
    return {**drawn, **minutes, "detail": detail, "editable": is_movable}


def _shade(hours: Hours, day: date, zone: ZoneInfo) -> list[dict[str, Any]]:
    """When they do not work, in grey; and why, where somebody has said so: what is closed by its name, and time off."""
    begins, ends = wall_time.day_bounds(day, zone)
    around = day - timedelta(days=1), day + timedelta(days=1)
    found = [{**_minutes(span, day, zone), "kind": "closed", "name": ""} for span in closed_spans(hours, *around)]
    away = [{**_minutes(span, day, zone), "kind": "off", "name": _("Time off")} for span in off_spans(hours, *around)]
    busy = [{**_minutes(span, day, zone), "kind": "off", "name": translate("Busy elsewhere")} for span in hours.busy]
    named = [
        {**_minutes(Span(*wall_time.day_bounds(each, hours.zone)), day, zone), "kind": "off", "name": name}  # type: ignore[arg-type]
        for each, name in hours.closed.items()
    ]
    return [each for each in (*found, *away, *busy, *named) if each["from"] < each["until"]]


def _minutes(span: Span, day: date, zone: ZoneInfo) -> dict[str, int]:
    return {"from": _minute(span.starts_at, day, zone), "until": _minute(span.ends_at, day, zone)}


def _minute(at: datetime, day: date, zone: ZoneInfo) -> int:
    """The minute of this day on the wall; its first or last for what lies before or after."""
    local = at.astimezone(zone)
    if local.date() != day:
        return 0 if local.date() < day else DAY
    return local.hour * 60 + local.minute
