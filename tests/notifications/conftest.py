"""What the tests of this folder share."""

from datetime import UTC, datetime

import pytest

from core.kernel import clock
from tests.factories.text_service import text_service


@pytest.fixture
def service(settings, tmp_path):
    with text_service(tmp_path) as (address, texts):
        settings.SMS_API_BASE = address
        yield texts.kept


@pytest.fixture
def at(monkeypatch):
    def set_clock(moment):
        monkeypatch.setattr(clock, "now", lambda: moment)

    set_clock(datetime(2026, 3, 2, 8, 0, tzinfo=UTC))
    return set_clock
