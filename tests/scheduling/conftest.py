"""Time that moves, and the mail that went out."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from core.kernel import clock, outbox


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """`at(moment)`: from now on it is that moment."""

    def set_clock(moment: datetime) -> None:
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    return set_clock


@pytest.fixture
def deliver(mailoutbox: list) -> Callable[[], list]:
    """`deliver()` -> the mails that the promises due by now have sent since the last call."""

    def run() -> list:
        mailoutbox.clear()
        while outbox.deliver_due():
            pass
        return sorted(mailoutbox, key=lambda mail: mail.to)

    return run


HOUR = timedelta(hours=1)
