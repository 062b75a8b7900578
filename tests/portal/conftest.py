"""The cast at the till, see tests/factories/till.py."""

import pytest

from tests.factories.till import make_till


@pytest.fixture
def till(cast):
    return make_till(cast)
