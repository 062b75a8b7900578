"""What is promised through the outbox has a moment and a handler."""

from datetime import timedelta
from types import ModuleType

import pytest

from core.kernel import checks, clock, outbox
from core.kernel.models import OutboxMessage


@pytest.fixture
def handled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_handlers", {**outbox._handlers, "tests.handled": lambda message: None})


def test_promise_without_a_moment_is_due_at_once(north, handled):
    promised = outbox.enqueue("tests.handled")

    assert promised.due_at <= clock.now()
    assert outbox.deliver_due() == 1


def test_promise_for_later_waits(north, handled):
    later = clock.now() + timedelta(hours=1)

    assert outbox.enqueue("tests.handled", due_at=later).due_at == later
    assert outbox.deliver_due() == 0


def test_never_is_no_moment(north, handled):
    with pytest.raises(Exception, match="due_at"):
        outbox.enqueue("tests.handled", due_at=None)


def test_nothing_is_promised_that_nobody_handles(north):
    with pytest.raises(LookupError, match=r"tests\.nobody"):
        outbox.enqueue("tests.nobody")

    assert not OutboxMessage.objects.exists()


@pytest.mark.unit
def test_name_without_a_handler_stops_the_start(monkeypatch):
    rockets = ModuleType("rockets.outbox_names")
    rockets.LAUNCH = "rockets.launch"
    monkeypatch.setitem(checks.sys.modules, rockets.__name__, rockets)

    assert [error.id for error in checks.every_promise_has_a_handler()] == ["kernel.E001"]


@pytest.mark.unit
def test_every_name_has_a_handler():
    assert checks.every_promise_has_a_handler() == []


@pytest.mark.unit
def test_handler_without_a_name_stops_the_start(handled):
    (error,) = checks.every_handler_has_a_name()

    assert error.id == "kernel.E003"
    assert "tests.handled" in error.msg


@pytest.mark.unit
def test_every_handler_has_a_name():
    assert checks.every_handler_has_a_name() == []


@pytest.mark.unit
def test_name_without_a_label_stops_the_start(monkeypatch):
    rockets = ModuleType("rockets.outbox_names")
    rockets.LAUNCH = "rockets.launch"
    monkeypatch.setitem(checks.sys.modules, rockets.__name__, rockets)
    monkeypatch.setitem(outbox._handlers, "rockets.launch", lambda message: None)

    assert [error.id for error in checks.every_promise_has_a_label()] == ["kernel.E002"]


@pytest.mark.unit
def test_every_name_has_a_label():
    assert checks.every_promise_has_a_label() == []


def test_promise_in_another_workers_hand_is_passed_by(north, handled, monkeypatch):
    promised = outbox.enqueue("tests.handled")
    stale = outbox._lease_one()
    OutboxMessage.objects.filter(pk=promised.pk).update(leased_until=clock.now() - timedelta(seconds=1))
    kept = []
    monkeypatch.setitem(outbox._handlers, "tests.handled", kept.append)

    assert outbox.deliver_due() == 1
    outbox._deliver(stale)  # the first worker wakes up after its lease has gone to another one

    assert len(kept) == 1
    assert OutboxMessage.objects.get(pk=promised.pk).attempts == 2


def test_failure_of_a_worker_that_lost_its_lease_changes_nothing(north, handled):
    promised = outbox.enqueue("tests.handled")
    stale = outbox._lease_one()
    OutboxMessage.objects.filter(pk=promised.pk).update(leased_until=clock.now() - timedelta(seconds=1))
    assert outbox.deliver_due() == 1

    outbox._retry(stale, RuntimeError("late"), permanent=True)

    assert OutboxMessage.objects.get(pk=promised.pk).state == OutboxMessage.State.DONE
