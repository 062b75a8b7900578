"""Calendar files (RFC 5545) in the organization's name, for one person at a time: nobody else stands in them.

An appointment of a series is one instance of it (`series_file` writes the whole): the series' UID, with the day by its rule.

The UID is fixed at booking, so that a move or a cancellation replaces the entry in the recipient's calendar. Times carry the recipient's
zone, whose changes are written out for the year around the appointment only; a time that can be misread on its clock is written in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import (
    Alarm,
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vText,
)

from branding.queries import current_brand, vocabulary
from branding.senders.queries import sender_address
from branding.speaking import speaking
from core.kernel import time_zones, zone_changes
from core.kernel.mail_addresses import mailto
from core.kernel.zone_changes import Change
from core.notifications.mail import Attachment
from core.scheduling.models import Appointment, AppointmentSeries
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import wall_time
from tenants.absolute_urls import absolute_url, organization_host, path_of

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
MIME = "text/calendar"
AROUND = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment as one person's calendar shows it. `summary`: its title, where it is another one than in mail."""

    appointment: Appointment
    recipient: AppointmentRecipient
    is_cancelled: bool = False
    summary: str = ""
    with_alarm: bool = True


def one_entry(entry: Entry, *, method: Method, now: datetime) -> bytes:
    """A file with this one entry: REQUEST to put it into a calendar by mail, CANCEL to take it out, PUBLISH to download it."""
    with speaking(entry.appointment, str(entry.recipient.user.pk)):
        return _calendar(entry, method=method, now=now).to_ical()


def mail_attachment(entry: Entry, *, now: datetime) -> Attachment:
    """The file as a mail carries it, in the recipient's language: it puts the entry into their calendar, or takes it out."""
    method: Method = "CANCEL" if entry.is_cancelled else "REQUEST"
    with translation.override(entry.recipient.user.reads):
        content = one_entry(entry, method=method, now=now)
    return Attachment("appointment.ics", content, f"{MIME}; method={method}")


def new_calendar(method: Method) -> Calendar:
    """A file with nothing in it yet."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{current_brand().name}//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    return calendar


def _calendar(entry: Entry, *, method: Method, now: datetime) -> Calendar:
    calendar = new_calendar(method)
    zone, at = written_zone(entry), entry.appointment.starts_at
    zones = {zone} if entry.appointment.series is None else {zone, wall_time.zone(entry.appointment.series.time_zone)}
    for each in sorted(zones - {UTC, wall_time.zone("UTC")}, key=str):
        calendar.add_component(timezone(each, at - AROUND, at + AROUND))
    calendar.add_component(event(entry, method=method, zone=zone, now=now))
    return calendar


def written_zone(entry: Entry) -> tzinfo:
    """The zone in which the file says the times: UTC where the recipient's clock shows one of them twice."""
    return clear_zone(entry.appointment, wall_time.zone(entry.recipient.zone))


def clear_zone(appointment: Appointment, zone: ZoneInfo) -> tzinfo:
    """The same for any zone."""
    is_unclear = any(time_zones.happens_twice(at, zone) for at in (appointment.starts_at, appointment.ends_at))
    return UTC if is_unclear or zone.key == "UTC" else zone


def timezone(zone: tzinfo, begins: datetime, ends: datetime) -> Timezone:
    """The zone's clock from one instant to another, each change with its onset on the clock that ends then (RFC 5545, 3.6.5)."""
    rules = Timezone()
    rules.add("tzid", str(zone))
    offset = zone_changes.offset_at(begins, zone)
    first = Change(begins.replace(minute=0, second=0, microsecond=0), offset)
    for change in [first, *zone_changes.changes(zone, after=begins, until=ends)]:
        rules.add_component(_observance(change, zone))
    return rules


def _observance(change: Change, zone: tzinfo) -> TimezoneStandard | TimezoneDaylight:
    """The clock from one change on. DAYLIGHT is the one that is forward, whatever the law calls it.

    Because Ireland's and Morocco's call summer the standard, and calendar programs that take DAYLIGHT for the later clock would be an hour off.
    """
    local = change.at.astimezone(zone)
    part = TimezoneDaylight() if time_zones.is_summer(local) else TimezoneStandard()
    part.add("dtstart", change.on_the_old_clock)
    part.add("tzoffsetfrom", change.before)
    part.add("tzoffsetto", local.utcoffset())
    part.add("tzname", local.tzname())
    return part


def page_of_series(series: AppointmentSeries) -> str:
    """Where a whole series is read."""
    return absolute_url(path_of("scheduling:series", series.pk))


def event(entry: Entry, *, method: Method, zone: tzinfo, now: datetime, page: str = "") -> Event:
    """The entry, its times on the clock of this zone."""
    appointment, recipient = entry.appointment, entry.recipient
    page = page or absolute_url(path_of("scheduling:appointment", appointment.pk))
    event = Event()
    if (series := appointment.series) is not None and appointment.occurrence_on is not None:
        event.add("uid", series.uid)
        # On the wall as the rule says it, even where no clock shows that.
        day, clock = appointment.occurrence_on, wall_time.zone(series.time_zone)
        event.add("recurrence-id", datetime.combine(day, series.wall_time, clock))
    else:
        event.add("uid", appointment.uid or f"{appointment.pk}@{organization_host()}")  # booked by the release before
    event.add("dtstamp", now)
    event.add("sequence", appointment.sequence)
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", appointment.ends_at.astimezone(zone))
    event.add("summary", entry.summary or _summary(entry))
    event.add("description", f"{_description(entry)}\n{page}")
    event.add(
        "location",
        page if appointment.mode == Appointment.Mode.ONLINE else appointment.place or _("Place to be agreed"),
    )
    event.add("url", page)
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    if method != "PUBLISH":  # because only an invitation has an organizer and somebody invited: the recipient, alone
        event.add("organizer", _organizer())
        event.add("attendee", _attendee(recipient))
    if entry.with_alarm and not entry.is_cancelled:
        event.add_component(_alarm())
    return event


def nominal(series: AppointmentSeries, day: date) -> datetime:
    """The start of one date by the series' rule, on its clock: what stays the same wherever the date is moved."""
    zone = wall_time.zone(series.time_zone)
    return wall_time.to_instant(datetime.combine(day, series.wall_time), zone).instant.astimezone(zone)


def _summary(entry: Entry) -> str:
    """What and for whom, where the organization's mail names that; else that there is something, in its own word."""
    if not current_brand().names_in_mail:
        return vocabulary(entry.recipient.user.reads).get("appointment").capitalize()
    names = ", ".join(client.first_name for client in entry.recipient.clients)
    return f"{entry.appointment.what} ({names})" if names else entry.appointment.what


def _description(entry: Entry) -> str:
    """With whom and where, where the organization's mail names people; the practitioner need not read their own name."""
    if not current_brand().names_in_mail or entry.recipient.user.pk == entry.appointment.practitioner.user_id:
        return current_brand().name
    return _("With %(name)s, %(organization_name)s") % {
        "name": entry.appointment.practitioner, "organization_name": current_brand().name,
    }  # fmt: skip


def _organizer() -> vCalAddress:
    brand = current_brand()
    address = vCalAddress(mailto(sender_address()) or "mailto:")
    address.params["CN"] = vText(brand.name)
    return address


def _attendee(recipient: AppointmentRecipient) -> vCalAddress:
    address = vCalAddress(mailto(recipient.user.email) or "mailto:")
    address.params["CN"] = vText(recipient.user.name)
    address.params["PARTSTAT"] = vText("ACCEPTED")
    address.params["RSVP"] = vText("FALSE")
    return address


def _alarm() -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _("Starts in 15 minutes"))
    alarm.add("trigger", timedelta(minutes=-15))
    return alarm
