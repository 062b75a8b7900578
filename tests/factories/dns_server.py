"""A DNS of the test's own: a real name server on the loopback address, whose zones the test fills, and a product that asks it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.test import override_settings

from deploy.local.nameserver.server import Nameserver
from tenants.dns import Resolver


@contextmanager
def dns_server() -> Iterator[Nameserver]:
    """A name server without records; what is left to the settings asks it too."""
    with Nameserver() as server, override_settings(DNS_SERVERS=[server.host], DNS_PORT=server.port):
        yield server


def asking(server: Nameserver, seconds: float = 1.0) -> Resolver:
    """A resolver that asks this server only."""
    return Resolver([server.host], server.port, seconds)
