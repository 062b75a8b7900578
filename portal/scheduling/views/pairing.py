"""Who fits whom: practitioners and weekly times for a client, or clients who are with nobody for a practitioner, each with the reasons."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_skeleton
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from branding.queries import locale_of
from core.booking.pairing_queries import clients_for, practitioners_for
from core.booking.rules import pairing
from core.booking.rules.pairing import WEEKS, Contender, Match, WeeklyTime
from core.people.models import Assignment, Client, StaffMember
from core.people.roles import Permission
from core.scheduling.client_availability_queries import readable_times
from core.scheduling.models import WorkingHours
from core.scheduling.permissions import can_add_appointments, can_read_availability
from core.scheduling.queries import schedules_to_book_on
from core.scheduling.rules import wall_time
from portal import spoken_languages, time_zones
from portal.scheduling.coverage_forms import counted, languages_of
from portal.scheduling.pairing_forms import PairingForm
from portal.scheduling.views.coverage import ScheduleRunnersView

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One weekly time, with where it leads."""

    label: str
    detail: str
    book_url: str
    series_url: str


@dataclass(frozen=True, slots=True)
class MatchRow:
    """One who fits, why, and the times."""

    name: str
    url: str
    reasons: list[str]
    times: list[TimeRow]


class PairingView(ScheduleRunnersView):
    """A form that is read from the address; below it the pairs, the best first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        form = PairingForm(request.GET if request.GET else None, user=self.user, initial={"mode": "online"})
        zone = wall_time.zone(time_zones.zone_of(request))
        context: dict[str, Any] = {
            "form": form,
            "zone": zone,
            "weeks": WEEKS,
            "may_add": can_add_appointments(self.user),
        }
        if form.is_bound and form.is_valid():
            context |= self._pairs(form, zone)
        return render(request, "scheduling/pairing.html", context, status=422 if form.errors else 200)

    def _pairs(self, form: PairingForm, zone: ZoneInfo) -> dict[str, Any]:
        client, schedule = form.cleaned_data["client"], form.cleaned_data["schedule"]
        if client is not None:
            people = self._practitioners(client, schedule)
            times = readable_times([client], by=self.user).get(client.pk)
            is_unknown = times is None and can_read_availability(self.user, client)
            found = practitioners_for(client, people, form.wish(), times=times, languages=languages_of(people))
            matches = pairing.ranked(found, zone)[:MOST_SHOWN]
            rows = [_row(match, form, zone, client=client.pk, schedule=match.contender.key) for match in matches]
            return {"client": client, "rows": rows, "is_unknown": is_unknown, "asked": len(people)}
        if schedule is not None:
            clients = counted(self.user, {}).clients
            spoken = languages_of([schedule]).get(schedule.pk, frozenset())
            found = clients_for(schedule, clients, form.wish(), languages=spoken)
            matches = pairing.ranked(found, zone)[:MOST_SHOWN]
            rows = [_row(match, form, zone, client=match.contender.key, schedule=schedule.pk) for match in matches]
            return {"schedule": schedule, "rows": rows, "asked": len(found)}
        return {}

    def _practitioners(self, client: Client, only: StaffMember | None) -> list[StaffMember]:
        """On whose schedules this person may put the client."""
        people = [person for person in schedules_to_book_on(self.user) if person.is_active]
        if not self.user.may(Permission.SEE_ALL_CLIENTS):
            assigned = set(Assignment.objects.filter(client=client).values_list("practitioner_id", flat=True))
            people = [person for person in people if person.pk in assigned]
        return [person for person in people if only is None or person.pk == only.pk]


def _row(match: Match, form: PairingForm, zone: ZoneInfo, *, client: Any, schedule: Any) -> MatchRow:
    contender, of_client = match.contender, form.cleaned_data["client"]
    url = (
        reverse("people:staff_member", args=[contender.key])
        if of_client
        else reverse("people:client", args=[contender.key])
    )
    times = [_time(each, form, zone, {"client": client, "schedule": schedule}) for each in match.times]
    return MatchRow(contender.name, url, reasons_of(contender, of_client), times)


def _time(each: WeeklyTime, form: PairingForm, zone: ZoneInfo, people: dict[str, Any]) -> TimeRow:
    first, locale = each.first.astimezone(zone), locale_of(get_language() or "en")
    asked = {
        **people,
        "date": first.date(),
        "time": f"{first:%H:%M}",
        "minutes": form.minutes_wanted,
        "service": form.cleaned_data["service"],
        "mode": form.cleaned_data["mode"],
    }
    query = urlencode({name: value for name, value in asked.items() if value})
    day = WorkingHours.Weekday(each.weekday).label
    return TimeRow(
        _("%(weekday)s, %(time)s") % {"weekday": day, "time": f"{each.at:%H:%M}"},
        _("free in %(free)d of the next %(weeks)d weeks, first on %(day)s")
        % {"free": each.free, "weeks": WEEKS, "day": format_skeleton("MMMd", first.date(), locale=locale)},
        f"{reverse('scheduling:new')}?{query}",
        f"{reverse('scheduling:new_series')}?{query}",
    )


def reasons_of(contender: Contender, client: Client | None) -> list[str]:
    """Why this one fits, in words."""
    found = []
    locale = locale_of(get_language() or "en")
    if contender.met_since:
        since = format_skeleton("yMMMM", contender.met_since, locale=locale)
        said = ngettext(
            "knows %(name)s since %(month)s (%(number)d time)",
            "knows %(name)s since %(month)s (%(number)d times)",
            contender.met,
        )
        found.append(said % {"name": client, "month": since, "number": contender.met})
    elif contender.is_assigned:
        found.append(_("is assigned to %(name)s") % {"name": client})
    if contender.shared_languages:
        names = sorted(spoken_languages.name_of(code) for code in contender.shared_languages)
        found.append(_("speaks %(languages)s") % {"languages": ", ".join(names)})
    if contender.works:
        hours = {"booked": _hours(contender.booked), "works": _hours(contender.works)}
        found.append(_("%(booked)s of %(works)s hours booked in the next seven days") % hours)
    if client is None and contender.waiting_weeks:
        said = ngettext(
            "here for %(number)d week, with nobody yet",
            "here for %(number)d weeks, with nobody yet",
            contender.waiting_weeks,
        )
        found.append(said % {"number": contender.waiting_weeks})
    return found


def _hours(minutes: int) -> str:
    return f"{minutes / 60:.1f}".removesuffix(".0")
