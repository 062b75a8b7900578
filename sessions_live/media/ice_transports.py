"""The ICE transports by which media reaches the media server from a browser, as the connection test tries them one by one.

Directly is UDP to the media server itself. By relay is through one of our TURN servers only: over UDP, or over TCP, which with TLS looks like any
other web page to the network in between. Addresses follow RFC 7065: `turn:host:port?transport=udp`, `turns:` for TLS; without a port
3478, or 5349 with TLS.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from .engine import Message

_ADDRESS = re.compile(r"(turns?):(\[[^\]]+\]|[^:?]+)(?::(\d+))?(?:\?transport=(udp|tcp))?$")


class IceTransport(StrEnum):
    """What a browser is told to use, and nothing else."""

    DIRECT = "direct"
    RELAY_UDP = "relay-udp"
    RELAY_TCP = "relay-tcp"


@dataclass(frozen=True, slots=True)
class Relay:
    """One address of a relay. `protocol` is `udp`, `tcp` or `tls`."""

    url: str
    transport: IceTransport
    host: str
    port: int
    protocol: str


def relays(urls: Iterable[str]) -> list[Relay]:
    """Return what the addresses say; one that is none is left out, as a browser would refuse it."""
    found = []
    for url in urls:
        if parts := _ADDRESS.match(url):
            scheme, host, port, chosen = parts.groups()
            is_tls = scheme == "turns"
            protocol = "tls" if is_tls else chosen or "udp"
            transport = IceTransport.RELAY_UDP if protocol == "udp" else IceTransport.RELAY_TCP
            found.append(Relay(url, transport, host, int(port or (5349 if is_tls else 3478)), protocol))
    return found


def urls_for(transport: IceTransport, urls: Iterable[str]) -> list[str]:
    """Which of the relays' addresses belong to `transport`; none for the direct one."""
    return [relay.url for relay in relays(urls) if relay.transport is transport]


def restricted_to(transport: IceTransport, engine_message: Message) -> Message:
    """The `engine` message with this transport as the only one: no relay, or the relays of one protocol and nothing else."""
    servers = []
    for server in engine_message["ice_servers"]:
        if urls := urls_for(transport, server["urls"]):
            servers.append(server | {"urls": urls})
    policy = "all" if transport is IceTransport.DIRECT else "relay"
    return engine_message | {"ice_servers": servers, "ice_transport_policy": policy}
