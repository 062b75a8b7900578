"""What the tests of this folder share."""

import pytest

from tests.factories.booking import open_booking
from tests.factories.scheduling import book, make_client
from tests.factories.waiting_list import open_list
from tests.waiting_list.places import make_group


@pytest.fixture
def booked(cast):
    """Otto has Tess's time at nine in two days."""
    cast.otto = make_client("Otto", practitioner=cast.tess_staff, login=cast.gus)
    open_list(cast)
    return book(cast, clients=[cast.otto])


@pytest.fixture
def online(cast):
    open_list(cast)
    return open_booking(cast)


@pytest.fixture
def group(cast, online):
    """Three places, two of them taken, in two days at nine."""
    make_group(cast, online)
    clients = [make_client(name, practitioner=cast.tess_staff) for name in ("Ann", "Ben")]
    return book(
        cast, clients=clients, is_open_group=True, service_id=online.service.pk, service_name="First talk", minutes=90
    )  # fmt: skip
