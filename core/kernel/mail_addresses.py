"""Addresses as they leave: with the host in the letters of the DNS, by the rules by which host names are read (UTS 46, IDNA 2008).

The mail library of the language and the framework's know only the rules of 2003, which turn `faß.example` into `fass.example`: somebody else's
host. Therefore no address leaves that has not come through here.
"""

from urllib.parse import quote

import idna
from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from core.kernel.translation import gettext_noop, translate

NOT_DELIVERABLE = gettext_noop("No mail can be sent to this address: what stands after the @ is no host name.")


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


def deliverable_or_nothing(address: str) -> str:
    """The same for a place that can do without: empty where the address cannot leave."""
    try:
        return deliverable(address)
    except ValueError:
        return ""


def mailto(address: str) -> str:
    """The address as a URI (RFC 6068): `o'hara&sons@example.org` -> `mailto:o%27hara%26sons@example.org`. Empty where it cannot leave."""
    found = deliverable_or_nothing(address)
    return f"mailto:{quote(found, safe='@+')}" if found else ""


def validate_deliverable(value: object) -> None:
    """Error: a sentence about an address to which no mail can be sent, though it looks like one."""
    if isinstance(value, str) and value and not deliverable_or_nothing(value):
        raise ValidationError(translate(NOT_DELIVERABLE), code="not_deliverable")


def check_every_address_field() -> None:
    """Make the check a default of address fields. For the start of the program, before the first form is made."""
    for field in (forms.EmailField, models.EmailField):
        if validate_deliverable not in field.default_validators:
            field.default_validators = [*field.default_validators, validate_deliverable]
