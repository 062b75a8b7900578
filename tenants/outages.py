"""How it looks when a server that everything stands on is away."""

from django.db import InterfaceError, OperationalError, connection
from psycopg_pool import PoolTimeout
from redis.exceptions import ConnectionError as CacheConnectionError
from redis.exceptions import TimeoutError as CacheTimeoutError

DATABASE_ERRORS = (OperationalError, InterfaceError, PoolTimeout)
CACHE_ERRORS = (CacheConnectionError, CacheTimeoutError)
_TOO_MUCH = ("55P03", "57014", "53300", "40P01", "40001")  # lock, statement, connections, deadlock, serialization
_STATES_OF_A_WORKING_SERVER = ("40", "42", "53100", "53400", "54", "55", "57014")


def is_outage(error: BaseException | None) -> bool:
    """Whether the error, or one that caused it, says that the database or the cache is away, rather than that we asked wrongly."""
    if is_busy(error):
        return False
    while error is not None:
        if isinstance(error, (*CACHE_ERRORS, PoolTimeout)):
            return True
        if isinstance(error, (OperationalError, InterfaceError)) and not _answered(error):
            return True
        error = error.__cause__ or error.__context__
    return False


def is_busy(error: BaseException | None) -> bool:
    """Whether the database is there and has too much to do: a statement or a lock took too long, or no connection was free."""
    while error is not None:
        if isinstance(error, PoolTimeout):
            return _all_in_use()
        if getattr(error, "sqlstate", None) in _TOO_MUCH:
            return True
        error = error.__cause__ or error.__context__
    return False


def _all_in_use() -> bool:
    """Whether the pool is full of connections that work, rather than empty because none can be made."""
    stats = connection.pool.get_stats() if connection.pool else {}
    return bool(stats) and stats["pool_size"] >= stats["pool_max"] and not stats.get("pool_available")


def _answered(error: BaseException) -> bool:
    """A server that is up names the trouble by SQLSTATE: a deadlock, a lock not granted, a statement cancelled."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return state.startswith(_STATES_OF_A_WORKING_SERVER)
