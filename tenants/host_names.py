"""Host names as people type them and as domains are stored: lower case, punycode, no port, no trailing dot."""

import ipaddress
import re

import idna

from core.kernel.errors import DomainError
from core.kernel.translation import translate

MOST_CHARACTERS = 253
_LABEL = re.compile(r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")


def normalize(host: str) -> str:
    """Return the host of a request as domains are stored. Never raises: what is no host name simply finds no domain."""
    name = host.strip().lower()
    if name.count(":") == 1:
        name = name.rsplit(":", 1)[0]
    name = name.rstrip(".")
    if name.isascii():
        return name
    try:
        return _encode(name)
    except idna.IDNAError:
        return ""


def read(text: str, *, reserved: str) -> str:
    """Read a host name that somebody typed for an organization; `reserved` is the operator console's own.

    Errors: `host_invalid` with what is wrong, `host_reserved`.
    """
    name = text.strip().lower().rstrip(".")
    if not name:
        raise _invalid(translate("Enter a host name, like clinic.example.org."))
    if "/" in name or "@" in name or any(character.isspace() for character in name):
        raise _invalid(
            translate(
                "“%(text)s” is an address. Enter the host name alone, like clinic.example.org.", text=_short(text)
            )
        )
    if ":" in name:
        raise _invalid(translate("“%(text)s” has a port. Enter the host name alone.", text=_short(name)))
    try:
        name = name if name.isascii() else _encode(name)
    except idna.IDNAError as error:
        raise _invalid(translate("“%(text)s” is not a host name.", text=_short(name))) from error
    _check_form(name)
    if name == reserved or name.endswith(f".{reserved}"):
        raise DomainError(
            "host_reserved",
            translate("%(host)s is in use by the platform itself. Choose another host.", host=name),
            field="host",
        )
    return name


def shown(host: str) -> str:
    """Return the host as people read it: with its own letters where it has any."""
    try:
        return idna.decode(host) if "xn--" in host else host
    except idna.IDNAError:
        return host


def is_below(host: str, domain: str) -> bool:
    """Whether a host, as domains are stored, lies below a domain."""
    return bool(domain) and host.endswith(f".{normalize(domain)}")


def is_child(host: str, domain: str) -> bool:
    """Whether a host is one label below a domain, as the platform hands them out; a deeper one is somebody's own, and proved like any other."""
    return is_below(host, domain) and "." not in host.removesuffix(f".{normalize(domain)}")


def _encode(name: str) -> str:
    return idna.encode(name, uts46=True).decode("ascii")


def _check_form(name: str) -> None:
    labels = name.split(".")
    if labels[0] == "*":
        raise _invalid(translate("A star stands for many hosts. Enter one host; add others beside it."))
    if len(name) > MOST_CHARACTERS or len(labels) < 2:
        raise _invalid(
            translate("“%(text)s” is not a full host name. It needs a dot, like clinic.example.org.", text=_short(name))
        )
    if all(label.isdigit() for label in labels) or _is_address(name):
        raise _invalid(
            translate("“%(text)s” is a number of a computer. Enter a host name, like clinic.example.org.", text=name)
        )
    wrong = next((label for label in labels if not _LABEL.match(label)), None)
    if wrong is not None:
        raise _invalid(
            translate("“%(text)s” cannot be part of a host name. Use letters, digits and hyphens.", text=_short(wrong))
        )


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _short(text: str) -> str:
    """What was typed, as far as a sentence has room for it."""
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"


def _invalid(message: str) -> DomainError:
    return DomainError("host_invalid", message, field="host")
