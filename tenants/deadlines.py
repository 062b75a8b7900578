"""A connection that does not wait for ever: a frozen server, or a network that swallows answers, is an outage like a server that is gone."""

from typing import Any

import psycopg
from psycopg.errors import _WaitTimeout

LOOK = 2.0  # seconds that a server has to say that it is there, when the pool looks at a connection that lay idle


class ConnectionWithDeadline(psycopg.Connection[Any]):
    """Waits at most `patience` seconds for an answer, which is more than the server's own limit for a statement; then it hangs up."""

    patience: float | None = None

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        seconds = self.patience if timeout is None else timeout
        try:
            return super().wait(gen, interval, seconds)
        except _WaitTimeout as error:
            if timeout is not None:
                raise
            self.pgconn.finish()
            raise psycopg.OperationalError(f"the database has not answered for {seconds:.0f} s") from error

    def execute(self, query: Any, *arguments: Any, **options: Any) -> Any:
        if query:
            return super().execute(query, *arguments, **options)
        whole, self.patience = self.patience, LOOK
        try:
            return super().execute(query, *arguments, **options)
        finally:
            self.patience = whole
