"""Events and their signed delivery: https://docs.stripe.com/webhooks.

An event is written once per occurrence. Each endpoint that listens gets its own delivery, signed at the moment of
sending, and tried again with growing pauses until it answers 2xx.
"""

import asyncio
import contextlib
import hashlib
import hmac
import http.client
import json
import logging
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

from deploy.local.payments.calls import API_VERSION, Cause
from deploy.local.payments.ledger import PLATFORM, Book, Ledger, Object, new_id, now

log = logging.getLogger(__name__)

TRIES = 16
LONGEST_PAUSE = 60.0  # seconds
TIMEOUT = 10.0  # seconds an endpoint has to answer


def signature(body: bytes, secret: str, at: int) -> str:
    """The `Stripe-Signature` header: HMAC-SHA256 over `<timestamp>.<body>`."""
    digest = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"


def configured_endpoint(url: str, secret: str) -> Object:
    """An endpoint given on the command line: it hears everything, the platform's events and every account's."""
    identifier = "we_configured" + hashlib.sha256(url.encode()).hexdigest()[:12]
    return {"id": identifier, "url": url, "_secret": secret, "enabled_events": ["*"], "status": "enabled", "_all": True}


def post(url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of one POST. Raises OSError or HTTPException when there is no answer."""
    parts = urlsplit(url)
    # because a test machine's resolver may not know that *.localhost is this machine (RFC 6761)
    local = (parts.hostname or "").endswith(".localhost")
    host, port = "127.0.0.1" if local else parts.hostname or "", parts.port
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(host, port, timeout=TIMEOUT)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", target or "/", body, {"Host": parts.netloc, **headers})
        return connection.getresponse().status
    finally:
        connection.close()


class Postman:
    """Writes events and carries them to the endpoints, one delivery at a time per endpoint."""

    def __init__(self, ledger: Ledger, configured: list[Object], first_pause: float = 1.0) -> None:
        self.ledger = ledger
        self.configured = configured
        self.first_pause = first_pause
        self._rounds: dict[str, asyncio.Task[None]] = {}
        self._nudges: dict[str, asyncio.Event] = {}
        self._silent: set[str] = set()  # endpoints that are known not to answer, so that the log says it once

    def announce(self, account: str, kind: str, value: Object, previous: Object | None, cause: Cause) -> Object:
        """Writes an event into the account's book and queues its deliveries."""
        book = self.ledger.book(account)
        endpoints = list(self._listening(book, kind))
        about = {"object": value} | ({"previous_attributes": previous} if previous else {})
        request = {"id": cause.request, "idempotency_key": cause.idempotency_key}
        connected = {} if account == PLATFORM else {"account": account}
        event = book.new(
            "event", api_version=API_VERSION, data=about, type=kind, request=request, **connected,
            pending_webhooks=len(endpoints),
        )  # fmt: skip
        self._queue(event, endpoints)
        return event

    def resend(self, account: str, event: Object, times: int = 1) -> list[Object]:
        """Sends an event again, as often as asked, whatever became of it before."""
        endpoints = list(self._listening(self.ledger.book(account), event["type"]))
        return [delivery for _ in range(times) for delivery in self._queue(event, endpoints)]

    def retry_now(self) -> int:
        """Makes every waiting delivery due at once; answers how many there are."""
        waiting = [value for value in self.ledger.platform.all("delivery") if value["state"] == "waiting"]
        for delivery in waiting:
            delivery["next_at"] = 0
            self._wake(delivery["endpoint"])
        return len(waiting)

    def resume(self) -> None:
        """Takes up the deliveries that an earlier process left waiting."""
        for delivery in self.ledger.platform.all("delivery"):
            if delivery["state"] == "waiting":
                self._wake(delivery["endpoint"])

    async def stop(self) -> None:
        rounds = list(self._rounds.values())
        for task in rounds:
            task.cancel()
        await asyncio.gather(*rounds, return_exceptions=True)
        self._rounds.clear()

    def _listening(self, book: Book, kind: str) -> Iterator[Object]:
        yield from self.configured
        connected = [] if book.account == PLATFORM else self._enabled(self.ledger.platform, connect=True)
        for endpoint in [*self._enabled(book, connect=False), *connected]:
            if "*" in endpoint["enabled_events"] or kind in endpoint["enabled_events"]:
                yield endpoint

    @staticmethod
    def _enabled(book: Book, *, connect: bool) -> list[Object]:
        endpoints = book.all("webhook_endpoint")
        return [value for value in endpoints if value["status"] == "enabled" and value["_connect"] == connect]

    def _queue(self, event: Object, endpoints: list[Object]) -> list[Object]:
        queued = []
        for endpoint in endpoints:
            delivery = {
                "id": new_id("delivery"), "event": event["id"], "type": event["type"], "created": now(),
                "account": event.get("account", PLATFORM), "endpoint": endpoint["id"], "url": endpoint["url"],
                "state": "waiting", "tries": [], "next_at": 0,
            }  # fmt: skip
            queued.append(self.ledger.platform.put("delivery", delivery))
            self._wake(endpoint["id"])
        self.ledger.changed()
        return queued

    def _wake(self, endpoint: str) -> None:
        self._nudges.setdefault(endpoint, asyncio.Event()).set()
        if endpoint not in self._rounds:
            self._rounds[endpoint] = asyncio.create_task(self._walk(endpoint))

    async def _walk(self, endpoint_id: str) -> None:
        nudge = self._nudges[endpoint_id]
        while True:
            nudge.clear()
            waiting = [
                delivery
                for delivery in self.ledger.platform.all("delivery")
                if delivery["endpoint"] == endpoint_id and delivery["state"] == "waiting"
            ]
            due = [delivery for delivery in waiting if delivery["next_at"] <= time.time()]
            for delivery in due:
                await self._deliver(delivery)
            if not due:
                pause = min((delivery["next_at"] for delivery in waiting), default=None)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(nudge.wait(), pause and max(0.01, pause - time.time()))

    def _endpoint(self, identifier: str) -> Object | None:
        everywhere = [value for book in self.ledger.books() for value in book.all("webhook_endpoint")]
        return next((value for value in [*self.configured, *everywhere] if value["id"] == identifier), None)

    async def _deliver(self, delivery: Object) -> None:
        endpoint = self._endpoint(delivery["endpoint"])
        event = self.ledger.book(delivery["account"]).find("event", delivery["event"])
        if endpoint is None or event is None:
            delivery["state"] = "dropped"
            return
        body = json.dumps(event, indent=2).encode()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature(body, endpoint["_secret"], now()),
        }
        outcome: Object = {"at": now(), "status": None, "error": None}
        try:
            outcome["status"] = await asyncio.to_thread(post, endpoint["url"], body, headers)
        except (OSError, http.client.HTTPException) as error:
            outcome["error"] = str(error) or type(error).__name__
        self._settle(delivery, event, outcome)

    def _settle(self, delivery: Object, event: Object, outcome: Object) -> None:
        delivery["tries"].append(outcome)
        count = len(delivery["tries"])
        if outcome["status"] and 200 <= outcome["status"] < 300:
            delivery["state"] = "delivered"
            event["pending_webhooks"] = max(0, event["pending_webhooks"] - 1)
            self._silent.discard(delivery["endpoint"])
        elif count >= TRIES:
            delivery["state"] = "failed"
        else:
            delivery["next_at"] = time.time() + min(self.first_pause * 2 ** (count - 1), LONGEST_PAUSE)
            if delivery["endpoint"] not in self._silent:
                self._silent.add(delivery["endpoint"])
                reason = outcome["error"] or f"it answered {outcome['status']}"
                log.info("webhooks to %s will be tried again: %s", delivery["url"], reason)
        self.ledger.changed()
