"""A login's whole calendar as one file: what stands on their calendar page, with the names that they read there and no others.

Names stand in it only where the organization's mail names people, because a calendar program is as far away as a mail program.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import partial
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils import translation
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from branding.queries import current_brand
from branding.speaking import speaking
from core.kernel.errors import NotFound
from core.people.models import Client
from core.people.queries import login_facts
from core.people.roles import ClientPermission
from core.people.rules.sign_in import sign_in_refusal
from core.scheduling import calendar_file, series_file
from core.scheduling.calendar_file import AROUND, Entry
from core.scheduling.models import Appointment, AppointmentSeries, CalendarFeed, Participant
from core.scheduling.permissions import Viewpoint, appointments_visible_to
from core.scheduling.recipients import AppointmentRecipient
from core.scheduling.rules import feeds, wall_time
from core.scheduling.series_file import AHEAD, Repeated
from tenants.absolute_urls import absolute_url, path_of

MOST_NAMES = 2  # more are a group of so many, as on the page
UNSET = datetime(1970, 1, 1, tzinfo=UTC)  # stands for the time of the file until it is known whether it is another one


@dataclass(frozen=True, slots=True)
class FeedFile:
    """The file, the digest of what it says, and since when it says that."""

    content: bytes
    digest: str
    changed_at: datetime


def address_of(feed: CalendarFeed) -> str:
    """Where programs read it; empty when its secret can no longer be told, because its key is gone."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    token = feeds.token_of(feed.pk, feed.token_digest, secrets=secrets)
    return absolute_url(path_of("scheduling:feed_file", token)) if token else ""


def open_feed(token: str) -> CalendarFeed:
    """Whose calendar the address is. NotFound for one that never was or has ended, and while its owner may not sign in."""
    feed = CalendarFeed.objects.select_related("user").filter(token_digest=feeds.digest_of(token)).first()
    if feed is None or sign_in_refusal(login_facts(feed.user)) is not None:
        raise NotFound("no such feed")
    return feed


def read_feed(feed: CalendarFeed, *, now: datetime) -> FeedFile:
    """The file as it is now; notes that it was read, and since when it says what it says."""
    with translation.override(feed.user.reads), speaking(None, str(feed.user.pk)):
        content = _calendar(feed, now=now).to_ical()
    digest = sha256(content).hexdigest()
    is_same = digest == feed.content_digest and feed.content_changed_at is not None
    changed_at = feed.content_changed_at if is_same else now
    assert changed_at is not None
    CalendarFeed.objects.filter(pk=feed.pk).update(
        read_at=now, content_digest=digest, content_changed_at=changed_at.replace(microsecond=0)
    )
    unset, known = (b"DTSTAMP:" + f"{moment:%Y%m%dT%H%M%SZ}".encode() for moment in (UNSET, changed_at))
    return FeedFile(content.replace(unset, known), digest, changed_at.replace(microsecond=0))


def _calendar(feed: CalendarFeed, *, now: datetime) -> Calendar:
    calendar = calendar_file.new_calendar("PUBLISH")
    name = f"{current_brand().name}: {feed.user.name}"
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)  # what programs read that do not know RFC 7986
    calendar.add("refresh-interval", feeds.REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    events = list(_Content(feed, now=now).events())
    for zone in sorted(_zones(events), key=str):
        begins, ends = feeds.shown_between(now)
        first, last = (datetime(each.year, 1, 1, tzinfo=UTC) for each in (begins, ends + AHEAD))
        calendar.add_component(calendar_file.timezone(zone, first - AROUND, last + AROUND))
    for event in events:
        calendar.add_component(event)
    return calendar


def _zones(events: Iterable[Event]) -> set[tzinfo]:
    """On whose clocks the events say their times."""
    starts = (event["dtstart"].dt.tzinfo for event in events)
    return {zone for zone in starts if zone is not None} - {UTC, wall_time.zone("UTC")}


class _Content:
    """What stands in one login's calendar: four questions for appointments, and as many for the series among them."""

    def __init__(self, feed: CalendarFeed, *, now: datetime) -> None:
        self.feed, self.user, self.now = feed, feed.user, now
        self.view = Viewpoint(feed.user)
        self.zone = wall_time.zone(feed.user.time_zone)
        self.is_named = current_brand().names_in_mail and not feed.is_busy_only

    def events(self) -> Iterable[Event]:
        series: dict[Any, list[Appointment]] = {}
        for appointment in self._appointments():
            if not self._stands(appointment):
                continue
            if appointment.series_id is not None:
                series.setdefault(appointment.series_id, []).append(appointment)
            else:
                zone = calendar_file.clear_zone(appointment, self.zone)
                yield self._shown(calendar_file.event(self._entry(appointment), method="PUBLISH", zone=zone, now=UNSET))
        for found in series.values():
            attended = sorted(found, key=lambda each: each.occurrence_on)  # type: ignore[arg-type, return-value] because all are of a series
            whole = attended[0].series
            assert whole is not None
            of_all = partial(self._entry_of_series, whole, attended)
            repeated = Repeated(whole, attended, self._goes_on(whole), self._entry, of_all)
            yield from map(self._shown, series_file.events_of(repeated, method="PUBLISH", now=UNSET))

    def _appointments(self) -> Iterable[Appointment]:
        """In the window, and all that follows of series, because a rule that goes on must not leave out what is made already."""
        begins, ends = feeds.shown_between(self.now)
        found = appointments_visible_to(self.user).filter(ends_at__gt=begins)
        found = found.filter(Q(starts_at__lt=ends) | Q(series__isnull=False))
        found = found.exclude(status=Appointment.Status.CANCELLED)
        if self.feed.is_own_only:
            found = found.filter(practitioner__user=self.user)
        participants = Prefetch("participants", Participant.objects.select_related("client"))
        return found.select_related("practitioner__user", "series__practitioner__user").prefetch_related(
            participants, "reservations__resource", "series__clients", "series__resources"
        )

    def _stands(self, appointment: Appointment) -> bool:
        """Whether it is on for this person: what their own people have given up is not."""
        return self.view.runs(appointment) or bool(self._clients(appointment))

    def _clients(self, appointment: Appointment) -> list[Client]:
        """Whose names may be read."""
        return [place.client for place in self.view.readable_participants(appointment) if place.is_attending]

    def _goes_on(self, series: AppointmentSeries) -> bool:
        """Whether this person has the dates that are still to be made."""
        if not series.is_open_ended:
            return False
        if self.feed.is_own_only:
            return series.practitioner.user_id == self.user.pk
        return series.practitioner_id in self.view.schedules or bool(self._clients_to_come(series))

    def _clients_to_come(self, series: AppointmentSeries) -> list[Client]:
        """Whose dates still to be made may be read."""
        people = list(series.clients.all())
        if series.practitioner_id in self.view.schedules:
            return people
        return [each for each in people if self._sees_coming(each)]

    def _sees_coming(self, client: Client) -> bool:
        acts = client.pk in self.view.linked and client.allows(ClientPermission.SEE_UPCOMING)
        return acts or client.pk in self.view.audited

    def _entry(self, appointment: Appointment) -> Entry:
        return self._entry_of(appointment, self._clients(appointment), is_run=self.view.runs(appointment))

    def _entry_of_series(
        self, series: AppointmentSeries, attended: Sequence[Appointment], common: Appointment
    ) -> Entry:
        """What its dates have in common: the people of those still to be made, else of the last one."""
        people = self._clients_to_come(series) if self._goes_on(series) else self._clients(attended[-1])
        return self._entry_of(common, people, is_run=series.practitioner_id in self.view.schedules)

    def _entry_of(self, appointment: Appointment, clients: Sequence[Client], *, is_run: bool) -> Entry:
        summary = ""
        if self.is_named:
            names = _names(clients) if is_run or len(self.view.linked) + len(self.view.audited) > 1 else ""
            parts = (names, appointment.what) if is_run else (appointment.what, names)
            summary = " · ".join(part for part in parts if part)
        return Entry(appointment, AppointmentRecipient(self.user, ()), summary=summary, with_alarm=False)

    def _shown(self, event: Event) -> Event:
        """As it is; of an address that only says when somebody is busy, nothing but that."""
        if self.feed.is_busy_only:
            for name in ("description", "location", "url"):
                del event[name]
            event["summary"] = vText(_("Busy"))
            event.add("class", "PRIVATE")
        return event


def _names(clients: Sequence[Client]) -> str:
    if len(clients) > MOST_NAMES:
        return _("%(Group)s of %(number)s") % {"number": len(clients)}
    return ", ".join(client.name for client in clients)
