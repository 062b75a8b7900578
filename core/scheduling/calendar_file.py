"""Calendar files (RFC 5545) in the organization's name, for one person at a time: nobody else stands in them.

The UID is fixed at booking, so that a move or a cancellation replaces the entry in the recipient's calendar. Times carry the recipient's
zone, whose changes are written out for the year around the appointment only; a time that can be misread on its clock is written in UTC.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

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
from core.kernel import time_zones, zone_changes
from core.kernel.mail_addresses import mailto
from core.kernel.zone_changes import Change
from core.notifications.mail import Attachment
from core.scheduling.models import Appointment
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import wall_time
from tenants.absolute_urls import absolute_url, path_of, primary_host

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
MIME = "text/calendar"
AROUND = timedelta(days=200)


@dataclass(frozen=True, slots=True)
class Entry:
    """An appointment as one person's calendar shows it."""

    appointment: Appointment
    recipient: AppointmentRecipient
    is_cancelled: bool = False


def one_entry(entry: Entry, *, method: Method, now: datetime) -> bytes:
    """A file with this one entry: REQUEST to put it into a calendar by mail, CANCEL to take it out, PUBLISH to download it."""
    return _calendar(entry, method=method, now=now).to_ical()


def mail_attachment(entry: Entry, *, now: datetime) -> Attachment:
    """The file as a mail carries it, in the recipient's language: it puts the entry into their calendar, or takes it out."""
    method: Method = "CANCEL" if entry.is_cancelled else "REQUEST"
    with translation.override(entry.recipient.user.reads):
        content = one_entry(entry, method=method, now=now)
    return Attachment("appointment.ics", content, f"{MIME}; method={method}")


def _calendar(entry: Entry, *, method: Method, now: datetime) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", f"-//{current_brand().name}//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if (zone := _written_zone(entry)) is not UTC:
        calendar.add_component(_timezone(zone, entry.appointment.starts_at))
    calendar.add_component(_event(entry, method=method, now=now))
    return calendar


def _written_zone(entry: Entry) -> tzinfo:
    """The zone in which the file says the times: UTC where the recipient's clock shows one of them twice."""
    zone, appointment = wall_time.zone(entry.recipient.zone), entry.appointment
    is_unclear = any(time_zones.happens_twice(at, zone) for at in (appointment.starts_at, appointment.ends_at))
    return UTC if is_unclear or zone.key == "UTC" else zone


def _timezone(zone: tzinfo, at: datetime) -> Timezone:
    """The zone's clock around this instant, each change with its onset on the clock that ends then (RFC 5545, 3.6.5)."""
    rules = Timezone()
    rules.add("tzid", str(zone))
    begins = at - AROUND
    offset = zone_changes.offset_at(begins, zone)
    first = Change(begins.replace(minute=0, second=0, microsecond=0), offset)
    for change in [first, *zone_changes.changes(zone, after=begins, until=at + AROUND)]:
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


def _event(entry: Entry, *, method: Method, now: datetime) -> Event:
    appointment, recipient = entry.appointment, entry.recipient
    zone = _written_zone(entry)
    page = absolute_url(path_of("scheduling:appointment", appointment.pk))
    event = Event()
    event.add("uid", appointment.uid or f"{appointment.pk}@{primary_host()}")  # booked by the release before
    event.add("dtstamp", now)
    event.add("sequence", appointment.sequence)
    event.add("dtstart", appointment.starts_at.astimezone(zone))
    event.add("dtend", appointment.ends_at.astimezone(zone))
    event.add("summary", _summary(entry))
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
    if not entry.is_cancelled:
        event.add_component(_alarm())
    return event


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
