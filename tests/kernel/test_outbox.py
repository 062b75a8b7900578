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

    assert outbox.enqueue("tests.handled", due_at=later).due_at == outbox.next_due_at() == later
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
