"""To whom a time that frees is offered, and when.

A time fits somebody who waits when the whole appointment lies within one of the weekdays and the hours that they named, on the clock of their own
zone, no later than the last day on which they wait, and with one of the practitioners that they named, or with anybody where they named none. Of
several times that fit, the earliest is offered. Whoever waits longest comes first. Nothing is offered that begins sooner than the notice says.
One after another: a time is offered to one person, and to the next when they let it go or their minutes have run out. To all: it is offered to
everybody whom it fits, and whoever takes it first has it. Nobody is offered the same time twice, nor two times at
once, nor a time that they gave up and are charged for.
A place in a group fits whoever waits for its service, when the whole group lies within their days and hours. One after another: as many are asked as
there are places left; to all: as many have one as there are places.
In the coverage of a week somebody counts in each hour that their days and hours touch, until the last day on which they wait.
docs/rules/waiting-list.md has a worked table.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from uuid import UUID

DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody waits for. `begins` and `ends` are minutes of the day on the wall of `zone`; no weekday means every one (Monday is 0)."""

    zone: tzinfo
    minutes: int
    until_on: date
    weekdays: frozenset[int] = frozenset()
    begins: int = 0
    ends: int = DAY
    practitioners: frozenset[UUID] = field(default_factory=frozenset)


def fits(wish: Wish, starts_at: datetime, *, practitioner: UUID | None = None) -> bool:
    """Whether an appointment that begins then is what they wait for."""
    if wish.practitioners and practitioner is not None and practitioner not in wish.practitioners:
        return False
    starts, ends = (
        starts_at.astimezone(wish.zone),
        (starts_at + timedelta(minutes=wish.minutes)).astimezone(wish.zone),
    )
    if starts.date() > wish.until_on or (wish.weekdays and starts.weekday() not in wish.weekdays):
        return False
    first = starts.hour * 60 + starts.minute
    last = ends.hour * 60 + ends.minute + (DAY if ends.date() > starts.date() else 0)
    return wish.begins <= first and last <= wish.ends


def waits_in(wish: Wish, begins: datetime, ends: datetime) -> bool:
    """Whether what they named touches this time."""
    local = begins.astimezone(wish.zone)
    if local.date() > wish.until_on or (wish.weekdays and local.weekday() not in wish.weekdays):
        return False
    first = local.hour * 60 + local.minute
    return wish.begins < first + (ends - begins) / timedelta(minutes=1) and first < wish.ends


def first_fitting(
    wish: Wish,
    starts: Iterable[datetime],
    *,
    earliest: datetime,
    practitioner: UUID,
    is_free: Callable[[datetime], bool] = lambda start: True,
) -> datetime | None:
    """The earliest of these instants that fits, leaves the notice, and is free."""
    fitting = (start for start in sorted(starts) if start >= earliest and fits(wish, start, practitioner=practitioner))
    return next(filter(is_free, fitting), None)


def starts_within(begins: datetime, ends: datetime, minutes: int, *, step: int = 15) -> Sequence[datetime]:
    """When an appointment of this length can begin within a time that has freed: at once, then each quarter of an hour."""
    length, found, start = timedelta(minutes=minutes), [], begins
    while start + length <= ends:
        found.append(start)
        start += timedelta(minutes=step)
    return found
