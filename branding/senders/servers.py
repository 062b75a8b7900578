"""An organization's own mail server: whether it may be reached at all, whether it works, and what is wrong in words."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings

from branding.senders.backend import OwnServerBackend
from branding.senders.keys import PASSWORD_PURPOSE
from branding.senders.models import Sender
from branding.senders.reasons import SenderReason
from core.kernel import encryption, outside
from core.kernel.reasons import Reason

PORTS = (25, 465, 587, 2525)


class ServerTrouble(OSError):
    """The server cannot be used; `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.code.value)
        self.reason = reason


def connection_of(sender: Sender) -> OwnServerBackend:
    """The way to the server, not yet opened. Raises `ServerTrouble` where it may not be reached."""
    return OwnServerBackend(
        addresses=public_addresses(sender.server_host, sender.server_port),
        host=sender.server_host,
        port=sender.server_port,
        username=sender.server_user,
        password=password_of(sender),
        use_tls=sender.server_security == Sender.Security.STARTTLS,
        use_ssl=sender.server_security == Sender.Security.TLS,
    )


def password_of(sender: Sender) -> str:
    """In clear; empty where there is none. Raises `ServerTrouble` where its key is gone."""
    try:
        return encryption.decrypt(sender.server_password, purpose=PASSWORD_PURPOSE) if sender.server_password else ""
    except encryption.InvalidToken as error:
        raise ServerTrouble(Reason(SenderReason.PASSWORD_LOST)) from error


def public_addresses(host: str, port: int) -> list[str]:
    """The addresses of the host, all of them outside of private networks. Raises `ServerTrouble`."""
    try:
        addresses = outside.look_up(host, port)
    except (OSError, UnicodeError) as error:
        raise ServerTrouble(Reason(SenderReason.HOST_UNKNOWN, {"host": host})) from error
    if not settings.PRIVATE_MAIL_SERVERS and not all(outside.is_public(address) for address in addresses):
        raise ServerTrouble(Reason(SenderReason.ADDRESS_PRIVATE, {"host": host}))
    return addresses


def try_server(sender: Sender) -> Reason:
    """Connect, look at the certificate, sign in, and ask whether it sends for the address; nothing is sent."""
    try:
        backend = connection_of(sender)
        with troubles_in_words(sender, backend):
            backend.open()
            try:
                code, said = backend.connection.mail(sender.server_address)
                if code >= 400:
                    raise smtplib.SMTPSenderRefused(code, said, sender.server_address)
            finally:
                backend.close()
    except ServerTrouble as trouble:
        return trouble.reason
    return Reason(SenderReason.FINE)


@contextmanager
def troubles_in_words(sender: Sender, backend: OwnServerBackend) -> Iterator[None]:
    """Turn what a connection raises into a `ServerTrouble`."""
    try:
        yield
    except ServerTrouble:
        raise
    except (smtplib.SMTPException, OSError) as error:
        raise ServerTrouble(reason_of(error, sender, ran_out=backend.ran_out)) from error


def reason_of(error: BaseException, sender: Sender, *, ran_out: bool = False) -> Reason:
    """What went wrong on the way to the server, for whoever looks after it."""
    host = {"host": sender.server_host}
    if isinstance(error, ServerTrouble):
        return error.reason
    if ran_out or isinstance(error, TimeoutError):
        return Reason(SenderReason.SERVER_SLOW, {**host, "seconds": OwnServerBackend.SECONDS})
    if isinstance(error, ssl.SSLCertVerificationError):
        return Reason(SenderReason.CERTIFICATE, {**host, "said": error.verify_message})
    if isinstance(error, ssl.SSLError | smtplib.SMTPNotSupportedError):
        return Reason(SenderReason.NO_TLS, {**host, "port": sender.server_port})
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return Reason(SenderReason.SERVER_HUNG_UP, host)
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(error, sender)
    return Reason(SenderReason.SERVER_REFUSES, {**host, "port": sender.server_port})


def _said(error: smtplib.SMTPResponseException, sender: Sender) -> Reason:
    words = error.smtp_error.decode(errors="replace") if isinstance(error.smtp_error, bytes) else str(error.smtp_error)
    values: dict[str, str | int] = {"host": sender.server_host, "said": f"{error.smtp_code} {words}".strip()[:300]}
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return Reason(SenderReason.LOGIN_REFUSED, values)
    if isinstance(error, smtplib.SMTPSenderRefused):
        return Reason(SenderReason.FROM_REFUSED, {**values, "address": sender.server_address})
    return Reason(SenderReason.SERVER_SAID, values)
