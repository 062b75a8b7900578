"""The outbox worker as a program: woken by promises, patient with the database, stopped between two promises."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction

from core.kernel import outbox
from core.kernel.models import OutboxMessage
from tenants import context, outbox_delivery
from tenants.models import WorkerHeartbeat
from tenants.outbox_worker import Worker
from tests.database import as_superuser
from tests.database import organization as find
from tests.tenants import promises


def eventually(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def worker(swept: None) -> Iterator[Worker]:
    promises.kept.clear()
    running = Worker("test-worker")

    def run() -> None:
        try:
            running.run()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    yield running
    running.stop()
    thread.join(15)
    assert not thread.is_alive()
    promises.forget_messages(find("south"))


def promise(name: str = "tests.nothing", **payload: object) -> OutboxMessage:
    with context.organization_context(find("south")):
        return outbox.enqueue(name, **payload)


def test_worker_is_woken_by_a_promise(worker):
    assert eventually(lambda: worker._ear is not None)
    started = time.monotonic()

    promise()

    assert eventually(lambda: len(promises.kept) == 1)
    # The worker polls once a second: under 0.9 s it was woken; tolerates a busy machine nearly up to where the two look alike.
    assert time.monotonic() - started < 0.9  # woken, not polled


def test_worker_survives_losing_its_connections(worker):
    assert eventually(lambda: worker._ear is not None)
    with as_superuser() as superuser:
        superuser.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    connection.close()

    promise()

    assert eventually(lambda: len(promises.kept) == 1)


def test_worker_shows_that_it_lives_and_takes_leave(worker):
    def beats() -> int:
        with context.public_context():
            return WorkerHeartbeat.objects.filter(name="test-worker").count()

    assert eventually(lambda: beats() == 1)
    worker.stop()
    assert eventually(lambda: beats() == 0)


def test_sigterm_lets_the_promise_in_hand_finish(swept):
    slow, waiting = promise("tests.slow", seconds=1.5), promise()
    program = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", _PROGRAM], env=_environment(), stdout=subprocess.PIPE, text=True
    )
    try:
        assert eventually(lambda: attempts(slow) == 1, 30)
        program.send_signal(signal.SIGTERM)
        said, _ = program.communicate(timeout=15)
    finally:
        program.kill()
        program.wait()

    assert (program.returncode, state(slow), state(waiting)) == (0, "done", "waiting")
    assert "stopped after 1" in said
    promises.forget_messages(find("south"))


def test_lease_is_short():
    assert timedelta(seconds=30) >= outbox.LEASE


def test_promise_of_a_killed_worker_is_kept_when_its_lease_is_over(swept):
    slow = promise("tests.slow", seconds=60)
    first = _program()
    assert eventually(lambda: attempts(slow) == 1, 30)
    first.kill()
    first.wait()
    second = _program()
    died_at = time.monotonic()
    try:
        assert eventually(lambda: attempts(slow) == 2, SHORT + 5 + STARTING)
    finally:
        second.kill()
        second.wait()
        promises.forget_messages(find("south"))

    assert time.monotonic() - died_at <= SHORT + 5 + STARTING


def test_promise_of_a_killed_worker_is_late_by_no_more_than_its_lease_and_five_seconds(swept, moved_clock):
    """By the clock of the house: a real worker with the real lease is killed, and every second somebody looks, as workers do."""
    promises.kept.clear()
    slow = promise("tests.slow", seconds=60)
    first = _program(lease=outbox.LEASE.total_seconds())
    assert eventually(lambda: attempts(slow) == 1, 30)
    first.kill()
    first.wait()
    assert eventually(lambda: not _is_held(slow))  # the database has noticed
    with context.organization_context(find("south")):
        OutboxMessage.objects.filter(pk=slow.pk).update(payload={"seconds": 0})

    seconds = 0
    while not promises.kept and seconds < 60:
        outbox_delivery.deliver_all()
        moved_clock(timedelta(seconds=1))
        seconds += 1

    assert state(slow) == "done"
    assert seconds <= outbox.LEASE.total_seconds() + 5
    assert attempts(slow) == 2
    promises.forget_messages(find("south"))


def _is_held(message: OutboxMessage) -> bool:
    """Whether somebody is just keeping it."""
    with context.organization_context(find("south")), transaction.atomic():
        return not OutboxMessage.objects.select_for_update(skip_locked=True).filter(pk=message.pk).exists()


def test_promise_that_takes_longer_than_its_lease_is_kept_once(swept):
    slow = promise("tests.slow", seconds=SHORT * 3)
    programs = [_program(), _program()]
    try:
        assert eventually(lambda: state(slow) == "done", SHORT * 3 + STARTING)
        assert attempts(slow) == 1
    finally:
        for program in programs:
            program.kill()
            program.wait()
        promises.forget_messages(find("south"))


SHORT = 2.0  # the lease of these programs, in seconds
STARTING = 25.0  # until a program has started, on a loaded machine


def _program(lease: float = SHORT) -> subprocess.Popen[str]:
    """A worker whose leases last so many seconds."""
    text = _PROGRAM.replace("call_command(", f"outbox.LEASE = timedelta(seconds={lease})\ncall_command(", 1)
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", text], env=_environment(), stdout=subprocess.DEVNULL, text=True
    )


_PROGRAM = """
import django; django.setup()
from datetime import timedelta
from core.kernel import outbox
from django.core.management import call_command
from tests.tenants import promises
call_command("run_outbox")
"""


def _environment() -> dict[str, str]:
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "deploy.settings.base", "DATABASE_URL": _address()}


def _address() -> str:
    """The test database, as other processes reach it."""
    database = settings.DATABASES["default"]
    port = f"&port={database['PORT']}" if database["PORT"] else ""
    return f"postgresql://{database['USER']}:{database['PASSWORD']}@/{database['NAME']}?host={database['HOST']}{port}"


def _message(message: OutboxMessage) -> OutboxMessage:
    with context.organization_context(find("south")):
        return OutboxMessage.objects.get(pk=message.pk)


def attempts(message: OutboxMessage) -> int:
    return _message(message).attempts


def state(message: OutboxMessage) -> str:
    return _message(message).state
