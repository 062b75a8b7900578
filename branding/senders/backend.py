"""Handing mail over by SMTP: under a neutral name, with an envelope of its own, signed (DKIM) where the message brings a key.

`EmailBackend` is the platform's mail server (`EMAIL_URL`). A message may carry `envelope_sender` (the word of anymail, whose backends read it
too) and `signature`; what was really handed over is then found in its `as_sent`. `OwnServerBackend` is an organization's own server: reached at
an address that was looked at before, for a limited time, and only under a certificate that is good.
"""

import smtplib
import socket
import ssl
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from threading import Timer
from typing import Any

import dkim
from django.conf import settings
from django.core.mail.backends import smtp
from django.core.mail.message import EmailMessage, sanitize_address


@dataclass(frozen=True, slots=True)
class Signature:
    """By which key a message is signed: domain, selector, private key (PEM)."""

    domain: str
    selector: str
    private_key: bytes

    def over(self, raw: bytes) -> bytes:
        """The header field that signs; its lines end as in mail."""
        return dkim.sign(raw, self.selector.encode(), self.domain.encode(), self.private_key)


class EmailBackend(smtp.EmailBackend):
    """Django's own, but for what receivers see of us."""

    @property
    def connection_class(self) -> Any:
        return partial(_named, super().connection_class)

    def _send(self, email_message: EmailMessage) -> bool:
        if not email_message.recipients():
            return False
        encoding = email_message.encoding or settings.DEFAULT_CHARSET
        given = getattr(email_message, "envelope_sender", "") or email_message.from_email
        raw = email_message.message().as_bytes(linesep="\r\n")
        signature: Signature | None = getattr(email_message, "signature", None)
        if signature is not None:
            raw = signature.over(raw) + raw
        recipients = [sanitize_address(address, encoding) for address in email_message.recipients()]
        self.connection.sendmail(sanitize_address(given, encoding), recipients, raw)
        email_message.as_sent = raw  # type: ignore[attr-defined]
        return True


def _named(connection_class: type[smtplib.SMTP], *args: Any, **options: Any) -> smtplib.SMTP:
    """The connection says the name of the settings, because the machine's own may be the vendor's."""
    return connection_class(*args, **{**options, "local_hostname": settings.MAIL_EHLO})


class OwnServerBackend(EmailBackend):
    """An organization's server, at one of the `addresses` that its host name had when it was looked at."""

    SECONDS = 12  # for everything: connection, certificate, password, message

    def __init__(self, *, addresses: Sequence[str], **options: Any) -> None:
        super().__init__(timeout=self.SECONDS, **options)
        self.addresses = addresses
        self.ran_out = False
        self._deadline: Timer | None = None
        self._line: socket.socket | None = None

    @property
    def connection_class(self) -> Any:
        return partial(_named, partial(_PinnedTLS if self.use_ssl else _Pinned, backend=self))

    def open(self) -> bool | None:
        try:
            opened: bool | None = super().open()
        except BaseException:
            if self._partial_connection is not None:
                self._partial_connection.close()  # without a farewell, which might take as long again
                self._partial_connection = None
            self._stop_watching()
            raise
        return opened

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._stop_watching()

    def watch(self, connection: socket.socket) -> None:
        """From now on the time runs: a server that says a letter now and then holds nobody for longer."""
        self._stop_watching()
        self._line = connection.dup()  # because TLS takes the first descriptor over
        self._deadline = Timer(self.SECONDS, self._hang_up)
        self._deadline.daemon = True
        self._deadline.start()

    def _hang_up(self) -> None:
        self.ran_out = True
        if self._line is not None:
            with suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)

    def _stop_watching(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
        if self._line is not None:
            self._line.close()
        self._deadline = self._line = None


class _Pinned(smtplib.SMTP):
    """Connects to the addresses that were looked at, and to no others; the name stays that of the certificate."""

    def __init__(self, *args: Any, backend: OwnServerBackend, **options: Any) -> None:
        self._backend = backend
        super().__init__(*args, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        refused: OSError = OSError("no address")
        for address in self._backend.addresses:
            try:
                made = socket.create_connection((address, port), timeout / len(self._backend.addresses))
            except OSError as error:
                refused = error
                continue
            made.settimeout(timeout)
            self._backend.watch(made)
            return made
        raise refused


class _PinnedTLS(_Pinned):
    def __init__(self, *args: Any, context: ssl.SSLContext, **options: Any) -> None:
        self._context = context
        super().__init__(*args, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return self._context.wrap_socket(super()._get_socket(host, port, timeout), server_hostname=host)
