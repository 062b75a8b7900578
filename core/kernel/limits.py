"""How often something may be tried: counted in the database, so that a limit holds whatever else is away.

A limit counts from the first attempt on, for a time; then anew. What turned out to be right is given back. With the database away nothing is
counted and nothing is allowed either, because whoever asks gets its error.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import ceil

from django.db import connection
from django.db.models import F

from core.kernel.errors import DomainError
from core.kernel.models import LimitCount
from core.kernel.translation import translate_plural

_COUNT = """
    INSERT INTO {table} AS known (key, count, until) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET
        count = CASE WHEN known.until <= %s THEN 1 ELSE known.count + 1 END,
        until = CASE WHEN known.until <= %s THEN excluded.until ELSE known.until END
    WHERE known.until <= %s OR known.count < %s
    RETURNING count
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `most` attempts of one key `within` a time. The name tells one limit's keys from another's."""

    name: str
    most: int
    within: timedelta


class TooOften(DomainError):
    """One attempt too many; `seconds` until the next is allowed. 429 with Retry-After."""

    def __init__(self, seconds: int, message: str = "") -> None:
        super().__init__("too_often", message or how_long(seconds))
        self.seconds = seconds


def how_long(seconds: int) -> str:
    """The sentence that says when to try again, in the language in force."""
    minutes = ceil(seconds / 60)
    return translate_plural(
        "There were too many attempts. Try again in a minute.",
        "There were too many attempts. Try again in %(minutes)s minutes.",
        minutes,
        minutes=minutes,
    )


def count(attempts: Iterable[tuple[Limit, str]], *, now: datetime) -> list[str]:
    """Count one attempt against every limit with its key, or against none; returns what `give_back` takes. Raises `TooOften`."""
    counted: list[str] = []
    for limit, key in attempts:
        stored = _stored(limit, key)
        if not _count(limit, stored, now):
            give_back(counted, now=now)
            raise TooOften(_seconds_left(stored, now))
        counted.append(stored)
    return counted


def give_back(counted: Iterable[str], *, now: datetime) -> None:
    """Uncount an attempt that was right, so that only wrong ones fill the limit."""
    LimitCount.objects.filter(key__in=list(counted), until__gt=now, count__gt=0).update(count=F("count") - 1)


def forget_expired(*, now: datetime) -> None:
    """Throw away what has run out. A nightly job."""
    LimitCount.objects.filter(until__lte=now).delete()


def _count(limit: Limit, stored: str, now: datetime) -> bool:
    """One statement, because between looking and counting others would pass."""
    table = connection.ops.quote_name(LimitCount._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(table=table), [stored, now + limit.within, now, now, now, limit.most])
        return cursor.fetchone() is not None


def _seconds_left(stored: str, now: datetime) -> int:
    until = LimitCount.objects.filter(key=stored).values_list("until", flat=True).first()
    return max(1, ceil((until - now).total_seconds())) if until else 1


def _stored(limit: Limit, key: str) -> str:
    """No address and no token is kept in clear."""
    return f"{limit.name}:{sha256(key.encode()).hexdigest()}"
