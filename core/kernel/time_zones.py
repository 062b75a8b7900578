"""The names of the world's time zones, and the one in which the page at hand is read."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from zoneinfo import available_timezones


@cache
def known() -> frozenset[str]:
    """Every IANA name; read once, because the standard library walks six hundred files at each call: 17 ms, and a page asks several times."""
    return frozenset(available_timezones())


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
