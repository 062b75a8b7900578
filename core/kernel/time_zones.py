"""The world's time zones: their names, how a clock there is told from others, and the zone in which the page at hand is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import available_timezones

# What a machine's own files hold beside the zones: a mark for "not set up", and the machine's own zone under no name that others know.
NO_ZONES = frozenset({"Factory", "localtime", "posixrules", "Etc/Unknown"})


@cache
def known() -> frozenset[str]:
    """Every IANA name; read once, because the standard library walks six hundred files at each call: 17 ms, and a page asks several times."""
    return frozenset(available_timezones()) - NO_ZONES


def offset_name(moment: datetime) -> str:
    """How far the clock of an aware moment is ahead of UTC: UTC+05:30."""
    offset = moment.strftime("%z")
    return f"UTC{offset[:3]}:{offset[3:5]}"


def own_name(moment: datetime) -> str:
    """The letters by which the zone's own rules call the clock of this moment (CET, IST); its offset where they have none."""
    name = moment.tzname() or ""
    return name if name.isalpha() else offset_name(moment)


def is_summer(moment: datetime) -> bool:
    """Whether the clocks of the moment's zone are forward then.

    Some laws call summer the standard and winter the exception (Ireland's, Morocco's for Ramadan): there the shift is negative.
    """
    shift = moment.dst() or timedelta(0)
    if shift:
        return shift > timedelta(0)
    return any((moment.replace(month=month, day=1).dst() or timedelta(0)) < timedelta(0) for month in range(1, 13))


def happens_twice(at: datetime, where: tzinfo) -> bool:
    """Whether the wall clock there shows the time of this instant a second time, shortly before or after it."""
    wall = at.astimezone(where)
    first, second = wall.replace(fold=0).utcoffset(), wall.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def needs_offset(starts_at: datetime, ends_at: datetime, where: tzinfo) -> bool:
    """Whether a span is misread there without offsets: one of its times happens twice, or the clocks change in between."""
    if happens_twice(starts_at, where) or happens_twice(ends_at, where):
        return True
    return starts_at.astimezone(where).utcoffset() != ends_at.astimezone(where).utcoffset()


_read: ContextVar[str] = ContextVar("zone_read", default="")


@contextmanager
def read_in(zone: str) -> Iterator[None]:
    """Inside, sentences with a time are read in this IANA zone: the one of the page that asks."""
    token = _read.set(zone)
    try:
        yield
    finally:
        _read.reset(token)


def in_force(otherwise: str) -> str:
    """The IANA zone of the page that asks; `otherwise` where no page does."""
    return _read.get() or otherwise
