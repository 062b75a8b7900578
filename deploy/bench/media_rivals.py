"""The two that the media server is measured beside: Debian's Janus, and aiortc's own relay."""

import asyncio
import itertools
import json
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from deploy.bench.media_client import Client, Sender, Wire
from sessions_live.sfu import sdp

PLUGINS = "/usr/lib/x86_64-linux-gnu/janus/plugins"
TRANSPORTS = "/usr/lib/x86_64-linux-gnu/janus/transports"
JANUS = """general: {{ event_loops = 1; configs_folder = "{folder}"; plugins_folder = "{plugins}"; interface = "{host}";
  transports_folder = "{transports}"; debug_level = 3; log_to_stdout = true; session_timeout = 0; server_name = "bench" }}
media: {{ rtp_port_range = "20000-29999"; no_media_timer = 0; slowlink_threshold = 0 }}
nat: {{ ice_lite = false; full_trickle = false; ice_tcp = false; ice_enforce_list = "{host}" }}
plugins: {{ disable = "{others}" }}
transports: {{ disable = "libjanus_http.so,libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_pfunix.so,libjanus_rabbitmq.so" }}
"""
OTHERS = ("audiobridge", "duktape", "echotest", "lua", "nosip", "recordplay", "sip", "streaming", "textroom",
          "videocall", "voicemail")  # fmt: skip
TRIES = 100  # ten a second, while a rival starts
PROTOCOL = Subprotocol("janus-protocol")
Message = dict[str, Any]


class NoRival(RuntimeError):
    """It cannot be measured against here; the message says why."""


def janus_command(folder: Path, *, host: str, port: int) -> list[str]:
    """Write a configuration and return the command that runs Janus with it, one event loop, websockets on loopback."""
    folder.mkdir(parents=True, exist_ok=True)
    others = ",".join(f"libjanus_{name}.so" for name in OTHERS)
    text = JANUS.format(folder=folder, plugins=PLUGINS, transports=TRANSPORTS, host=host, others=others)
    (folder / "janus.jcfg").write_text(text)
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")
    ws = f'general: {{ json = "compact"; ws = true; ws_port = {port}; ws_ip = "127.0.0.1"; wss = false }}\n'
    (folder / "janus.transport.websockets.jcfg").write_text(ws)
    return ["janus", f"--config={folder / 'janus.jcfg'}", f"--configs-folder={folder}"]


class Janus:
    """The video room of a Janus, spoken to over its websocket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._waiting: dict[str, asyncio.Future[Message]] = {}
        self._numbers = itertools.count(1)
        self._reader = asyncio.create_task(self._read())
        self._session: int | None = None
        self.feeds: list[int] = []

    @classmethod
    async def open(cls, port: int) -> "Janus":
        """Connect, and make the room."""
        janus = cls(await cls._connected(port))
        janus._session = (await janus._ask(janus="create"))["data"]["id"]
        room = await janus._attach()
        body = {
            "request": "create",
            "room": 1,
            "publishers": 50,
            "audiocodec": "opus",
            "videocodec": "vp8",
            "bitrate": 0,
        }
        await janus._message(room, body)
        return janus

    @staticmethod
    async def _connected(port: int) -> ClientConnection:
        for _ in range(TRIES):
            with suppress(OSError):
                return await connect(
                    f"ws://127.0.0.1:{port}", subprotocols=[PROTOCOL], max_size=None, ping_interval=None
                )
            await asyncio.sleep(0.1)
        raise NoRival("Janus does not answer")

    async def _read(self) -> None:
        with suppress(ConnectionClosed):  # when Janus is ended
            async for text in self._socket:
                message = json.loads(text)
                waiting = self._waiting.get(message.get("transaction", ""))
                if message["janus"] != "ack" and waiting is not None and not waiting.done():
                    waiting.set_result(message)

    async def _ask(self, **message: Any) -> Message:
        number = str(next(self._numbers))
        answered = self._waiting[number] = asyncio.get_running_loop().create_future()
        if self._session is not None:
            message["session_id"] = self._session
        await self._socket.send(json.dumps(message | {"transaction": number}))
        async with asyncio.timeout(20):
            return await answered

    async def _attach(self) -> int:
        handle: int = (await self._ask(janus="attach", plugin="janus.plugin.videoroom"))["data"]["id"]
        return handle

    async def _message(self, handle: int, body: Message, jsep: Message | None = None) -> Message:
        extra = {"jsep": jsep} if jsep else {}
        answer: Message = await self._ask(janus="message", handle_id=handle, body=body, **extra)
        if "error" in str(answer.get("plugindata", {})):
            raise RuntimeError(str(answer))
        return answer

    async def publish(self, client: Client) -> None:
        """Publish a voice and a picture."""
        handle = await self._attach()
        joined = await self._message(handle, {"request": "join", "ptype": "publisher", "room": 1})
        self.feeds.append(joined["plugindata"]["data"]["id"])
        client.up = Wire(client.host, profiles=client.profiles)
        for mid, (source, kind) in enumerate((("audio", "audio"), ("camera", "video"))):
            client.senders[source] = Sender(client.up, mid=str(mid), kind=kind)
        offer = client.offer(("audio", "camera"), ())
        answer = await self._message(handle, {"request": "publish"}, {"type": "offer", "sdp": offer})
        await client.up.connect(sdp.parse(answer["jsep"]["sdp"]))

    async def subscribe(self, client: Client) -> None:
        """Subscribe to everybody."""
        handle = await self._attach()
        body = {"request": "join", "ptype": "subscriber", "room": 1, "streams": [{"feed": feed} for feed in self.feeds]}
        offer = sdp.parse((await self._message(handle, body))["jsep"]["sdp"])
        client.down = Wire(client.host, profiles=client.profiles)
        client.down.controlling = False
        lines = client.answer(offer, client.down)
        await self._message(handle, {"request": "start"}, {"type": "answer", "sdp": lines})
        await client.down.connect(offer)


async def relay(port: int) -> None:
    """Serve aiortc's relay: lines `{"publish"|"subscribe": sdp}` in, `{"sdp"}` out. It decodes and encodes again."""
    relays, tracks, keep = MediaRelay(), list[MediaStreamTrack](), list[RTCPeerConnection]()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = json.loads(await reader.readline())
        connection = RTCPeerConnection()
        keep.append(connection)
        publishing = "publish" in request
        await connection.setRemoteDescription(RTCSessionDescription(next(iter(request.values())), "offer"))
        if publishing:
            tracks.extend(transceiver.receiver.track for transceiver in connection.getTransceivers())
        else:
            for transceiver, track in zip(connection.getTransceivers(), tracks, strict=True):
                transceiver.direction = "sendonly"
                transceiver.sender.replaceTrack(relays.subscribe(track))
        await connection.setLocalDescription()
        writer.write(json.dumps({"sdp": connection.localDescription.sdp}).encode() + b"\n")
        await writer.drain()

    server = await asyncio.start_server(serve, "127.0.0.1", port, limit=1 << 20)
    await server.serve_forever()


async def _to_relay(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    for _ in range(TRIES):
        with suppress(OSError):
            return await asyncio.open_connection("127.0.0.1", port, limit=1 << 20)
        await asyncio.sleep(0.1)
    raise NoRival("the relay does not answer")


async def _relayed(client: Client, wire: Wire, kind: str, offer: str, port: int) -> None:
    """Make one bundled connection with the relay."""
    reader, writer = await _to_relay(port)
    # Bundled, because otherwise aiortc waits for the pictures on a connection of their own.
    offer = offer.replace("t=0 0", "t=0 0\r\na=group:BUNDLE 0 1", 1)
    writer.write(json.dumps({kind: offer}).encode() + b"\n")
    answer = json.loads(await reader.readline())
    writer.close()
    await wire.connect(sdp.parse(answer["sdp"]))


async def relay_publish(client: Client, port: int) -> None:
    """Publish a voice and a picture to the relay."""
    wire = client.up = Wire(client.host)
    for mid, (source, kind) in enumerate((("audio", "audio"), ("camera", "video"))):
        client.senders[source] = Sender(wire, mid=str(mid), kind=kind)
    await _relayed(client, wire, "publish", client.offer(("audio", "camera"), ()), port)


async def relay_subscribe(client: Client, port: int) -> None:
    """Receive what the relay encodes anew for this subscriber."""
    client.up = wire = Wire(client.host)
    for mid, (source, kind) in enumerate((("audio", "audio"), ("camera", "video"))):
        client.senders[source] = Sender(wire, mid=str(mid), kind=kind)
    offer = client.offer(("audio", "camera"), ()).replace("a=sendonly", "a=recvonly")
    client.up, client.down = None, wire
    await _relayed(client, wire, "subscribe", offer, port)


async def play(client: Client, frames: list[bytes]) -> None:
    """Publish decodable pictures at 30 a second, and silence."""
    began, shown, heard = time.monotonic(), 0, 0
    camera, voice = client.senders["camera"], client.senders["audio"]
    while True:
        due = min(began + shown / 30, began + heard / 50)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        if due == began + shown / 30:
            data = frames[shown % len(frames)]
            parts = [data[at : at + 1000] for at in range(0, len(data), 1000)]
            for place, part in enumerate(parts):
                head = bytes([0x90 if place == 0 else 0x80, 0x80, 0x80 | shown >> 8 & 0x7F, shown & 0xFF])
                camera.send(head + part, marker=place == len(parts) - 1)
            camera.ts += 3000
            shown += 1
        else:
            voice.send(b"\xfc\xff\xfe")
            voice.ts += 960
            heard += 1
