"""A name server and a mail server for every test of senders."""

import pytest

from tests.factories.dns_server import dns_server
from tests.factories.mail_domain import platform_mail


@pytest.fixture
def dns():
    with dns_server() as server:
        yield server


@pytest.fixture
def post():
    """What leaves by the platform's own mail server."""
    with platform_mail() as server:
        yield server
