"""The control address of a worker: streams of JSON lines, one per peer or one per product process that controls it."""

import asyncio
import logging
import time

from .control import ControlSession
from .errors import FATAL, ErrorCode, PeerError
from .limits import Bucket
from .messages import CONTROL, FROM_CLIENT, MAX_BYTES, Message, encode, error_message, parse
from .peer import Peer
from .worker import Worker

logger = logging.getLogger(__name__)

JOIN_SECONDS = 10
PER_SECOND = 40
BURST = 120
MAX_STRIKES = 200  # refused messages after which a stream is closed
MAX_UNSENT = 4 << 20  # bytes; a client that reads this slowly is gone
LINGER_SECONDS = 2.0  # for the other side to take the last words and close
LINGER_BYTES = 16 << 20  # of what it still had to say


class Stream:
    """One stream: either a peer's, begun by `join`, or the product's, begun by `control.hello`."""

    def __init__(self, worker: Worker, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.worker = worker
        self.reader = reader
        self.writer = writer
        self.peer: Peer | None = None
        self.control: ControlSession | None = None
        self._bucket = Bucket(rate=PER_SECOND, burst=BURST)
        self._strikes = 0
        self._over = False

    def send(self, message: Message) -> None:
        """Send a message, in order, without waiting."""
        transport = self.writer.transport
        if transport.is_closing():
            return
        if transport.get_write_buffer_size() > MAX_UNSENT:
            transport.abort()
            return
        self.writer.write(encode(message))
        if message["type"] == "kicked":
            self._over = True

    async def serve(self) -> None:
        """Read messages until the stream ends."""
        try:
            async with asyncio.timeout(JOIN_SECONDS):
                await self._first()
            while not self._over and (line := await self._line()):
                await self._one(line)
            self._part()
            await self._linger()
        except (TimeoutError, ConnectionError):
            pass  # a stream that never joined, or that broke: both end here
        finally:
            self._part()
            self.writer.close()

    def _part(self) -> None:
        """Leave the peer without signalling, once."""
        if self.peer is not None:
            self.peer.lost(self.send)
            self.peer = None

    async def _linger(self) -> None:
        """End our half, and throw away what still comes until the other half ends, too.

        Because a socket that is closed over unread bytes resets the connection, and the reset overtakes our last words:
        the client of a flooded stream would never learn why it was closed.
        """
        if not self._over or self.writer.transport.is_closing():
            return
        self.writer.write_eof()
        async with asyncio.timeout(LINGER_SECONDS):
            thrown = 0
            while thrown < LINGER_BYTES and (chunk := await self.reader.read(MAX_BYTES)):
                thrown += len(chunk)

    async def _line(self) -> bytes:
        """Return the next line, empty at the end. One that is too long ends the stream, for its end is unknown."""
        try:
            return await self.reader.readline()
        except ValueError:
            self._refuse(PeerError(ErrorCode.TOO_LARGE), None, None)
            return b""

    async def _first(self) -> None:
        """Wait for a good `join` or `control.hello`; everything else is refused."""
        while self.peer is None and self.control is None and not self._over:
            line = await self._line()
            if not line:
                self._over = True
                return
            try:
                message = parse(line, FROM_CLIENT | CONTROL)
                await self._begin(message)
            except PeerError as error:
                self._refuse(error, None, None)

    async def _begin(self, message: Message) -> None:
        if message["type"] == "control.hello":
            self.control = ControlSession(self.worker, message["token"])
            self.send({"type": "control.ok"} | ({"id": message["id"]} if "id" in message else {}))
        elif message["type"] == "join":
            peer, resumed = await self.worker.join(message["token"], resume=bool(message.get("resume")), send=self.send)
            self.peer = peer
            self.send(peer.room.greeting(peer, resumed=resumed))
            if resumed:
                peer.catch_up()
        else:
            raise PeerError(ErrorCode.NOT_JOINED)

    async def _one(self, line: bytes) -> None:
        """Do what one message asks for, or say why not."""
        message: Message | None = None
        try:
            if self.control is None and not self._bucket.take(time.monotonic()):
                raise PeerError(ErrorCode.RATE_LIMITED)
            message = parse(line, FROM_CLIENT if self.peer else CONTROL)
            if self.control is not None:
                answer = await self.control.handle(message)
                self.send({"type": "control.ok"} | answer | ({"id": message["id"]} if "id" in message else {}))
            elif self.peer is not None and message["type"] == "leave":
                await self.peer.room.leave(self.peer, "left")
                self._over = True
            elif self.peer is not None:
                await self.peer.handle(message)
        except PeerError as error:
            self._refuse(error, _type(message), message)
        except Exception:  # noqa: BLE001 because one peer's surprise must not end the sessions of others
            logger.exception("A message could not be handled.")
            self._refuse(PeerError(ErrorCode.INTERNAL), _type(message), message)

    def _refuse(self, error: PeerError, about: str | None, message: Message | None) -> None:
        refusal = error_message(error.code, about)
        if message is not None and "id" in message:
            refusal["id"] = message["id"]
        self.send(refusal)
        self._strikes += 1
        if self.control is None and (error.code in FATAL or self._strikes > MAX_STRIKES):
            self._over = True


def _type(message: Message | None) -> str | None:
    return message["type"] if message is not None else None


class Listener:
    """The listening control address; `port` is where."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker
        self._serving: set[asyncio.Task[None]] = set()

    async def open(self, host: str, port: int) -> None:
        self._server = await asyncio.start_server(self._accept, host, port, limit=MAX_BYTES)
        self.port: int = self._server.sockets[0].getsockname()[1]

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(Stream(self._worker, reader, writer).serve())
        self._serving.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: "asyncio.Task[None]") -> None:
        self._serving.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("A stream ended by surprise.", exc_info=error)

    async def close(self) -> None:
        """End all streams and stop to listen."""
        self._server.close()
        serving = list(self._serving)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)


async def listen(worker: Worker, host: str, port: int) -> Listener:
    """Return the open control address of `worker`."""
    listener = Listener(worker)
    await listener.open(host, port)
    return listener
