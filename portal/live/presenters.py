"""What the pages of a live session show."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from branding.queries import locale_of
from core.kernel.translation import translate
from core.people.models import User
from core.scheduling.models import Appointment, SchedulingSettings
from core.scheduling.permissions import Viewpoint
from core.scheduling.queries import delayed_until
from core.scheduling.rules import completion
from portal.manifests import work_tabs
from portal.work_tabs import RoomVisitor, ShownTab, shown_to
from sessions_live.models import Room
from sessions_live.permissions import RoomRole
from sessions_live.personal_links.models import PersonalLink
from sessions_live.recordings.queries import recording_offered
from sessions_live.rules.opening import Opening

MOST_NAMES = 3  # of a group, in the heading
STILL_DELAYED = timedelta(hours=1)  # after its own start
ANOTHER_DAY = timedelta(hours=12)  # from here on, an hour alone could be today's or tomorrow's


def room_page(
    user: User, appointment: Appointment, role: RoomRole, opening: Opening, now: datetime, *, zone: str
) -> dict[str, Any]:
    """Who meets whom, when, and whether the room is open; the reader sees the other side's names."""
    is_host = role is RoomRole.HOST
    practitioner = appointment.practitioner.user
    others = [practitioner.name]
    if user.pk == practitioner.pk:
        others = [str(participant.client) for participant in Viewpoint(user).readable_participants(appointment)]
    names = ", ".join(others[:MOST_NAMES])
    if more := len(others[MOST_NAMES:]):
        names = translate("%(names)s and %(more)s more", names=names, more=more)
    return {
        "appointment": appointment,
        "title": appointment.what,
        "others": names,
        "zone": zone,
        "locale": str(locale_of(get_language() or "en")).replace("_", "-"),
        "host_name": practitioner.get_short_name(),
        "is_host": is_host,
        "ended_url": reverse("live:ended", args=[appointment.pk]),
        "may_record": is_host and recording_offered(),
        "missed_from": completion.missed_from(
            appointment.starts_at, minutes=SchedulingSettings.current().no_show_minutes
        ),
        "delayed_until": delayed_until(appointment) if appointment.starts_at > now - STILL_DELAYED else None,
        **_opening_facts(opening, now),
    }


def personal_room_page(link: PersonalLink, room: Room, *, is_host: bool, zone: str) -> dict[str, Any]:
    """The same for a room that has no appointment, or for a guest by link, who reads of none."""
    return {
        "appointment": None,
        "link": link,
        "room": room,
        "title": translate("Personal link") if is_host else link.host_name,
        "zone": zone,
        "locale": str(locale_of(get_language() or "en")).replace("_", "-"),
        "host_name": link.host_name,
        "is_host": is_host,
        "ended_url": reverse("live:ended", args=[link.pk]),
        "may_record": False,
        "is_early": False,
    }


def invited_page(appointment: Appointment, opening: Opening, now: datetime) -> dict[str, Any]:
    """The same for a guest who is invited to one appointment: with whom, and until when; nothing of what it is about, or who else comes."""
    host_name = appointment.practitioner.user.get_short_name()
    return {
        "appointment": None,
        "title": host_name,
        "zone": appointment.time_zone,
        "locale": str(locale_of(get_language() or "en")).replace("_", "-"),
        "host_name": host_name,
        "is_host": False,
        "may_record": False,
        **_opening_facts(opening, now),
    }


def _opening_facts(opening: Opening, now: datetime) -> dict[str, Any]:
    return {
        "opening": opening,
        "is_early": opening.code == "too_early",
        "opens_another_day": opening.opens_at - now > ANOTHER_DAY,
        "seconds_until_open": max(0, int((opening.opens_at - now).total_seconds()) + 1),
    }


def work_tabs_of(request: HttpRequest, room: Room, *, is_host: bool) -> list[ShownTab]:
    """What lies beside the pictures for whoever opens the page; a guest by link has no login."""
    user = request.user if isinstance(request.user, User) else None
    visitor = RoomVisitor(user, room, is_host=is_host)
    return shown_to(visitor, work_tabs(), request.vocabulary)  # type: ignore[attr-defined]
