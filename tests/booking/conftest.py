"""Online booking, open to everybody."""

import pytest

from tests.factories.booking import open_booking


@pytest.fixture
def online(cast):
    return open_booking(cast)
