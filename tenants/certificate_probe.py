"""What certificate the front door shows for a host: looking at it is also what makes the door fetch one."""

import socket
import ssl
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from django.conf import settings

SECONDS = 6.0


@dataclass(frozen=True, slots=True)
class Certificate:
    """From when until when it is valid."""

    starts: datetime
    ends: datetime


def look(host: str) -> Certificate | None:
    """The certificate that is shown for `host`; None when there is none that a browser would take."""
    name, _, port = (settings.FRONT_DOOR or f"{host}:443").rpartition(":")
    trust = ssl.create_default_context(cafile=settings.FRONT_DOOR_AUTHORITY or None)
    try:
        with (
            socket.create_connection((name, int(port)), timeout=SECONDS) as plain,
            trust.wrap_socket(plain, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert(binary_form=True)
    except (OSError, ValueError):
        return None
    read = x509.load_der_x509_certificate(shown) if shown else None
    return Certificate(read.not_valid_before_utc, read.not_valid_after_utc) if read else None
