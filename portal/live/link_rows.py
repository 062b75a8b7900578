"""How calls by link stand in a list."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sessions_live.models import Admission
from sessions_live.personal_links.models import LinkGuest


@dataclass(frozen=True, slots=True)
class CallRow:
    """One guest, and what became of their visits; the latest decides."""

    guest: LinkGuest
    at: datetime
    label: str
    tone: str
    length: str


def call_rows(guests: Iterable[LinkGuest]) -> list[CallRow]:
    """Lines; the admissions must be prefetched where there are many."""
    return [_row(guest) for guest in guests]


def _row(guest: LinkGuest) -> CallRow:
    visits = sorted(guest.admissions.all(), key=lambda each: each.asked_at)
    latest = visits[-1] if visits else None
    label, tone = _outcome(guest, latest)
    minutes = sum(_minutes(each) for each in visits)
    length = ngettext("%(minutes)s minute", "%(minutes)s minutes", minutes) % {"minutes": minutes} if minutes else ""
    return CallRow(guest, latest.asked_at if latest else guest.came_at, label, tone, length)


def _outcome(guest: LinkGuest, latest: Admission | None) -> tuple[str, str]:
    if guest.blocked_at is not None:
        return _("Blocked"), "danger"
    if latest is None:
        return _("Did not knock"), "neutral"
    if latest.state == Admission.State.WAITING:
        return _("Waiting now"), "warning"
    if latest.state == Admission.State.ADMITTED:
        return _("In the %(session)s"), "success"
    if latest.decided_by_id is None:
        return _("Left before anybody answered"), "neutral"
    return (_("Not admitted"), "warning") if latest.state == Admission.State.DENIED else (_("Was here"), "info")


def _minutes(visit: Admission) -> int:
    """How long somebody was in; begun minutes count."""
    if visit.decided_by_id is None or visit.decided_at is None or visit.left_at is None:
        return 0
    return ceil((visit.left_at - visit.decided_at).total_seconds() / 60) if visit.left_at > visit.decided_at else 0
