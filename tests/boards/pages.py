"""A page of a board, as the script speaks: a Yjs document of its own, and the board's socket."""

import json
import struct

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from pycrdt import Doc, Map

from deploy.asgi import application
from sessions_live.boards.consumers.frames import LAST_PART, MOMENTS, PART, UPDATE, UPDATES
from sessions_live.boards.format.items import base36
from tests.factories.web import HOSTS, browser_of


def points_of(*points):
    """Points as the document keeps them: (x, y, pressure) with x and y in board units."""
    written, before = bytearray(), (0, 0)
    for x, y, pressure in points:
        at = (round(x * 4), round(y * 4))
        for step in (at[0] - before[0], at[1] - before[1]):
            zigzag = (step << 1) ^ (step >> 31)
            while zigzag > 0x7F:
                written.append(zigzag & 0x7F | 0x80)
                zigzag >>= 7
            written.append(zigzag)
        written.append(round(pressure * 255))
        before = at
    return bytes(written)


STROKE = points_of((0, 0, 0.5), (10, 4, 0.6), (25, -3, 0.7))


class Writer:
    """Draws in a document of its own and gives the updates."""

    def __init__(self, page_number, key, now_ms):
        self.page_number, self.key, self.now_ms = page_number, key, now_ms
        self.document = Doc(client_id=page_number)
        self.maps = {name: self.document.get(name, type=Map) for name in ("items", "places", "texts", "pages")}
        self.count = 0

    def update(self, act):
        """The update that `act` makes."""
        before = self.document.get_state()
        with self.document.transaction():
            act(self.maps)
        return self.document.get_update(before)

    def stroke(self, **other):
        """A stroke in a new place; its key, and the update."""
        self.count += 1
        key = f"{base36(self.page_number)}-{self.count}"
        item = {
            "kind": "pen", "by": self.key, "at": self.now_ms, "page": "1", "colour": 1, "width": 3, **other,
            **({} if "kind" in other else {"points": STROKE}),
        }  # fmt: skip

        def act(maps):
            maps["items"][key] = item
            maps["places"][key] = {"x": 0, "y": 0, "sx": 1, "sy": 1, "z": self.count}

        return key, self.update(act)


class BoardPage:
    """A page of a board, against the real ASGI application."""

    def __init__(self, board, user, organization="north"):
        self.path = f"/ws/boards/{board.pk}/"
        self.user, self.organization, self.host = user, organization, HOSTS[organization]
        self.line, self.heard, self.number = None, [], 0

    async def open(self, browser=None):
        """Connect, with the cookies of a browser that is signed in already when one is given."""
        self.browser = browser or await sync_to_async(browser_of)(self.user, organization=self.organization)
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in self.browser.cookies.items())
        headers = {"host": self.host, "origin": f"http://{self.host}", "cookie": cookie}
        encoded = [(name.encode(), value.encode()) for name, value in headers.items()]
        scope = {"type": "websocket", "path": self.path, "headers": encoded, "query_string": b"", "subprotocols": []}
        self.line = ApplicationCommunicator(application, scope)
        await self.line.send_input({"type": "websocket.connect"})
        answer = await self.line.receive_output(timeout=5)
        assert answer["type"] == "websocket.accept", answer
        return self

    async def send_message(self, kind, **fields):
        await self.send(json.dumps({"type": kind, **fields}))

    async def send(self, text=None, binary=None):
        await self.line.send_input({"type": "websocket.receive", "text": text, "bytes": binary})

    async def lose(self):
        """The line breaks."""
        await self.line.send_input({"type": "websocket.disconnect", "code": 1006})

    async def enter(self, *, browser=None, **hello):
        """Open, say hello, and take in the document."""
        await self.open(browser)
        await self.send_message("hello", **hello)
        self.welcome = await self.hear("welcome")
        self.writer = Writer(self.welcome["page"], self.welcome["key"], self.welcome["now"])
        self.parts = b""
        self.last = self.welcome["through"]
        await self.hear("ready")
        return self

    async def hear(self, kind, **fields):
        """The next message of that kind; binary frames that come before it are taken in."""
        while True:
            frame = await self.line.receive_output(timeout=5)
            assert frame["type"] == "websocket.send", frame
            if frame.get("bytes") is not None:
                self.take(frame["bytes"])
                if kind == "update" and frame["bytes"][0] == UPDATES:
                    return self.last
                if kind == "moments" and frame["bytes"][0] == MOMENTS:
                    return frame["bytes"]
                continue
            message = json.loads(frame["text"])
            if message["type"] == kind and all(message.get(name) == value for name, value in fields.items()):
                return message
            self.heard.append(message)

    def take(self, frame):
        kind = frame[0]
        if kind == UPDATES:
            self.last = struct.unpack_from(">Q", frame, 1)[0]
            self.writer.document.apply_update(frame[9:])
        elif kind in (PART, LAST_PART):
            self.parts += frame[9:]
            if kind == LAST_PART:
                self.writer.document.apply_update(self.parts)

    async def closed(self):
        """The code with which the server closes, after whatever it says before."""
        while (frame := await self.line.receive_output(timeout=5))["type"] != "websocket.close":
            if frame.get("text") is not None:
                self.heard.append(json.loads(frame["text"]))
        return frame["code"]

    async def draw(self, update):
        """Send an update; its number."""
        self.number += 1
        await self.send(binary=bytes([UPDATE]) + struct.pack(">I", self.number) + update)
        return self.number

    async def stroke(self, **other):
        """Draw a stroke and hear that it is stored."""
        key, update = self.writer.stroke(**other)
        number = await self.draw(update)
        await self.hear("saved", number=number)
        return key

    def shown(self):
        """The keys of what is on the board, as this page has it."""
        return set(self.writer.maps["places"])
