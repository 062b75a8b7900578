"""Calendar files as other programs read them: two readers that know the zone from the file alone, against the zone database."""

import io
from datetime import UTC, datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzical
from django.db import connection
from icalendar import Calendar

from core.kernel import clock, time_zones, zone_changes
from core.kernel.models import OutboxMessage
from core.notifications.models import Delivery
from core.scheduling import calendar_file, outbox_names
from core.scheduling.actions import cancel_appointment, move_appointment
from core.scheduling.calendar_file import Entry
from core.scheduling.models import Appointment
from core.scheduling.recipients import AppointmentRecipient
from tenants import domains
from tenants.context import as_database_owner, public_context
from tenants.models import Domain
from tests.factories.scheduling import book
from tests.scheduling.mail_entries import event_of

# Half an hour of summer, a summer that is the law's standard, two hours of it, a month of fasting, a change at midnight, none at all,
# the day before the day, 45 minutes.
ZONES = (
    "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "America/Asuncion", "America/New_York", "America/Nuuk", "America/Santiago",
    "America/Sao_Paulo", "America/Scoresbysund", "America/St_Johns", "Antarctica/Troll", "Asia/Almaty", "Asia/Beirut", "Asia/Gaza",
    "Asia/Kolkata", "Atlantic/Azores", "Australia/Lord_Howe", "Europe/Berlin", "Europe/Dublin", "Europe/London", "Pacific/Apia",
    "Pacific/Chatham", "Pacific/Easter", "Pacific/Norfolk",
)  # fmt: skip
BEGINS, ENDS = datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)


def spans(zone):
    """(start, minutes): four a year for ten years, and four around each change of the clocks."""
    at = BEGINS.replace(hour=13)
    while at < ENDS:
        yield at, 45
        at += timedelta(days=91, hours=5)
    for change in zone_changes.changes(ZoneInfo(zone), after=BEGINS, until=ENDS):
        for minutes, length in ((-30, 45), (-90, 45), (15, 45), (75, 600)):
            yield change.at + timedelta(minutes=minutes), length


def written(cast, zone, starts_at, minutes):
    """The bytes of the file for a client in that zone."""
    cast.cleo.time_zone = zone
    appointment = Appointment(
        practitioner=cast.tess_staff,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        service_name="x",
    )
    entry = Entry(appointment, AppointmentRecipient(cast.gus, (cast.cleo,)))
    return calendar_file.one_entry(entry, method="REQUEST", now=starts_at)


def last_onset(calendar, local):
    """The offset as RFC 5545 has it: of the last observance whose onset is not after the local time."""
    parts = [part for zone in calendar.walk("VTIMEZONE") for part in zone.subcomponents]
    return max((part["DTSTART"].dt, part["TZOFFSETTO"].td) for part in parts if part["DTSTART"].dt <= local)[1]


@pytest.mark.parametrize("zone", ZONES)
def test_programs_that_know_the_file_alone_find_the_right_instants(cast, zone):
    for starts_at, minutes in spans(zone):
        raw = written(cast, zone, starts_at, minutes)
        calendar = Calendar.from_ical(raw)
        event, ends_at = calendar.events[0], starts_at + timedelta(minutes=minutes)
        rules = tzical(io.StringIO(raw.decode())) if b"VTIMEZONE" in raw else None
        for found, meant in ((event["DTSTART"], starts_at), (event["DTEND"], ends_at)):
            local = found.dt.replace(tzinfo=None)
            if found.dt.tzinfo is UTC or found.dt.tzname() == "UTC":
                assert found.dt == meant
                continue
            assert local - last_onset(calendar, local) == meant.replace(tzinfo=None), (zone, meant)
            assert local.replace(tzinfo=rules.get(zone)) == meant, (zone, meant)
        assert event["DTEND"].dt.replace(tzinfo=None) > event["DTSTART"].dt.replace(tzinfo=None), (zone, starts_at)


@pytest.mark.parametrize("zone", ZONES)
def test_onset_is_written_on_the_clock_that_ends_then(cast, zone):
    """And there is one for every change that the zone database knows, the last second of the old clock included."""
    at = datetime(2027, 6, 1, 12, tzinfo=UTC)
    parts = [
        part
        for each in Calendar.from_ical(written(cast, zone, at, 45)).walk("VTIMEZONE")
        for part in each.subcomponents
    ]
    for part in parts[1:]:
        change = (part["DTSTART"].dt - part["TZOFFSETFROM"].td).replace(tzinfo=UTC)
        before, after = (change - timedelta(seconds=1)).astimezone(ZoneInfo(zone)), change.astimezone(ZoneInfo(zone))
        assert (before.utcoffset(), after.utcoffset()) == (part["TZOFFSETFROM"].td, part["TZOFFSETTO"].td)
    hours = range(int(calendar_file.AROUND.total_seconds() // 3600) * 2)
    offsets = [
        (at - calendar_file.AROUND + timedelta(hours=hour)).astimezone(ZoneInfo(zone)).utcoffset() for hour in hours
    ]
    assert len(parts) == 1 + sum(one != other for one, other in zip(offsets, offsets[1:], strict=False))


def test_fasting_is_in_the_rules_of_a_zone_that_keeps_it(cast):
    calendar = Calendar.from_ical(written(cast, "Africa/Casablanca", datetime(2027, 2, 10, 10, tzinfo=UTC), 45))
    assert calendar.events[0]["DTSTART"].dt.replace(tzinfo=None) == datetime(2027, 2, 10, 10)
    onsets = [(part.name, part["DTSTART"].dt.isoformat()) for part in calendar.walk("VTIMEZONE")[0].subcomponents]
    assert onsets[1:] == [("STANDARD", "2027-02-07T03:00:00"), ("DAYLIGHT", "2027-03-14T02:00:00")]


@pytest.mark.parametrize(
    ("zone", "starts_at"),
    [
        ("Africa/Casablanca", datetime(2027, 2, 7, 1, 30, tzinfo=UTC)),
        ("Europe/Dublin", datetime(2027, 10, 31, 1, 15, tzinfo=UTC)),
        ("Europe/Dublin", datetime(2027, 10, 31, 0, 15, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 3, 14, 35, tzinfo=UTC)),
        ("Antarctica/Troll", datetime(2027, 10, 31, 0, 30, tzinfo=UTC)),
    ],
)
def test_times_that_a_clock_shows_twice_are_written_in_utc(cast, zone, starts_at):
    raw = written(cast, zone, starts_at, 45)
    event = Calendar.from_ical(raw).events[0]
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (starts_at, starts_at + timedelta(minutes=45))
    assert b"VTIMEZONE" not in raw and f"DTSTART:{starts_at:%Y%m%dT%H%M%SZ}".encode() in raw


@pytest.mark.parametrize("zone", ["Europe/Dublin", "Africa/Casablanca", "Europe/Berlin", "Australia/Lord_Howe"])
def test_daylight_is_the_clock_that_is_forward(cast, zone):
    calendar = Calendar.from_ical(written(cast, zone, datetime(2026, 6, 1, tzinfo=UTC), 45))
    parts = calendar.walk("VTIMEZONE")[0].subcomponents
    standard = {part["TZOFFSETTO"].td for part in parts if part.name == "STANDARD"}
    daylight = {part["TZOFFSETTO"].td for part in parts if part.name == "DAYLIGHT"}
    assert len(standard) == 1 and daylight and all(offset > max(standard) for offset in daylight)


def test_every_zone_that_is_offered_can_be_written(cast):
    for zone in sorted(time_zones.known()):
        raw = written(cast, zone, datetime(2027, 6, 1, 12, tzinfo=UTC), 45)
        assert Calendar.from_ical(raw).events[0]["DTSTART"].dt.replace(tzinfo=None) == datetime.fromisoformat(
            "2027-06-01T12:00"
        ) + (datetime(2027, 6, 1, 12, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()), zone


def change_host(organization, host):
    """What an operator does when an organization goes live on a host of its own."""
    with public_context():
        domain = Domain.objects.create(tenant=organization, domain=host, is_primary=False, verified_at=clock.now())
    domains.make_primary(organization.pk, domain.pk, by="Op", now=clock.now())
    organization.__dict__.pop("_primary_host", None)  # as the host cache drops the organization in every process


def test_entry_stays_the_same_one_when_the_organization_moves_to_another_host(cast, at, deliver):
    start = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    appointment = book(cast, at=start)
    booked = event_of(deliver()[0])
    change_host(cast.north, "praxis.example")
    move_appointment(
        appointment,
        starts_at=start + timedelta(hours=1),
        ends_at=start + timedelta(hours=2),
        by=cast.tess,
        now=clock.now(),
    )
    moved = event_of(deliver()[0])
    cancel_appointment(appointment, by=cast.tess, now=clock.now())
    gone = event_of(deliver()[0])
    assert booked["uid"] == moved["uid"] == gone["uid"] and "north.test" not in booked["uid"]
    assert "http://praxis.example/" in moved["url"]


def test_repeat_of_a_mail_is_the_same_message_after_a_change_of_host(cast, at, deliver):
    book(cast, at=datetime(2026, 3, 10, 15, 0, tzinfo=UTC))
    first = {mail.to[0]: mail.extra_headers["Message-ID"] for mail in deliver()}
    change_host(cast.north, "praxis.example")
    OutboxMessage.objects.filter(name=outbox_names.SEND_CHANGE).update(state="waiting")
    again = {mail.to[0]: mail.extra_headers["Message-ID"] for mail in deliver()}
    assert again == first and len(set(first.values())) == 2
    assert all("north" not in key and "." in key.partition("@")[2] for key in first.values())
    assert Delivery.objects.filter(kind="appointment_booked").count() == 2


def test_uids_that_were_sent_out_before_are_kept(cast, at, deliver):
    """The host of the last mail counts; without a mail the primary one; what the release before books meanwhile is read as it writes it."""
    start = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
    told, untold, later = (book(cast, at=start + timedelta(hours=hour)) for hour in range(3))
    Appointment.objects.filter(pk__in=[told.pk, untold.pk]).update(uid="")
    deliver()
    about = Delivery.objects.filter(about_id=str(told.pk))
    for number, (delivery, host) in enumerate(zip(about.order_by("pk"), ("older.test", "before.test"), strict=True)):
        moment = start + timedelta(minutes=number)
        Delivery.objects.filter(pk=delivery.pk).update(message_id=f"<{delivery.pk}@{host}>", created_at=moment)
    Delivery.objects.filter(about_id=str(untold.pk)).delete()
    with as_database_owner(), connection.cursor() as cursor:
        cursor.execute(import_module("core.scheduling.migrations.0004_fixed_uid").KEEP_UIDS)
    uids = dict(Appointment.objects.values_list("pk", "uid"))
    assert uids == {told.pk: f"{told.pk}@before.test", untold.pk: f"{untold.pk}@north.test", later.pk: later.uid}

    Appointment.objects.filter(pk=told.pk).update(uid="")
    move_appointment(
        told, starts_at=start - timedelta(hours=2), ends_at=start - timedelta(hours=1), by=cast.tess, now=clock.now()
    )
    assert event_of(deliver()[0])["uid"] == f"{told.pk}@north.test"
