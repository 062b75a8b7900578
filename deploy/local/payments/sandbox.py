"""The sandbox put together as one ASGI application."""

import asyncio
import contextlib

from deploy.local.payments.api import Api
from deploy.local.payments.browser import Browser
from deploy.local.payments.console import Console
from deploy.local.payments.ledger import Ledger, Object
from deploy.local.payments.webhooks import Postman
from deploy.local.web import Application, Request, Response, Router


class Sandbox:
    """Everything that one process runs. Endpoints are those of `webhooks.configured_endpoint`."""

    def __init__(self, ledger: Ledger, endpoints: list[Object], base_url: str, first_pause: float = 1.0) -> None:
        self.ledger = ledger
        self.postman = Postman(ledger, endpoints, first_pause)
        self.api = Api(ledger, self.postman, base_url)
        self._router = Router()
        Browser(self.api).add_to(self._router)
        Console(self.api).add_to(self._router)
        self._saving: asyncio.Task[None] | None = None

    def application(self) -> Application:
        return Application(self._answer, self._start, self._stop)

    async def _answer(self, request: Request) -> Response:
        if request.path.startswith("/v1/"):
            return self.api.answer(request)
        return await self._router.answer(request)

    async def _start(self) -> None:
        self._saving = asyncio.create_task(self.ledger.keep_saving())
        self.postman.resume()

    async def _stop(self) -> None:
        await self.postman.stop()
        if self._saving:
            self._saving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._saving
        self.ledger.save()
        self.ledger.release()
