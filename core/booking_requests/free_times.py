"""Free times from which whoever asks chooses those that suit: a few a day of the next weeks, of anybody with whom they can ask."""

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from uuid import UUID

from core.booking.models import BookingSettings
from core.booking.queries import AROUND, calendars_of
from core.booking.rules import slots
from core.booking.rules.slots import Offer
from core.people.models import Client, StaffMember
from core.scheduling.models import Appointment

AHEAD = timedelta(days=21)
MOST_A_DAY = 4
MOST = 24


def times_to_choose(
    practitioners: Sequence[StaffMember],
    *,
    minutes: int,
    mode: str,
    service_id: UUID | None,
    client: Client | None = None,
    moved: Appointment | None = None,
    zone: tzinfo,
    now: datetime,
) -> list[datetime]:
    """When one of them is free, spread over the days on the wall of `zone`; nothing where nobody has said when they work. Nothing is held by it.

    As many questions, however many practitioners and days there are.
    """
    if not practitioners:
        return []
    settings = BookingSettings.current()
    earliest = now + timedelta(hours=max(1, settings.notice_hours))
    offer = Offer(timedelta(minutes=minutes), settings.step, earliest, earliest + AHEAD, mode, service_id)
    within = (offer.earliest - AROUND, offer.latest + AROUND)
    calendars = calendars_of(practitioners, within, now=now, client=client, moved=moved)
    by_day: dict[object, list[datetime]] = {}
    for number in sorted({each for calendar in calendars.values() for each in slots.free_times(calendar, offer)}):
        start = slots.at(number)
        by_day.setdefault(start.astimezone(zone).date(), []).append(start)
    return [start for starts in by_day.values() for start in _spread(starts)][:MOST]


def _spread(starts: Sequence[datetime]) -> list[datetime]:
    """A few of them, from the first to the last."""
    if len(starts) <= MOST_A_DAY:
        return list(starts)
    step = (len(starts) - 1) / (MOST_A_DAY - 1)
    return [starts[round(number * step)] for number in range(MOST_A_DAY)]
