"""What the tests of this folder share."""

import pytest

from tests.factories.scheduling import book, make_client
from tests.factories.waiting_list import open_list


@pytest.fixture
def booked(cast):
    """Otto has Tess's time at nine in two days."""
    cast.otto = make_client("Otto", practitioner=cast.tess_staff, login=cast.gus)
    open_list(cast)
    return book(cast, clients=[cast.otto])
