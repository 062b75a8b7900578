"""Dates of a series, changed as tests change them."""

from datetime import datetime, time, timedelta

from core.kernel import clock
from core.scheduling.actions import edit_series, move_series
from core.scheduling.actions.series_scope import Scope
from core.scheduling.models import Appointment
from tests.scheduling.mail_entries import calendar_of

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
FOLLOWING, ALL = Scope.FOLLOWING, Scope.ALL


def dates(series):
    return list(Appointment.objects.filter(series=series).order_by("occurrence_on"))


def again(row):
    return type(row).objects.get(pk=row.pk)


def move(appointment, scope, *, days=0, at=time(16), by, **more):
    wall = datetime.combine(appointment.occurrence_on + timedelta(days=days), at)
    facts = {"wall": wall, "minutes": 50, "time_zone": "Europe/Berlin", **more}
    return move_series(again(appointment), scope=scope, **facts, by=by, now=clock.now())


def edit(appointment, scope, *, by, **facts):
    return edit_series(again(appointment), scope=scope, **facts, by=by, now=clock.now())


def files_of(mail):
    parts = [part for part in mail.message().walk() if part.get_content_type() == "text/calendar"]
    return [type(calendar_of(mail)[1]).from_ical(part.get_payload(decode=True)) for part in parts]


def make_colleague(cast):
    login = type(cast.tess).objects.create_user(email="tim@north.test", name="Tim North", time_zone="Europe/Berlin")
    return type(cast.tess_staff).objects.create(user=login, role="practitioner")
