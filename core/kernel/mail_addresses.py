"""Addresses as they leave: with the host in the letters of the DNS, by the rules by which host names are read (UTS 46, IDNA 2008).

The mail library of the language and the framework's know only the rules of 2003, which turn `faß.example` into `fass.example`: somebody else's
host. Therefore no address leaves that has not come through here.
"""

import idna


def deliverable(address: str) -> str:
    """The address as servers take it: `user@faß.example` -> `user@xn--fa-hia.example`.

    ValueError where there is no such host, and for letters before the @ that most servers do not take.
    """
    local, at, host = address.strip().rpartition("@")
    if not (local and at and host):
        raise ValueError(f"no address: {address!r}")
    if not local.isascii():
        raise ValueError(f"letters before the @ that no server is sure to take: {address!r}")
    return f"{local}@{host if host.isascii() else idna.encode(host, uts46=True, std3_rules=True).decode()}"


def is_deliverable(address: str) -> bool:
    """Whether the address can leave at all."""
    try:
        deliverable(address)
    except ValueError:
        return False
    return True
