"""The program that keeps promises: wakes when one is made or falls due, survives restarts of the database, stops between two promises."""

import contextlib
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from threading import Event
from typing import Any

import psycopg
from django.db import close_old_connections, connection

from core.kernel import clock
from tenants import context, due_work, failed_work, outages, outbox_delivery, roles
from tenants.models import WorkerHeartbeat

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
HEARTBEAT_SECONDS = 10.0
SWEEP_SECONDS = 3600.0
AWAY_SECONDS = 1.0


class Worker:
    """One process. `run()` returns after `stop()`, with the promise in hand kept."""

    def __init__(self, name: str = "") -> None:
        self.name = name or f"{socket.gethostname()}:{os.getpid()}"
        self.delivered = 0
        self._stopping = Event()
        self._ear: psycopg.Connection[Any] | None = None
        self._next: dict[Callable[[], object], float] = {}

    def stop(self, *_: object) -> None:
        self._stopping.set()

    def stop_at_signals(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)

    def run(self) -> None:
        """Deliver until stopped. Errors of the database are waited out; errors of single promises are the outbox's own business."""
        while not self._stopping.is_set():
            try:
                self._listen()
                if not self._round():
                    self._wait()
            except outages.DATABASE_ERRORS + (psycopg.Error,) as error:
                logger.warning("the database is away: %s", type(error).__name__)
                self._hang_up()
                self._stopping.wait(AWAY_SECONDS)
        self._hang_up()
        with contextlib.suppress(*outages.DATABASE_ERRORS), context.public_context():
            WorkerHeartbeat.objects.filter(name=self.name).delete()

    def _round(self) -> int:
        close_old_connections()
        self._every(SWEEP_SECONDS, due_work.sweep)
        self._every(SWEEP_SECONDS, failed_work.sweep)
        tried = outbox_delivery.deliver_all(stopping=self._stopping.is_set)
        self.delivered += tried
        self._every(HEARTBEAT_SECONDS, self._beat)
        return tried

    def _every(self, seconds: float, act: Callable[[], object]) -> None:
        now = time.monotonic()
        if now >= self._next.get(act, 0.0):
            act()
            self._next[act] = now + seconds

    def _beat(self) -> None:
        with context.public_context():
            WorkerHeartbeat.objects.update_or_create(
                name=self.name, defaults={"at": clock.now(), "delivered": self.delivered}
            )

    def _listen(self) -> None:
        """Keep a connection of our own for notifications: a pooled one would forget what it listens to."""
        if self._ear is None:
            self._ear = roles.connect_apart()
            self._ear.execute(f"LISTEN {due_work.CHANNEL}")

    def _wait(self) -> None:
        """Return when a promise was made, or after the poll, which finds those that have fallen due."""
        if self._ear is not None:
            list(self._ear.notifies(timeout=POLL_SECONDS, stop_after=1))

    def _hang_up(self) -> None:
        if self._ear is not None:
            with contextlib.suppress(psycopg.Error):
                self._ear.close()
        self._ear = None
        with contextlib.suppress(*outages.DATABASE_ERRORS):
            connection.close()
