"""The SMTP side and the pages in one process."""

import asyncio

from deploy.local.mailcatcher.mailbox import Mailbox
from deploy.local.mailcatcher.pages import Pages
from deploy.local.mailcatcher.smtp import listen
from deploy.local.mailcatcher.text_messages import Texts
from deploy.local.web import Application, Router


class MailCatcher:
    """Both ends of one mailbox; `smtp_port` 0 takes a free port, which `smtp_port` then tells."""

    def __init__(self, mailbox: Mailbox, host: str = "127.0.0.1", smtp_port: int = 0) -> None:
        self.mailbox, self._host, self.smtp_port = mailbox, host, smtp_port
        self._router = Router()
        Pages(mailbox).add_to(self._router)
        self.texts = Texts(mailbox.directory / "texts" / "kept.json")
        self.texts.add_to(self._router)
        self._server: asyncio.Server | None = None

    async def listen(self) -> None:
        """Opens the SMTP port. Raises OSError when it is taken."""
        if self._server is None:
            self._server = await listen(self.mailbox, self._host, self.smtp_port)
            self.smtp_port = self._server.sockets[0].getsockname()[1]

    def application(self) -> Application:
        return Application(self._router.answer, self.listen, self._stop)

    async def _stop(self) -> None:
        if self._server:
            self._server.close()
