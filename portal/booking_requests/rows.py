"""Requests as one viewer sees them: times in the viewer's zone, and on the client's clock where that reads otherwise."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from core.booking_requests.models import BookingRequest, RequestedTime
from core.booking_requests.queries import Standing
from core.kernel import clock
from core.scheduling.rules import wall_time
from core.scheduling.time_formats import FormattedTime, format_time_span

TONES = {
    "asked": "warning", "proposed": "info", "accepted": "success", "declined": "danger", "withdrawn": "neutral", "expired": "neutral",
    "overtaken": "neutral",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TimeRow:
    """One of the times, with how it stands for whoever answers."""

    time: RequestedTime
    when: FormattedTime
    elsewhere: FormattedTime | None = None
    standing: Standing | None = None

    def __str__(self) -> str:
        return f"{self.when.day}, {self.when.hours}"


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request in a list or on its page."""

    request: BookingRequest
    zone: ZoneInfo
    is_staff: bool
    times: list[TimeRow] = field(default_factory=list)
    proposed: list[TimeRow] = field(default_factory=list)

    @property
    def title(self) -> str:
        """Whom it is for, to those who answer; what it is about, to those who ask."""
        return self.request.client.name if self.is_staff else self.request.what

    @property
    def detail(self) -> str:
        """The other half of it."""
        runner = self.request.runner
        with_whom = _("with %(name)s") % {"name": runner} if runner else _("with anybody")
        first = self.request.what if self.is_staff else self.request.client.name
        return f"{first} · {with_whom}"

    @property
    def status(self) -> tuple[str, str]:
        """The badge: words and tone."""
        return str(self.request.get_state_display()), TONES[self.request.state]

    @property
    def coming(self) -> list[TimeRow]:
        """Of the times that were asked for, those that lie ahead."""
        return [each for each in self.times if each.time.starts_at > clock.now()]

    @property
    def proposed_coming(self) -> list[TimeRow]:
        """The same of those that are proposed."""
        return [each for each in self.proposed if each.time.starts_at > clock.now()]

    @property
    def shown(self) -> list[TimeRow]:
        """The times that count now."""
        return self.proposed if self.request.state == BookingRequest.State.PROPOSED else self.times


def request_row(
    request: BookingRequest, zone: ZoneInfo, *, is_staff: bool, standings: Iterable[Standing] = ()
) -> RequestRow:
    """The row with its times; those of the last proposal apart."""
    stand = {each.time.pk: each for each in standings}
    rows = {each.pk: _time_row(each, request, zone, stand.get(each.pk)) for each in request.times.all()}
    return RequestRow(
        request,
        zone,
        is_staff,
        [rows[each.pk] for each in request.asked_times],
        [rows[each.pk] for each in request.proposed_times],
    )


def _time_row(time: RequestedTime, request: BookingRequest, zone: ZoneInfo, standing: Standing | None) -> TimeRow:
    language, theirs = get_language() or "en", wall_time.zone(request.client.time_zone)
    when = format_time_span(time.starts_at, time.ends_at, zone=zone.key, language=language)
    reads_alike = all(wall_time.same_clock(at, zone, theirs) for at in (time.starts_at, time.ends_at))
    elsewhere = (
        None if reads_alike else format_time_span(time.starts_at, time.ends_at, zone=theirs.key, language=language)
    )
    return TimeRow(time, when, elsewhere, standing)
