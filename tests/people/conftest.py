"""What the tests of people share."""

import pytest

from core.kernel import clock


@pytest.fixture
def now():
    """The present moment, as actions want it."""
    return clock.now()
