"""The one source of the present moment.

Everything that decides by time asks `now()`. A file named by CLOCK_FILE holds seconds to add: journeys and the demo move the
clock of all processes with it. In production the variable is unset, and the clock is the machine's.
"""

import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path


def offset() -> timedelta:
    """Return how far the clock has been moved; zero unless CLOCK_FILE says otherwise."""
    path = os.environ.get("CLOCK_FILE")
    if not path:
        return timedelta()
    with suppress(FileNotFoundError, ValueError):  # because an absent or half-written file means: not moved
        return timedelta(seconds=float(Path(path).read_text() or 0))
    return timedelta()


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC) + offset()


def move(by: timedelta) -> None:
    """Move the clock of every process that reads the same CLOCK_FILE. For journeys and the demo only."""
    path = Path(os.environ["CLOCK_FILE"])
    seconds = (offset() + by).total_seconds()
    temporary = path.with_suffix(".new")
    temporary.write_text(str(seconds))
    temporary.replace(path)
