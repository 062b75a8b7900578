"""A booked appointment that begins in five minutes, and sockets of signed-in people against the real ASGI application."""

import json
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from asgiref.testing import ApplicationCommunicator

from core.kernel import clock
from core.scheduling.actions import book_appointment
from deploy.asgi import application
from sessions_live import actions
from tests.factories.recordings import allow
from tests.factories.web import HOSTS, browser_of


@pytest.fixture
def appointment(cast):
    starts_at = clock.now() + timedelta(minutes=5)
    return book_appointment(
        practitioner=cast.tess_staff, clients=[cast.cleo], starts_at=starts_at, ends_at=starts_at + timedelta(minutes=45),
        time_zone="Europe/Berlin", service_name="Speech therapy", by=cast.tess, now=clock.now(),
    )  # fmt: skip


@pytest.fixture
def room(appointment):
    return actions.open_room(appointment, now=clock.now())


@pytest.fixture
def at_once(monkeypatch):
    """News goes out when it is promised: the transaction of a test never commits."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, **options: act())


class Socket:
    """One page's socket."""

    def __init__(self, room_id, user, organization, at_host):
        self.path, self.user, self.organization = (
            f"/ws/live/{room_id}/" if room_id else "/ws/person/",
            user,
            organization,
        )
        self.host = HOSTS[at_host or organization]
        self.line = None
        self.heard = []

    async def open(self, browser=None):
        """Connect, with the cookies of a browser that is signed in already when one is given."""
        self.browser = browser = browser or await sync_to_async(browser_of)(self.user, organization=self.organization)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items())
        headers = {"host": self.host, "origin": f"http://{self.host}", "cookie": cookie}
        scope = {
            "type": "websocket",
            "path": self.path,
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
            "query_string": b"",
            "subprotocols": [],
        }
        self.line = ApplicationCommunicator(application, scope)
        await self.line.send_input({"type": "websocket.connect"})
        answer = await self.line.receive_output(timeout=5)
        assert answer["type"] == "websocket.accept", answer
        return self

    async def send_message(self, kind, **fields):
        await self.send(json.dumps({"type": kind, **fields}))

    async def send(self, text=None, binary=None):
        await self.line.send_input({"type": "websocket.receive", "text": text, "bytes": binary})

    async def hear(self, kind, **fields):
        """The next message of that kind (with those values); what comes before it is kept in `heard`."""
        while True:
            frame = await self.line.receive_output(timeout=5)
            assert frame["type"] == "websocket.send", frame
            message = json.loads(frame["text"])
            self.heard.append(message)
            if message["type"] == kind and all(message.get(name) == value for name, value in fields.items()):
                return message

    async def closed(self):
        """The code with which the server closes, after whatever it says before."""
        while True:
            frame = await self.line.receive_output(timeout=5)
            if frame["type"] == "websocket.close":
                return frame["code"]
            self.heard.append(json.loads(frame["text"]))

    async def lose(self):
        """The line breaks."""
        await self.line.send_input({"type": "websocket.disconnect", "code": 1006})

    async def rest(self):
        """What is still to hear, until it is quiet for a moment."""
        while not await self.line.receive_nothing(timeout=0.2):
            self.heard.append(json.loads((await self.line.receive_output())["text"]))

    def texts(self):
        """What this page has read in chats."""
        return [message["message"]["text"] for message in self.heard if message["type"] == "chat"]

    def kinds(self):
        return {message["type"] for message in self.heard}


@pytest.fixture
def scenes(at_once, monkeypatch):
    """`scenes(play)`: run an async play whose database work stays on the test's own connection."""
    monkeypatch.setattr("sessions_live.consumers.room.GRACE", 0.3)
    monkeypatch.setattr("channels.db.close_old_connections", lambda: None)  # they would end the test's transaction

    def run(play):
        opened = []

        def connect(room_id, user, organization="north", at_host=""):
            opened.append(Socket(room_id, user, organization, at_host))
            return opened[-1]

        async def scene():
            try:
                await play(connect)
            finally:
                for socket in opened:
                    if socket.line is not None:
                        socket.line.stop(exceptions=False)

        async_to_sync(scene)()

    return run


@pytest.fixture
def records(cast, settings, tmp_path):
    """The organization allows recording; parts and videos lie in folders of the test's own."""
    settings.MEDIA_RECORDINGS, settings.MEDIA_ROOT = str(tmp_path / "parts"), tmp_path / "files"
    return allow()
