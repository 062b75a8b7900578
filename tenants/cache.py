"""Cache keys that carry the schema in force, and a cache whose absence is no error."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache

from tenants import context, outages

logger = logging.getLogger(__name__)

AWAY_SECONDS = 5.0


def make_key(key: str, key_prefix: str, version: int) -> str:
    """KEY_FUNCTION of every cache alias."""
    return f"{context.current().schema}:{key_prefix}:{version}:{key}"


class ForgivingCache(RedisCache):
    """Valkey that may be away: nothing is found then and nothing kept, and pages are slower but right.

    After a failure nobody asks for some seconds, because each request would wait for the time-out otherwise. What must
    hold without it is not counted here: limits count in the database.
    """

    _back_at = 0.0  # of the class, because every thread has an object of its own

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingCache, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingCache, self).get_many(keys, version), {})

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingCache, self).set(key, value, *args, **kwargs), None)

    def set_many(self, values: Any, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingCache, self).set_many(values, *args, **kwargs), list(values))

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingCache, self).add(key, value, *args, **kwargs), True)

    def touch(self, key: Any, *args: Any, **kwargs: Any) -> Any:
        return self._try(lambda: super(ForgivingCache, self).touch(key, *args, **kwargs), False)

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingCache, self).incr(key, delta, version), delta)

    def has_key(self, key: Any, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingCache, self).has_key(key, version), False)

    def delete(self, key: Any, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingCache, self).delete(key, version), False)

    def delete_many(self, keys: Any, version: int | None = None) -> Any:
        return self._try(lambda: super(ForgivingCache, self).delete_many(keys, version), None)

    def _try(self, ask: Callable[[], Any], otherwise: Any) -> Any:
        if time.monotonic() < ForgivingCache._back_at:
            return otherwise
        try:
            return ask()
        except outages.CACHE_ERRORS as error:
            ForgivingCache._back_at = time.monotonic() + AWAY_SECONDS
            logger.warning("the cache is away: %s", type(error).__name__)
            return otherwise
