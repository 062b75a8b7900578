"""Where datagrams come from and go to: addresses as Python's sockets and as Linux know them."""

import socket
import struct

Address = tuple[str, int] | tuple[str, int, int, int]


def pack_address(address: Address) -> bytes:
    """Return `address` as Linux's sockaddr_in or sockaddr_in6."""
    host, port = address[0], address[1]
    if len(address) == 2:
        return struct.pack("=H", socket.AF_INET) + struct.pack("!H4s8x", port, socket.inet_aton(host))
    packed = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
    ahead = struct.pack("=H", socket.AF_INET6) + struct.pack("!HI16s", port, address[2], packed)
    return ahead + struct.pack("=I", address[3])
