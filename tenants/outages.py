"""How it looks when a server that everything stands on is away."""

from django.db import InterfaceError, OperationalError
from psycopg_pool import PoolTimeout
from redis.exceptions import ConnectionError as CacheConnectionError
from redis.exceptions import TimeoutError as CacheTimeoutError

DATABASE_ERRORS = (OperationalError, InterfaceError, PoolTimeout)
CACHE_ERRORS = (CacheConnectionError, CacheTimeoutError)
_STATES_OF_A_WORKING_SERVER = ("40", "42", "53100", "53400", "54", "55", "57014")


def is_outage(error: BaseException | None) -> bool:
    """Whether the error, or one that caused it, says that the database or the cache is away, rather than that we asked wrongly."""
    while error is not None:
        if isinstance(error, (*CACHE_ERRORS, PoolTimeout)):
            return True
        if isinstance(error, (OperationalError, InterfaceError)) and not _answered(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def _answered(error: BaseException) -> bool:
    """A server that is up names the trouble by SQLSTATE: a deadlock, a lock not granted, a statement cancelled."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state.startswith(_STATES_OF_A_WORKING_SERVER)
