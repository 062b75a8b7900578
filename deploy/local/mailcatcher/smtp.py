"""The receiving end: takes every message for every recipient and keeps it."""

import asyncio

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.mailcatcher.mailbox import Mailbox

LIMIT = 40_000_000  # bytes of one message


class Catcher:
    """aiosmtpd's handler."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else bytes(content or b"")
        kept = self._mailbox.keep(raw, envelope.mail_from or "", [str(to) for to in envelope.rcpt_tos])
        return f"250 Kept as {kept.id}"


async def listen(mailbox: Mailbox, host: str, port: int) -> asyncio.Server:
    """Opens the port. Raises OSError when it is taken."""

    def connection() -> SMTP:
        return SMTP(Catcher(mailbox), data_size_limit=LIMIT, enable_SMTPUTF8=True, hostname="localhost", ident="ESMTP")

    return await asyncio.get_running_loop().create_server(connection, host, port)
