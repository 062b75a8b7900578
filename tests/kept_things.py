"""The cast and one of everything, made once for the tests of a file: each test gets a copy, in a savepoint above the rows.

Making them takes one and a half seconds of CPU time, a hundred times over. They are made anew after two minutes, because they stand in time:
an appointment begins in five.
"""

import copy
import time
from contextlib import ExitStack
from types import SimpleNamespace

from django.db import transaction

from tenants.context import organization_context
from tests.database import organization
from tests.factories.cast import make_cast
from tests.isolation.things import things

FRESH = 120  # seconds


class KeptThings:
    """A transaction that stays open below those of the tests. All tests of the file that use the database must stand on it."""

    def __init__(self) -> None:
        self._open = ExitStack()
        self._made: SimpleNamespace | None = None
        self._made_at = 0.0

    def make(self) -> None:
        """Make them, unless they are there and fresh. Not within a transaction of a test."""
        if self._made is not None and time.monotonic() - self._made_at < FRESH:
            return
        self.undo()
        self._open.enter_context(transaction.atomic())
        self._open.callback(transaction.set_rollback, True)
        north, south = organization("north"), organization("south")
        with organization_context(north):
            made = make_cast(north, south)
            things(made)
        self._made, self._made_at = made, time.monotonic()

    def undo(self) -> None:
        self._made = None
        self._open.close()

    def copy(self, north: object, south: object) -> SimpleNamespace:
        """A cast of the test's own, so that what one test changes or has looked up is unknown to the next."""
        made = copy.deepcopy(self._made)
        made.north, made.south = north, south
        return made
